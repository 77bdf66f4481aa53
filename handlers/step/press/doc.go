// Package press is what follows from a click: one decision, in one commit.
//
//	press.go    which card is it, what does the button do, is it in time, may the person
//	click.go    what every verb uses
//	confirm.go  one click wins, and the call follows; let.go: by whose leave
//	keep.go     the meeting stays: Keep, and Undo
//	reason.go, tick.go, check.go   what decides nothing
//
// The package does not know how a meeting is cancelled, nor who is told. It makes no
// card: what a button does on cards of other kinds is given to [Press].
package press

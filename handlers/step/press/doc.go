// Package press handles clicks: one decision, in one commit.
//
//	press.go    which card it is, what the button does, whether it is in time and allowed;
//	            and what is read for that while the click is being stored
//	click.go    what all verbs use
//	confirm.go  one click wins, and the call follows; let.go: who allowed it
//	keep.go     the meeting stays: Keep and Undo
//	reason.go, tick.go, check.go   buttons that decide nothing
//
// The package does not know how a meeting is cancelled or who is told. It makes no
// cards: [Press] is told what buttons on other kinds of card do.
package press

// Package press handles clicks: one decision, in one commit.
//
//	press.go       which card it is, what the button does, whether the click is in time and
//	               allowed; and reading ahead for that while the click is being stored
//	click.go       what all buttons use
//	confirm.go     one click wins, and the call follows
//	delegation.go  the delegations that allow a click
//	keep.go        the meeting stays: Keep and Undo
//	reason.go, tick.go, check.go   buttons that decide nothing
//
// The package doesn't know how a meeting is cancelled or who is told. It makes no cards;
// what the buttons on other kinds of card do is passed to [Press].
package press

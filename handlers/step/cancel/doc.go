// Package cancel makes the one call that can't be undone, and finds out whether it took
// effect.
//
//	cancel.go   reads the meeting again, and records that the call begins
//	send.go     makes it, unless someone has pressed Undo or Stop while it had to wait
//	judge.go    decides what the answer means
//	settle.go   if no answer came, looks before repeating; it can't make a call itself
//	revoked.go  the delegation used to confirm was revoked before the call
//	run.go      what both steps share: ends a run with an outcome, a wait or a new question
//
// The package doesn't know who clicked what, or who gets told. Only the code that registers
// the steps imports it, because it can remove meetings.
package cancel

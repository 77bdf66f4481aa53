// Package invited tells those who were invited to a meeting that it was cancelled, where
// the operator, or a tick on the card, wants that.
//
//	gather.go  before the call: their addresses, which nobody can read after it
//	tell.go    after it: one person a second
//	number.go  how many were told, in the thread
//	find.go    who they are, and of what they are to be told
//	merge.go   those of several meetings, each person once
//
// Nothing waits for the telling, and no call fails for the gathering. The package forgets
// the addresses as soon as it has ended.
package invited

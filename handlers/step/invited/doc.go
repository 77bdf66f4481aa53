// Package invited tells people who were invited to a meeting that it was cancelled, if the
// operator's configuration or a tick on the card says so.
//
//	gather.go  before the call: reads their addresses, which can't be read afterwards
//	tell.go    after the call: tells one person a second
//	finish.go  says in the thread how many were told
//	find.go    finds a person, and the meetings to tell them about
//	merge.go   merges the lists of several meetings, so that each person is told once
//
// Nothing waits for the telling, and no call fails because gathering did. The package
// deletes the addresses as soon as it is done.
package invited

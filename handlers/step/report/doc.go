// Package report tells people what became of a request: the card shows it, the meeting's
// owner gets a message, and the thread a reply. Each is told once, however often the step
// runs; the record of what was told is made at the end of a run.
//
//	report.go  card and people at once, then the thread; what was told is recorded
//	notify.go  the owner
//	asker.go   the person who had the owner asked
//	reply.go   the thread, by the best way there is
//
// The package does not know how the request came to its outcome.
package report

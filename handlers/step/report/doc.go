// Package report tells people what became of a request, about one meeting or several: the
// card shows it, each owner gets a message, and the thread a reply. Each is told once,
// however often the step runs, because the run records what was told.
//
//	report.go  the card and people at the same time, then the thread
//	notify.go  the owners
//	asker.go   the person who asked the owner
//	reply.go   the thread, or the best substitute for it
//	record.go  what was told is recorded, each as soon as it is
//	draw.go    a card that changes without anybody to tell
//
// The package does not know how the request came to its outcome.
package report

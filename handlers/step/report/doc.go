// Package report tells people how a request ended, about one meeting or several: the card
// shows it, each owner gets a message, and the thread gets a reply. Everyone is told once,
// however often the step runs, because each run records what it has sent.
//
//	report.go  the card and people at the same time, then the thread; when to try again
//	notify.go  the owners, and the person who asked the owner
//	reply.go   the thread, or the best substitute for it
//	direct.go  people, where the card or the thread can't be reached any more
//	record.go  records how each effect ended
//	draw.go    a card that changes when there is nobody to tell
//
// The package doesn't know how the request came to its outcome.
package report

// Package ask handles commands: it looks up the meeting and posts the card that asks
// whether to cancel it, or shows a list, the history or the help.
//
//	ask.go       which meeting it is, and whether this person may ask
//	show.go      its card, at most one per channel
//	choose.go    the chooser for a number with several meetings: what it offers, and a pick, which continues as if typed
//	look.go      commands that only read: list, picker, history, help
//	meetings.go  one person's meetings, or all of them
//
// The package doesn't know what happens to a card once it is posted. Functions passed to
// [Ask] handle commands about several meetings and refuse people who may not cancel.
package ask

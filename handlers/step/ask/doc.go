// Package ask is what follows from a command: the meeting is looked up, and a card asks
// whether it is to be cancelled; or a list, a history or the help is shown.
//
//	ask.go       which meeting is it, and may this person ask
//	show.go      its card, once in a channel
//	choose.go    a chooser, where a number leads to several; a pick goes on as if typed
//	look.go      everything that cancels nothing
//	meetings.go  the meetings of a person, or all
//
// The package does not know what becomes of a card once it stands. What to ask about
// several meetings, and what to offer somebody who may not, is given to [Ask].
package ask

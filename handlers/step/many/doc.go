// Package many handles cards with several meetings: one question, one confirmation, and a
// separate request, called a part, for each meeting, which the cancel step then carries out.
//
//	ask.go, days.go               from numbers, or days and a person, to a card
//	rest.go                       what to type for the rest, and to ask again
//	page.go, press.go             what its buttons do
//	run.go, pace.go, end.go       the parts begin, at the service's pace, and end
//
// The package makes no calls, and knows only the state of each part.
package many

// Package many is cards with several meetings: one question, one confirmation, and a
// request of its own for each meeting, given one after the other to the step that
// cancels.
//
//	ask.go, days.go, whose.go   from numbers, or days and a person, to a card
//	page.go, press.go, check.go   what its buttons do
//	run.go, pace.go, end.go     its parts begin, at the service's pace, and end
//	report.go, reply.go         one card, one message an owner, one reply
//
// The package makes no call, and knows of a part only how it stands.
package many

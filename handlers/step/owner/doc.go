// Package owner asks the owner of a meeting, on behalf of somebody who may not cancel it.
//
//	offer.go   a refusal offers it, and a window takes the reason
//	ask.go     the question: a card in the owner's direct messages
//	answer.go  what its buttons do, as long as the meeting is still the owner's
//
// A question is a request like any other: the package does not know how it is carried
// out, and tells the asker nothing of the answer. The report does.
package owner

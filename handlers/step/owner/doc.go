// Package owner asks a meeting's owner on behalf of somebody who may not cancel it.
//
//	offer.go   the offer in a refusal, and the modal that takes the reason
//	ask.go     the question: a card in the owner's direct messages
//	answer.go  what its buttons do while the meeting still belongs to the owner
//
// A question is a request like any other: the package does not know how it is carried
// out, and doesn't tell the asker the answer. The report does.
package owner

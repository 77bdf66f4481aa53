// Package owner asks a meeting's owner on behalf of a person who may not cancel it.
//
//	offer.go   the offer in a refusal, and the modal that takes the reason
//	ask.go     the question: a card in the owner's direct messages
//	answer.go  what its buttons do while the meeting still belongs to the owner
//
// A question is a request like any other. The package doesn't know how the call is made, and
// doesn't tell the asker the answer: package report does.
package owner

// Package card draws the card that asks about one meeting, a series or dates of it, in
// every state of its request.
//
// It doesn't know several meetings on one card (see package batch), who may press, or
// where the card is. The moment is an argument.
package card

// Package card draws the card that asks about one meeting, a series or some of its dates, in
// every state of its request.
//
// It doesn't know about several meetings on one card (see package batch), who may press, or
// where the card is. The time is an argument.
package card

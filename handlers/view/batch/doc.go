// Package batch draws everything about several meetings at once: their card in every
// state, the reply in its thread, the notices to owners and invited people, and the
// answers to those whose meetings don't fit on one card.
//
// It doesn't know how a batch is worked on, only how far it is. What it shares with the
// card about one meeting it takes from package card.
package batch

// Package batch draws everything about several meetings at once: their card in every state,
// the reply in its thread, the notices to owners and invited people, and the answers for
// meetings that don't fit on one card.
//
// It doesn't know how a batch is processed, only its progress. What it shares with the card
// about one meeting comes from package card.
package batch

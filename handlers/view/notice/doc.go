// Package notice draws the messages that accompany the card of one request: the reply in its
// thread, and the direct messages to owner, asker, invited people and delegates.
//
// It doesn't know who gets a message or whether it arrives, and nothing about several meetings
// (see package batch).
package notice

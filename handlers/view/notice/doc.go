// Package notice draws what is said beside the card of one request: the reply in its
// thread, and the direct messages to owner, asker, invited people and delegates.
//
// It doesn't know who gets one, whether it arrives, or anything about several meetings
// (see package batch).
package notice

// Package outcome records how a request ends, or that a new one replaces it, whether the
// cause is the answer to a call, a reading of the meeting, a click, or the clock.
//
//	conclude.go   an outcome, and the ends without a call: the owner can't answer, or nobody did in time
//	again.go      a new request takes over the card, with the meeting as it is now
//	stop.go       someone stops it: nothing more is sent, or what was sent isn't repeated
//	elsewhere.go  the meeting is gone before anyone answered the card
//	verdict.go    what a reading of the meeting says about a call that got no answer
//
// The package makes no call that changes a meeting, and sends no messages: it only starts
// the report of what it records.
package outcome

// Package outcome records how a request ends, or that a new one replaces it, however that
// came to light: by the answer to a call, a look at the meeting, a person, or the clock.
//
//	conclude.go   an outcome, and the two ends without a call
//	again.go      a new request takes over the card, with the meeting as it is now
//	elsewhere.go  the meeting is gone before anybody answered
//	expire.go     nobody answered in time
//	verdict.go    what looking at the meeting says about a call that was not answered
//
// The package makes no call that changes a meeting, and tells nobody: it starts the
// report of what it records.
package outcome

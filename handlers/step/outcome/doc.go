// Package outcome records how a request ends, or that another takes its place, whoever
// finds out: the answer of a call, a look at the meeting, a person, or the clock.
//
//	conclude.go  an outcome; and the two ends without a call
//	again.go     a new request takes over the card, with the meeting as it is now
//	expire.go    nobody has answered in time
//	verdict.go   what a look at the meeting says about a call that was not answered
//
// The package calls nothing that changes a meeting, and tells nobody: it begins the
// report of what it records.
package outcome

// Package cancel makes the one call that can't be undone, and finds out what became of
// it.
//
//	cancel.go   reads the meeting again, records that the call begins, makes it
//	judge.go    decides what its answer means
//	settle.go   without an answer, looks before it repeats; it can't make a call itself
//	subject.go  records the outcome and starts its report
//
// The package does not know who pressed what, or who is told. Only the code that
// registers the steps imports it, because what it holds can remove meetings.
package cancel

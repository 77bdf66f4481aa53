// Package cancel makes the one call that can't be taken back, and finds out what became
// of it.
//
//	cancel.go   read the meeting again, record that the call begins, make it
//	judge.go    what its answer means
//	settle.go   no answer: look, and only then repeat; it can't make a call itself
//	subject.go  the outcome is recorded, and its report follows
//
// The package does not know who pressed what, nor who is told. Nobody imports it but the
// place that registers the steps: what it holds can remove meetings.
package cancel

package jobs

import (
	"context"
	"errors"
	"log/slog"
	"time"
)

// These times depend on each other: a step is stopped before its lease ends, and a
// lease ends early enough for another replica to take over within 15 s.
const (
	StepTimeout   = 10 * time.Second
	LeaseDuration = 11 * time.Second
)

// A Step names what a job does. It is stored.
type Step string

// A Job is one step of one subject.
type Job struct {
	Step    Step
	Subject string    // the id of a request or an envelope
	Due     time.Time // earliest start, by the store's clock; zero means in this process, right after the commit

	// Carry is what the previous run has read. It is passed to the first run in this
	// process and never stored. The run sees changes that the transaction makes to it,
	// such as a saved request's new version, only through a pointer.
	Carry any
}

// A Func runs a step. If it returns nil, the job ends: with the commit of [Run.Done] or,
// without one, in a transaction of the queue's own. A [*Later] postpones the job,
// ErrLeaseLost abandons the run, and after any other error or a panic the job runs again
// after a growing delay. The context ends after [StepTimeout].
type Func func(context.Context, *Run) error

// ErrLeaseLost means that another run has the job now, or that the job is done. A step
// that gets it must return at once and change nothing.
var ErrLeaseLost = errors.New("the lease on this job is lost")

// Later is returned by a step that knows when it should run again.
type Later struct {
	After time.Duration
	Err   error // the reason; nil if nothing went wrong
}

// Error returns Err's text.
func (l *Later) Error() string {
	if l.Err == nil {
		return "it is not time yet"
	}
	return l.Err.Error()
}

// Unwrap returns Err.
func (l *Later) Unwrap() error { return l.Err }

// minDelay keeps a step that always wants to run again from spinning.
const minDelay = 50 * time.Millisecond

// delay returns the pause after a failed run: 1 s, doubling up to half a minute, so that
// nothing is left undone a minute after everything works again.
func delay(attempt int) time.Duration { return time.Second << min(attempt, 5) }

// logLevel returns the level at which a failed run is logged. Otherwise an outage of an hour
// would fill the log with repetitions: each of many jobs is tried about a hundred times.
func logLevel(attempt int) slog.Level {
	if attempt < 5 || attempt%16 == 0 {
		return slog.LevelWarn
	}
	return slog.LevelDebug
}

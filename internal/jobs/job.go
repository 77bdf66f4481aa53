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
	StepTime  = 10 * time.Second
	LeaseTime = 11 * time.Second
)

// A Step names what a job does. It is stored.
type Step string

// A Job is one step of one subject.
type Job struct {
	Step    Step
	Subject string    // the id of a request or an envelope
	Due     time.Time // earliest start, by the store's clock; zero: at once, in this process, right after the commit

	// Carry is what the previous run has read. It is passed to the first run in this
	// process and stored nowhere. Changes that the transaction makes to it, such as
	// a saved request's new version, are only seen through a pointer.
	Carry any
}

// A Func does a step. If it returns nil, the job ends: in the commit of [Run.Done],
// or else in a statement of the queue's own. A [*Later] postpones it, ErrLeaseLost
// stops it, and after any other error, or a panic, it runs again after a growing
// delay. The context ends after [StepTime].
type Func func(context.Context, *Run) error

// ErrLeaseLost means that another run has the job now, or that it is done. A step that
// gets it must return at once and change nothing.
var ErrLeaseLost = errors.New("the lease on this job is lost")

// Later is returned by a step that knows when trying again is worthwhile.
type Later struct {
	After time.Duration
	Err   error // why; nil if nothing went wrong
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

// minDelay keeps an impatient step from spinning.
const minDelay = 50 * time.Millisecond

// delay before the next run after a failed one: 1 s, doubling up to half a minute, so that
// a minute after everything works again nothing is left undone.
func delay(attempt int) time.Duration { return time.Second << min(attempt, 5) }

// howLoud is the level at which a failed run is logged. An outage of an hour would fill the
// log with what it says already: a job is tried a hundred times by then, and many wait.
func howLoud(attempt int) slog.Level {
	if attempt < 5 || attempt%16 == 0 {
		return slog.LevelWarn
	}
	return slog.LevelDebug
}

package jobs

import (
	"context"
	"log/slog"
	"time"

	"github.com/riverqueue/river"
)

// Jobs to be run at once and jobs that wait for a moment of their own are told
// apart by their priority, so that a start can release the first without waking
// the second.
const (
	leased = 1
	timed  = 2
)

// maxAttempts is as many as River's smallint column holds: a step decides
// itself when to give up.
const maxAttempts = 30_000

// args are what River stores of a job.
type args Job

// Kind names the one kind of River job there is.
func (args) Kind() string { return "step" }

// A worker is how River runs a step: what could not be done right after the
// commit. It always tells River that all is well, since the step has ended or
// postponed its job itself, conditional on the attempt.
type worker struct {
	river.WorkerDefaults[args]
	q *Queue
}

// Work runs the step.
func (w *worker) Work(ctx context.Context, job *river.Job[args]) error {
	l := Lease{job: job.ID, attempt: job.Attempt, until: time.Now().Add(StepTime)}
	if err := w.q.attempt(ctx, l, Job(job.Args)); err != nil {
		w.q.postpone(l, Job(job.Args), err)
	}
	return nil
}

// quiet lets only warnings of River through: its own story is not the
// operator's.
type quiet struct{ slog.Handler }

// Enabled reports whether a record of this level is let through.
func (h quiet) Enabled(ctx context.Context, l slog.Level) bool {
	return l >= slog.LevelWarn && h.Handler.Enabled(ctx, l)
}

// WithAttrs keeps the result quiet.
func (h quiet) WithAttrs(attrs []slog.Attr) slog.Handler { return quiet{h.Handler.WithAttrs(attrs)} }

// WithGroup keeps the result quiet.
func (h quiet) WithGroup(name string) slog.Handler { return quiet{h.Handler.WithGroup(name)} }

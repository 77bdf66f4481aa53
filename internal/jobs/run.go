package jobs

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync/atomic"
	"time"

	"meetingbot/internal/background"
	"meetingbot/internal/database"
	"meetingbot/internal/store"
)

// A Run is one run of a step. It holds the lease on its job.
type Run struct {
	Step    Step
	Subject string
	Attempt int // how many runs came before, including ones that died
	Carry   any // passed on by the previous step, see [Job]; nil unless this is the first run

	q     *Queue
	row   row
	until time.Time   // the run's deadline
	ends  time.Time   // the same by the store's clock, which keeps going while the machine is suspended
	ended atomic.Bool // the job has ended, or has become another one
}

// Record runs f in a transaction if the lease still holds, and locks the job until the
// transaction ends. It returns [ErrLeaseLost] if the lease is lost. Call it before touching
// the outside: this is where a process that was frozen finds out.
func (r *Run) Record(ctx context.Context, f func(*store.Tx) error) error {
	return r.q.store.Do(ctx, func(tx *store.Tx) error {
		if err := assertLease(ctx, tx, r.row); err != nil {
			return err
		}
		return f(tx)
	})
}

// Done ends the job and enqueues the next ones, in one transaction with f, which may be
// nil. It returns [ErrLeaseLost] if the lease is lost. The step must return Done's error,
// because the job is unchanged after one.
//
// If the database does not answer the commit, Done finds out whether it took effect, so
// that the next jobs don't wait for an unused lease to expire.
func (r *Run) Done(ctx context.Context, next []Job, f func(*store.Tx) error) error {
	var last *store.Tx
	err := r.q.store.Do(ctx, func(tx *store.Tx) error {
		last = tx
		if err := r.follow(ctx, tx, next); err != nil {
			return err
		}
		tx.AfterCommit(func() { r.ended.Store(true) })
		if f == nil {
			return nil
		}
		return f(tx)
	})
	if errors.Is(err, database.ErrUnsettled) && r.wasCommitted(ctx) {
		last.Committed()
		return nil
	}
	return err
}

// retryPause is the pause before the next query if the database did not answer.
const retryPause = time.Second / 4

// wasCommitted reports whether an unanswered commit of [Run.Done] took effect: the run no
// longer holds the job, although the lease has not expired.
func (r *Run) wasCommitted(ctx context.Context) bool {
	for {
		held, err := stillHeld(ctx, r.q.store, r.row)
		switch {
		case r.TimedOut():
			return false
		case err == nil:
			return !held
		}
		if background.Sleep(ctx, retryPause) != nil {
			return false
		}
	}
}

// Until returns when the run's time is up.
func (r *Run) Until() time.Time { return r.until }

// TimedOut reports whether the run's time is up, so that another run may have the job. It reads
// the clocks, because the timer behind the step's context may not have fired yet in a
// process that was frozen, and stops while the machine is suspended. A clock that is set
// forward ends a run, too.
func (r *Run) TimedOut() bool {
	return !time.Now().Before(r.until) || !r.q.store.Now().Round(0).Before(r.ends)
}

// follow turns the job into the first of the next ones, or ends it. It comes first in the
// transaction, so that any other run of the job waits and then loses its lease.
func (r *Run) follow(ctx context.Context, tx *store.Tx, next []Job) error {
	if len(next) == 0 {
		return end(ctx, tx, r.row)
	}
	err := r.q.add(ctx, tx, next[0], func(held bool) (row, error) { return become(ctx, tx, r.row, next[0], held) })
	for _, j := range next[1:] {
		if err == nil {
			err = r.q.Enqueue(ctx, tx, j)
		}
	}
	return err
}

// inStep is the key of the queue in the context of a running step. Jobs enqueued with that
// context follow from the step, and start even while the queue is stopping.
type inStep struct{}

// do runs the step once, then ends or reschedules its job.
func (r *Run) do(ctx context.Context) {
	err := r.attempt(ctx)
	if err == nil && !r.ended.Load() {
		err = r.write(func(ctx context.Context, tx *store.Tx) error { return end(ctx, tx, r.row) })
		if err != nil && !errors.Is(err, ErrLeaseLost) {
			r.log().WarnContext(ctx, "could not record the end of a job; its lease will expire", "error", err)
			return
		}
	}
	switch later, isLater := errors.AsType[*Later](err); {
	case err == nil:
	case errors.Is(err, ErrLeaseLost):
		r.log().InfoContext(ctx, "another run took over the job", "attempt", r.Attempt)
	case r.ended.Load():
		r.log().WarnContext(ctx, "step failed after its job had ended", "attempt", r.Attempt, "error", err)
	case isLater && later.Err == nil:
		r.reschedule(later.After, true)
	default:
		after := delay(r.Attempt)
		if isLater {
			after = later.After
		}
		r.log().Log(ctx, logLevel(r.Attempt), "step failed and will be tried again", "attempt", r.Attempt, "after", after, "error", err)
		r.reschedule(after, false)
	}
}

// attempt runs the step with a deadline. It turns a panic into an error, because a panic in
// one step must not take down the others.
func (r *Run) attempt(ctx context.Context) (err error) {
	h := r.q.steps[r.Step]
	ctx, cancel := context.WithDeadline(context.WithValue(h.context(ctx), inStep{}, r.q), r.until)
	defer cancel()
	begin := time.Now()
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
		r.q.observe(r.Step, time.Since(begin), err)
	}()
	return h.f(ctx, r)
}

// giveBack releases a job that was not started, and doesn't count this run.
func (r *Run) giveBack() {
	r.row.tries--
	r.reschedule(0, false)
}

// reschedule releases the job and makes it due after a delay; idle means that it has nothing
// to do before then. If the write fails, the lease expires.
func (r *Run) reschedule(after time.Duration, idle bool) {
	err := r.write(func(ctx context.Context, tx *store.Tx) error {
		due := tx.Now().Add(max(after, minDelay))
		tx.AfterCommit(func() { r.q.wakeAt(due) })
		return release(ctx, tx, r.row, due, idle)
	})
	if err != nil && !errors.Is(err, ErrLeaseLost) {
		r.log().Warn("could not postpone a job; its lease will expire", "error", err)
	}
}

func (r *Run) log() *slog.Logger {
	return r.q.log.With("step", r.Step, r.q.steps[r.Step].subjectKey, r.Subject)
}

// write commits a change to the job after the step's own context has ended.
func (r *Run) write(f func(context.Context, *store.Tx) error) error {
	ctx := r.q.steps[r.Step].context(context.WithoutCancel(r.q.runCtx))
	return r.q.store.Do(ctx, func(tx *store.Tx) error { return f(ctx, tx) })
}

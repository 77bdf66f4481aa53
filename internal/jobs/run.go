package jobs

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync/atomic"
	"time"

	"meetingbot/internal/database"
	"meetingbot/internal/store"
)

// A Run is one run of a step. It holds the lease on its job.
type Run struct {
	Step    Step
	Subject string
	Attempt int // earlier runs, including ones that died
	Carry   any // passed on by the previous run, see [Job]; nil unless this is the first run

	q     *Queue
	row   row
	until time.Time   // when the run is stopped
	ends  time.Time   // the same by the store's clock, which goes on while the machine is suspended
	ended atomic.Bool // the job is over, or has become another one
}

// Record runs f in a transaction if the lease still holds, and locks others out of
// the job until the transaction ends. It returns [ErrLeaseLost] if the lease is
// lost. Call it before touching the outside: this is where a process that was
// frozen finds out.
func (r *Run) Record(ctx context.Context, f func(*store.Tx) error) error {
	return r.q.store.Do(ctx, func(tx *store.Tx) error {
		if err := hold(ctx, tx, r.row); err != nil {
			return err
		}
		return f(tx)
	})
}

// Done ends the job and enqueues what follows from it, in one transaction with f,
// which may be nil. It returns [ErrLeaseLost] if the lease is lost. The step must
// return what Done returns: after an error the job is unchanged.
//
// If the database does not answer the commit, Done finds out whether it took effect, so
// that what follows doesn't wait for a lease that nobody uses.
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
	if errors.Is(err, database.ErrUnsettled) && r.left(ctx) {
		last.Committed()
		return nil
	}
	return err
}

// lookGap is the pause before a database that did not answer is asked again.
const lookGap = time.Second / 4

// left reports whether the run no longer holds its job. While the lease lasts, only the run
// itself can have given it up.
func (r *Run) left(ctx context.Context) bool {
	for {
		held, err := stillHeld(ctx, r.q.store, r.row)
		switch {
		case r.Over():
			return false
		case err == nil:
			return !held
		}
		select {
		case <-ctx.Done():
			return false
		case <-time.After(lookGap):
		}
	}
}

// Over reports whether the run's time is over, so that another may have the job by now. The
// clocks are asked: in a process that was frozen the timer behind the step's context may not
// have run yet, and that timer stands still while the machine is suspended. A clock that is
// set forward ends a run too.
func (r *Run) Over() bool {
	return !time.Now().Before(r.until) || !r.q.store.Now().Round(0).Before(r.ends)
}

// Enqueue inserts a job in tx, a transaction of Record or Done.
func (r *Run) Enqueue(ctx context.Context, tx *store.Tx, j Job) error { return r.q.Enqueue(ctx, tx, j) }

// follow turns the job into the first of the next ones, or ends it. It comes first
// in the transaction, so that any other run of the job waits, and then finds it
// gone.
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

// inStep marks the context of a running step: what it enqueues follows from it and
// starts even while the queue stops.
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
		r.again(later.After, true)
	default:
		after := delay(r.Attempt)
		if isLater {
			after = later.After
		}
		r.log().Log(ctx, howLoud(r.Attempt), "step failed and will be tried again", "attempt", r.Attempt, "after", after, "error", err)
		r.again(after, false)
	}
}

// attempt runs the step with a deadline, and turns a panic into an error, because a
// panic in one step must not take down the others.
func (r *Run) attempt(ctx context.Context) (err error) {
	does := r.q.steps[r.Step]
	ctx, cancel := context.WithDeadline(context.WithValue(does.context(ctx), inStep{}, true), r.until)
	defer cancel()
	begin := time.Now()
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
		r.q.observe(r.Step, time.Since(begin), err)
	}()
	return does.f(ctx, r)
}

// giveBack releases a job that was not started.
func (r *Run) giveBack() {
	r.row.tries--
	r.again(0, false)
}

// again releases the job and makes it due after a delay; asleep says that it has nothing
// to do before then. If that can't be written, the lease expires by itself.
func (r *Run) again(after time.Duration, asleep bool) {
	err := r.write(func(ctx context.Context, tx *store.Tx) error {
		due := tx.Now().Add(max(after, minDelay))
		tx.AfterCommit(func() { r.q.wakeAt(due) })
		return giveUp(ctx, tx, r.row, due, asleep)
	})
	if err != nil && !errors.Is(err, ErrLeaseLost) {
		r.log().Warn("could not postpone a job; its lease will expire", "error", err)
	}
}

func (r *Run) log() *slog.Logger {
	return r.q.log.With("step", r.Step, r.q.steps[r.Step].of, r.Subject)
}

// write commits a change to the job after the step's own context has ended.
func (r *Run) write(f func(context.Context, *store.Tx) error) error {
	ctx := r.q.steps[r.Step].context(context.WithoutCancel(r.q.running))
	return r.q.store.Do(ctx, func(tx *store.Tx) error { return f(ctx, tx) })
}

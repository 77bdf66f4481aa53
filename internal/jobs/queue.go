package jobs

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"meetingbot/internal/database"
	"meetingbot/internal/store"
)

// Options configure a queue. The zero value is ready to use.
type Options struct {
	Log *slog.Logger // nil: nowhere
	// Observe, if not nil, is called after every run of a step.
	Observe func(s Step, took time.Duration, err error)
	// Urgent are the steps that follow a confirmation: they are claimed first, and
	// their transactions have priority, see [store.Urgent].
	Urgent []Step
}

// A Queue inserts and runs jobs. Make one with [New], register every step with
// [Queue.Handle], then [Queue.Start] it.
type Queue struct {
	store   *store.Store
	log     *slog.Logger
	observe func(Step, time.Duration, error)
	urgent  []Step
	steps   map[Step]*handler
	order   []Step // the steps, urgent ones first
	gate    gate
	wake    chan struct{} // ends the loop's sleep early; holds one element
	behind  atomic.Bool   // jobs are due that found no slot

	running  context.Context // of every step; cancelled when Stop runs out of time
	breakOff context.CancelFunc
	looking  context.Context // of the loop; cancelled when the queue stops
	stop     context.CancelFunc
	loop     sync.WaitGroup
}

// A handler is what a step does, what it is about, and its slots.
type handler struct {
	f      Func
	of     string
	urgent bool
	slots  slots
}

// context returns ctx with the priority of the step's transactions.
func (h *handler) context(ctx context.Context) context.Context {
	if h.urgent {
		return store.Urgent(ctx)
	}
	return ctx
}

// New returns a queue on the store's database.
func New(s *store.Store, o Options) *Queue {
	q := &Queue{
		store: s, log: cmp.Or(o.Log, slog.New(slog.DiscardHandler)), observe: o.Observe, urgent: o.Urgent,
		steps: map[Step]*handler{}, wake: make(chan struct{}, 1),
	}
	if q.observe == nil {
		q.observe = func(Step, time.Duration, error) {}
	}
	//nolint:forbidigo // steps live until Stop, not until New's caller is done
	q.running, q.breakOff = context.WithCancel(context.Background())
	q.looking, q.stop = context.WithCancel(q.running)
	return q
}

// Handle registers what a step does, and the log key for its subject: a request is
// logged as "request" everywhere. It panics if the step is already registered.
func (q *Queue) Handle(s Step, of string, f Func) {
	if _, twice := q.steps[s]; twice || f == nil {
		panic("jobs: step " + string(s) + " registered twice or without a function")
	}
	h := &handler{f: f, of: of, urgent: slices.Contains(q.urgent, s), slots: make(slots, slotsPerStep)}
	q.steps[s] = h
	if h.urgent {
		q.order = slices.Insert(q.order, 0, s)
	} else {
		q.order = append(q.order, s)
	}
}

// Steps are those registered.
func (q *Queue) Steps() []Step { return q.order }

// Start releases what a dead process held and begins looking for due jobs. Call it
// before anything is enqueued.
func (q *Queue) Start(ctx context.Context) error {
	if err := q.store.SyncClock(ctx); err != nil {
		return fmt.Errorf("start jobs: %w", err)
	}
	if q.store.Dialect() == database.SQLite {
		// The file is ours alone, so whatever process held a job is dead.
		if err := q.store.Do(ctx, func(tx *store.Tx) error { return releaseAll(ctx, tx) }); err != nil {
			return fmt.Errorf("release jobs: %w", err)
		}
	}
	q.loop.Go(q.look)
	return nil
}

// graceTime is how long Stop waits for steps whose context was cancelled.
const graceTime = time.Second

// Stop starts no new work and waits until every running step, and the steps that
// follow from it, have ended. When ctx ends, it cancels the steps' contexts. The
// next process, or another replica, resumes what is left. Stop returns an error
// only if it had to cut steps short.
func (q *Queue) Stop(ctx context.Context) error {
	q.gate.close()
	q.stop()
	q.loop.Wait() // its database calls have deadlines, which have passed
	err := q.gate.wait(ctx)
	q.breakOff()
	if err == nil {
		return nil
	}
	grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), graceTime)
	defer cancel()
	return fmt.Errorf("some steps were interrupted; the next start resumes them: %w", errors.Join(err, q.gate.wait(grace)))
}

// Enqueue inserts a job in tx. Unless it is due later, this process runs it as
// soon as tx is committed.
func (q *Queue) Enqueue(ctx context.Context, tx *store.Tx, j Job) error {
	return q.add(ctx, tx, j, func(held bool) (row, error) { return insert(ctx, tx, j, held) })
}

// add inserts a job, and arranges its first run for when tx is committed.
func (q *Queue) add(ctx context.Context, tx *store.Tx, j Job, write func(held bool) (row, error)) error {
	if _, known := q.steps[j.Step]; !known {
		return fmt.Errorf("enqueue: no such step: %s", j.Step)
	}
	follows := ctx.Value(inStep{}) != nil
	held := j.Due.IsZero() && q.gate.open(follows)
	written, err := write(held)
	if err != nil {
		return err
	}
	if !held {
		tx.AfterCommit(func() { q.wakeAt(j.Due) })
		return nil
	}
	r := q.newRun(tx, j, written)
	tx.ThenStart(func() { q.start(r, follows) })
	return nil
}

// newRun returns the run of a job claimed in tx. Its deadline counts from the start
// of tx, because the lease does.
func (q *Queue) newRun(tx *store.Tx, j Job, claimed row) *Run {
	left := StepTime - q.store.Now().Sub(tx.Now())
	return &Run{
		Step: j.Step, Subject: j.Subject, Carry: j.Carry, Attempt: claimed.tries - 1,
		q: q, row: claimed, until: time.Now().Add(left), ends: tx.Now().Add(StepTime).Round(0),
	}
}

// patience is how long a run may wait for a slot and still leave the step enough
// time.
const patience = StepTime / 2

// start runs a job in its own goroutine once there is a free slot. If none comes
// free in time, it gives the job back, to be claimed later.
func (q *Queue) start(r *Run, follows bool) {
	if !q.gate.enter(follows) {
		return // its lease will expire
	}
	go func() {
		defer q.gate.leave()
		select {
		case q.steps[r.Step].slots <- struct{}{}:
			defer q.free(r.Step)
			r.do(q.running)
			return
		case <-time.After(time.Until(r.until) - patience):
		case <-q.running.Done():
		}
		r.giveBack()
	}()
}

// startClaimed runs a job that already has a slot.
func (q *Queue) startClaimed(r *Run) {
	if !q.gate.enter(false) {
		q.free(r.Step)
		r.giveBack()
		return
	}
	go func() {
		defer q.gate.leave()
		defer q.free(r.Step)
		r.do(q.running)
	}()
}

// free gives a slot to the next run.
func (q *Queue) free(s Step) {
	q.steps[s].slots.free(1)
	if q.behind.Load() {
		q.wakeAt(time.Time{})
	}
}

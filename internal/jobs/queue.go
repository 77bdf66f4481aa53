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

	"meetingbot/internal/background"
	"meetingbot/internal/database"
	"meetingbot/internal/store"
)

// Options configure a queue. The zero value is ready to use.
type Options struct {
	Log *slog.Logger // if nil, nothing is logged
	// Observe, if not nil, is called after every run of a step.
	Observe func(s Step, took time.Duration, err error)
	// Urgent lists the steps that follow a confirmation. They are claimed first, and their
	// transactions have priority, see [store.Urgent].
	Urgent []Step
	// Tick is how often to look for due jobs; zero is once a second, as in the released
	// program. Tests in which hours pass would otherwise do little else.
	Tick time.Duration
}

// A Queue inserts and runs jobs. Make one with [New], register every step with
// [Queue.Handle], then [Queue.Start] it.
type Queue struct {
	store   *store.Store
	log     *slog.Logger
	observe func(Step, time.Duration, error)
	urgent  []Step
	tick    time.Duration
	steps   map[Step]*handler
	order   []Step // the steps, urgent ones first
	runs    background.InFlight
	wake    chan struct{}             // ends the loop's sleep early; holds one element
	behind  atomic.Bool               // some due jobs found no slot
	stopsAt atomic.Pointer[time.Time] // when running steps are interrupted; nil unless the queue is stopping

	runCtx     context.Context // of every step; cancelled when Stop runs out of time
	cancelRuns context.CancelFunc
	pollCtx    context.Context // of the loop; cancelled when the queue stops
	stopPoll   context.CancelFunc
	loop       sync.WaitGroup
}

// A handler runs one step.
type handler struct {
	f          Func
	subjectKey string // the log key for its subject
	urgent     bool
	slots      chan struct{} // holds an element for each run in progress
}

// slotsPerStep is how many runs of a step may be in progress at once. Every step has its
// own slots, so that a click never waits behind another person's list.
const slotsPerStep = 64

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
		tick: cmp.Or(o.Tick, defaultTick), steps: map[Step]*handler{}, wake: make(chan struct{}, 1),
	}
	if q.observe == nil {
		q.observe = func(Step, time.Duration, error) {}
	}
	//nolint:forbidigo // steps live until Stop, not until New's caller is done
	q.runCtx, q.cancelRuns = context.WithCancel(context.Background())
	q.pollCtx, q.stopPoll = context.WithCancel(q.runCtx)
	return q
}

// Handle registers a step's function and the log key for its subject, such as "request".
// It panics if the step is already registered.
func (q *Queue) Handle(s Step, subjectKey string, f Func) {
	if _, registered := q.steps[s]; registered || f == nil {
		panic("jobs: step " + string(s) + " registered twice or without a function")
	}
	h := &handler{f: f, subjectKey: subjectKey, urgent: slices.Contains(q.urgent, s), slots: make(chan struct{}, slotsPerStep)}
	q.steps[s] = h
	if h.urgent {
		q.order = slices.Insert(q.order, 0, s)
	} else {
		q.order = append(q.order, s)
	}
}

// Steps returns the registered steps, urgent ones first.
func (q *Queue) Steps() []Step { return q.order }

// Start releases a dead process's jobs and begins to look for due ones. Call it before
// anything is enqueued.
func (q *Queue) Start(ctx context.Context) error {
	if err := q.store.SyncClock(ctx); err != nil {
		return fmt.Errorf("start jobs: %w", err)
	}
	if q.store.Dialect() == database.SQLite {
		// Only one process can use the file, so any other that held a job is dead.
		err := q.store.Do(ctx, func(tx *store.Tx) error {
			_, err := tx.Exec(ctx, `UPDATE job SET leased = 0, due_at = $1 WHERE leased = 1`, tx.Now().UnixMilli())
			return err
		})
		if err != nil {
			return fmt.Errorf("release jobs: %w", err)
		}
	}
	q.loop.Go(q.poll)
	return nil
}

// gracePeriod is how long Stop waits for steps whose context was cancelled.
const gracePeriod = time.Second

// Stop stops looking for jobs and waits until every running step, and the steps that follow
// from it, have ended. When ctx ends, it cancels the steps' contexts. The next process, or
// another replica, resumes the rest. Stop returns an error only if it had to interrupt
// steps.
func (q *Queue) Stop(ctx context.Context) error {
	if at, limited := ctx.Deadline(); limited {
		q.stopsAt.Store(&at)
	}
	q.stopPoll()
	q.runs.Close()
	q.loop.Wait() // soon: the context of its database calls was just cancelled
	err := q.runs.Wait(ctx)
	q.cancelRuns()
	if err == nil {
		return nil
	}
	grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), gracePeriod)
	defer cancel()
	return fmt.Errorf("some steps were interrupted; the next start resumes them: %w", errors.Join(err, q.runs.Wait(grace)))
}

// BeforeStop returns a copy of a step's context that ends when the queue will interrupt the
// step, if it is being stopped. The step's own context doesn't say when that will be.
func BeforeStop(ctx context.Context) (context.Context, context.CancelFunc) {
	if q, ok := ctx.Value(inStep{}).(*Queue); ok {
		if at := q.stopsAt.Load(); at != nil {
			return context.WithDeadline(ctx, *at)
		}
	}
	return ctx, func() {}
}

// Enqueue inserts a job in tx. Unless it has a due time, this process runs it as soon as tx
// is committed.
func (q *Queue) Enqueue(ctx context.Context, tx *store.Tx, j Job) error {
	return q.add(ctx, tx, j, func(held bool) (row, error) { return insert(ctx, tx, j, held) })
}

// add calls write to insert a job, and arranges for its first run once tx is committed.
func (q *Queue) add(ctx context.Context, tx *store.Tx, j Job, write func(held bool) (row, error)) error {
	if _, known := q.steps[j.Step]; !known {
		return fmt.Errorf("enqueue: no such step: %s", j.Step)
	}
	follows := ctx.Value(inStep{}) != nil
	held := j.Due.IsZero() && (follows || q.pollCtx.Err() == nil)
	written, err := write(held)
	if err != nil {
		return err
	}
	if !held {
		tx.AfterCommit(func() { q.wakeAt(j.Due) })
		return nil
	}
	r := q.newRun(tx, j, written)
	tx.ThenStart(func() { q.start(r, follows) }) // if it isn't started, its lease expires
	return nil
}

// newRun returns the run of a job claimed in tx. Its deadline counts from the start of tx,
// as the lease does.
func (q *Queue) newRun(tx *store.Tx, j Job, claimed row) *Run {
	left := StepTimeout - q.store.Now().Sub(tx.Now())
	return &Run{
		Step: j.Step, Subject: j.Subject, Carry: j.Carry, Attempt: claimed.tries - 1,
		q: q, row: claimed, until: time.Now().Add(left), ends: tx.Now().Add(StepTimeout).Round(0),
	}
}

// minRunTime is how much of [StepTimeout] must be left once a run gets its slot.
const minRunTime = StepTimeout / 2

// start runs a job in its own goroutine once there is a free slot, and reports whether it will:
// a queue that is stopping runs only jobs that follow from others. If no slot becomes free in
// time, it returns the job to the table, to be claimed later.
func (q *Queue) start(r *Run, follows bool) bool {
	switch {
	case follows:
		q.runs.Follow()
	case !q.runs.Enter():
		return false
	}
	go func() {
		background.GrowStack()
		defer q.runs.Leave()
		select {
		case q.steps[r.Step].slots <- struct{}{}:
			defer q.free(r.Step)
			r.do(q.runCtx)
			return
		case <-time.After(time.Until(r.until) - minRunTime):
		case <-q.runCtx.Done():
		}
		r.giveBack()
	}()
	return true
}

// free releases a slot for the next run.
func (q *Queue) free(s Step) {
	<-q.steps[s].slots
	if q.behind.Load() {
		q.wakeAt(time.Time{})
	}
}

package jobs

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/riverdriver/riverdatabasesql"
	"github.com/riverqueue/river/riverdriver/riversqlite"
	"github.com/riverqueue/river/rivermigrate"

	"meetingbot/internal/store"
)

// Times that belong together: a step is stopped before its lease ends, and a
// lease ends soon enough that another replica takes over within 15 s.
const (
	StepTime  = 10 * time.Second
	LeaseTime = 11 * time.Second
	tick      = time.Second            // how often leases that ran out are looked for
	poll      = 500 * time.Millisecond // how often River looks for work that is due
)

// workers is how many jobs River runs at once. It does only what could not be
// done at once: retries, and what a dead process left.
const workers = 32

// A Step names what a job does. It is stored.
type Step string

// A Job is one step of one subject.
type Job struct {
	Step    Step
	Subject string    // the id of a request or an envelope
	Due     time.Time // not before; zero for at once
}

// A Func does a step. It ends its job itself, with [Queue.Finish] in the
// transaction that records what it did, or [Queue.Again] to be run later. If it
// returns an error its job is run again after a delay that grows. Its context
// ends after [StepTime].
type Func func(ctx context.Context, l Lease, subject string) error

// A Queue inserts and runs jobs. Make one with [New], register every step with
// [Queue.Handle], then [Queue.Start] it.
type Queue struct {
	store   *store.Store
	log     *slog.Logger
	net     net
	steps   map[Step]handled
	observe func(step Step, took time.Duration, err error)
	first   firstRuns
	ahead   atomic.Int64 // how far the database's clock is ahead of ours, in nanoseconds

	run    context.Context // of every step; ends when waiting for them has to end
	cancel context.CancelFunc
	wg     sync.WaitGroup
}

// Migrate brings River's own tables up to date; give it to [store.Open].
func Migrate(ctx context.Context, s *store.Store) error {
	m, err := rivermigrate.New(driver(s), &rivermigrate.Config{Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		return err
	}
	if res, err := m.Validate(ctx, nil); err == nil && res.OK {
		return nil
	}
	if _, err := m.Migrate(ctx, rivermigrate.DirectionUp, nil); err != nil {
		return fmt.Errorf("migrate job tables: %w", err)
	}
	return nil
}

// driver is River's driver for the store's database. Neither listens: what must
// be quick is started in the process, and polling serves the rest.
func driver(s *store.Store) riverdriver.Driver[*sql.Tx] {
	if s.Dialect() == store.PostgreSQL {
		return riverdatabasesql.New(s.DB())
	}
	return riversqlite.New(s.DB())
}

// New returns a queue on the store's database. observe, if not nil, is told of
// every run of a step.
func New(s *store.Store, log *slog.Logger, observe func(step Step, took time.Duration, err error)) (*Queue, error) {
	if observe == nil {
		observe = func(Step, time.Duration, error) {}
	}
	q := &Queue{store: s, log: log, steps: map[Step]handled{}, observe: observe}
	q.first.slots = map[Step]chan struct{}{}
	//nolint:forbidigo // the steps' life ends with Stop, not with the caller of New
	q.run, q.cancel = context.WithCancel(context.Background())
	kinds := river.NewWorkers()
	river.AddWorker(kinds, &worker{q: q})
	var err error
	q.net.client, err = river.NewClient(driver(s), &river.Config{
		Queues:               map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: workers}},
		Workers:              kinds,
		Logger:               slog.New(quiet{log.Handler()}),
		FetchPollInterval:    poll,
		FetchCooldown:        poll,
		PollOnly:             true,
		JobTimeout:           LeaseTime,
		RescueStuckJobsAfter: time.Hour, // ours is quicker, see lease.go
	})
	if err != nil {
		return nil, fmt.Errorf("job queue: %w", err)
	}
	return q, nil
}

// A handled step is what it does, and the word for what it is about.
type handled struct {
	f  Func
	of string
}

// Handle registers what a step does, and by what key logs name its subject: that
// of a request is its "request" wherever it is logged. It panics if the step has
// something to do already.
func (q *Queue) Handle(s Step, of string, f Func) {
	if _, twice := q.steps[s]; twice || f == nil {
		panic("jobs: step " + string(s) + " registered twice or without a function")
	}
	q.steps[s] = handled{f: f, of: of}
	q.first.slots[s] = make(chan struct{}, slotsPerStep)
}

// Start releases what a dead process left behind and begins to run jobs.
func (q *Queue) Start(ctx context.Context) error {
	if q.store.Dialect() == store.SQLite {
		if err := q.releaseAll(ctx); err != nil {
			return err
		}
	}
	if err := q.look(ctx); err != nil {
		return err
	}
	q.wg.Go(q.keepLooking)
	return nil
}

// Stop starts no new work and waits until every running step, and the steps
// that follow from it, have ended, or ctx has; then the steps' contexts are
// ended. What is left is resumed by the next process, or by another replica. It
// returns an error only if steps had to be broken off.
func (q *Queue) Stop(ctx context.Context) error {
	err := errors.Join(q.net.end(ctx), q.first.wait(ctx))
	q.cancel()
	q.first.running.Wait()
	q.wg.Wait()
	if errors.Is(err, context.DeadlineExceeded) {
		return fmt.Errorf("some steps were broken off; the next start goes on with them: %w", err)
	}
	return err
}

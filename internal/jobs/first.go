package jobs

import (
	"context"
	"fmt"
	"runtime/debug"
	"sync"
	"time"

	"github.com/riverqueue/river"

	"meetingbot/internal/store"
)

// slotsPerStep is how many first runs of a step go on at once. Every step has
// slots of its own, so that nobody's click waits behind somebody's list.
const slotsPerStep = 64

// firstRuns are the runs that this process starts right after a commit.
type firstRuns struct {
	slots   map[Step]chan struct{}
	running sync.WaitGroup

	mu       sync.Mutex
	stopping bool
	count    int
	idle     chan struct{} // closed when count reaches zero while stopping
}

// inStep marks the context of a running step: what it enqueues follows from it
// and is started even while the queue stops.
type inStep struct{}

// Enqueue inserts a job in tx. Unless it is due later, this process runs it as
// soon as tx is committed.
func (q *Queue) Enqueue(ctx context.Context, tx *store.Tx, j Job) error {
	ahead := time.Duration(q.ahead.Load())
	opts := &river.InsertOpts{MaxAttempts: maxAttempts, Priority: leased, ScheduledAt: tx.Now().Add(ahead + LeaseTime)}
	if !j.Due.IsZero() {
		opts.Priority, opts.ScheduledAt = timed, j.Due.Add(ahead)
	}
	res, err := q.net.client.InsertTx(ctx, tx.SQL(), args(j), opts)
	if err != nil {
		return fmt.Errorf("enqueue %s: %w", j.Step, err)
	}
	if !j.Due.IsZero() {
		return nil
	}
	l := Lease{job: res.Job.ID, until: time.Now().Add(StepTime)}
	follows := ctx.Value(inStep{}) != nil
	tx.AfterCommit(func() { q.startFirst(l, j, follows) })
	return nil
}

// startFirst runs the job in its own goroutine, in its turn. While the queue
// stops, new work is left to the next process.
func (q *Queue) startFirst(l Lease, j Job, follows bool) {
	if !q.first.enter(follows) {
		return
	}
	q.first.running.Go(func() {
		defer q.first.leave()
		slot := q.first.slots[j.Step]
		select {
		case slot <- struct{}{}:
			defer func() { <-slot }()
		case <-q.run.Done():
			return
		}
		if err := q.attempt(q.run, l, j); err != nil {
			q.postpone(l, j, err)
		}
	})
}

// attempt runs a step once: bounded in time, and with a panic turned into an
// error, because a panic in one step must not end all others.
func (q *Queue) attempt(ctx context.Context, l Lease, j Job) (err error) {
	does, known := q.steps[j.Step]
	if !known {
		return fmt.Errorf("no such step: %s", j.Step)
	}
	ctx, cancel := context.WithDeadline(context.WithValue(ctx, inStep{}, true), l.until)
	defer cancel()
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("waited too long for a turn: %w", err)
	}
	begin := time.Now()
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
		q.observe(j.Step, time.Since(begin), err)
	}()
	return does.f(ctx, l, j.Subject)
}

// enter counts a first run in, unless the queue stops and the run does not
// follow from one that goes on.
func (f *firstRuns) enter(follows bool) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.stopping && !follows {
		return false
	}
	f.count++
	return true
}

func (f *firstRuns) leave() {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.count--; f.count == 0 && f.stopping && f.idle != nil {
		close(f.idle)
		f.idle = nil
	}
}

// wait lets nothing new in and waits until nothing runs, or ctx ends.
func (f *firstRuns) wait(ctx context.Context) error {
	f.mu.Lock()
	f.stopping = true
	idle := make(chan struct{})
	if f.count == 0 {
		close(idle)
	} else {
		f.idle = idle
	}
	f.mu.Unlock()
	select {
	case <-idle:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

package jobs_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"meetingbot/internal/jobs"
	"meetingbot/internal/pgtest"
	"meetingbot/internal/sqlitetest"
	"meetingbot/internal/store"
)

// TestTakeOverDeadReplica: any replica may claim an expired lease, but no other replica may
// claim one that is still valid.
func TestTakeOverDeadReplica(t *testing.T) {
	t.Parallel()
	address := pgtest.URL(t)
	s := open(t, address, store.Options{})
	ran := make(chan *jobs.Run, 4)
	q := newQueue(t, s, func(_ context.Context, r *jobs.Run) error { ran <- r; return nil })
	began := s.Now() // before the lease begins
	abandon(t, s, 1, "has just died", false)
	abandon(t, s, 2, "is long dead", true)
	start(t, q)
	if r := waitFor(t, ran, "run"); r.Subject != "is long dead" || r.Attempt != 1 {
		t.Errorf("ran %s, attempt %d, want the dead replica's job as attempt 1", r.Subject, r.Attempt)
	}
	until(t, "the end of the job", func() bool { return countJobs(t, s) == 1 })
	waitFor(t, ran, "run of the job with the valid lease")
	took := s.Now().Sub(began)
	if took < jobs.LeaseDuration-100*time.Millisecond {
		t.Errorf("taken over after %v, before the lease expired", took)
	}
	t.Logf("taken over after %v", took)
}

// TestTakeOverInTime: a dead process's job is claimed soon enough for its work to continue within
// 15 s of the death. A bubble's clock only counts waiting, so a busy machine takes no longer.
func TestTakeOverInTime(t *testing.T) {
	t.Parallel()
	url := sqlitetest.URL(t)
	synctest.Test(t, func(t *testing.T) {
		s := open(t, url, store.Options{})
		ran := make(chan bool, 1)
		q := newQueue(t, s, func(ctx context.Context, r *jobs.Run) error {
			defer func() { ran <- true }()
			return r.Done(ctx, nil, nil)
		})
		start(t, q) // releases nothing yet, as with PostgreSQL
		began := time.Now()
		abandon(t, s, 1, "has just died", false)
		waitFor(t, ran, "run")
		if took := time.Since(began); took < jobs.LeaseDuration || took > 13*time.Second {
			t.Errorf("taken over after %v, want the lease, %v, to be respected, and two seconds left to continue", took, jobs.LeaseDuration)
		}
	})
}

// TestReplicasShare: three replicas share many jobs, and each job runs once.
func TestReplicasShare(t *testing.T) {
	t.Parallel()
	const many = 300
	address := pgtest.URL(t)
	var mu sync.Mutex
	ran := map[string]int{}
	done := make(chan bool, many)
	first := open(t, address, store.Options{})
	for i := range many {
		abandon(t, first, i, fmt.Sprint(i), true)
	}
	for range 3 {
		s := open(t, address, store.Options{})
		start(t, newQueue(t, s, func(ctx context.Context, r *jobs.Run) error {
			mu.Lock()
			ran[r.Subject]++
			mu.Unlock()
			done <- true
			return r.Done(ctx, nil, nil)
		}))
	}
	for range many {
		waitFor(t, done, "run")
	}
	until(t, "the end of all jobs", func() bool { return countJobs(t, first) == 0 })
	mu.Lock()
	defer mu.Unlock()
	for subject, n := range ran {
		if n != 1 {
			t.Errorf("job %s was run %d times", subject, n)
		}
	}
}

// TestClocksApart: leases go by the database's clock, however wrong the replica's is.
func TestClocksApart(t *testing.T) {
	t.Parallel()
	for _, wrong := range []time.Duration{-30 * time.Second, 30 * time.Second} {
		t.Run(wrong.String(), func(t *testing.T) {
			t.Parallel()
			address := pgtest.URL(t)
			s := open(t, address, store.Options{Now: func() time.Time { return time.Now().Add(wrong) }})
			held := make(chan *jobs.Run, 1)
			release := make(chan struct{})
			q := newQueue(t, s, func(_ context.Context, r *jobs.Run) error { held <- r; <-release; return nil })
			start(t, q)
			enqueue(t, s, q, jobs.Job{Step: step, Subject: "ana"})
			r := waitFor(t, held, "run")
			var left float64
			err := s.DB().QueryRowContext(t.Context(), `SELECT due_at / 1000.0 - extract(epoch FROM clock_timestamp()) FROM job`).Scan(&left)
			if lease := jobs.LeaseDuration.Seconds(); err != nil || left > lease+1 || left < lease-5 {
				t.Errorf("%v: the lease ends in %.1f s by the database's clock (%v), want about %.0f", wrong, left, err, lease)
			}
			// A replica with a correct clock must not take it over.
			if err := r.Record(t.Context(), func(*store.Tx) error { return nil }); err != nil {
				t.Errorf("Record() = %v", err)
			}
			close(release)
		})
	}
}

// TestFrozenReplica: a replica that wakes up after another has claimed its expired lease
// changes nothing, even if it doesn't notice by its own clock.
func TestFrozenReplica(t *testing.T) {
	t.Parallel()
	address := pgtest.URL(t)
	frozen := open(t, address, store.Options{})
	held, thaw := make(chan *jobs.Run, 1), make(chan struct{})
	result := make(chan error, 1)
	q := newQueue(t, frozen, func(_ context.Context, r *jobs.Run) error {
		held <- r
		<-thaw
		ctx := context.WithoutCancel(t.Context())
		result <- r.Record(ctx, func(tx *store.Tx) error { return tx.Envelopes.Receive(ctx, store.Envelope{ID: "frozen"}) })
		return nil
	})
	enqueue(t, frozen, q, jobs.Job{Step: step, Subject: "ana"})
	waitFor(t, held, "run")
	if _, err := frozen.DB().ExecContext(t.Context(), `UPDATE job SET due_at = 0`); err != nil { // the lease expires
		t.Fatal(err)
	}
	other := open(t, address, store.Options{})
	ran := make(chan bool, 1)
	start(t, newQueue(t, other, func(ctx context.Context, r *jobs.Run) error {
		defer func() { ran <- true }()
		return r.Done(ctx, nil, nil)
	}))
	waitFor(t, ran, "run of the other replica")
	close(thaw)
	if err := waitFor(t, result, "end of the frozen run"); !errors.Is(err, jobs.ErrLeaseLost) {
		t.Errorf("Record() of the frozen replica = %v, want ErrLeaseLost", err)
	}
	stop(t, q)
}

// TestSilentConnections: after a failover behind a virtual address the open connections
// deliver nothing, not even their end. Jobs soon run again over new connections.
func TestSilentConnections(t *testing.T) {
	t.Parallel()
	address := pgtest.URL(t)
	direct := open(t, address, store.Options{})
	valve, through := pgtest.NewValve(t, address)
	s := open(t, through, store.Options{})
	ran := make(chan string, 4)
	q := newQueue(t, s, func(_ context.Context, r *jobs.Run) error { ran <- r.Subject; return nil })
	start(t, q)
	if err := s.Warm(t.Context(), func(*store.Tx) error { return nil }); err != nil { // so that a whole pool of connections falls silent
		t.Fatal(err)
	}
	for round := range 3 {
		valve.Silence()
		abandon(t, direct, round, fmt.Sprint(round), true)
		waitFor(t, ran, "run")
		until(t, "the end of the job", func() bool { return countJobs(t, direct) == 0 })
	}
	if n := valve.Opened(); n < 4 {
		t.Errorf("%d connections were opened, want new ones after each silence", n)
	}
}

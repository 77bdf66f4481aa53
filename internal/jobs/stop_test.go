package jobs_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"meetingbot/internal/jobs"
	"meetingbot/internal/sqlitetest"
	"meetingbot/internal/store"
)

func TestStopWaitsForFollowingSteps(t *testing.T) {
	t.Parallel()
	s := open(t, sqlitetest.URL(t), store.Options{})
	var mu sync.Mutex
	var ran []jobs.Step
	release, began := make(chan bool), make(chan bool)
	note := func(s jobs.Step) { mu.Lock(); ran = append(ran, s); mu.Unlock() }
	q := newQueue(t, s, func(ctx context.Context, r *jobs.Run) error {
		close(began)
		<-release
		note(r.Step)
		return r.Done(ctx, []jobs.Job{{Step: "second", Subject: r.Subject}}, nil)
	})
	q.Handle("second", "subject", func(ctx context.Context, r *jobs.Run) error {
		note(r.Step)
		return r.Record(ctx, func(tx *store.Tx) error { return q.Enqueue(ctx, tx, jobs.Job{Step: "third", Subject: r.Subject}) })
	})
	q.Handle("third", "subject", func(_ context.Context, r *jobs.Run) error { note(r.Step); return nil })
	q.Handle("other", "subject", func(context.Context, *jobs.Run) error { return nil })
	start(t, q)
	enqueue(t, s, q, jobs.Job{Step: step, Subject: "ana"})
	<-began
	stopped := make(chan error, 1)
	go func() { stopped <- q.Stop(context.WithoutCancel(t.Context())) }()
	until(t, "the queue stopping", func() bool { // jobs enqueued now are left to the next process
		enqueue(t, s, q, jobs.Job{Step: "other"})
		n, _, err := q.Backlog(t.Context())
		return err == nil && n > 0
	})
	close(release)
	if err := waitFor(t, stopped, "stop"); err != nil {
		t.Errorf("Stop() = %v", err)
	}
	if diff := cmp.Diff([]jobs.Step{step, "second", "third"}, ran); diff != "" {
		t.Errorf("ran while stopping (-want +got)\n%s", diff)
	}
	var others int
	err := s.DB().QueryRowContext(t.Context(), `SELECT count(*) FROM job WHERE step = 'other'`).Scan(&others)
	if err != nil || others == 0 || countJobs(t, s) != others {
		t.Errorf("%d jobs left, %d of them enqueued while the queue was stopping (%v), want only those", countJobs(t, s), others, err)
	}
}

// TestStopInterrupts: a step that does not end is released at once, for the next process.
func TestStopInterrupts(t *testing.T) {
	t.Parallel()
	s := open(t, sqlitetest.URL(t), store.Options{})
	began := make(chan bool)
	q := newQueue(t, s, func(ctx context.Context, _ *jobs.Run) error { close(began); <-ctx.Done(); return ctx.Err() })
	enqueue(t, s, q, jobs.Job{Step: step, Subject: "ana"})
	<-began
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := q.Stop(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("Stop() = %v, want its context's error", err)
	}
	if n, _, err := q.Backlog(t.Context()); n != 1 || err != nil {
		t.Errorf("Backlog() = %d, %v, want the job back in the table", n, err)
	}
}

// TestStopEndsInTime: if steps ignore their cancelled context, Stop still returns early enough
// to leave the caller the two seconds that it needs to close everything else.
func TestStopEndsInTime(t *testing.T) {
	t.Parallel()
	url := sqlitetest.URL(t)
	synctest.Test(t, func(t *testing.T) {
		s := open(t, url, store.Options{})
		began, release := make(chan bool), make(chan bool)
		q := newQueue(t, s, func(context.Context, *jobs.Run) error { close(began); <-release; return nil })
		enqueue(t, s, q, jobs.Job{Step: step, Subject: "ana"})
		<-began
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		from := time.Now()
		if err := q.Stop(ctx); !errors.Is(err, context.DeadlineExceeded) || time.Since(from) >= 12*time.Second {
			t.Errorf("Stop() = %v after %s, want its context's error after less than 12 s", err, time.Since(from))
		}
		close(release)
	})
}

// TestBeforeStop: a running step can find out when the queue will interrupt it.
func TestBeforeStop(t *testing.T) {
	t.Parallel()
	url := sqlitetest.URL(t)
	synctest.Test(t, func(t *testing.T) {
		s := open(t, url, store.Options{})
		until := func(ctx context.Context) time.Time {
			ctx, cancel := jobs.BeforeStop(ctx)
			defer cancel()
			at, _ := ctx.Deadline()
			return at
		}
		began := make(chan bool)
		var own, running, stopping time.Time
		q := newQueue(t, s, func(ctx context.Context, _ *jobs.Run) error {
			own, _ = ctx.Deadline()
			running = until(context.WithoutCancel(ctx))
			close(began)
			<-time.After(time.Second)
			stopping = until(ctx)
			return nil
		})
		enqueue(t, s, q, jobs.Job{Step: step, Subject: "ana"})
		<-began
		ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
		defer cancel()
		at, _ := ctx.Deadline()
		if err := q.Stop(ctx); err != nil {
			t.Errorf("Stop() = %v", err)
		}
		if !running.IsZero() || !stopping.Equal(at) || !own.After(at) {
			t.Errorf("the step ends at %v, then at %v; want no end, then %v, before its own %v", running, stopping, at, own)
		}
		if got := until(ctx); !got.Equal(at) {
			t.Errorf("outside a step it ends at %v, want the context's own %v", got, at)
		}
	})
}

package jobs_test

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"meetingbot/internal/jobs"
	"meetingbot/internal/store"
)

const step jobs.Step = "greet"

// open returns a store for a test: a fresh SQLite file.
func open(t *testing.T, path string) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), "sqlite:"+path, nil, jobs.Migrate)
	if err != nil {
		t.Fatalf("Open(%q) = %v", path, err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func newQueue(t *testing.T, s *store.Store) *jobs.Queue {
	t.Helper()
	q, err := jobs.New(s, slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelError})), nil)
	if err != nil {
		t.Fatalf("New() = %v", err)
	}
	return q
}

func enqueue(t *testing.T, s *store.Store, q *jobs.Queue, j jobs.Job) {
	t.Helper()
	if err := s.Do(t.Context(), func(tx *store.Tx) error { return q.Enqueue(t.Context(), tx, j) }); err != nil {
		t.Fatalf("Enqueue(%+v) = %v", j, err)
	}
}

// waitFor waits for a value and says what it waited for.
func waitFor[T any](t *testing.T, c <-chan T, what string) (v T) {
	t.Helper()
	select {
	case v = <-c:
	case <-time.After(10 * time.Second):
		t.Fatalf("no %s within 10 s", what)
	}
	return v
}

func TestFirstRunNeedsNoPoll(t *testing.T) {
	t.Parallel()
	s := open(t, filepath.Join(t.TempDir(), "m.db"))
	q := newQueue(t, s)
	ran := make(chan string, 2)
	q.Handle(step, "subject", func(ctx context.Context, l jobs.Lease, subject string) error {
		if !l.First() {
			t.Errorf("run of %s: attempt %d, want the first", subject, l.Attempt())
		}
		err := s.Do(ctx, func(tx *store.Tx) error { return q.Finish(ctx, tx, l) })
		ran <- subject
		return err
	})
	// The queue is never started: what runs, runs without River.
	enqueue(t, s, q, jobs.Job{Step: step, Subject: "ana"})
	if got := waitFor(t, ran, "first run"); got != "ana" {
		t.Errorf("ran %q, want %q", got, "ana")
	}
	if err := q.Stop(t.Context()); err != nil {
		t.Errorf("Stop() = %v", err)
	}
}

func TestFailedRunIsTriedAgain(t *testing.T) {
	t.Parallel()
	s := open(t, filepath.Join(t.TempDir(), "m.db"))
	q := newQueue(t, s)
	ran := make(chan int, 9)
	q.Handle(step, "subject", func(ctx context.Context, l jobs.Lease, _ string) error {
		ran <- l.Attempt()
		switch l.Attempt() {
		case 0:
			panic("the first run panics")
		case 1:
			return errors.New("the second run fails")
		}
		return s.Do(ctx, func(tx *store.Tx) error { return q.Finish(ctx, tx, l) })
	})
	if err := q.Start(t.Context()); err != nil {
		t.Fatalf("Start() = %v", err)
	}
	enqueue(t, s, q, jobs.Job{Step: step, Subject: "ana"})
	for want := range 3 {
		if got := waitFor(t, ran, "run"); got != want {
			t.Fatalf("run with attempt %d, want %d", got, want)
		}
	}
	if err := q.Stop(t.Context()); err != nil {
		t.Errorf("Stop() = %v", err)
	}
	var left int
	if err := s.DB().QueryRowContext(t.Context(), `SELECT count(*) FROM river_job`).Scan(&left); err != nil || left != 0 {
		t.Errorf("jobs left = %d, %v, want 0", left, err)
	}
}

func TestStartGoesOnWithWhatADeadProcessLeft(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "m.db")
	dead := open(t, path)
	q1 := newQueue(t, dead)
	began := make(chan bool, 1)
	q1.Handle(step, "subject", func(ctx context.Context, _ jobs.Lease, _ string) error {
		began <- true
		<-ctx.Done() // it never ends by itself
		return ctx.Err()
	})
	enqueue(t, dead, q1, jobs.Job{Step: step, Subject: "ana"})
	enqueue(t, dead, q1, jobs.Job{Step: step, Subject: "later", Due: time.Now().Add(time.Hour)})
	waitFor(t, began, "run")
	if err := dead.Close(); err != nil { // as kill -9 does: no farewell to the queue
		t.Fatalf("Close() = %v", err)
	}

	alive := open(t, path)
	q2 := newQueue(t, alive)
	ran := make(chan string, 2)
	q2.Handle(step, "subject", func(ctx context.Context, l jobs.Lease, subject string) error {
		ran <- subject
		return alive.Do(ctx, func(tx *store.Tx) error { return q2.Finish(ctx, tx, l) })
	})
	start := time.Now()
	if err := q2.Start(t.Context()); err != nil {
		t.Fatalf("Start() = %v", err)
	}
	if got := waitFor(t, ran, "run after the restart"); got != "ana" {
		t.Errorf("ran %q, want %q: a job with a moment of its own must wait for it", got, "ana")
	}
	t.Logf("resumed after %v", time.Since(start))
	if err := q2.Stop(t.Context()); err != nil {
		t.Errorf("Stop() = %v", err)
	}
}

func TestLostLeaseChangesNothing(t *testing.T) {
	t.Parallel()
	s := open(t, filepath.Join(t.TempDir(), "m.db"))
	q := newQueue(t, s)
	held, taken := make(chan jobs.Lease, 1), make(chan bool)
	q.Handle(step, "subject", func(_ context.Context, l jobs.Lease, _ string) error {
		held <- l
		<-taken
		return nil
	})
	enqueue(t, s, q, jobs.Job{Step: step, Subject: "ana"})
	l := waitFor(t, held, "lease")
	// Somebody else takes the job over, as River does: it counts the attempt up.
	if _, err := s.DB().ExecContext(t.Context(), `UPDATE river_job SET state = 'running', attempt = attempt + 1`); err != nil {
		t.Fatal(err)
	}
	for name, f := range map[string]func(*store.Tx) error{
		"Hold":   func(tx *store.Tx) error { return q.Hold(t.Context(), tx, l) },
		"Finish": func(tx *store.Tx) error { return q.Finish(t.Context(), tx, l) },
		"Again":  func(tx *store.Tx) error { return q.Again(t.Context(), tx, l, time.Second) },
	} {
		if err := s.Do(t.Context(), f); !errors.Is(err, jobs.ErrLeaseLost) {
			t.Errorf("%s() = %v, want ErrLeaseLost", name, err)
		}
	}
	close(taken)
	if err := q.Stop(t.Context()); err != nil {
		t.Errorf("Stop() = %v", err)
	}
}

func TestStopWaitsForWhatFollows(t *testing.T) {
	t.Parallel()
	s := open(t, filepath.Join(t.TempDir(), "m.db"))
	q := newQueue(t, s)
	var mu sync.Mutex
	var ran []string
	goOn, began := make(chan bool), make(chan bool)
	q.Handle("first", "subject", func(ctx context.Context, l jobs.Lease, id string) error {
		close(began)
		<-goOn
		mu.Lock()
		ran = append(ran, "first")
		mu.Unlock()
		return s.Do(ctx, func(tx *store.Tx) error {
			return errors.Join(q.Enqueue(ctx, tx, jobs.Job{Step: "second", Subject: id}), q.Finish(ctx, tx, l))
		})
	})
	q.Handle("second", "subject", func(ctx context.Context, l jobs.Lease, _ string) error {
		mu.Lock()
		ran = append(ran, "second")
		mu.Unlock()
		return s.Do(ctx, func(tx *store.Tx) error { return q.Finish(ctx, tx, l) })
	})
	enqueue(t, s, q, jobs.Job{Step: "first", Subject: "ana"})
	<-began
	stopped := make(chan error, 1)
	go func() { stopped <- q.Stop(context.WithoutCancel(t.Context())) }()
	close(goOn)
	if err := waitFor(t, stopped, "stop"); err != nil {
		t.Errorf("Stop() = %v", err)
	}
	if len(ran) != 2 {
		t.Errorf("ran %v, want the step and the one that follows from it", ran)
	}
}

package jobs_test

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"testing"
	"time"

	"meetingbot/internal/jobs"
	"meetingbot/internal/pgtest"
	"meetingbot/internal/sqlitetest"
	"meetingbot/internal/store"
)

const step jobs.Step = "greet"

// eachDatabase runs a test on a fresh database of either kind.
func eachDatabase(t *testing.T, test func(t *testing.T, url string)) {
	t.Helper()
	t.Run("SQLite", func(t *testing.T) {
		t.Parallel()
		test(t, sqlitetest.URL(t))
	})
	t.Run("PostgreSQL", func(t *testing.T) {
		t.Parallel()
		test(t, pgtest.URL(t))
	})
}

// open opens a store and closes it with the test.
func open(t *testing.T, url string, o store.Options) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), url, o)
	if err != nil {
		t.Fatalf("Open() = %v", err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

// newQueue returns a queue in which step runs f.
func newQueue(t *testing.T, s *store.Store, f jobs.Func) *jobs.Queue {
	t.Helper()
	q := jobs.New(s, jobs.Options{Log: slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelError}))})
	q.Handle(step, "subject", f)
	return q
}

func start(t *testing.T, q *jobs.Queue) {
	t.Helper()
	if err := q.Start(t.Context()); err != nil {
		t.Fatalf("Start() = %v", err)
	}
	t.Cleanup(func() { stop(t, q) })
}

func stop(t *testing.T, q *jobs.Queue) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(t.Context()), jobs.StepTimeout)
	defer cancel()
	if err := q.Stop(ctx); err != nil {
		t.Errorf("Stop() = %v", err)
	}
}

func enqueue(t *testing.T, s *store.Store, q *jobs.Queue, j jobs.Job) {
	t.Helper()
	if err := s.Do(t.Context(), func(tx *store.Tx) error { return q.Enqueue(t.Context(), tx, j) }); err != nil {
		t.Fatalf("Enqueue(%+v) = %v", j, err)
	}
}

// countJobs counts the jobs in the table.
func countJobs(t *testing.T, s *store.Store) (n int) {
	t.Helper()
	if err := s.DB().QueryRowContext(t.Context(), `SELECT count(*) FROM job`).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

// abandon inserts a job like a process that dies before it runs it. If expired is true, its
// lease has expired.
func abandon(t *testing.T, s *store.Store, id int, subject string, expired bool) {
	t.Helper()
	due := s.Now().Add(jobs.LeaseDuration)
	if expired {
		due = s.Now().Add(-time.Second)
	}
	_, err := s.DB().ExecContext(t.Context(), `INSERT INTO job (id, step, subject, due_at, fence, tries, leased, created_at)
		VALUES ($1, $2, $3, $4, 0, 1, 1, $4)`, id, string(step), subject, due.UnixMilli())
	if err != nil {
		t.Fatal(err)
	}
}

// waitFor waits for a value, and fails with what it waited for. The timeout is long because
// the machine may be busy.
func waitFor[T any](t *testing.T, c <-chan T, what string) (v T) {
	t.Helper()
	select {
	case v = <-c:
	case <-time.After(time.Minute):
		t.Fatalf("no %s within a minute", what)
	}
	return v
}

// until waits until reached returns true.
func until(t *testing.T, what string, reached func() bool) {
	t.Helper()
	for end := time.Now().Add(time.Minute); !reached(); {
		if time.Now().After(end) {
			t.Fatalf("not within a minute: %s", what)
		}
		select {
		case <-time.After(20 * time.Millisecond):
		case <-t.Context().Done():
			return
		}
	}
}

var errNo = errors.New("no")

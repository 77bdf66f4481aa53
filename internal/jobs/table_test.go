package jobs_test

import (
	"context"
	"path/filepath"
	"testing"
	"time"

	"meetingbot/internal/jobs"
	"meetingbot/internal/pgtest"
	"meetingbot/internal/store"
)

// eachDatabase runs a test on a fresh, migrated database of both kinds.
func eachDatabase(t *testing.T, test func(t *testing.T, s *store.Store)) {
	t.Helper()
	for name, url := range map[string]func(*testing.T) string{
		"SQLite":     func(t *testing.T) string { return "sqlite:" + filepath.Join(t.TempDir(), "m.db") },
		"PostgreSQL": func(t *testing.T) string { return pgtest.URL(t) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, err := store.Open(t.Context(), url(t), nil, jobs.Migrate)
			if err != nil {
				t.Fatalf("Open() = %v", err)
			}
			t.Cleanup(func() {
				if err := s.Close(); err != nil {
					t.Error(err)
				}
			})
			test(t, s)
		})
	}
}

// TestRiverTable guards what lease.go writes to River's own table: it has to fail
// when an upgrade renames a column, drops a state or moves a job by other means.
func TestRiverTable(t *testing.T) {
	t.Parallel()
	eachDatabase(t, func(t *testing.T, s *store.Store) {
		for _, column := range []string{"id", "attempt", "attempted_at", "finalized_at", "priority", "scheduled_at", "state"} {
			if _, err := s.DB().ExecContext(t.Context(), `SELECT `+column+` FROM river_job`); err != nil {
				t.Errorf("river_job has no column %s: %v", column, err)
			}
		}
		q := newQueue(t, s)
		q.Handle(step, "subject", func(ctx context.Context, _ jobs.Lease, _ string) error { <-ctx.Done(); return ctx.Err() })
		enqueue(t, s, q, jobs.Job{Step: step, Subject: "ana", Due: time.Now().Add(time.Hour)})
		enqueue(t, s, q, jobs.Job{Step: step, Subject: "bob"})
		var scheduled, kinds int
		if err := s.DB().QueryRowContext(t.Context(), `SELECT count(*), count(DISTINCT priority) FROM river_job
			WHERE state = 'scheduled' AND attempt = 0`).Scan(&scheduled, &kinds); err != nil || scheduled != 2 || kinds != 2 {
			t.Errorf("new jobs: %d in state scheduled with attempt 0, of %d priorities (%v), want 2 of 2", scheduled, kinds, err)
		}
		for _, state := range []string{"scheduled", "retryable", "running", "available"} {
			if _, err := s.DB().ExecContext(t.Context(), `UPDATE river_job SET state = $1`, state); err != nil {
				t.Errorf("river_job has no state %s: %v", state, err)
			}
		}
	})
}

// TestRunOfADeadReplicaIsTakenOver leaves a job as a process that died in the
// middle of it does, and as a lease that ran out, and wants both to be run.
func TestRunOfADeadReplicaIsTakenOver(t *testing.T) {
	t.Parallel()
	eachDatabase(t, func(t *testing.T, s *store.Store) {
		dead := newQueue(t, s)
		for _, subject := range []string{"running", "leased"} {
			insert(t, s, dead, subject)
		}
		old := time.Now().UTC().Add(-jobs.LeaseTime - time.Second)
		long := old.Format("2006-01-02 15:04:05.000")
		if _, err := s.DB().ExecContext(t.Context(), `UPDATE river_job SET scheduled_at = $1`, long); err != nil {
			t.Fatal(err)
		}
		if _, err := s.DB().ExecContext(t.Context(), `UPDATE river_job SET state = 'running', attempt = 1, attempted_at = $1
			WHERE id = (SELECT min(id) FROM river_job)`, long); err != nil {
			t.Fatal(err)
		}
		alive := newQueue(t, s)
		ran := make(chan string, 4)
		alive.Handle(step, "subject", func(ctx context.Context, l jobs.Lease, subject string) error {
			ran <- subject
			return s.Do(ctx, func(tx *store.Tx) error { return alive.Finish(ctx, tx, l) })
		})
		if err := alive.Start(t.Context()); err != nil {
			t.Fatal(err)
		}
		got := map[string]bool{waitFor(t, ran, "first run"): true}
		got[waitFor(t, ran, "second run")] = true
		if !got["running"] || !got["leased"] {
			t.Errorf("taken over: %v, want both", got)
		}
		if err := alive.Stop(t.Context()); err != nil {
			t.Error(err)
		}
	})
}

// insert inserts a job that this process does not run: its queue stops first.
func insert(t *testing.T, s *store.Store, q *jobs.Queue, subject string) {
	t.Helper()
	if err := q.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	enqueue(t, s, q, jobs.Job{Step: step, Subject: subject})
}

func TestLeaseOnBothDatabases(t *testing.T) {
	t.Parallel()
	eachDatabase(t, func(t *testing.T, s *store.Store) {
		q := newQueue(t, s)
		ran := make(chan int, 4)
		q.Handle(step, "subject", func(ctx context.Context, l jobs.Lease, _ string) error {
			ran <- l.Attempt()
			return s.Do(ctx, func(tx *store.Tx) error {
				if err := q.Hold(ctx, tx, l); err != nil {
					return err
				}
				if l.First() {
					return q.Again(ctx, tx, l, 300*time.Millisecond)
				}
				return q.Finish(ctx, tx, l)
			})
		})
		if err := q.Start(t.Context()); err != nil {
			t.Fatal(err)
		}
		enqueue(t, s, q, jobs.Job{Step: step, Subject: "ana"})
		for want := range 2 {
			if got := waitFor(t, ran, "run"); got != want {
				t.Errorf("run with attempt %d, want %d", got, want)
			}
		}
		if err := q.Stop(t.Context()); err != nil {
			t.Error(err)
		}
		n, oldest, err := q.Backlog(t.Context())
		if err != nil || n != 0 || oldest != 0 {
			t.Errorf("Backlog() = %d, %v, %v, want nothing left", n, oldest, err)
		}
	})
}

package jobs_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"meetingbot/internal/dbfault"
	"meetingbot/internal/jobs"
	"meetingbot/internal/store"
)

// TestFaultAtEnd: however the statements that end a run fail, the job runs again until its
// end is committed, and its record is stored once.
func TestFaultAtEnd(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		part string
		kind dbfault.Kind
	}{
		{"the end is refused", "DELETE FROM job", dbfault.Refuse},
		{"the end is lost", "DELETE FROM job", dbfault.LoseAnswer},
		{"the end hangs", "DELETE FROM job", dbfault.Hang},
		{"the commit is refused", dbfault.Commit, dbfault.Refuse},
		{"the commit is lost", dbfault.Commit, dbfault.LoseAnswer},
		{"everything is refused", "", dbfault.Refuse},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			eachDatabase(t, func(t *testing.T, url string) {
				var db dbfault.Driver
				s := open(t, url, store.Options{Connect: db.Connect})
				ranAgain := make(chan bool, 9)
				q := newQueue(t, s, func(ctx context.Context, r *jobs.Run) error {
					if r.Attempt == 0 {
						return errNo
					}
					if r.Attempt == 1 {
						db.Next(tt.part, tt.kind, -1)
						defer func() { ranAgain <- true }()
					}
					return r.Done(ctx, nil, func(tx *store.Tx) error {
						err := tx.Envelopes.Receive(ctx, store.Envelope{ID: "e1"})
						if errors.Is(err, store.ErrDuplicate) {
							t.Error("recorded twice")
						}
						return err
					})
				})
				start(t, q)
				enqueue(t, s, q, jobs.Job{Step: step, Subject: "ana"})
				waitFor(t, ranAgain, "second run")
				db.Heal()
				until(t, "the end of the job", func() bool {
					n, _, err := q.Backlog(t.Context())
					return err == nil && n == 0 && countJobs(t, s) == 0
				})
				if _, err := s.Envelopes.Get(t.Context(), "e1"); err != nil {
					t.Errorf("Envelopes.Get() = %v, want the last run's record", err)
				}
			})
		})
	}
}

// TestLostCommitHandsOn: if a commit took effect but was not answered, the job has ended, and
// the next one runs at once with what was carried.
func TestLostCommitHandsOn(t *testing.T) {
	t.Parallel()
	eachDatabase(t, func(t *testing.T, url string) {
		var db dbfault.Driver
		s := open(t, url, store.Options{Connect: db.Connect})
		ran := make(chan *jobs.Run, 9)
		q := newQueue(t, s, func(ctx context.Context, r *jobs.Run) error {
			db.Next(dbfault.Commit, dbfault.LoseAnswer, 1)
			err := r.Done(ctx, []jobs.Job{{Step: "second", Subject: r.Subject, Carry: 42}}, nil)
			if err != nil {
				t.Errorf("Done() = %v, want nil, because the commit took effect", err)
			}
			return err
		})
		q.Handle("second", "subject", func(_ context.Context, r *jobs.Run) error { ran <- r; return nil })
		start(t, q)
		enqueue(t, s, q, jobs.Job{Step: step, Subject: "ana"})
		if r := waitFor(t, ran, "run of the next job"); r.Subject != "ana" || r.Attempt != 0 || r.Carry != 42 {
			t.Errorf("ran %+v, want the first run of ana with what was carried", r)
		}
	})
}

// TestRoundsGoOn: if any statement of a round fails or hangs, later rounds run the job.
func TestRoundsGoOn(t *testing.T) {
	t.Parallel()
	for _, part := range []string{"SELECT step", "WITH due", dbfault.Begin, dbfault.Commit, "UPDATE job"} {
		for name, kind := range map[string]dbfault.Kind{" refused": dbfault.Refuse, " hangs": dbfault.Hang, " lost": dbfault.LoseAnswer} {
			t.Run(part+name, func(t *testing.T) {
				t.Parallel()
				eachDatabase(t, func(t *testing.T, url string) {
					var db dbfault.Driver
					s := open(t, url, store.Options{Connect: db.Connect})
					ran := make(chan string, 9)
					q := newQueue(t, s, func(_ context.Context, r *jobs.Run) error { ran <- r.Subject; return nil })
					start(t, q)
					db.Next(part, kind, 1)
					abandon(t, s, 1, "ana", true)
					waitFor(t, ran, "run")
					until(t, "the end of the job", func() bool { return countJobs(t, s) == 0 })
				})
			})
		}
	}
}

// TestRunsWhenDue: a job with a due time does not run earlier, and doesn't wait for the next
// tick.
func TestRunsWhenDue(t *testing.T) {
	t.Parallel()
	eachDatabase(t, func(t *testing.T, url string) {
		s := open(t, url, store.Options{})
		ran := make(chan time.Time, 1)
		q := newQueue(t, s, func(context.Context, *jobs.Run) error { ran <- s.Now(); return nil })
		start(t, q)
		due := s.Now().Add(300 * time.Millisecond)
		enqueue(t, s, q, jobs.Job{Step: step, Subject: "ana", Due: due})
		if at := waitFor(t, ran, "run"); at.Before(due.Truncate(time.Millisecond)) {
			t.Errorf("run %v too early", due.Sub(at))
		}
	})
}

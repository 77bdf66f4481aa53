package jobs_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"meetingbot/internal/jobs"
	"meetingbot/internal/sqlitetest"
	"meetingbot/internal/store"
)

func TestFirstRunNeedsNoPoll(t *testing.T) {
	t.Parallel()
	eachDatabase(t, func(t *testing.T, url string) {
		s := open(t, url, store.Options{})
		ran := make(chan jobs.Run, 1)
		q := newQueue(t, s, func(_ context.Context, r *jobs.Run) error {
			ran <- jobs.Run{Step: r.Step, Subject: r.Subject, Attempt: r.Attempt, Carry: r.Carry}
			return nil
		})
		// The queue is never started, so it doesn't poll.
		enqueue(t, s, q, jobs.Job{Step: step, Subject: "ana", Carry: 42})
		if got := waitFor(t, ran, "first run"); got.Subject != "ana" || got.Step != step || got.Attempt != 0 || got.Carry != 42 {
			t.Errorf("ran %v of %s, attempt %d, carry %v, want the first run of ana with 42", got.Step, got.Subject, got.Attempt, got.Carry)
		}
		stop(t, q)
		if n := countJobs(t, s); n != 0 {
			t.Errorf("%d jobs left after a run that returned nil, want none", n)
		}
	})
}

// TestRuns: how often a job runs, and whether it ends, for each way its runs can end.
func TestRuns(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		run  func(ctx context.Context, r *jobs.Run) error
		want []int // the attempts
		left int
	}{
		{"nil", func(context.Context, *jobs.Run) error { return nil }, []int{0}, 0},
		{"done", func(ctx context.Context, r *jobs.Run) error { return r.Done(ctx, nil, nil) }, []int{0}, 0},
		{"done, then an error", func(ctx context.Context, r *jobs.Run) error {
			return errors.Join(r.Done(ctx, nil, nil), errNo)
		}, []int{0}, 0},
		{"error, panic, nil", func(_ context.Context, r *jobs.Run) error {
			switch r.Attempt {
			case 0:
				return errNo
			case 1:
				panic("no")
			}
			return nil
		}, []int{0, 1, 2}, 0},
		{"later", func(_ context.Context, r *jobs.Run) error {
			if r.Attempt < 2 {
				return &jobs.Later{After: 100 * time.Millisecond}
			}
			return nil
		}, []int{0, 1, 2}, 0},
		{"Record does not end the job", func(ctx context.Context, r *jobs.Run) error {
			err := r.Record(ctx, func(*store.Tx) error { return nil })
			if r.Attempt == 0 {
				return errors.Join(err, &jobs.Later{Err: errNo})
			}
			return err
		}, []int{0, 1}, 0},
		{"a failed Done does not end the job", func(ctx context.Context, r *jobs.Run) error {
			return r.Done(ctx, nil, func(*store.Tx) error {
				if r.Attempt == 0 {
					return errNo
				}
				return nil
			})
		}, []int{0, 1}, 0},
		{"the lease is lost", func(context.Context, *jobs.Run) error { return jobs.ErrLeaseLost }, []int{0}, 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			eachDatabase(t, func(t *testing.T, url string) {
				s := open(t, url, store.Options{})
				ran := make(chan int, 9)
				q := newQueue(t, s, func(ctx context.Context, r *jobs.Run) error {
					ran <- r.Attempt
					return tt.run(ctx, r)
				})
				start(t, q)
				enqueue(t, s, q, jobs.Job{Step: step, Subject: "ana"})
				var got []int
				for range tt.want {
					got = append(got, waitFor(t, ran, "run"))
				}
				until(t, "the end of the job", func() bool { return countJobs(t, s) == tt.left })
				if diff := cmp.Diff(tt.want, got); diff != "" || len(ran) > 0 {
					t.Errorf("attempts (-want +got)\n%s, and %d more", diff, len(ran))
				}
			})
		})
	}
}

// TestDoneHandsOn: Done inserts the next jobs in the same commit, reuses the row for the
// first, and carries what the run has read.
func TestDoneHandsOn(t *testing.T) {
	t.Parallel()
	eachDatabase(t, func(t *testing.T, url string) {
		s := open(t, url, store.Options{})
		ran := make(chan string, 9)
		note := func(_ context.Context, r *jobs.Run) error {
			ran <- fmt.Sprintf("%s of %s with %v", r.Step, r.Subject, r.Carry)
			return nil
		}
		held := make(chan *jobs.Run, 1)
		q := newQueue(t, s, func(ctx context.Context, r *jobs.Run) error {
			held <- r
			return r.Done(ctx, []jobs.Job{
				{Step: "second", Subject: "ana", Carry: "what was read"},
				{Step: "third", Subject: "ana"},
				{Step: "third", Subject: "later", Due: s.Now().Add(time.Hour)},
			}, nil)
		})
		q.Handle("second", "subject", note)
		q.Handle("third", "subject", note)
		enqueue(t, s, q, jobs.Job{Step: step, Subject: "ana"})
		got := []string{waitFor(t, ran, "run"), waitFor(t, ran, "run")}
		slices.Sort(got)
		if diff := cmp.Diff([]string{"second of ana with what was read", "third of ana with <nil>"}, got); diff != "" {
			t.Errorf("ran (-want +got)\n%s", diff)
		}
		stop(t, q)
		if n := countJobs(t, s); n != 1 {
			t.Errorf("%d jobs left, want the one that is due later", n)
		}
		// The row has become another job, which the finished run can't touch.
		r := waitFor(t, held, "run")
		if err := r.Record(t.Context(), func(*store.Tx) error { return nil }); !errors.Is(err, jobs.ErrLeaseLost) {
			t.Errorf("Record() after Done() = %v, want ErrLeaseLost", err)
		}
	})
}

func TestUnknownStepIsNotEnqueued(t *testing.T) {
	t.Parallel()
	s := open(t, sqlitetest.URL(t), store.Options{})
	q := newQueue(t, s, func(context.Context, *jobs.Run) error { return nil })
	err := s.Do(t.Context(), func(tx *store.Tx) error { return q.Enqueue(t.Context(), tx, jobs.Job{Step: "none"}) })
	if err == nil || !strings.Contains(err.Error(), "none") {
		t.Errorf("Enqueue() of an unknown step = %v, want an error that names it", err)
	}
	for name, f := range map[string]func(){
		"twice":   func() { q.Handle(step, "subject", func(context.Context, *jobs.Run) error { return nil }) },
		"nothing": func() { q.Handle("other", "subject", nil) },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("Handle() %s does not panic", name)
				}
			}()
			f()
		}()
	}
}

func TestStartResumesDeadProcess(t *testing.T) {
	t.Parallel()
	s := open(t, sqlitetest.URL(t), store.Options{})
	abandon(t, s, 1, "ana", false)
	ran := make(chan *jobs.Run, 2)
	q := newQueue(t, s, func(_ context.Context, r *jobs.Run) error { ran <- r; return nil })
	began := time.Now()
	start(t, q)
	if r := waitFor(t, ran, "run after the restart"); r.Subject != "ana" || r.Attempt != 1 {
		t.Errorf("ran %s, attempt %d, want ana, with the dead run counted", r.Subject, r.Attempt)
	}
	took := time.Since(began)
	if took > jobs.LeaseDuration/2 {
		t.Errorf("resumed after %v, want at once", took)
	}
	t.Logf("resumed after %v", took)
}

// TestLostLeaseChangesNothing: once another run has taken over the job, writes fail.
func TestLostLeaseChangesNothing(t *testing.T) {
	t.Parallel()
	eachDatabase(t, func(t *testing.T, url string) {
		s := open(t, url, store.Options{})
		held, release := make(chan *jobs.Run, 1), make(chan bool)
		q := newQueue(t, s, func(_ context.Context, r *jobs.Run) error {
			held <- r
			<-release
			return nil
		})
		enqueue(t, s, q, jobs.Job{Step: step, Subject: "ana"})
		r := waitFor(t, held, "run")
		if _, err := s.DB().ExecContext(t.Context(), `UPDATE job SET fence = fence + 1`); err != nil {
			t.Fatal(err)
		}
		write := func(tx *store.Tx) error { return tx.Envelopes.Receive(t.Context(), store.Envelope{ID: "e1"}) }
		for name, err := range map[string]error{
			"Record":               r.Record(t.Context(), write),
			"Done":                 r.Done(t.Context(), nil, write),
			"Done with a next job": r.Done(t.Context(), []jobs.Job{{Step: step, Subject: "bob"}}, write),
		} {
			if !errors.Is(err, jobs.ErrLeaseLost) {
				t.Errorf("%s() = %v, want ErrLeaseLost", name, err)
			}
		}
		close(release) // the step returns nil, but the queue must not end the job either
		stop(t, q)
		if _, err := s.Envelopes.Get(t.Context(), "e1"); !errors.Is(err, store.ErrNotFound) || countJobs(t, s) != 1 {
			t.Errorf("Envelopes.Get() = %v with %d jobs left, want nothing written and the job untouched", err, countJobs(t, s))
		}
	})
}

// TestFullSlots: a step whose slots are all taken doesn't hold up other steps. A run that
// waits too long for a slot goes back to the table uncounted, and runs later.
func TestFullSlots(t *testing.T) {
	t.Parallel()
	s := open(t, sqlitetest.URL(t), store.Options{})
	const slots = 64
	hold, began := make(chan struct{}), make(chan bool, 9*slots)
	last, others := make(chan *jobs.Run, 9), make(chan string, 1)
	q := newQueue(t, s, func(_ context.Context, r *jobs.Run) error {
		if r.Subject == "last" {
			last <- r
			return nil
		}
		began <- true
		<-hold
		return nil
	})
	q.Handle("other", "subject", func(_ context.Context, r *jobs.Run) error { others <- r.Subject; return nil })
	start(t, q)
	for range slots {
		enqueue(t, s, q, jobs.Job{Step: step, Subject: "ana"})
	}
	for range slots {
		waitFor(t, began, "run")
	}
	enqueue(t, s, q, jobs.Job{Step: step, Subject: "last"})
	enqueue(t, s, q, jobs.Job{Step: "other", Subject: "bob"})
	waitFor(t, others, "run of another step")
	until(t, "the job without a slot released", func() bool {
		var leased int
		err := s.DB().QueryRowContext(t.Context(), `SELECT leased FROM job WHERE subject = 'last'`).Scan(&leased)
		return err == nil && leased == 0
	})
	close(hold)
	if r := waitFor(t, last, "run of the last job"); r.Attempt != 0 {
		t.Errorf("the last job ran as attempt %d, want 0", r.Attempt)
	}
}

func TestBacklog(t *testing.T) {
	t.Parallel()
	eachDatabase(t, func(t *testing.T, url string) {
		s := open(t, url, store.Options{})
		q := newQueue(t, s, func(context.Context, *jobs.Run) error { return nil })
		check := func(want int, atLeast time.Duration) {
			t.Helper()
			n, oldest, err := q.Backlog(t.Context())
			if err != nil || n != want || oldest < atLeast || atLeast == 0 && oldest != 0 {
				t.Errorf("Backlog() = %d, %v, %v, want %d and at least %v", n, oldest, err, want, atLeast)
			}
		}
		check(0, 0)
		abandon(t, s, 1, "is running", false)
		check(0, 0)
		enqueue(t, s, q, jobs.Job{Step: step, Subject: "timed", Due: s.Now().Add(time.Hour)})
		check(1, 0)
		abandon(t, s, 2, "has died", true)
		check(2, time.Second)
	})
}

// TestBacklogAge: a job whose runs fail ages, even though it is rescheduled; one that has
// nothing to do for a while doesn't.
func TestBacklogAge(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		why  error
		ages bool
	}{
		{"fails", errNo, true},
		{"is idle", nil, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			eachDatabase(t, func(t *testing.T, url string) {
				s := open(t, url, store.Options{})
				ran := make(chan int, 100)
				q := newQueue(t, s, func(_ context.Context, r *jobs.Run) error {
					ran <- r.Attempt
					if r.Attempt < 20 {
						return &jobs.Later{Err: tt.why, After: 100 * time.Millisecond}
					}
					return &jobs.Later{Err: tt.why, After: time.Hour}
				})
				start(t, q)
				enqueue(t, s, q, jobs.Job{Step: step, Subject: "ana"})
				for waitFor(t, ran, "run") < 20 {
				}
				until(t, "the end of the last run", func() bool {
					n, _, err := q.Backlog(t.Context())
					return n == 1 && err == nil
				})
				if _, oldest, err := q.Backlog(t.Context()); err != nil || (oldest >= 2*time.Second) != tt.ages {
					t.Errorf("after 20 runs in two seconds the oldest job is %v old, %v", oldest, err)
				}
			})
		})
	}
}

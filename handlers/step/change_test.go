package step_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"meetingbot/handlers/step"
	"meetingbot/handlers/step/steptest"
	"meetingbot/internal/background"
	"meetingbot/internal/cancellation"
	"meetingbot/internal/jobs"
	"meetingbot/internal/store"
)

// TestChange checks what is stored and what the caller holds when another replica may have
// changed the request since it was read.
func TestChange(t *testing.T) {
	t.Parallel()
	broken := errors.New("broken")
	for _, row := range []struct {
		name   string
		theirs func(*store.Request) // the other replica's change; nil: none
		fails  error                // returned by f the second time
		err    error
		reason string
		asker  string
		runs   int
	}{
		{name: "no conflict", reason: "mine", asker: steptest.Ana, runs: 1},
		{name: "another field changed", theirs: func(r *store.Request) { r.Asker = steptest.Bob }, reason: "mine", asker: steptest.Bob, runs: 2},
		{name: "no longer possible", theirs: func(r *store.Request) { r.Reason = "theirs" }, fails: store.ErrConflict, err: store.ErrConflict, reason: "theirs", asker: steptest.Ana, runs: 2},
		{name: "f fails", theirs: func(r *store.Request) { r.Reason = "theirs" }, fails: broken, err: broken, reason: "theirs", asker: steptest.Ana, runs: 2},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			steptest.Run(t, nil, func(h *steptest.Fixture) {
				r := h.Stored(h.Insert(steptest.Number, nil))
				save := func(f func(*store.Tx) error) error { return h.Store.Do(h.Context(), f) }
				if row.theirs != nil {
					theirs := r
					row.theirs(&theirs)
					if err := save(func(tx *store.Tx) error { return tx.Requests.Save(h.Context(), &theirs) }); err != nil {
						t.Fatal(err)
					}
				}
				runs := 0
				err := save(func(tx *store.Tx) error {
					return step.Change(h.Context(), tx, &r, func(r *store.Request) error {
						if runs++; runs > 1 && row.fails != nil {
							return row.fails
						}
						r.Reason = "mine"
						return nil
					})
				})
				stored := h.Stored(r.ID)
				if !errors.Is(err, row.err) || runs != row.runs || stored.Reason != row.reason || stored.Asker != row.asker {
					t.Errorf("Change() = %v in %d runs; stored is %q of %s, want %v, %d, %q of %s", err, runs, stored.Reason, stored.Asker, row.err, row.runs, row.reason, row.asker)
				}
				if err == nil && (r.Reason != "mine" || r.Asker != row.asker) {
					t.Errorf("the caller holds %q of %s", r.Reason, r.Asker)
				}
			})
		})
	}
}

// TestChangeRefused checks that a change refused the first time touches neither the stored
// request nor the caller's.
func TestChangeRefused(t *testing.T) {
	t.Parallel()
	steptest.Run(t, nil, func(h *steptest.Fixture) {
		r := h.Stored(h.Insert(steptest.Number, nil))
		err := h.Store.Do(h.Context(), func(tx *store.Tx) error {
			return step.Change(h.Context(), tx, &r, func(r *store.Request) error { r.Reason = "mine"; return store.ErrConflict })
		})
		if !step.IsConflict(err) || r.Reason != "" || h.Stored(r.ID).Reason != "" {
			t.Errorf("Change() = %v; the caller holds %q, stored is %q", err, r.Reason, h.Stored(r.ID).Reason)
		}
	})
}

// TestInsist checks how often Insist tries and what it returns.
func TestInsist(t *testing.T) {
	t.Parallel()
	away := errors.New("the database is away")
	for _, row := range []struct {
		name    string
		answers []error // of the attempts; the last one repeats
		time    time.Duration
		tries   int
		want    error
	}{
		{"at once", []error{nil}, time.Minute, 1, nil},
		{"at the third try", []error{away, away, nil}, time.Minute, 3, nil},
		{"conflict", []error{away, store.ErrConflict}, time.Minute, 2, store.ErrConflict},
		{"lease lost", []error{away, jobs.ErrLeaseLost}, time.Minute, 2, jobs.ErrLeaseLost},
		{"until the time is up", []error{away}, 1100 * time.Millisecond, 5, away},
		{"no time, but it works", []error{nil}, 0, 1, nil},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithTimeout(t.Context(), row.time)
				defer cancel()
				tries := 0
				err := step.Insist(ctx, func() error {
					tries++
					return row.answers[min(tries, len(row.answers))-1]
				})
				if tries != row.tries || !errors.Is(err, row.want) {
					t.Errorf("Insist() = %v after %d tries, want %v after %d", err, tries, row.want, row.tries)
				}
			})
		})
	}
}

// TestPromise checks what waiting for a reading returns, and how long it takes.
func TestPromise(t *testing.T) {
	t.Parallel()
	failed := errors.New("failed")
	for _, row := range []struct {
		name  string
		takes time.Duration
		fails error
		waits time.Duration
		want  int
		err   error
	}{
		{"quick", time.Second, nil, time.Minute, 7, nil},
		{"slow", 5 * time.Second, nil, time.Minute, 7, nil},
		{"fails", time.Second, failed, time.Minute, 0, failed},
		{"never answers", time.Hour, nil, time.Minute, 0, context.DeadlineExceeded},
		{"the caller gives up first", 5 * time.Second, nil, 3 * time.Second, 0, context.DeadlineExceeded},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				in := background.New()
				defer in.Close()
				p := step.Begin(in, func(ctx context.Context) (int, error) {
					select {
					case <-time.After(row.takes):
						if row.fails != nil {
							return 0, row.fails
						}
						return 7, nil
					case <-ctx.Done():
						return 0, ctx.Err()
					}
				})
				ctx, cancel := context.WithTimeout(t.Context(), row.waits)
				defer cancel()
				begun := time.Now()
				got, err := p.Wait(ctx)
				if got != row.want || !errors.Is(err, row.err) || time.Since(begun) > step.LookUpTime {
					t.Errorf("Wait() = %d, %v after %s, want %d, %v", got, err, time.Since(begun), row.want, row.err)
				}
				<-time.After(time.Minute) // any reading still under way ends
			})
		})
	}
	if got, err := step.Resolved(7, failed).Wait(t.Context()); got != 7 || !errors.Is(err, failed) {
		t.Errorf("kept: %d, %v", got, err)
	}
}

// TestPromiseEndsWithOwner checks that a reading ends when the group that owns it closes,
// and that Wait returns then.
func TestPromiseEndsWithOwner(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		in, ended := background.New(), false
		read := func(ctx context.Context) (int, error) {
			<-ctx.Done()
			ended = true
			return 0, ctx.Err()
		}
		p, begun := step.Begin(in, read), time.Now()
		in.Close()
		if !ended || time.Since(begun) > 0 {
			t.Errorf("after Close, which took %s, the reading has ended: %t", time.Since(begun), ended)
		}
		for name, p := range map[string]*step.Promise[int]{"ended": p, "begun too late": step.Begin(in, read)} {
			if _, err := p.Wait(t.Context()); !errors.Is(err, context.Canceled) {
				t.Errorf("%s: Wait() = %v, want %v", name, err, context.Canceled)
			}
		}
	})
}

// TestAfterConfirming checks that the invited are read before the call, since the meeting
// can't list them afterwards, and that a part's outcome is reported by the whole request.
func TestAfterConfirming(t *testing.T) {
	t.Parallel()
	telling := cancellation.Request{Telling: cancellation.Telling{Wanted: true}}
	if got := step.AfterConfirming(telling); got != step.GatherStep {
		t.Errorf("with invited people to tell: %s", got)
	}
	if got := step.AfterConfirming(cancellation.Request{}); got != step.CancelStep {
		t.Errorf("with nobody to tell: %s", got)
	}
	r := store.Request{Request: cancellation.Request{ID: "r1", Parent: "whole"}}
	if j := step.ReportOutcome(&r); j.Step != step.PartStep || j.Subject != "whole" || j.Carry != nil {
		t.Errorf("after a part: %+v", j)
	}
	r.Parent = ""
	j := step.ReportOutcome(&r)
	r.State = cancellation.Done // as the commit does
	if c, ok := j.Carry.(*store.Request); j.Step != step.ReportStep || j.Subject != "r1" || !ok || c.State != cancellation.Done {
		t.Errorf("after a request: %+v", j)
	}
}

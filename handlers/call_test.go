package handlers

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"

	"meetingbot/internal/cancellation"
	"meetingbot/internal/jobs"
	"meetingbot/internal/meetingsim"
	"meetingbot/internal/store"
	"meetingbot/meetingapi"
)

// calls counts the destructive calls and answers each as it was told.
type calls struct {
	made   atomic.Int64
	answer error
}

func (c *calls) Cancel(context.Context, meetingapi.Single, meetingapi.CancelOptions) error {
	c.made.Add(1)
	return c.answer
}

func (c *calls) CancelSeries(context.Context, meetingapi.Recurring, meetingapi.CancelOptions) error {
	c.made.Add(1)
	return c.answer
}

func (c *calls) CancelOccurrences(context.Context, meetingapi.Recurring, []meetingapi.OccurrenceID, meetingapi.CancelOptions) error {
	c.made.Add(1)
	return c.answer
}

// A bench is a caller between a meeting service and a stub of its destructive half.
type bench struct {
	*caller
	calls   *calls
	service *meetingsim.Server
	onRead  func()       // called before the meeting is read; nil for nothing
	behind  atomic.Int64 // how far the store's clock is behind, in nanoseconds

	step func(context.Context, jobs.Lease) error // what the call step does
	done chan error
}

func newBench(t *testing.T) *bench {
	t.Helper()
	b := &bench{calls: &calls{}, service: meetingsim.New(meetingsim.Options{AppID: "app", AppKey: "key"}), done: make(chan error, 1)}
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if b.onRead != nil && r.URL.Query().Has("conferenceID") {
			b.onRead()
		}
		b.service.ServeHTTP(w, r)
	}))
	t.Cleanup(func() {
		b.service.Close()
		srv.Close()
	})
	h := receivingAt(t, func() time.Time { return time.Now().Add(-time.Duration(b.behind.Load())) })
	h.meetings = &meetingapi.Client{
		BaseURL: srv.URL, Auth: meetingapi.AppID{ID: "app", Key: "key"}, ReadRetry: meetingapi.Retry{More: -1},
	}
	h.views = newViews(t, "en")
	h.life, h.end = context.WithCancel(t.Context())
	h.end() // nothing goes on beside the steps: nobody is told anything here
	b.caller = &caller{Handlers: h, canceler: b.calls}
	h.queue.Handle(stepReport, "request", func(ctx context.Context, _ jobs.Lease, _ string) error { <-ctx.Done(); return ctx.Err() })
	h.queue.Handle(stepCall, "request", func(ctx context.Context, l jobs.Lease, _ string) error {
		b.done <- b.step(ctx, l)
		return nil
	})
	return b
}

// confirmed is a stored request that somebody has confirmed, about a meeting that
// the service has.
func (b *bench) confirmed(t *testing.T, change func(*cancellation.Request)) store.Request {
	t.Helper()
	b.service.AddMeeting(meetingsim.Meeting{ID: "914087436", Subject: "Budget review", Start: time.Now().Add(time.Hour), Length: time.Hour})
	m, err := b.read(t.Context(), cancellation.Meeting{ID: "914087436"})
	if err != nil {
		t.Fatal(err)
	}
	r := cancellation.Request{
		ID: "r1", State: cancellation.Confirmed, Asker: ana, Channel: "C0", Number: "914087436", Scope: cancellation.Whole,
		Meeting: facts(m, time.Now()), CreatedAt: time.Now(), ExpiresAt: time.Now().Add(time.Hour), ConfirmedBy: ana, ConfirmedAt: time.Now(),
	}
	if change != nil {
		change(&r)
	}
	var stored store.Request
	err = b.store.Do(t.Context(), func(tx *store.Tx) (err error) {
		stored, err = tx.Insert(t.Context(), r)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return stored
}

// run runs a step under a lease of its own, and returns what it returned.
func (b *bench) run(t *testing.T, step func(context.Context, jobs.Lease) error) error {
	t.Helper()
	b.step = step
	err := b.store.Do(t.Context(), func(tx *store.Tx) error {
		return b.queue.Enqueue(t.Context(), tx, jobs.Job{Step: stepCall, Subject: "r1"})
	})
	if err != nil {
		t.Fatal(err)
	}
	select {
	case err := <-b.done:
		return err
	case <-time.After(jobs.StepTime):
		t.Fatal("the step has not ended")
		return nil
	}
}

// waits reports whether the call step is to run once more.
func (b *bench) waits(t *testing.T) bool {
	t.Helper()
	var n int
	row := b.store.DB().QueryRowContext(t.Context(), `SELECT count(*) FROM river_job WHERE json_extract(args, '$.Step') = ? AND state = 'scheduled'`, stepCall)
	if err := row.Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n > 0
}

// TestGoOn: what a run does that finds a call begun by an earlier one.
func TestGoOn(t *testing.T) {
	t.Parallel()
	const moment, while = 500 * time.Millisecond, 20 * time.Second // since the call began
	gone := func(b *bench) { b.service.Remove("914087436") }
	down := func(b *bench) {
		b.service.Fault(meetingsim.Fault{Operation: meetingsim.OpDetail, Kind: meetingsim.FaultError, Status: 500})
	}
	refused := func(b *bench) {
		b.service.Fault(meetingsim.Fault{Operation: meetingsim.OpDetail, Kind: meetingsim.FaultError, Status: 403, Code: "MMC.111070010"})
	}
	moved := func(b *bench) {
		b.service.Change("914087436", func(m *meetingsim.Meeting) { m.Subject = "Another" })
	}
	for _, tt := range []struct {
		name       string
		since      time.Duration // since the call began
		attempts   int           // how often it began; 1 if zero
		notDone    bool          // the service has refused it for the moment
		unanswered int           // calls that were sent and not answered
		unknown    bool          // the card says already that the outcome is not known
		spoil      func(*bench)

		want    cancellation.Outcome // empty: not settled
		why     string
		calls   int64 // more that are made
		again   bool  // the step is to run once more
		failing bool  // for an error
	}{
		{name: "gone", since: moment, spoil: gone, want: cancellation.Cancelled},
		{name: "gone, after no answer", since: moment, unanswered: 1, spoil: gone, want: cancellation.Cancelled},
		{name: "gone, after a call that was not done", since: moment, notDone: true, spoil: gone, want: cancellation.Gone, why: "not_found"},
		{name: "gone, after no answer and a call that was not done", since: moment, notDone: true, unanswered: 1, spoil: gone, want: cancellation.Cancelled},

		{name: "there, a moment after a death", since: moment, again: true},
		{name: "there, a while after a death", since: 4 * time.Second, calls: 1, want: cancellation.Cancelled},
		{name: "there, 4 s after no answer", since: 4 * time.Second, unanswered: 1, again: true},
		{name: "there, a while after no answer", since: while, unanswered: 1, calls: 1, want: cancellation.Cancelled},
		{name: "there, after a call that was not done", since: moment, notDone: true, calls: 1, want: cancellation.Cancelled},
		{name: "there, after no answer twice", since: while, unanswered: maxUnanswered, want: cancellation.Failed, why: "unknown_outcome"},
		{name: "there, after too many calls", since: while, attempts: maxCalls, want: cancellation.Failed, why: "unknown_outcome"},
		{name: "changed, a moment after no answer", since: moment, unanswered: 1, spoil: moved, again: true},
		{name: "changed, a while after", since: while, spoil: moved, want: cancellation.Failed, why: "changed"},

		{name: "can't be read, a moment after", since: moment, spoil: down, again: true},
		{name: "can't be read, a while after", since: while, spoil: down, want: cancellation.Unknown, why: "server", again: true},
		{name: "can't be read, after a call that was not done", since: moment, notDone: true, spoil: down, again: true, failing: true},
		{name: "can't be read for long, after calls that were not done", since: while, notDone: true, attempts: maxCalls, spoil: down, want: cancellation.Failed, why: "server"},
		{name: "may not be read any more, after calls that were not done", since: while, notDone: true, attempts: maxCalls, spoil: refused, want: cancellation.Refused, why: "denied"},

		{name: "not known, and gone", since: while, unknown: true, spoil: gone, want: cancellation.Cancelled},
		{name: "not known, and there", since: while, unknown: true, want: cancellation.Failed, why: "unknown_outcome"},
		{name: "not known, and can't be read", since: while, unknown: true, spoil: down, want: cancellation.Unknown, why: "server", again: true},
		{name: "not known for a day", since: lookFor + time.Hour, unknown: true, spoil: down, want: cancellation.Unknown, why: "server"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			r := b.confirmed(t, func(r *cancellation.Request) {
				r.State, r.Unanswered = cancellation.Calling, tt.unanswered
				if tt.unknown {
					r.State, r.Outcome, r.Why = cancellation.Done, cancellation.Unknown, "server"
				}
			})
			b.behind.Store(int64(tt.since))
			err := b.store.Do(t.Context(), func(tx *store.Tx) error {
				var err error
				for range max(1, tt.attempts) {
					err = errors.Join(err, tx.Begin(t.Context(), r.ID, store.CallEffect))
				}
				if tt.notDone {
					err = errors.Join(err, tx.End(t.Context(), r.ID, store.CallEffect, "", notDone))
				}
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			b.behind.Store(0)
			if tt.spoil != nil {
				tt.spoil(b)
			}
			err = b.run(t, func(ctx context.Context, l jobs.Lease) error { return b.goOn(ctx, l, r) })
			if (err != nil) != tt.failing {
				t.Errorf("goOn() = %v, want an error: %t", err, tt.failing)
			}
			got, err := b.store.Request(t.Context(), r.ID)
			if err != nil {
				t.Fatal(err)
			}
			if got.Outcome != tt.want || got.Why != tt.why {
				t.Errorf("outcome = %q, %q, want %q, %q", got.Outcome, got.Why, tt.want, tt.why)
			}
			if n := b.calls.made.Load(); n != tt.calls {
				t.Errorf("%d destructive calls, want %d", n, tt.calls)
			}
			if again := b.waits(t); again != tt.again {
				t.Errorf("runs once more: %t, want %t", again, tt.again)
			}
		})
	}
}

// TestNoCallAfterUndo: an undo that is accepted while the meeting is being read
// anew, by a replica whose clock is late, is the last word.
func TestNoCallAfterUndo(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	r := b.confirmed(t, nil)
	b.onRead = func() {
		_, err := b.store.Update(t.Context(), r.ID, func(tx *store.Tx, r *store.Request) error {
			r.ClosedBy, r.ClosedAt = bob, tx.Now()
			return r.Become(cancellation.Declined)
		})
		if err != nil && !errors.Is(err, store.ErrConflict) {
			t.Error(err)
		}
		b.onRead = nil
	}
	for _, when := range []string{"undone meanwhile", "undone before"} {
		if err := b.run(t, func(ctx context.Context, l jobs.Lease) error { return b.call(ctx, l, "r1") }); err != nil {
			t.Errorf("%s: call() = %v, want nil", when, err)
		}
		got, err := b.store.Request(t.Context(), r.ID)
		if err != nil || got.State != cancellation.Declined || b.calls.made.Load() != 0 {
			t.Errorf("%s: %s, %v, %d destructive calls, want %s and none", when, got.State, err, b.calls.made.Load(), cancellation.Declined)
		}
	}
}

package cancel_test

import (
	"context"
	"sync/atomic"
	"testing"
	"time"

	"meetingbot/handlers/step/steptest"
	"meetingbot/handlers/view/action"
	"meetingbot/internal/dbfault"
	"meetingbot/meetingapi"
)

// TestSuspendedBeforeCall suspends the machine after the call was recorded and before it is
// sent. Another replica may have taken over, so the run that wakes up must not send it, even
// though no deadline has passed by its own clock: the meeting is looked at first.
func TestSuspendedBeforeCall(t *testing.T) {
	t.Parallel()
	for _, window := range []time.Duration{0, 5 * time.Second} {
		t.Run(window.String(), func(t *testing.T) {
			t.Parallel()
			var read, slept atomic.Bool
			change := func(h *steptest.Fixture) {
				h.Rules.UndoWindow = window
				h.DB.Around = func(_ context.Context, text string, carryOut func() error) error {
					err := carryOut()
					if text == dbfault.Commit && read.Load() && !slept.Swap(true) {
						h.Suspend(10 * time.Minute)
					}
					return err
				}
			}
			steptest.Run(t, change, func(h *steptest.Fixture) {
				id := h.Insert(steptest.Number, nil)
				clicked := make(chan struct{}) // the meeting is read while the click is being stored
				h.Service.OnRead = func(int) { <-clicked; read.Store(true) }
				h.Press(steptest.Ana, action.Cancel, id, nil)
				close(clicked)
				h.Pass(window + time.Second/2)
				if !slept.Load() || len(h.Service.Sent()) > 0 {
					t.Errorf("after sleeping (%t) it sent %q at once, want a look at the meeting first", slept.Load(), h.Service.Sent())
				}
				h.Pass(time.Minute)
				if got := steptest.Outcome(h.Stored(id)); got != "cancelled" || len(h.Service.Sent()) != 1 {
					t.Errorf("the request is %s after %q; want cancelled, one call", got, h.Service.Sent())
				}
				h.WantIdle()
			})
		})
	}
}

// TestRecordedSlowly: the database takes long to record that the call begins. The meeting
// may have changed since it was read, so it is read again before anything is sent.
func TestRecordedSlowly(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name    string
		window  time.Duration
		changes bool // the meeting changes while the commit hangs
		want    string
		sent    int
	}{
		{name: "unchanged", want: "cancelled", sent: 1},
		{name: "changed", changes: true, want: "superseded"},
		{name: "unchanged, after an undo window", window: 5 * time.Second, want: "cancelled", sent: 1},
		{name: "changed, after an undo window", window: 5 * time.Second, changes: true, want: "superseded"},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			var read, slow atomic.Bool
			var fixture *steptest.Fixture
			steptest.Run(t, func(h *steptest.Fixture) {
				h.Rules.UndoWindow, fixture = row.window, h
				h.DB.Around = func(_ context.Context, text string, carryOut func() error) error {
					if text == dbfault.Commit && read.Load() && !slow.Swap(true) {
						time.Sleep(4 * time.Second)
						if row.changes {
							fixture.Service.Change(steptest.Number, func(m *meetingapi.Meeting) { m.Subject = "Board" })
						}
					}
					return carryOut()
				}
			}, func(h *steptest.Fixture) {
				id := h.Insert(steptest.Number, nil)
				clicked := make(chan struct{}) // the meeting is read while the click is being stored
				h.Service.OnRead = func(int) { <-clicked; read.Store(true) }
				h.Press(steptest.Ana, action.Cancel, id, nil)
				close(clicked)
				h.Pass(time.Minute)
				if got := steptest.Outcome(h.Stored(id)); got != row.want || len(h.Service.Sent()) != row.sent {
					t.Errorf("the request is %s after %q; want %s, %d calls", got, h.Service.Sent(), row.want, row.sent)
				}
				h.WantIdle()
			})
		})
	}
}

// TestAlwaysRecordedSlowly: the database is too slow every time. Nothing is ever sent, and
// the card says so, so nobody needs to check whether the meeting still exists.
func TestAlwaysRecordedSlowly(t *testing.T) {
	t.Parallel()
	var slow atomic.Bool
	steptest.Run(t, func(h *steptest.Fixture) {
		h.DB.Around = func(_ context.Context, text string, carryOut func() error) error {
			if text == dbfault.Commit && slow.Load() {
				time.Sleep(4 * time.Second)
			}
			return carryOut()
		}
	}, func(h *steptest.Fixture) {
		id := h.Insert(steptest.Number, nil)
		slow.Store(true)
		h.Press(steptest.Ana, action.Cancel, id, nil)
		h.Pass(5 * time.Minute)
		slow.Store(false)
		h.Pass(time.Minute)
		if r := h.Stored(id); steptest.Outcome(r) != "failed" || r.Why != "not_sent" {
			t.Errorf("the request is %s, %q; want failed, with nothing sent", steptest.Outcome(r), r.Why)
		}
		h.WantCalls()
		h.WantSaid(steptest.Ana, "", "nothing was sent to the meeting service")
		h.WantIdle()
	})
}

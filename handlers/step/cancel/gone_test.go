package cancel_test

import (
	"strings"
	"sync"
	"testing"
	"time"

	"meetingbot/handlers/step"
	"meetingbot/handlers/step/steptest"
	"meetingbot/handlers/view/action"
	"meetingbot/internal/cancellation"
	"meetingbot/meetingapi"
)

// TestRefusedThenRemoved: if someone else removes a meeting after the service refused the
// call for now, this request doesn't claim it.
func TestRefusedThenRemoved(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name, meeting string
		about         func(*cancellation.Request)
		remove        func(*steptest.Fixture)
	}{
		{"a meeting", steptest.Number, nil, func(h *steptest.Fixture) { h.Service.Remove(steptest.Number) }},
		{"a date", steptest.Weekly, func(r *cancellation.Request) {
			r.Scope, r.Chosen = cancellation.Occurrence, []string{"d1"}
		}, func(h *steptest.Fixture) {
			_ = h.Service.CancelOccurrences(h.Context(), meetingapi.Recurring{}, []meetingapi.OccurrenceID{"d1"}, meetingapi.CancelOptions{})
		}},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			steptest.Run(t, nil, func(h *steptest.Fixture) {
				id := h.Insert(row.meeting, func(r *cancellation.Request) {
					if row.about != nil {
						row.about(r)
					}
					r.State, r.ConfirmedBy, r.ConfirmedAt = cancellation.Calling, steptest.Ana, time.Now()
					r.Begin(cancellation.CallEffect, time.Now())
					r.EndEffect(cancellation.CallEffect, time.Now(), "", "not done")
				})
				row.remove(h)
				sent := len(h.Service.Sent())
				h.Enqueue(step.SettleStep, id)
				h.Pass(50 * time.Second)
				if got := steptest.Outcome(h.Stored(id)); got != "gone" || len(h.Service.Sent()) > sent {
					t.Errorf("the request is %s after %q; want gone, no call", got, h.Service.Sent())
				}
			})
		})
	}
}

// TestSaidGoneThenLocked: the service says that a meeting is gone and still shows it, and then locks
// the bot's login. The card waits instead of believing that.
func TestSaidGoneThenLocked(t *testing.T) {
	t.Parallel()
	for removed, want := range map[bool]string{true: "gone", false: "failed"} {
		steptest.Run(t, nil, func(h *steptest.Fixture) {
			mine := h.Insert(steptest.Number, nil)
			h.Service.Answers = []error{steptest.Failure(meetingapi.ClassNotFound)}
			var once sync.Once
			h.Service.OnCall = func() {
				once.Do(func() {
					h.Service.Set(func(s *steptest.Service) {
						s.ReadErrors = []error{nil, &meetingapi.Error{Class: meetingapi.ClassLocked, RetryAfter: 5 * time.Minute}}
					})
				})
			}
			h.Presses(steptest.Ana, action.Cancel, mine, nil)
			h.Pass(70 * time.Second)
			if r := h.Stored(mine); r.State.Final() || !strings.Contains(h.Chat.Card(), "is locked") {
				t.Errorf("the request is %s (%s), the card says %q; want that it waits", steptest.Outcome(r), r.Why, h.Chat.Card())
			}
			h.Service.Set(func(s *steptest.Service) { s.ReadErrors = nil })
			if removed {
				h.Service.Remove(steptest.Number)
			}
			h.Pass(10 * time.Minute)
			if got := steptest.Outcome(h.Stored(mine)); got != want {
				t.Errorf("removed: %t; the request is %s, want %s", removed, got, want)
			}
			h.WantIdle()
		})
	}
}

// TestOtherInDoubt: a meeting that can't be read, or not be cancelled, isn't called unchanged while
// another card's call may have removed it. The card waits, and can be stopped.
func TestOtherInDoubt(t *testing.T) {
	t.Parallel()
	failing := steptest.Failure(meetingapi.ClassServer)
	locked := steptest.Failure(meetingapi.ClassMeetingLocked)
	readable := func(h *steptest.Fixture) { h.Service.Set(func(s *steptest.Service) { s.ReadErrors = nil }) }
	for _, row := range []struct {
		name          string
		reads, called error
		after         func(*steptest.Fixture)
		want          string
	}{
		{"unreadable, removed", failing, nil, func(h *steptest.Fixture) { readable(h); h.Service.Remove(steptest.Number) }, "gone"},
		{"unreadable, still there", failing, nil, readable, "cancelled"},
		{"unreadable for good", failing, nil, func(*steptest.Fixture) {}, "superseded"},
		{"refused, removed", nil, locked, func(h *steptest.Fixture) { h.Service.Remove(steptest.Number) }, "gone"},
		{"refused, still there", nil, locked, func(*steptest.Fixture) {}, "refused"},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			steptest.Run(t, nil, func(h *steptest.Fixture) {
				other := h.Insert(steptest.Number, func(r *cancellation.Request) {
					steptest.Unknown(r)
					r.Channel, r.ClosedAt = "C0OTHER", time.Now()
				})
				mine := h.Insert(steptest.Number, nil)
				h.Service.Set(func(s *steptest.Service) { s.ReadErrors, s.Answers = []error{row.reads}, []error{row.called} })
				if row.reads != nil {
					h.Enqueue(step.SettleStep, other)
				}
				h.Presses(steptest.Ana, action.Cancel, mine, nil)
				h.Pass(20 * time.Second)
				if r := h.Stored(mine); r.State.Final() || r.WaitUntil.IsZero() || !strings.Contains(h.Chat.Card(), "may just have been cancelled from another card") {
					t.Errorf("the request is %s (%s) and waits until %v, the card says %q; want that it waits", steptest.Outcome(r), r.Why, r.WaitUntil, h.Chat.Card())
				}
				row.after(h)
				h.Enqueue(step.SettleStep, other)
				h.Pass(20 * time.Minute)
				if got := steptest.Outcome(h.Stored(mine)); got != row.want {
					t.Errorf("the request is %s, want %s", got, row.want)
				}
			})
		})
	}
}

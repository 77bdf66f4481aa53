package cancel_test

import (
	"cmp"
	"strings"
	"sync"
	"testing"
	"time"

	"meetingbot/handlers/step"
	"meetingbot/handlers/step/steptest"
	"meetingbot/handlers/view/action"
	"meetingbot/internal/cancellation"
	"meetingbot/internal/dbfault"
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

// TestOtherInDoubt: a meeting that can't be read before the call isn't called unchanged while
// another card's call may have removed it. The card waits, and can be stopped.
func TestOtherInDoubt(t *testing.T) {
	t.Parallel()
	readable := func(h *steptest.Fixture, _ cancellation.ID) {
		h.Service.Set(func(s *steptest.Service) { s.ReadErrors = nil })
	}
	for _, row := range []struct {
		name  string
		after func(h *steptest.Fixture, mine cancellation.ID)
		want  string
	}{
		{"removed", func(h *steptest.Fixture, _ cancellation.ID) { readable(h, ""); h.Service.Remove(steptest.Number) }, "gone"},
		{"still there", readable, "cancelled"},
		{"unreadable for good", func(*steptest.Fixture, cancellation.ID) {}, "superseded"},
		{"stopped", func(h *steptest.Fixture, mine cancellation.ID) {
			h.Presses(steptest.Ana, action.Stop, mine, nil)
			h.WantSaid(steptest.Ana, "", "may have been cancelled from another card")
		}, "declined"},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			steptest.Run(t, nil, func(h *steptest.Fixture) {
				other := h.Insert(steptest.Number, func(r *cancellation.Request) {
					steptest.Unknown(r)
					r.Channel, r.ClosedAt = "C0OTHER", time.Now()
				})
				mine := h.Insert(steptest.Number, nil)
				h.Service.Set(func(s *steptest.Service) { s.ReadErrors = []error{steptest.Failure(meetingapi.ClassServer)} })
				h.Enqueue(step.SettleStep, other)
				h.Presses(steptest.Ana, action.Cancel, mine, nil)
				h.Pass(20 * time.Second)
				if r := h.Stored(mine); r.State.Final() || r.WaitUntil.IsZero() || !strings.Contains(h.Chat.Card(), "may just have been cancelled from another card") {
					t.Errorf("the request is %s (%s) and waits until %v, the card says %q; want that it waits", steptest.Outcome(r), r.Why, r.WaitUntil, h.Chat.Card())
				}
				row.after(h, mine)
				h.Enqueue(step.SettleStep, other)
				h.Pass(20 * time.Minute)
				if got := steptest.Outcome(h.Stored(mine)); got != row.want {
					t.Errorf("the request is %s, want %s", got, row.want)
				}
			})
		})
	}
}

// TestRefusedInDoubt: a meeting whose call was refused is read before it is called unchanged, if
// another card's call may have removed it. The refused call isn't repeated.
func TestRefusedInDoubt(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name    string
		calling bool // the other's call has just begun
		older   bool // the other was over long before this card asked
		dates   bool // both are about a date, each another one
		then    func(*steptest.Fixture)
		want    string
		why     string // meeting_locked if empty
		within  time.Duration
	}{
		{name: "still there", want: "refused", within: 35 * time.Second},
		{name: "still there, under way", calling: true, want: "refused", within: 35 * time.Second},
		{name: "removed", then: func(h *steptest.Fixture) { h.Service.Remove(steptest.Number) }, want: "gone", within: 5 * time.Second},
		{name: "unreadable, the other long over", older: true, then: steptest.Unreadable, want: "refused", within: time.Second},
		{name: "unreadable, the other about another date", dates: true, then: steptest.Unreadable, want: "refused", within: time.Second},
		{name: "unreadable for a while", then: func(h *steptest.Fixture) {
			steptest.Unreadable(h)
			time.AfterFunc(3*time.Minute, func() { h.Service.Set(func(s *steptest.Service) { s.ReadErrors = nil }) })
		}, want: "refused", within: 4 * time.Minute},
		{name: "unreadable for good", then: steptest.Unreadable, want: "failed", why: cancellation.WhyInDoubt, within: 20 * time.Minute},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			steptest.Run(t, nil, func(h *steptest.Fixture) {
				meeting, cancels := steptest.Number, "cancel"
				if row.dates {
					meeting, cancels = steptest.Weekly, "dates [d1]"
				}
				h.Insert(meeting, func(r *cancellation.Request) {
					steptest.Unknown(r)
					r.Channel, r.ClosedAt = "C0OTHER", time.Now()
					switch {
					case row.calling:
						r.State, r.Outcome, r.Unanswered, r.ClosedAt = cancellation.Calling, "", 0, time.Time{}
					case row.older:
						r.ClosedAt = time.Now().Add(-time.Hour)
					case row.dates:
						r.Scope, r.Chosen = cancellation.Occurrence, []string{"d0"}
					}
				})
				mine := h.Insert(meeting, nil)
				h.Service.Answers = []error{steptest.Failure(meetingapi.ClassMeetingLocked)}
				h.Service.OnCall = func() {
					if row.then != nil {
						row.then(h)
					}
				}
				if row.dates {
					h.Press(steptest.Ana, action.CancelOccurrences, mine, steptest.Ticks("1"))
				} else {
					h.Press(steptest.Ana, action.Cancel, mine, nil)
				}
				h.Pass(row.within)
				if r := h.Stored(mine); steptest.Outcome(r) != row.want || row.want != "gone" && r.Why != cmp.Or(row.why, "meeting_locked") {
					t.Errorf("after %v the request is %s (%s), waiting for %q; want %s", row.within, steptest.Outcome(r), r.Why, h.Chat.Card(), row.want)
				}
				h.Pass(20 * time.Minute)
				h.WantCalls(cancels)
			})
		})
	}
}

// TestRefusedWhileDatabaseFails: a refusal counts even if the database fails when the other cards are
// looked up.
func TestRefusedWhileDatabaseFails(t *testing.T) {
	t.Parallel()
	steptest.Run(t, nil, func(h *steptest.Fixture) {
		mine := h.Insert(steptest.Number, nil)
		h.Service.Answers = []error{steptest.Failure(meetingapi.ClassMeetingLocked)}
		h.Service.OnCall = func() { h.DB.Next("closed_at IS NOT NULL AND state", dbfault.Refuse, 1) }
		h.Presses(steptest.Ana, action.Cancel, mine, nil)
		h.Pass(time.Minute)
		if r := h.Stored(mine); steptest.Outcome(r) != "refused" || r.Unanswered > 0 {
			t.Errorf("the request is %s (%s), %d calls without an answer", steptest.Outcome(r), r.Why, r.Unanswered)
		}
		h.WantCalls("cancel")
	})
}

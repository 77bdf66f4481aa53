package many_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"meetingbot/handlers/step/steptest"
	"meetingbot/handlers/view/action"
	"meetingbot/internal/cancellation"
	"meetingbot/internal/store"
	"meetingbot/meetingapi"
)

// TestInDoubt: a card doesn't call a meeting unchanged that another card has removed, or may have.
func TestInDoubt(t *testing.T) {
	t.Parallel()
	const all, some, mayBe = "all of them", "some of them may have been cancelled from another card", "1 may have been cancelled from another card"
	throttled := func(h *steptest.Fixture) {
		h.Service.Answers = []error{&meetingapi.Error{Class: meetingapi.ClassThrottled, RetryAfter: time.Hour}}
	}
	stop := func(h *steptest.Fixture, id cancellation.ID) { h.Presses(steptest.Bob, action.Stop, id, nil) }
	undo := func(h *steptest.Fixture, id cancellation.ID) { h.Presses(steptest.Bob, action.Undo, id, nil) }
	keep := func(h *steptest.Fixture, id cancellation.ID) { h.Presses(steptest.Bob, action.Keep, id, nil) }
	expire := func(h *steptest.Fixture, _ cancellation.ID) {
		h.Suspend(15*time.Minute + 5*time.Second)
		h.Sweeper.Round(h.Context())
	}
	type result struct{ says, not string }
	for _, row := range []struct {
		name      string
		given     func(*steptest.Fixture)
		confirmed bool
		after     time.Duration // from the confirmation to the other card's call, and then to the end
		end       func(*steptest.Fixture, cancellation.ID)
		want      map[string]result // by what became of the other card's call
	}{
		{name: "stopped", given: throttled, confirmed: true, after: 15 * time.Second, end: stop, want: map[string]result{
			"none": {"all of them stay as they were", "another card"}, "unknown": {some, all}, "cancelled": {"1 was already gone", "2 were kept"},
		}},
		{name: "undone", confirmed: true, end: undo, want: map[string]result{
			"none": {"all of them stay as they were", "another card"}, "unknown": {some, all}, "cancelled": {some, all},
		}},
		{name: "kept", end: keep, want: map[string]result{
			"none": {"keep all of them. Nothing was changed", "another card"}, "unknown": {"some may have been cancelled", "Nothing was changed"}, "cancelled": {"some may have been cancelled", "Nothing was changed"},
		}},
		{name: "expired", end: expire, want: map[string]result{
			"none": {"all of them are unchanged", "another card"}, "unknown": {"Some of them may have been cancelled", "unchanged"}, "cancelled": {"Some of them may have been cancelled", "unchanged"},
		}},
		{name: "too old", given: func(h *steptest.Fixture) {
			h.Service.Answers = []error{&meetingapi.Error{Class: meetingapi.ClassThrottled, RetryAfter: time.Hour}}
		}, confirmed: true, after: 15 * time.Second, end: func(h *steptest.Fixture, _ cancellation.ID) {
			steptest.Unreadable(h)
			h.Pass(2 * time.Hour)
		}, want: map[string]result{
			"none": {"2 were not cancelled and are unchanged", "another card"}, "unknown": {mayBe, "2 were not cancelled and are unchanged"}, "cancelled": {"1 was already gone", "2 were not"},
		}},
		{name: "changed", confirmed: true, end: func(h *steptest.Fixture, _ cancellation.ID) {
			h.Service.Change(steptest.Number, func(m *meetingapi.Meeting) { m.Subject = "Moved" })
			h.Pass(30 * time.Second)
		}, want: map[string]result{
			"none": {"1 was left alone", "another card"}, "cancelled": {"1 was already gone", "left alone"},
		}},
	} {
		for other, want := range row.want {
			t.Run(row.name+", other card "+other, func(t *testing.T) {
				t.Parallel()
				given := func(h *steptest.Fixture) {
					steptest.TwoMeetings(h)
					if row.given != nil {
						row.given(h)
					}
				}
				steptest.Run(t, given, func(h *steptest.Fixture) {
					var counted steptest.Tally
					h.Observe.Question = counted.Add
					id := h.Types(steptest.Ana, both)
					if row.confirmed {
						h.Presses(steptest.Ana, action.Review, id, ticks("0", "1"))
						h.Presses(steptest.Ana, action.CancelMany, id, onPage(1))
					}
					h.Pass(row.after)
					if other != "none" {
						h.Insert(steptest.Number, func(r *cancellation.Request) {
							steptest.Unknown(r)
							r.Channel, r.Outcome, r.ClosedAt = "C0OTHER", cancellation.Outcome(other), time.Now()
						})
					}
					h.Pass(time.Second)
					row.end(h, id)
					h.Pass(10 * time.Second)
					if card := h.Chat.Card(); !strings.Contains(card, want.says) || strings.Contains(card, want.not) {
						t.Errorf("the card says %q, want %q in it, and not %q", card, want.says, want.not)
					}
					if row.name == "stopped" {
						h.WantActor(store.EventUndone, steptest.Bob, 2)
					}
					if gone := strings.Contains(want.says, "already gone"); slices.Contains(counted.All(), "gone") != gone {
						t.Errorf("counted %q, want one gone: %t", counted.All(), gone)
					}
				})
			})
		}
	}
}

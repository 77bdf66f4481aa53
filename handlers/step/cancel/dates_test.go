package cancel_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"meetingbot/handlers/step/steptest"
	"meetingbot/handlers/view/action"
	"meetingbot/internal/cancellation"
	"meetingbot/meetingapi"
)

// TestOneDateGone: another card removes one of two dates after the meeting was read. When
// the service then doesn't find it, or calls the request invalid, that says nothing about
// the other date: the card asks again.
func TestOneDateGone(t *testing.T) {
	t.Parallel()
	for _, class := range []meetingapi.Class{meetingapi.ClassNotFound, meetingapi.ClassBadRequest} {
		t.Run(class.String(), func(t *testing.T) {
			t.Parallel()
			steptest.Run(t, nil, func(h *steptest.Fixture) {
				id := h.Insert(steptest.Weekly, nil)
				h.Service.OnCall = func() {
					h.Service.Change(steptest.Weekly, func(m *meetingapi.Meeting) {
						all, _ := m.Series.Occurrences.Get()
						m.Series = &meetingapi.Series{Occurrences: meetingapi.Known(all[1:])}
					})
					h.Service.Set(func(s *steptest.Service) { s.Answers = []error{steptest.Failure(class)} })
				}
				h.Press(steptest.Bob, action.CancelOccurrences, id, steptest.Ticks("0", "1"))
				h.Pass(30 * time.Second)
				h.WantCalls("dates [d0 d1]")
				open, err := h.Store.Requests.OpenCards(h.Context(), steptest.Weekly)
				if err != nil || len(open) != 1 || open[0].AskAgain != cancellation.AskAgainChanged || !slices.Equal(open[0].Chosen, []string{"d1"}) {
					t.Fatalf("open cards: %+v, %v; want one that asks again, with the remaining date ticked", open, err)
				}
				if said := h.Chat.Card(); strings.Contains(said, "lack the right") || !strings.Contains(said, "has changed") {
					t.Errorf("the card says %q", said)
				}
				h.WantIdle()
			})
		})
	}
}

// TestDateRemovedByAnotherCard: the service refuses to cancel a date that another card has
// cancelled, and still lists it. The date isn't called unchanged.
func TestDateRemovedByAnotherCard(t *testing.T) {
	t.Parallel()
	for chosen, want := range map[string]string{"d1": "gone", "d2": "refused"} {
		steptest.Run(t, nil, func(h *steptest.Fixture) {
			h.Insert(steptest.Weekly, func(r *cancellation.Request) {
				r.State, r.Outcome, r.Scope, r.Chosen = cancellation.Done, cancellation.Cancelled, cancellation.Occurrence, []string{chosen}
				r.Channel, r.ConfirmedBy, r.ClosedAt = "C0OTHER", steptest.Bob, time.Now()
			})
			id := h.Insert(steptest.Weekly, nil)
			h.Service.Answers = []error{steptest.Failure(meetingapi.ClassDenied)}
			h.Press(steptest.Ana, action.CancelOccurrences, id, steptest.Ticks("1"))
			h.Pass(time.Minute)
			if got := steptest.Outcome(h.Stored(id)); got != want {
				t.Errorf("the other card cancelled %s; the request about d1 is %s, want %s", chosen, got, want)
			}
		})
	}
}

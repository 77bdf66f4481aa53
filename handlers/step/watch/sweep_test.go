package watch_test

import (
	"strings"
	"testing"
	"time"

	"meetingbot/handlers/step"
	"meetingbot/handlers/step/steptest"
	"meetingbot/handlers/view/action"
	"meetingbot/internal/cancellation"
)

// TestSweep: questions end by themselves, but not over the head of somebody who
// pressed in time.
func TestSweep(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name  string
		about func(*cancellation.Request)
		click time.Duration // a click that is stored and not worked on was made so long before the end; zero: none
		want  string
	}{
		{"asked", nil, 0, "expired"},
		{"received", func(r *cancellation.Request) { r.State, r.Card = cancellation.Received, cancellation.Card{} }, 0, "expired"},
		{"confirmed", func(r *cancellation.Request) { r.State = cancellation.Confirmed }, 0, "confirmed"},
		{"a click in time", nil, time.Second, "asked"},
		{"a click too late", nil, -time.Second, "expired"},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			steptest.In(t, nil, func(h *steptest.House) {
				id := h.Insert(steptest.Number, row.about)
				h.Sweeper.Round(h.Context())
				if got := steptest.Outcome(h.Stored(id)); got == "expired" {
					t.Fatal("it expired before its time")
				}
				if row.click != 0 {
					h.StoreOnly(&step.Envelope{Person: steptest.Ana, Action: action.Cancel, Request: id, At: h.Stored(id).ExpiresAt.Add(-row.click)})
				}
				h.Pass(h.Rules.ConfirmTTL + step.LongestLag - time.Millisecond)
				h.Sweeper.Round(h.Context())
				if got := steptest.Outcome(h.Stored(id)); got == "expired" {
					t.Error("it expired while a click that was made in time could still be on its way")
				}
				h.Pass(2 * time.Second)
				h.Sweeper.Round(h.Context())
				h.Pass(time.Second)
				if got := steptest.Outcome(h.Stored(id)); got != row.want {
					t.Errorf("the request is %s, want %s", got, row.want)
				}
				if row.want == "expired" && row.about == nil && !strings.Contains(h.Chat.Card(), "unchanged") {
					t.Errorf("the card says %q", h.Chat.Card())
				}
			})
		})
	}
}

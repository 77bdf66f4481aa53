package press_test

import (
	"testing"
	"time"

	"meetingbot/handlers/step"
	"meetingbot/handlers/step/steptest"
	"meetingbot/handlers/view/action"
	"meetingbot/internal/cancellation"
	"meetingbot/meetingapi"
)

// TestStaleReading checks that a call doesn't rely on a meeting read long before, when the
// click arrived. A slow database or a busy queue may delay a click that much.
func TestStaleReading(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name  string
		about func(*cancellation.Request)
		who   string
	}{
		{name: "a card", who: steptest.Bob},
		{name: "a question", who: steptest.Carol, about: func(r *cancellation.Request) { r.Asker, r.For = steptest.Dave, steptest.Carol }},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			steptest.Run(t, nil, func(h *steptest.Fixture) {
				id := h.Insert(steptest.Number, row.about)
				h.Overtaken(&step.Envelope{Person: row.who, Channel: steptest.Channel, Action: action.Cancel, Request: id}, func() {
					h.Pass(10 * time.Second)
					h.Service.Change(steptest.Number, func(m *meetingapi.Meeting) { m.Subject = "Board" })
				})
				h.Pass(10 * time.Second)
				h.WantCalls()
				if got := steptest.Outcome(h.Stored(id)); got != "superseded" {
					t.Errorf("the request is %s, want superseded: it asks again", got)
				}
				h.WantIdle()
			})
		})
	}
}

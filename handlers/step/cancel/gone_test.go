package cancel_test

import (
	"testing"
	"time"

	"meetingbot/handlers/step"
	"meetingbot/handlers/step/steptest"
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

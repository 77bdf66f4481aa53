package cancel_test

import (
	"testing"
	"time"

	"meetingbot/handlers/step/steptest"
	"meetingbot/handlers/view/action"
	"meetingbot/internal/dbfault"
)

// TestBeginUnanswered: the database records that the call begins, but its answer is lost.
// The same run must send the call: a later one would only look, and take someone else's
// removal for its own.
func TestBeginUnanswered(t *testing.T) {
	t.Parallel()
	for _, window := range []time.Duration{0, 5 * time.Second} {
		t.Run(window.String(), func(t *testing.T) {
			t.Parallel()
			steptest.Run(t, func(h *steptest.Fixture) { h.Rules.UndoWindow = window }, func(h *steptest.Fixture) {
				id := h.Insert(steptest.Number, nil)
				clicked := make(chan struct{}) // the meeting is read while the click is being stored
				h.Service.OnRead = func(n int) {
					if <-clicked; n == 1 {
						h.DB.Next(dbfault.Commit, dbfault.LoseAnswer, 1)
					}
				}
				h.Press(steptest.Ana, action.Cancel, id, nil)
				close(clicked)
				h.Pass(window + 2*time.Second) // before the lease of a run that gave up would end
				if len(h.Service.Sent()) != 1 {
					t.Errorf("calls: %q, want one", h.Service.Sent())
				}
				h.Pass(time.Minute)
				if got := steptest.Outcome(h.Stored(id)); got != "cancelled" || len(h.Service.Sent()) != 1 || h.Service.Reads() != 1 {
					t.Errorf("the request is %s after %q and %d readings; want cancelled, one call, one reading", got, h.Service.Sent(), h.Service.Reads())
				}
				h.WantIdle()
			})
		})
	}
}

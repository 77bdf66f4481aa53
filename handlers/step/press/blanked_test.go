package press_test

import (
	"strings"
	"testing"
	"time"

	"meetingbot/handlers/step/steptest"
	"meetingbot/handlers/view/action"
	"meetingbot/internal/cancellation"
)

// TestCheckAgainAfterBlanking settles an unknown outcome after KEEP. The thread must say that
// the owner isn't kept, not that they couldn't be found.
func TestCheckAgainAfterBlanking(t *testing.T) {
	t.Parallel()
	steptest.Run(t, nil, func(h *steptest.Fixture) {
		id := h.Insert(steptest.Number, func(r *cancellation.Request) { steptest.Unknown(r); r.ClosedAt = time.Now() })
		h.Pass(time.Hour)
		if n, err := h.Store.Blank(h.Context(), h.Store.Now(), 10); n != 1 || err != nil {
			t.Fatalf("%d blanked, %v, want 1", n, err)
		}
		h.Service.Remove(steptest.Number)
		h.Presses(steptest.Ana, action.CheckAgain, id, nil)
		if got := steptest.Outcome(h.Stored(id)); got != "cancelled" {
			t.Errorf("the request is %s, want cancelled", got)
		}
		if said := h.Chat.Texts("reply", steptest.Channel+"/1"); len(said) != 1 || !strings.Contains(said[0], "no longer knows who it is") {
			t.Errorf("the thread says %q", said)
		}
		h.WantIdle()
	})
}

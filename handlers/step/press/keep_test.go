package press_test

import (
	"strings"
	"testing"
	"time"

	"meetingbot/handlers/step/steptest"
	"meetingbot/handlers/view/action"
	"meetingbot/internal/cancellation"
)

// TestKeepCancelledElsewhere clicks Keep on a meeting that was cancelled from another card. The
// meeting isn't kept, and the person who asked the owner must not be told that it is.
func TestKeepCancelledElsewhere(t *testing.T) {
	t.Parallel()
	steptest.Run(t, nil, func(h *steptest.Fixture) {
		h.Access.Questions = true
		first := h.Insert(steptest.Number, nil)
		asked := h.Insert(steptest.Number, func(r *cancellation.Request) {
			r.Channel, r.Asker, r.For = "C0OTHER", steptest.Dave, steptest.Carol
			r.Card = cancellation.Card{Channel: "D" + steptest.Carol, TS: "1", Way: cancellation.ByDirect}
		})
		h.Pass(time.Second)
		h.Presses(steptest.Ana, action.Cancel, first, nil)
		h.Presses(steptest.Carol, action.Keep, asked, nil)
		h.Pass(5 * time.Second)
		if r := h.Stored(asked); steptest.Outcome(r) != "gone" || r.ClosedBy != steptest.Ana {
			t.Errorf("the question is %s, closed by %q; want gone, by Ana", steptest.Outcome(r), r.ClosedBy)
		}
		if told := strings.Join(h.Chat.Texts("dm", steptest.Dave), "\n"); !strings.Contains(told, "was cancelled by <@U0ANA>") || strings.Contains(told, "keep") {
			t.Errorf("Dave was told %q, want who cancelled it", told)
		}
		h.WantIdle()
	})
}

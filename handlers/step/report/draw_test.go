package report_test

import (
	"testing"
	"time"

	"meetingbot/bot"
	"meetingbot/handlers/step"
	"meetingbot/handlers/step/steptest"
	"meetingbot/internal/cancellation"
)

// TestDrawnOver: a question that changed while another process may still have been drawing is
// drawn over once, however many changes there were: no run has another one draw over it.
func TestDrawnOver(t *testing.T) {
	t.Parallel()
	steptest.In(t, nil, func(h *steptest.House) {
		id := h.Insert(steptest.Number, func(r *cancellation.Request) {
			r.Drawing = cancellation.Drawing{By: "another", Until: r.CreatedAt}
		})
		for range 2 {
			h.Enqueue(step.DrawStep, id)
			h.Pass(5 * time.Second)
		}
		h.Pass(2 * cancellation.Settles)
		drawn := len(h.Chat.Heard("update", steptest.Channel+"/1"))
		h.Pass(10 * time.Minute)
		if now := len(h.Chat.Heard("update", steptest.Channel+"/1")); now != drawn || drawn < 4 {
			t.Errorf("the card was drawn %d times in the first minute and %d times after it, want each change drawn over, and then none", drawn, now-drawn)
		}
		h.Idle()
	})
}

// TestDrawRescued: a draw that another process had announced, and died with, is announced
// by the one that makes it, so that the others wait for that one as well.
func TestDrawRescued(t *testing.T) {
	t.Parallel()
	steptest.In(t, nil, func(h *steptest.House) {
		id := h.Insert(steptest.Number, nil)
		h.Chat.Fail("update", bot.ErrThrottled)
		h.Enqueue(step.DrawStep, id)
		h.Pass(2 * cancellation.Settles)
		h.Forget()
		h.Chat.Well()
		h.Pass(2 * cancellation.Settles)
		if r := h.Stored(id); !h.Board.Drawing(r.Request) {
			t.Errorf("the draw is announced as %+v, not by the process that made it", r.Drawing)
		}
		h.Idle()
	})
}

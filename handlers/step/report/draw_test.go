package report_test

import (
	"testing"
	"time"

	"meetingbot/bot"
	"meetingbot/handlers/step"
	"meetingbot/handlers/step/steptest"
	"meetingbot/internal/cancellation"
)

// TestDrawnOver: each change that may meet a draw by another process is drawn over once. The
// run that does it doesn't cause another draw over its own.
func TestDrawnOver(t *testing.T) {
	t.Parallel()
	steptest.Run(t, nil, func(h *steptest.Fixture) {
		id := h.Insert(steptest.Number, func(r *cancellation.Request) {
			r.Drawing = cancellation.Drawing{By: "another", Until: r.CreatedAt}
		})
		for range 2 {
			h.Enqueue(step.DrawStep, id)
			h.Pass(5 * time.Second)
		}
		h.Pass(2 * cancellation.DrawTimeout)
		drawn := len(h.Chat.Texts("update", steptest.Channel+"/1"))
		h.Pass(10 * time.Minute)
		if now := len(h.Chat.Texts("update", steptest.Channel+"/1")); now != drawn || drawn < 4 {
			t.Errorf("the card was drawn %d times in the first minute and %d times later, want each change drawn over, then no more", drawn, now-drawn)
		}
		h.WantIdle()
	})
}

// TestDrawRescued: when a process dies with a draw it has announced, the process that makes
// the draw announces it as its own, so that others wait for that one too.
func TestDrawRescued(t *testing.T) {
	t.Parallel()
	steptest.Run(t, nil, func(h *steptest.Fixture) {
		id := h.Insert(steptest.Number, nil)
		h.Chat.Fail("update", bot.ErrThrottled)
		h.Enqueue(step.DrawStep, id)
		h.Pass(2 * cancellation.DrawTimeout)
		h.RestartBoard()
		h.Chat.Recover()
		h.Pass(2 * cancellation.DrawTimeout)
		if r := h.Stored(id); !h.Board.Drawing(r.Request) {
			t.Errorf("the draw is announced as %+v, not by the process that made it", r.Drawing)
		}
		h.WantIdle()
	})
}

package press_test

import (
	"context"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"meetingbot/bot"
	"meetingbot/handlers/step/steptest"
	"meetingbot/handlers/view/action"
	"meetingbot/internal/cancellation"
	"meetingbot/internal/dbfault"
)

// TestAnsweredOnce checks that a person isn't answered again because the database fails while
// the answer is being recorded, even for longer than a run.
func TestAnsweredOnce(t *testing.T) {
	t.Parallel()
	for name, does := range map[string]func(*steptest.Fixture){
		"a click is refused":   func(h *steptest.Fixture) { h.Press(steptest.Dave, action.Cancel, h.Insert(steptest.Number, nil), nil) },
		"a command is refused": func(h *steptest.Fixture) { h.Types(steptest.Dave, steptest.Number) },
		"a list":               func(h *steptest.Fixture) { h.Types(steptest.Dave, "list") },
		"it can't be served": func(h *steptest.Fixture) {
			h.Chat.Fail("person", bot.ErrUnavailable)
			h.Types(steptest.Dave, steptest.Number)
		},
	} {
		for _, away := range []time.Duration{time.Second, time.Minute} {
			t.Run(name+"/"+away.String(), func(t *testing.T) {
				t.Parallel()
				steptest.Run(t, nil, func(h *steptest.Fixture) {
					h.DB.Next("UPDATE envelope", dbfault.Refuse, -1)
					does(h)
					h.Pass(away)
					h.DB.Heal()
					h.Pass(2 * time.Minute)
					if heard := append(h.Chat.Texts("respond", steptest.Dave), h.Chat.Texts("ephemeral", steptest.Dave)...); len(heard) != 1 {
						t.Errorf("told %d times, want once: %q", len(heard), heard)
					}
					h.WantIdle()
				})
			})
		}
	}
}

// TestUndoNotGivenUp checks that an Undo isn't given up because the database fails when asked
// whether the call is waiting for it.
func TestUndoNotGivenUp(t *testing.T) {
	t.Parallel()
	var pressed atomic.Bool
	var reads atomic.Int32
	breakRead := func(h *steptest.Fixture) {
		h.DB.Around = func(_ context.Context, text string, carryOut func() error) error {
			const last = 4 // one in each of three runs, and one about the call
			if pressed.Load() && strings.Contains(text, "FROM request WHERE id") && reads.Add(1) == last {
				return dbfault.ErrLost
			}
			return carryOut()
		}
	}
	steptest.Run(t, breakRead, func(h *steptest.Fixture) {
		id := h.Insert(steptest.Number, func(r *cancellation.Request) {
			r.State, r.ConfirmedBy, r.ConfirmedAt = cancellation.Confirmed, steptest.Ana, time.Now()
			r.UndoUntil = time.Now().Add(5 * time.Second)
		})
		h.Chat.Fail("person", bot.ErrUnavailable)
		pressed.Store(true)
		h.Press(steptest.Ana, action.Undo, id, nil)
		h.Pass(30 * time.Second)
		h.Chat.Recover()
		h.Pass(time.Minute)
		if got := steptest.Outcome(h.Stored(id)); got != "declined" || reads.Load() < 4 {
			t.Errorf("the request is %s after %d reads, told %q, want it undone", got, reads.Load(), h.Chat.Texts("respond", steptest.Ana))
		}
	})
}

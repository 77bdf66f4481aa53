package press_test

import (
	"strings"
	"testing"
	"time"

	"meetingbot/bot"
	"meetingbot/handlers/step/steptest"
	"meetingbot/handlers/view/action"
	"meetingbot/internal/cancellation"
	"meetingbot/internal/store"
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

// TestStoppedCancelledElsewhere: a confirmation is undone or stopped, a question kept, or nobody
// answers it. What another card has removed meanwhile, or may have, isn't called unchanged.
func TestStoppedCancelledElsewhere(t *testing.T) {
	t.Parallel()
	undoable := func(r *cancellation.Request) {
		r.State, r.ConfirmedBy, r.ConfirmedAt = cancellation.Confirmed, steptest.Ana, time.Now()
		r.UndoUntil = time.Now().Add(time.Minute)
	}
	date := func(r *cancellation.Request) {
		steptest.Waiting(r)
		r.Scope, r.Chosen = cancellation.Occurrence, []string{"d1"}
	}
	for _, row := range []struct {
		name, meeting, action string
		given                 func(*cancellation.Request)
		removed, doubt        string // what the card says
	}{
		{"undone", steptest.Number, action.Undo, undoable, "was already gone", "stopped this cancellation in time, but the meeting"},
		{"stopped", steptest.Number, action.Stop, steptest.Waiting, "was already gone", "stopped this cancellation in time, but the meeting"},
		{"stopped, a date", steptest.Weekly, action.Stop, date, "was already gone", "may have been cancelled from another card"},
		{"kept", steptest.Number, action.Keep, nil, "cancelled by <@U0ANA> from another card", "but it may have been cancelled from another card"},
		{"expired", steptest.Number, "", nil, "cancelled by <@U0ANA> from another card", "in time, but the meeting"},
	} {
		for o, want := range map[cancellation.Outcome]string{cancellation.Cancelled: row.removed, cancellation.Unknown: row.doubt} {
			t.Run(row.name+", other card "+string(o), func(t *testing.T) {
				t.Parallel()
				steptest.Run(t, nil, func(h *steptest.Fixture) {
					id := h.Insert(row.meeting, row.given)
					h.Insert(row.meeting, func(r *cancellation.Request) {
						steptest.Unknown(r)
						r.Channel, r.Outcome, r.ClosedAt = "C0OTHER", o, time.Now()
						if r.Meeting.Recurring {
							r.Scope, r.Chosen = cancellation.Occurrence, []string{"d1"}
						}
					})
					if row.action != "" {
						h.Presses(steptest.Bob, row.action, id, nil)
					} else {
						h.Suspend(16 * time.Minute)
						h.Sweeper.Round(h.Context())
					}
					h.Pass(5 * time.Second)
					card := h.Chat.Card()
					if !strings.Contains(card, want) || strings.Contains(card, "stays as it was") || strings.Contains(card, "scheduled for") && !strings.Contains(card, "It was scheduled for") {
						t.Errorf("the request is %s; the card says %q, want %q in it", steptest.Outcome(h.Stored(id)), card, want)
					}
					if row.action == action.Undo || row.action == action.Stop {
						h.WantActor(store.EventUndone, steptest.Bob, 1)
					}
					h.WantCalls()
					h.WantIdle()
				})
			})
		}
	}
}

// TestRefusedKeepUntold: a person who may not keep the meeting presses Keep, and Slack doesn't let the bot
// tell them for some minutes. Another person's confirmation doesn't wait for that.
func TestRefusedKeepUntold(t *testing.T) {
	t.Parallel()
	steptest.Run(t, nil, func(h *steptest.Fixture) {
		id := h.Insert(steptest.Number, nil)
		for _, method := range []string{"respond", "ephemeral", "dm"} {
			h.Chat.Fail(method, bot.ErrUnavailable)
		}
		h.Presses(steptest.Dave, action.Keep, id, nil)
		h.Presses(steptest.Ana, action.Cancel, id, nil)
		h.WantCalls("cancel")
		h.Pass(5 * time.Minute)
		h.Chat.Recover()
		h.Pass(5 * time.Minute)
		h.WantSaid(steptest.Dave, "was cancelled by <@U0ANA>", "was cancelled by <@U0ANA>")
		h.WantIdle()
	})
}

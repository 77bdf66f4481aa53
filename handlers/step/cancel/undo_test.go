package cancel_test

import (
	"strings"
	"testing"
	"time"

	"meetingbot/bot"
	"meetingbot/handlers/step/steptest"
	"meetingbot/handlers/view/action"
	"meetingbot/internal/cancellation"
	"meetingbot/meetingapi"
)

// TestUndoOffered: the card counts down to the end of the undo window. If the process dies
// before that, another one takes over, and shows the Undo button if it wasn't shown yet.
func TestUndoOffered(t *testing.T) {
	t.Parallel()
	counts := []string{"In 20 seconds", "In 15 seconds", "In 10 seconds", "In 5 seconds"}
	for name, row := range map[string]struct {
		die  time.Duration // 0: before the first draw; more: that far into the window; negative: it doesn't
		want []string
	}{
		"nobody dies":              {-1, counts},
		"dies before drawing":      {0, counts[1:]},
		"dies while counting down": {2 * time.Second, counts},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			steptest.Run(t, func(h *steptest.Fixture) { h.Rules.UndoWindow = 20 * time.Second }, func(h *steptest.Fixture) {
				id := h.Insert(steptest.Number, nil)
				if row.die == 0 {
					h.Board.Close() // it draws nothing more in the background
				}
				h.Press(steptest.Ana, action.Cancel, id, nil)
				h.Pass(max(row.die, time.Second))
				if row.die >= 0 {
					h.RestartBoard()
				}
				h.Pass(17*time.Second - max(row.die, time.Second))
				shown := h.Chat.Shown("update", steptest.Channel+"/1")
				if len(shown) != len(row.want) {
					t.Errorf("the card was drawn %d times, want %d: %q", len(shown), len(row.want), shown)
				}
				for i, want := range row.want[:min(len(row.want), len(shown))] {
					if !strings.Contains(shown[i], want) || !strings.Contains(shown[i], steptest.Button(action.Undo)) {
						t.Errorf("draw %d is %q, want %q and a button to undo", i, shown[i], want)
					}
				}
				h.Presses(steptest.Ana, action.Undo, id, nil)
				h.Pass(time.Minute)
				if got := h.Stored(id).State; got != cancellation.Declined {
					t.Errorf("the request is %s, want declined", got)
				}
				h.WantCalls()
				h.WantIdle()
			})
		})
	}
}

// TestWindowEndAnnounced: the draw at the end of the undo window is announced like any
// other, so that no replica mistakes it for a late draw by a frozen process.
func TestWindowEndAnnounced(t *testing.T) {
	t.Parallel()
	steptest.Run(t, func(h *steptest.Fixture) { h.Rules.UndoWindow = 5 * time.Second }, func(h *steptest.Fixture) {
		id := h.Insert(steptest.Number, nil)
		var r cancellation.Request
		h.Service.Set(func(s *steptest.Service) { s.OnRead = func(int) { r = h.Stored(id).Request } })
		h.Presses(steptest.Ana, action.Cancel, id, nil)
		h.Pass(10 * time.Second)
		if !r.Drawing.Until.After(r.UndoUntil) {
			t.Errorf("draws are announced until %v when the meeting is read, want after %v", r.Drawing.Until, r.UndoUntil)
		}
		h.WantCalls("cancel")
		h.WantIdle()
	})
}

// TestOwnerChangesInUndoWindow: the owner confirms, but no longer owns the meeting when the
// undo window ends. They are told that the card asks again, not that they can choose.
func TestOwnerChangesInUndoWindow(t *testing.T) {
	t.Parallel()
	steptest.Run(t, func(h *steptest.Fixture) { h.Rules.UndoWindow = 5 * time.Second }, func(h *steptest.Fixture) {
		id := h.Insert(steptest.Number, nil)
		h.Presses(steptest.Carol, action.Cancel, id, nil)
		h.Service.Change(steptest.Number, func(m *meetingapi.Meeting) { m.Owner = meetingapi.Owner{Name: "Dave", UUID: "uuid-dave"} })
		h.Pass(10 * time.Second)
		h.WantSaid(steptest.Carol, "asks again", "")
		if h.Chat.WasTold(steptest.Carol, "choose again") {
			t.Error("Carol, who no longer owns it, was told to choose again")
		}
		h.WantCalls()
	})
}

// TestChangedInUndoWindow: the meeting changes after the confirmation. Nothing is done when the
// undo window ends: the card asks again, with the new facts, and says why.
func TestChangedInUndoWindow(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		change func(*steptest.Fixture)
		card   string
	}{
		"moved": {func(h *steptest.Fixture) {
			h.Service.Change(steptest.Number, func(m *meetingapi.Meeting) { m.Start = m.Start.Add(time.Hour) })
		}, "01:00 UTC"},
		"renamed": {func(h *steptest.Fixture) {
			h.Service.Change(steptest.Number, func(m *meetingapi.Meeting) { m.Subject = "Budget, final" })
		}, "Budget, final"},
		"started": {steptest.Starts(steptest.Number), "This meeting has started"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			steptest.Run(t, func(h *steptest.Fixture) { h.Rules.UndoWindow = 5 * time.Second }, func(h *steptest.Fixture) {
				id := h.Insert(steptest.Number, nil)
				h.Presses(steptest.Ana, action.Cancel, id, nil)
				row.change(h)
				h.Pass(10 * time.Second)
				if got := h.Stored(id).State; got != cancellation.Superseded {
					t.Errorf("the request is %s, want superseded", got)
				}
				h.WantSaid(steptest.Ana, "The card asks again", row.card)
				h.WantSaid(steptest.Ana, "changed after the card was shown", "has changed since this card was shown, so nothing was done")
				h.WantCalls()
			})
		})
	}
}

// TestSlowlyRefusedUndo: a person who may not undo presses Undo, and it takes a while to find that out.
// The meeting is then read as patiently as without them.
func TestSlowlyRefusedUndo(t *testing.T) {
	t.Parallel()
	steptest.Run(t, func(h *steptest.Fixture) { h.Rules.UndoWindow = 5 * time.Second }, func(h *steptest.Fixture) {
		id := h.Insert(steptest.Number, nil)
		h.Press(steptest.Ana, action.Cancel, id, nil)
		h.Pass(4800 * time.Millisecond)
		h.Chat.Slow("person", 3*time.Second)
		h.Press(steptest.Dave, action.Undo, id, nil)
		h.Pass(2 * time.Second)
		h.WantCalls()
		h.Service.Set(func(s *steptest.Service) { s.ReadErrors = []error{steptest.Failure(meetingapi.ClassServer), nil} })
		h.Pass(time.Minute)
		if got := steptest.Outcome(h.Stored(id)); got != "cancelled" {
			t.Errorf("the request is %s, want cancelled", got)
		}
		h.WantCalls("cancel")
		h.WantIdle()
	})
}

// TestRefusedUndoUntold: a person who may not undo presses Undo, and Slack doesn't let the bot tell
// them for some minutes. The call doesn't wait for that.
func TestRefusedUndoUntold(t *testing.T) {
	t.Parallel()
	steptest.Run(t, func(h *steptest.Fixture) { h.Rules.UndoWindow = 5 * time.Second }, func(h *steptest.Fixture) {
		id := h.Insert(steptest.Number, nil)
		h.Press(steptest.Ana, action.Cancel, id, nil)
		h.Pass(4 * time.Second)
		for _, method := range []string{"respond", "ephemeral", "dm"} {
			h.Chat.Fail(method, bot.ErrUnavailable)
		}
		h.Press(steptest.Dave, action.Undo, id, nil)
		h.Pass(5 * time.Second)
		h.WantCalls("cancel")
		h.Pass(5 * time.Minute)
		h.Chat.Recover()
		h.Pass(5 * time.Minute)
		h.WantSaid(steptest.Dave, "can't", "was cancelled by <@U0ANA>")
		h.WantIdle()
	})
}

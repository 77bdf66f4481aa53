package cancel_test

import (
	"strings"
	"testing"
	"time"

	"meetingbot/handlers/step/steptest"
	"meetingbot/handlers/view/action"
	"meetingbot/internal/cancellation"
)

// TestUndoIsOffered: the card comes to offer the Undo although nobody is left who counts
// down, as after a death in the window.
func TestUndoIsOffered(t *testing.T) {
	t.Parallel()
	steptest.In(t, func(h *steptest.House) { h.Rules.UndoWindow = 20 * time.Second }, func(h *steptest.House) {
		id := h.Insert(steptest.Number, nil)
		h.Board.Close() // it draws nothing in the background any more
		h.Press(steptest.Ana, action.Cancel, id, nil)
		h.Pass(7 * time.Second)
		if shown := h.Chat.Shown("update", steptest.Channel+"/1"); len(shown) != 1 || !strings.Contains(shown[0], steptest.Button(action.Undo)) {
			t.Errorf("in the window the card was drawn %q, want a button to undo", shown)
		}
		h.Presses(steptest.Ana, action.Undo, id, nil)
		h.Pass(time.Minute)
		if got := h.Stored(id).State; got != cancellation.Declined {
			t.Errorf("the request is %s, want declined", got)
		}
		h.Wants()
		h.Idle()
	})
}

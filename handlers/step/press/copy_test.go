package press_test

import (
	"strings"
	"testing"
	"time"

	"meetingbot/bot"
	"meetingbot/handlers/step"
	"meetingbot/handlers/step/steptest"
	"meetingbot/handlers/view/action"
	"meetingbot/meetingapi"
)

// TestUnknownCopy clicks a copy of the card that the bot doesn't know of, because Slack posted
// the card twice. The click decides nothing, but the copy ends like the card.
func TestUnknownCopy(t *testing.T) {
	t.Parallel()
	busy, gone := steptest.SlackWait(t, 5*time.Second), steptest.SlackError(t, "message_not_found")
	onCopy := func(in *step.Envelope) { in.Message = bot.MessageRef{Channel: steptest.Channel, TS: "2"} }
	for _, row := range []struct {
		name   string
		before time.Duration // how long before the click the card was answered; 0: after it
		who    string
		busy   []error // the next answers to edits
	}{
		{"by a person who may not answer", 0, steptest.Dave, nil},
		{"while it can be undone", time.Second, steptest.Bob, nil},
		{"afterwards, while Slack is busy", time.Minute, steptest.Bob, []error{busy, nil}},
		{"afterwards, while Slack is busy, and the card itself is gone", time.Minute, steptest.Bob, []error{busy, gone, busy, nil}},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			steptest.Run(t, func(h *steptest.Fixture) { h.Rules.UndoWindow = 5 * time.Second }, func(h *steptest.Fixture) {
				id := h.Insert(steptest.Number, nil)
				if row.before > 0 {
					h.Presses(steptest.Ana, action.Cancel, id, nil)
					h.Pass(row.before)
				}
				if row.before == time.Minute {
					h.Chat.Fail("update", row.busy...)
				}
				h.Presses(row.who, action.Cancel, id, onCopy)
				if said := h.Chat.Texts("update", steptest.Channel+"/2"); row.before == time.Second && (len(said) == 0 || !strings.Contains(said[len(said)-1], "ndo")) {
					t.Errorf("while it can be undone, the copy says %q", said)
				}
				if row.before == 0 {
					h.Presses(steptest.Ana, action.Cancel, id, nil)
				}
				h.Pass(30 * time.Second)
				said := h.Chat.Texts("update", steptest.Channel+"/2")
				if len(said) == 0 || !strings.Contains(said[len(said)-1], "was cancelled by") {
					t.Errorf("the copy says %q, want the outcome", said)
				}
				h.WantIdle()
			})
		})
	}
}

// TestCopyOfReplacedCard clicks an unknown copy of a card that another request has taken over, in
// each state of that request. The copy shows at once what the card shows, and ends like it.
func TestCopyOfReplacedCard(t *testing.T) {
	t.Parallel()
	busy := steptest.SlackWait(t, 5*time.Second)
	onCopy := func(in *step.Envelope) { in.Message = bot.MessageRef{Channel: steptest.Channel, TS: "2"} }
	for _, row := range []struct {
		name     string
		answered time.Duration // how long before the click; 0: after it
		busy     bool          // Slack makes the first two edits after the click wait
		soon     string
	}{
		{"open", 0, false, "Board"},
		{"while it can be undone", time.Second, false, "ndo"},
		{"over", time.Minute, false, "was cancelled by"},
		{"over, while Slack is busy", time.Minute, true, ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			steptest.Run(t, func(h *steptest.Fixture) { h.Rules.UndoWindow = 10 * time.Second }, func(h *steptest.Fixture) {
				id := h.Insert(steptest.Number, nil)
				h.Service.Change(steptest.Number, func(m *meetingapi.Meeting) { m.Subject = "Board" })
				h.Presses(steptest.Ana, action.Cancel, id, nil)
				h.Pass(20 * time.Second) // the window, then the reading that shows the change
				fresh := h.Stored(id).Successor
				if row.answered > 0 {
					h.Presses(steptest.Ana, action.Cancel, fresh, nil)
					h.Pass(row.answered)
				}
				if row.busy {
					h.Chat.Fail("update", busy, busy, nil)
				}
				h.Presses(steptest.Bob, action.Cancel, id, onCopy)
				if said := h.Chat.Texts("update", steptest.Channel+"/2"); row.soon != "" && (len(said) == 0 || !strings.Contains(said[len(said)-1], row.soon)) {
					t.Errorf("the copy says %q, want %q", said, row.soon)
				}
				if row.answered == 0 {
					h.Presses(steptest.Ana, action.Cancel, fresh, nil)
				}
				h.Pass(time.Minute)
				if said := h.Chat.Texts("update", steptest.Channel+"/2"); len(said) == 0 || !strings.Contains(said[len(said)-1], "was cancelled by") {
					t.Errorf("the copy ends as %q, want the outcome", said)
				}
				h.WantIdle()
			})
		})
	}
}

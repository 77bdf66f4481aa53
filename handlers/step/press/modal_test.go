package press_test

import (
	"testing"
	"time"

	"meetingbot/bot"
	"meetingbot/handlers/step"
	"meetingbot/handlers/step/steptest"
	"meetingbot/handlers/view/action"
	"meetingbot/internal/dbfault"
)

// TestWindow: nobody is told that nothing was done about a window that may be open.
func TestWindow(t *testing.T) {
	t.Parallel()
	const no, perhaps = "can't be done just now", "can't tell whether that was accepted"
	for _, row := range []struct {
		name  string
		fails error
		takes time.Duration
		told  string
	}{
		{name: "opens"},
		{name: "refused", fails: bot.ErrGone, told: no},
		{name: "not sent", fails: bot.ErrNotSent, told: no},
		{name: "no answer", fails: bot.ErrUnavailable, told: perhaps},
		{name: "no answer while it could open", takes: time.Minute, told: perhaps},
	} {
		for _, verb := range []string{action.AddReason, action.Delegate} {
			t.Run(row.name+"/"+verb, func(t *testing.T) {
				t.Parallel()
				steptest.In(t, nil, func(h *steptest.House) {
					h.LetFor(90 * 24 * time.Hour)
					if row.fails != nil {
						h.Chat.Fail("modal", row.fails)
					}
					h.Chat.Slow("modal", row.takes)
					press(h, steptest.Carol, verb)
					h.Pass(2 * time.Second)
					if row.told == "" {
						if h.Chat.Modals() != 1 || h.Chat.Told(steptest.Carol, "") {
							t.Errorf("%d windows, and told %q", h.Chat.Modals(), h.Chat.Heard("respond", steptest.Carol))
						}
						return
					}
					if !h.Chat.Told(steptest.Carol, row.told) {
						t.Errorf("told %q, want %q", h.Chat.Heard("respond", steptest.Carol), row.told)
					}
				})
			})
		}
	}
}

// TestWindowOpenedBefore: a run that is repeated because its end could not be stored
// neither opens another window nor says that the one it opened did not open.
func TestWindowOpenedBefore(t *testing.T) {
	t.Parallel()
	for _, verb := range []string{action.AddReason, action.AskOwner, action.Delegate} {
		t.Run(verb, func(t *testing.T) {
			t.Parallel()
			steptest.In(t, nil, func(h *steptest.House) {
				h.LetFor(90 * 24 * time.Hour)
				h.Access.Questions = true
				who := steptest.Carol
				if verb == action.AskOwner {
					who = steptest.Dave
				}
				h.DB.Next("UPDATE envelope", dbfault.Refuse, 1)
				press(h, who, verb)
				h.Pass(time.Minute)
				if h.Chat.Modals() != 1 || !h.Chat.Told(who, "can't tell whether that was accepted") {
					t.Errorf("%d windows, and told %q", h.Chat.Modals(), h.Chat.Heard("respond", who))
				}
			})
		})
	}
}

// press has a person press a button that opens a window, on a card of its own.
func press(h *steptest.House, who, verb string) {
	id, next := h.Insert(steptest.Number, nil), step.ClickStep
	if verb == action.Delegate {
		next = step.LetStep
	}
	h.Arrive(next, &step.Envelope{
		Person: who, Channel: steptest.Channel, Response: "https://hooks.example.com/" + who, Action: verb, Request: id,
		Message: bot.MessageRef{Channel: steptest.Channel, TS: "1"}, Trigger: "t",
	})
	h.Pass(2 * time.Second)
}

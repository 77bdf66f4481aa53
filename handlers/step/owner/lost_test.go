package owner_test

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

// TestLostQuestion: the card with the question can't be changed any more when the owner presses.
// The owner is told once what became of it, and the asker as always.
func TestLostQuestion(t *testing.T) {
	t.Parallel()
	gone, used := steptest.SlackError(t, "message_not_found"), steptest.SlackError(t, "used_url")
	givenAway := func(h *steptest.Fixture) {
		h.Service.Accounts["uuid-eve"] = meetingapi.User{UUID: "uuid-eve", Email: "eve@example.com"}
		h.Service.Change(steptest.Number, func(m *meetingapi.Meeting) { m.Owner.UUID = "uuid-eve" })
	}
	for _, row := range []struct {
		name, action string
		event        func(*steptest.Fixture)
		ends, told   string
	}{
		{"cancel", action.Cancel, nil, "cancelled", "was cancelled by"},
		{"keep", action.Keep, nil, "declined", "chose to keep"},
		{"don't ask again", action.Mute, nil, "declined", "chose to keep"},
		{"cancel, after it was given away", action.Cancel, givenAway, "refused", "own it any more"},
		{"none: the owner leaves", "", steptest.Person(steptest.Carol, func(p *bot.Person) { p.Deleted = true }), "refused", ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			steptest.Run(t, questions, func(h *steptest.Fixture) {
				id := asked(h, "the room is flooded")
				h.Pass(10 * time.Second)
				h.Chat.Fail("update", gone)
				h.Chat.Fail("reply", gone)
				h.Chat.Fail("respond", used)
				if row.event != nil {
					row.event(h)
				}
				want := 0
				if row.action != "" {
					want = 1
					h.Presses(steptest.Carol, row.action, id, func(in *step.Envelope) { in.Message.Channel = "D" + steptest.Carol })
				} else {
					h.Pass(time.Minute)
				}
				h.Pass(time.Minute)
				carol, dave := h.Chat.Texts("dm", steptest.Carol)[1:], h.Chat.Texts("dm", steptest.Dave)
				if got := steptest.Outcome(h.Stored(id)); got != row.ends || len(dave) != 1 {
					t.Errorf("the question is %s, Dave was told %q; want %s, one message", got, dave, row.ends)
				}
				if len(carol) != want || !strings.Contains(strings.Join(carol, ""), row.told) {
					t.Errorf("Carol was told %q, want %q", carol, row.told)
				}
				h.WantIdle()
			})
		})
	}
}

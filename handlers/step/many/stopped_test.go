package many_test

import (
	"strings"
	"testing"
	"time"

	"meetingbot/bot"
	"meetingbot/handlers/step/steptest"
	"meetingbot/handlers/view/action"
	"meetingbot/internal/cancellation"
	"meetingbot/internal/store"
	"meetingbot/meetingapi"
)

// TestStoppedDuringCalls: someone presses Undo or Stop while one call of two is under way, or both
// are. What hasn't begun is kept, and no call is repeated.
func TestStoppedDuringCalls(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name   string
		paced  bool // one call at a time
		answer error
		want   string
		told   string // empty: the card is the answer
		sent   int
		undone int
	}{
		{"both carried out", false, nil, "cancelled", "It was too late to undo", 2, 0},
		{"both refused for now", false, steptest.Failure(meetingapi.ClassServer), "declined", "the bot won't try again", 2, 2},
		{"the first carried out", true, nil, "cancelled", "", 1, 1},
		{"the first refused for now", true, steptest.Failure(meetingapi.ClassServer), "declined", "", 1, 2},
	} {
		for _, verb := range []string{action.Undo, action.Stop} {
			t.Run(strings.Join([]string{row.name, verb}, "/"), func(t *testing.T) {
				t.Parallel()
				steptest.Run(t, steptest.TwoMeetings, func(h *steptest.Fixture) {
					h.Service.Answers, h.Service.CallDelay = []error{row.answer}, 3*time.Second
					id := h.Types(steptest.Ana, both)
					stages()["second page"](h, id)
					if row.paced {
						h.Meetings = limitedService{h.Service, newReadBudget(time.Now().Add(time.Hour), 25).Budget}
					}
					h.Presses(steptest.Ana, action.CancelMany, id, onPage(1))
					h.Pass(11500 * time.Millisecond) // the undo window is over
					h.Presses(steptest.Carol, verb, id, nil)
					h.WantSaid(steptest.Carol, row.told, "")
					h.Pass(3 * time.Minute)
					if got := steptest.Outcome(h.Stored(id)); got != row.want {
						t.Errorf("the request is %s, want %s", got, row.want)
					}
					if len(h.Service.Sent()) != row.sent {
						t.Errorf("sent %q, want %d calls", h.Service.Sent(), row.sent)
					}
					h.WantActor(store.EventUndone, steptest.Carol, row.undone)
					h.WantIdle()
				})
			})
		}
	}
}

// TestUndoneDuringOutage: an Undo in the last second of the window takes half a minute to handle,
// because Slack can't say who pressed it. Until then the cancellation doesn't begin.
func TestUndoneDuringOutage(t *testing.T) {
	t.Parallel()
	steptest.Run(t, steptest.TwoMeetings, func(h *steptest.Fixture) {
		id := h.Types(steptest.Ana, both)
		stages()["counting"](h, id)
		h.Pass(7 * time.Second)
		h.Chat.Fail("person", bot.ErrUnavailable)
		h.Press(steptest.Ana, action.Undo, id, nil)
		h.Pass(30 * time.Second)
		if r := h.Stored(id); r.State != cancellation.Confirmed {
			t.Errorf("before it is known who pressed Undo, the request is %s", r.State)
		}
		h.Chat.Recover()
		h.Pass(time.Minute)
		h.WantSaid(steptest.Ana, "", "undid the cancellation in time")
		h.WantCalls()
		h.WantIdle()
	})
}

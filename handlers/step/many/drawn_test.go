package many_test

import (
	"testing"
	"time"

	"meetingbot/bot"
	"meetingbot/handlers/step/steptest"
	"meetingbot/handlers/view/action"
	"meetingbot/internal/cancellation"
	"meetingbot/meetingapi"
)

// TestStandsStill: a card that waits for an hour comes to say how far it is, although Slack
// is away when it begins to wait.
func TestStandsStill(t *testing.T) {
	t.Parallel()
	for name, waits := range map[string]func(*steptest.House){
		"the service's rate lets no more begin": func(h *steptest.House) {
			h.Meetings = rated{h.Service, readsUntil(time.Now().Add(time.Hour), 25).Budget}
		},
		"the service makes one of them wait": func(h *steptest.House) {
			h.Service.Set(func(s *steptest.Service) {
				s.Answers = []error{nil, &meetingapi.Error{Class: meetingapi.ClassThrottled, RetryAfter: time.Hour}, nil}
			})
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			steptest.In(t, twoMeetings, func(h *steptest.House) {
				id := h.Types(steptest.Ana, steptest.Number+" "+second)
				h.Presses(steptest.Ana, action.Review, id, ticks("0", "1"))
				waits(h)
				h.Chat.Fail("update", bot.ErrUnavailable)
				h.Presses(steptest.Ana, action.CancelMany, id, onPage(1))
				h.Pass(20 * time.Second)
				h.Chat.Well()
				h.Pass(time.Minute)
				if r := h.Stored(id); r.State != cancellation.Calling || r.Batch.Tally().Final != 1 {
					t.Fatalf("it is %s and %d of two are over, want that it waits for one", r.State, r.Batch.Tally().Final)
				}
				h.Said(steptest.Ana, "", "1 of 2 done")
			})
		})
	}
}

package many_test

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

// TestProgressDrawnBeforeLongWait: a card that waits for an hour shows its progress even if
// Slack is down when the wait begins.
func TestProgressDrawnBeforeLongWait(t *testing.T) {
	t.Parallel()
	for name, waits := range map[string]func(*steptest.Fixture){
		"the rate limit lets no more begin": func(h *steptest.Fixture) {
			h.Meetings = limitedService{h.Service, newReadBudget(time.Now().Add(time.Hour), 25).Budget}
		},
		"the service makes one of them wait": func(h *steptest.Fixture) {
			h.Service.Set(func(s *steptest.Service) {
				s.Answers = []error{nil, &meetingapi.Error{Class: meetingapi.ClassThrottled, RetryAfter: time.Hour}, nil}
			})
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			steptest.Run(t, steptest.TwoMeetings, func(h *steptest.Fixture) {
				id := h.Types(steptest.Ana, steptest.Number+" "+steptest.Second)
				h.Presses(steptest.Ana, action.Review, id, ticks("0", "1"))
				waits(h)
				h.Chat.Fail("update", bot.ErrUnavailable)
				h.Presses(steptest.Ana, action.CancelMany, id, onPage(1))
				h.Pass(20 * time.Second)
				h.Chat.Recover()
				h.Pass(time.Minute)
				if r := h.Stored(id); r.State != cancellation.Calling || r.Batch.Tally().Final != 1 {
					t.Fatalf("the request is %s and %d of 2 parts have ended, want it waiting for one", r.State, r.Batch.Tally().Final)
				}
				h.WantSaid(steptest.Ana, "", "1 of 2 done")
			})
		})
	}
}

// TestReplyAfterCard: the reply doesn't come before the card shows the end, for which it may
// have to wait a moment, unless the card can't be drawn.
func TestReplyAfterCard(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name string
		fail error // of the card's edits
		want string
	}{
		{"the card is drawn", nil, "2 meetings were cancelled"},
		{"Slack takes no edit", bot.ErrUnavailable, ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			steptest.Run(t, steptest.TwoMeetings, func(h *steptest.Fixture) {
				id := h.Types(steptest.Ana, steptest.Number+" "+steptest.Second)
				h.Presses(steptest.Ana, action.Review, id, ticks("0", "1"))
				var replied bool
				h.Chat.Said = func(how string) {
					if said := h.Chat.Texts("reply", steptest.Channel+"/1"); how == "reply" && !replied && len(said) > 0 {
						if replied = true; !strings.Contains(h.Chat.Card(), row.want) {
							t.Errorf("the thread says %q while the card says %q", said, h.Chat.Card())
						}
					}
				}
				h.Presses(steptest.Ana, action.CancelMany, id, onPage(1))
				h.Pass(7500 * time.Millisecond) // the undo window is nearly over
				if row.fail != nil {
					h.Chat.Fail("update", row.fail)
				}
				h.Pass(4 * time.Second)
				if !replied {
					t.Errorf("there is no reply yet; the card says %q", h.Chat.Card())
				}
				h.Chat.Recover()
				h.Pass(time.Minute)
				h.WantIdle()
			})
		})
	}
}

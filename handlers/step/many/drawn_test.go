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

// TestReplyAfterTheCard: the reply does not come before the card shows the end, which it may
// only a while after it was drawn last, unless the card can't be drawn.
func TestReplyAfterTheCard(t *testing.T) {
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
			steptest.In(t, twoMeetings, func(h *steptest.House) {
				id := h.Types(steptest.Ana, steptest.Number+" "+second)
				h.Presses(steptest.Ana, action.Review, id, ticks("0", "1"))
				var replied bool
				h.Chat.Said = func(how string) {
					if said := h.Chat.Heard("reply", steptest.Channel+"/1"); how == "reply" && !replied && len(said) > 0 {
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
				h.Chat.Well()
				h.Pass(time.Minute)
				h.Idle()
			})
		})
	}
}

package many_test

import (
	"context"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"meetingbot/bot"
	"meetingbot/handlers/step"
	"meetingbot/handlers/step/steptest"
	"meetingbot/handlers/view/action"
	"meetingbot/internal/dbfault"
)

// TestLostCommit: whichever commit of a confirmation loses its answer, both meetings are
// cancelled, everyone is told once, and the trail says so once.
func TestLostCommit(t *testing.T) {
	t.Parallel()
	for lost := range int64(30) {
		t.Run(fmt.Sprint(lost), func(t *testing.T) {
			t.Parallel()
			var confirmed atomic.Bool
			var commits atomic.Int64
			spoil := func(h *steptest.Fixture) {
				steptest.TwoMeetings(h)
				h.DB.Around = func(_ context.Context, text string, carryOut func() error) error {
					err := carryOut()
					if text == dbfault.Commit && confirmed.Load() && commits.Add(1)-1 == lost {
						return dbfault.ErrLost
					}
					return err
				}
			}
			steptest.Run(t, spoil, func(h *steptest.Fixture) {
				id := h.Types(steptest.Ana, both)
				h.Presses(steptest.Ana, action.Review, id, ticks("0", "1"))
				h.Press(steptest.Ana, action.CancelMany, id, onPage(1))
				confirmed.Store(true)
				h.Pass(3 * time.Minute)
				h.WantCalls("cancel", "cancel")
				if got := parts(t, h, id); got != "cancelled cancelled" {
					t.Errorf("the parts are %s", got)
				}
				if replies, told := h.Chat.Texts("reply", steptest.Channel+"/1"), h.Chat.Texts("dm", steptest.Carol); len(replies) != 1 || len(told) != 1 {
					t.Errorf("%d replies and %d messages to the owner, want one each", len(replies), len(told))
				}
				trail := h.Trail()
				for event, want := range map[string]int{"confirmed": 3, "done": 3, "notified": 1, "reported": 2} {
					if n := strings.Count(trail, event); n != want {
						t.Errorf("the trail says %q %d times, want %d: %s", event, n, want, trail)
					}
				}
				h.WantIdle()
			})
		})
	}
}

// TestReplyIsTrue: if the database goes down after the owner was told, the thread must not
// say that they weren't.
func TestReplyIsTrue(t *testing.T) {
	t.Parallel()
	var away atomic.Bool
	spoil := func(h *steptest.Fixture) {
		steptest.TwoMeetings(h)
		h.DB.Around = func(_ context.Context, _ string, carryOut func() error) error {
			if away.Load() {
				return dbfault.ErrLost
			}
			return carryOut()
		}
		h.Chat.Said = func(how string) {
			if how == "dm" {
				away.Store(true)
			}
		}
	}
	steptest.Run(t, spoil, func(h *steptest.Fixture) {
		id := h.Types(steptest.Ana, both)
		h.Presses(steptest.Ana, action.Review, id, ticks("0", "1"))
		h.Press(steptest.Ana, action.CancelMany, id, onPage(1))
		h.Pass(time.Minute)
		away.Store(false)
		h.Pass(2 * time.Minute)
		replies, told := h.Chat.Texts("reply", steptest.Channel+"/1"), h.Chat.Texts("dm", steptest.Carol)
		if len(told) != 1 || len(replies) != 1 || !strings.Contains(replies[0], "was told in a direct message") {
			t.Errorf("the owner was told %q, and the thread says %q", told, replies)
		}
		h.WantIdle()
	})
}

// TestPageNotDrawn: if Slack won't change the card, the person who turned its page is told, even
// if that refusal comes only after a run without an answer.
func TestPageNotDrawn(t *testing.T) {
	t.Parallel()
	archived, used := steptest.SlackError(t, "is_archived"), steptest.SlackError(t, "used_url")
	for name, row := range map[string]struct {
		button string
		fails  []error
	}{
		"at once":                     {action.Review, []error{archived}},
		"after no answer":             {action.Review, []error{bot.ErrUnavailable, archived}},
		"back, after no answer":       {action.Back, []error{bot.ErrUnavailable, archived}},
		"after no answer at all once": {action.Review, []error{bot.ErrUnavailable, bot.ErrUnavailable, archived}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			steptest.Run(t, steptest.TwoMeetings, func(h *steptest.Fixture) {
				id := h.Types(steptest.Ana, both)
				if row.button == action.Back {
					h.Presses(steptest.Ana, action.Review, id, ticks("0", "1"))
				}
				h.Chat.Fail("update", row.fails...)
				h.Chat.Fail("respond", used)
				h.Presses(steptest.Bob, row.button, id, func(in *step.Envelope) {
					if ticks("0", "1")(in); row.button == action.Back {
						onPage(1)(in)
					}
				})
				h.Pass(time.Minute)
				if !h.Chat.WasTold(steptest.Bob, "That can't be done just now") {
					t.Error("Bob wasn't told that the card can't show another page")
				}
				h.Chat.Recover()
				h.Pass(time.Hour)
				h.WantIdle()
			})
		})
	}
}

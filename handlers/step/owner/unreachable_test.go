package owner_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"meetingbot/bot"
	"meetingbot/handlers/step/steptest"
)

// TestOwnerUnreachable checks that the asker reads only what is true while the bot can't
// message the owner, and each thing once.
func TestOwnerUnreachable(t *testing.T) {
	t.Parallel()
	off, disabled := steptest.SlackError(t, "messages_tab_disabled"), steptest.SlackError(t, "user_disabled")
	const notYet, isAsked, unanswered = "couldn't be asked yet", "is being asked", "didn't answer in time"
	for _, row := range []struct {
		name   string
		fails  []error // of messages to people
		mended bool    // after a while
		told   []string
		end    string // in a direct message, when the question is over
	}{
		{"a short outage", []error{bot.ErrUnavailable, bot.ErrUnavailable, nil}, false, []string{isAsked}, unanswered},
		{"a longer outage", []error{bot.ErrUnavailable}, true, []string{notYet, isAsked}, unanswered},
		{"a long wait", []error{steptest.SlackWait(t, 5*time.Minute), nil}, false, []string{notYet, isAsked}, unanswered},
		{"mended by an operator", []error{off}, true, []string{notYet, isAsked}, unanswered},
		{"mended too late", []error{off}, false, []string{notYet}, "couldn't be asked in time"},
		{"deactivated meanwhile", []error{off, off, off, disabled}, false, []string{notYet, "can't be reached"}, ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			steptest.Run(t, questions, func(h *steptest.Fixture) {
				h.Chat.Fail("dm", row.fails...)
				id := asked(h, "the room is flooded")
				h.Pass(10 * time.Minute)
				if row.mended {
					h.Chat.Recover()
				}
				h.Pass(10 * time.Minute)
				h.Suspend(h.Stored(id).ExpiresAt.Sub(h.Store.Now()) - time.Minute)
				h.Pass(2 * time.Minute)
				h.Sweeper.Round(h.Context())
				h.Chat.Recover()
				h.Pass(time.Minute)
				told := slices.Concat(h.Chat.Texts("respond", steptest.Dave)[1:], h.Chat.Texts("ephemeral", steptest.Dave), h.Chat.Texts("dm", steptest.Dave)) // without the refusal
				want := row.told
				if row.end != "" {
					want = append(want, row.end)
				}
				for i, words := range want {
					if len(told) != len(want) || !strings.Contains(told[i], words) {
						t.Errorf("Dave was told %q, want %q", told, want)
						break
					}
				}
				h.WantIdle()
			})
		})
	}
}

package invited

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"meetingbot/bot"
)

// TestCapCountsLostAnswers: a message whose answer was lost may have been read. It counts
// toward the fifty, and is retried before the thread says how many were told.
func TestCapCountsLostAnswers(t *testing.T) {
	t.Parallel()
	lost := &bot.Error{Method: "chat.postMessage"}
	for _, tt := range []struct {
		name   string
		people int
		lost   []error // the answers to each of three messages
		scopes bool    // the bot may search for its messages
		told   int     // as the thread says
		unsure int
	}{
		{"once each", 60, []error{lost}, false, 50, 0},
		{"twice each", 60, []error{lost, lost}, false, 50, 0},
		{"once each, then the people are gone", 60, []error{lost, bot.ErrGone}, false, 47, 3},
		{"once each, and the bot may search", 60, []error{lost}, true, 50, 0},
		{"of fewer than fifty", 20, []error{lost}, false, 19, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				w := newFixture(t)
				defer w.close()
				for _, who := range []bot.UserID{"u3", "u7", "u11"} {
					w.slack.lost[who] = tt.lost
				}
				w.slack.scopes = tt.scopes
				w.invite(t, removed(), tt.people)
				w.runFor(t, 10*time.Minute)
				if n, want := len(w.slack.sent), min(tt.people-1, maxTold); n != want {
					t.Errorf("%d people have a message, want %d", n, want)
				}
				if tt.scopes && w.slack.sent["u3"] != 1 {
					t.Errorf("u3 has %d messages, want 1", w.slack.sent["u3"])
				}
				if w.results[toldUnsure] != tt.unsure {
					t.Errorf("results are %v, want %d unsure", w.results, tt.unsure)
				}
				want := fmt.Sprintf("%d of 60 invited people were told here. 1 already knew.", tt.told)
				if len(w.slack.edits) != 1 || !strings.Contains(w.slack.edits[0], want) {
					t.Errorf("the reply was edited to %q, want once, to say %q", w.slack.edits, want)
				}
				if n := w.addressesLeft(t); n != 0 {
					t.Errorf("%d addresses are left, want none", n)
				}
			})
		})
	}
}

// TestCapIgnoresRefused: people who certainly got no message make room for others.
func TestCapIgnoresRefused(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newFixture(t)
		defer w.close()
		w.slack.gone = map[bot.UserID]bool{"u3": true, "u7": true}
		w.invite(t, removed(), 60)
		w.runFor(t, 3*time.Minute)
		if n := len(w.slack.sent); n != maxTold || w.results[toldRefused] != 2 {
			t.Errorf("%d people have a message, results are %v; want %d, and 2 refused", n, w.results, maxTold)
		}
	})
}

package watch_test

import (
	"testing"
	"time"

	"meetingbot/bot"
	"meetingbot/handlers/step/steptest"
	"meetingbot/internal/dbfault"
	"meetingbot/meetingapi"
)

// TestDrawnInTheEnd: a change to a meeting ends up on its card, even if the first draw fails
// or the answer of the commit that recorded it is lost. At the next check, the request
// already matches the meeting.
func TestDrawnInTheEnd(t *testing.T) {
	t.Parallel()
	invited := changes(steptest.Number, func(m *meetingapi.Meeting) { m.Invited = meetingapi.Known(12) })
	gone := func(h *steptest.Fixture) { h.Service.Remove(steptest.Second) }
	away := func(h *steptest.Fixture) { h.Chat.Fail("update", bot.ErrUnavailable) }
	busy := func(h *steptest.Fixture) { h.Chat.Fail("update", bot.ErrThrottled) }
	unanswered := func(h *steptest.Fixture) {
		noticed := 0
		h.Service.Set(func(s *steptest.Service) {
			s.OnRead = func(int) {
				if noticed++; noticed == 1 {
					h.DB.Next(dbfault.Commit, dbfault.LoseAnswer, 1)
				}
			}
		})
	}
	for _, row := range []struct {
		name    string
		typed   string
		event   func(*steptest.Fixture)
		trouble func(*steptest.Fixture)
	}{
		{"more are invited", steptest.Number, invited, func(*steptest.Fixture) {}},
		{"more are invited, Slack is down", steptest.Number, invited, away},
		{"more are invited, Slack is busy", steptest.Number, invited, busy},
		{"more are invited, the commit's answer is lost", steptest.Number, invited, unanswered},
		{"one of two is gone", steptest.Number + " " + steptest.Second, gone, func(*steptest.Fixture) {}},
		{"one of two is gone, Slack is down", steptest.Number + " " + steptest.Second, gone, away},
		{"one of two is gone, Slack is busy", steptest.Number + " " + steptest.Second, gone, busy},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			steptest.Run(t, steptest.TwoMeetings, func(h *steptest.Fixture) {
				h.Types(steptest.Ana, row.typed)
				row.event(h)
				row.trouble(h)
				h.Pass(oneCheck)
				h.Chat.Recover()
				h.Pass(time.Minute)
				if edits := h.Chat.Texts("update", steptest.Channel+"/1"); len(edits) != 1 {
					t.Errorf("a minute after Slack recovered the card's edits are %q, want one", edits)
				}
				h.Pass(time.Hour)
				h.WantIdle()
			})
		})
	}
}

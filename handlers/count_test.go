package handlers

import (
	"testing"

	"meetingbot/bot"
	"meetingbot/handlers/view/action"
	"meetingbot/internal/slacksim"
)

// The most that one cancellation, from the command to the reply in the thread, may cost the
// database.
const (
	maxStatements = 35
	maxCommits    = 7
)

// TestStatementsPerCancellation counts what a cancellation costs the database when nothing
// else runs but the loop that polls for due jobs.
func TestStatementsPerCancellation(t *testing.T) {
	t.Parallel()
	h := newFixture(t, true)
	// Take the cheapest of three, in case the polling loop runs during one of them.
	var statements, commits int
	for range 3 {
		s, c := h.cancelOnce()
		if statements == 0 || s < statements {
			statements = s
		}
		if commits == 0 || c < commits {
			commits = c
		}
	}
	t.Logf("%d statements, %d commits", statements, commits)
	if statements > maxStatements || commits > maxCommits {
		t.Errorf("a cancellation takes %d statements and %d commits, want at most %d and %d", statements, commits, maxStatements, maxCommits)
	}
}

// cancelOnce cancels a meeting and returns the statements and commits that took.
func (h *fixture) cancelOnce() (statements, commits int) {
	h.t.Helper()
	h.n++
	m, _ := h.service.Meeting(number)
	m.ID = "91408" + string(rune('0'+h.n%10)) + "436"
	h.service.AddMeeting(m)
	told := len(h.slack.DMs(carol))
	s0, c0 := h.db.Counts()
	if err := h.receiveCommand(h.t.Context(), h.typed(ana, m.ID)); err != nil {
		h.t.Fatal(err)
	}
	var card slacksim.Message
	var value string
	h.await("card", func() bool {
		for _, m := range h.slack.Messages(general, ana) {
			for _, b := range m.Buttons() {
				if b.ActionID == action.Cancel {
					card, value = m, b.Value
				}
			}
		}
		return value != "" && h.count(`SELECT count(*) FROM job WHERE step = 'command'`) == 0
	})
	click := bot.Click{
		Origin: h.origin(ana), Action: action.Cancel, Value: value,
		Message: bot.MessageRef{Channel: general, TS: card.TS},
	}
	if err := h.receiveClick(h.t.Context(), click); err != nil {
		h.t.Fatal(err)
	}
	h.await("end", func() bool {
		return len(h.slack.Thread(card.Ref, ana)) > 0 && len(h.slack.DMs(carol)) > told &&
			h.count(`SELECT count(*) FROM job WHERE step IN ('click', 'cancel', 'report')`) == 0
	})
	s1, c1 := h.db.Counts()
	return s1 - s0, c1 - c0
}

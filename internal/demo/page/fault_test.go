package page_test

import (
	"testing"

	"github.com/chromedp/chromedp"

	"meetingbot/internal/demo/stage"
)

// TestFaults asserts that with any fault, the card ends up showing the truth and the meeting
// is cancelled at most once.
func TestFaults(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, button, want string
		effects            int
	}{
		{"slow", "Meeting service slow", "Meeting cancelled", 1},
		{"silent", "Meeting service silent", "Cancelling failed", 0},
		{"refusing", "Meeting service refusing", "Not cancelled", 0},
		{"acted", "Answer lost after it acted", "Meeting cancelled", 1},
		{"limited", "Slack rate-limited", "Meeting cancelled", 1},
		{"dropped", "Drop a socket", "Meeting cancelled", 1},
		{"killed", "Kill the bot now", "Meeting cancelled", 1},
		{"trapped", "Kill the bot at the DELETE", "Meeting cancelled", 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := open(t)
			ana := chromium(t)
			ana.do(visit(s.as("ana")), say("/cancel-meeting "+stage.Planned), says("#messages h3", "Cancel this meeting?"))
			before := s.Bot.Status()
			ana.do(click(c.button))
			if c.name == "killed" {
				ana.do(says("#bot", "killed 1×"), says("#bot", "2 sockets"))
			}
			ana.do(click("Cancel meeting"), says("#messages h3", c.want), says("#messages", "1 reply"))
			if n := len(s.Meetings.Effects()); n != c.effects {
				t.Errorf("with %q the meeting was cancelled %d times, want %d", c.button, n, c.effects)
			}
			if after := s.Bot.Status(); (c.name == "killed" || c.name == "trapped") && after.PID == before.PID {
				t.Errorf("the bot's process is still %d, want another one", after.PID)
			}
		})
	}
}

// TestClearFaults turns a single fault off, and then all at once.
func TestClearFaults(t *testing.T) {
	t.Parallel()
	s := open(t)
	ana := chromium(t)
	const pressed = `[aria-pressed="true"]`
	ana.do(visit(s.as("ana")), click("Meeting service slow"), says("#fault-slow "+pressed, "slow"))
	ana.do(click("Meeting service silent"), says("#fault-silent "+pressed, "silent"), says("#fault-slow "+pressed, "slow"))
	ana.do(click("Meeting service slow"), chromedp.WaitNotPresent(chromedp.CSS("#fault-slow "+pressed)), says("#fault-silent "+pressed, "silent"))
	ana.do(click("Clear all faults"), chromedp.WaitNotPresent(chromedp.CSS(pressed)))
	if left := s.Meetings.Faults(); len(left) > 0 {
		t.Errorf("faults are left: %+v", left)
	}
}

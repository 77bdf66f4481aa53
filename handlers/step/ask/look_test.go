package ask

import (
	"testing"

	"meetingbot/internal/cancellation"
)

// TestHideSubjects checks that a person's history hides the subjects of meetings they only
// asked the owner about.
func TestHideSubjects(t *testing.T) {
	t.Parallel()
	row := func(asker, to string) cancellation.Request {
		return cancellation.Request{Asker: asker, For: to, Meeting: cancellation.Meeting{Subject: "Budget"}}
	}
	for name, tt := range map[string]struct {
		r      cancellation.Request
		person string
		any    bool
		hidden bool
	}{
		"asked":            {row("U0DAVE", "U0CAROL"), "U0DAVE", false, true},
		"asked, listed":    {row("U0DAVE", "U0CAROL"), "U0DAVE", true, false},
		"was asked":        {row("U0DAVE", "U0CAROL"), "U0CAROL", false, false},
		"an ordinary card": {row("U0DAVE", ""), "U0DAVE", false, false},
		"someone else's":   {row("U0DAVE", "U0CAROL"), "U0BOB", true, false},
	} {
		if got := hideSubjects([]cancellation.Request{tt.r}, tt.person, tt.any)[0].Meeting.Subject == ""; got != tt.hidden {
			t.Errorf("hideSubjects(%s) hides the subject: %t, want %t", name, got, tt.hidden)
		}
	}
}

package spelling_test

import (
	"testing"

	"meetingbot/internal/spelling"
)

func TestNearest(t *testing.T) {
	t.Parallel()
	flags := []string{"end", "series", "occurrence", "reason"}
	for _, tt := range []struct {
		word, want string
		found      bool
	}{
		{"end", "end", true},
		{"edn", "end", true},
		{"ende", "end", true},
		{"serise", "series", true},
		{"ocurrance", "occurrence", true},
		{"raeson", "reason", true},
		{"season", "reason", true},
		{"force", "", false},
		{"", "", false},
		{"x", "", false},
		{"结束会议", "", false},
	} {
		got, found := spelling.Nearest(tt.word, flags)
		if got != tt.want || found != tt.found {
			t.Errorf("Nearest(%q) = %q, %v, want %q, %v", tt.word, got, found, tt.want, tt.found)
		}
	}
}

// TestNearestToleratesLessInShortWords: a short word may have fewer edits than a long one.
func TestNearestToleratesLessInShortWords(t *testing.T) {
	t.Parallel()
	days := []string{"today", "tomorrow"}
	for word, want := range map[string]string{
		"todya": "today", "todayy": "today", "tommorow": "tomorrow", "monday": "", "sunday": "", "midday": "",
	} {
		if got, _ := spelling.Nearest(word, days); got != want {
			t.Errorf("Nearest(%q) = %q, want %q", word, got, want)
		}
	}
}

func TestNearestPrefersTheCloserWord(t *testing.T) {
	t.Parallel()
	got, _ := spelling.Nearest("SLACK_API_URLL", []string{"SLACK_APP_URL", "SLACK_API_URL"})
	if got != "SLACK_API_URL" {
		t.Errorf("Nearest(SLACK_API_URLL) = %q, want SLACK_API_URL", got)
	}
}

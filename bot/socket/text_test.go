package socket

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"
)

// TestLongText: text that is too long is cut after a whole word.
func TestLongText(t *testing.T) {
	t.Parallel()
	long := "Meeting ID: 914087436\n" + strings.Repeat("word\n", textLimit/5) + strings.Repeat("9", 20)
	raw, err := json.Marshal(map[string]any{"files": []map[string]string{
		{"filetype": "email", "subject": "Review", "plain_text": long},
		{"filetype": "email", "subject": "Another " + strings.Repeat("é", 20)},
	}})
	if err != nil {
		t.Fatal(err)
	}
	var m message
	if err := json.Unmarshal(raw, &m); err != nil {
		t.Fatal(err)
	}
	text := m.allText()
	if !strings.HasPrefix(text, "Review\nMeeting ID: 914087436\nword\n") || strings.Contains(text, "99") || !utf8.ValidString(text) {
		t.Errorf("allText() of %d bytes = %.60q … %q, want its beginning", len(long), text, text[max(0, len(text)-20):])
	}
}

// FuzzText: the text of a message is bounded and trimmed.
func FuzzText(f *testing.F) {
	f.Add([]byte(`{"text":"x","blocks":[{"text":{"text":"y"}}],"attachments":[{"text":"z","fields":[{"title":"a","value":"b"}]}],"files":[{"filetype":"email","subject":"s"}]}`))
	f.Add([]byte(`{"blocks":[[[{"text":[{"url":"x"}]}]]]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		var m message
		if json.Unmarshal(data, &m) != nil || !utf8.Valid(data) {
			return
		}
		text := m.allText()
		if strings.TrimSpace(text) != text || len(text) > textLimit+len(data) {
			t.Errorf("allText(%q) = %q", data, text)
		}
	})
}

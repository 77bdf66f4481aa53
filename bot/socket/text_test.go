package socket

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"
)

// FuzzText: the text of a message is bounded, and no piece of it is empty.
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

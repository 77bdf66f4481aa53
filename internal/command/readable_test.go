package command_test

import (
	"testing"

	"meetingbot/internal/command"
)

func TestReadable(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]string{
		"":                                     "",
		"Q&amp;A moved &lt;here&gt;":           "Q&A moved <here>",
		"ask <@U024BE7LH|carol> in <#C12|ops>": "ask @carol in #ops",
		"see <https://example.com/a?b=1&amp;c|https://example.com/a?b=1&amp;c>": "see https://example.com/a?b=1&c",
		"see <https://example.com>":                          "see https://example.com",
		"write <mailto:carol@example.com|carol@example.com>": "write carol@example.com",
		"call <tel:914087436|914 087 436>":                   "call 914 087 436",
		"5 < 6 > 4 <b>":                                      "5 < 6 > 4 <b>",
		"&amp;lt;":                                           "&lt;",
	} {
		if got := command.Readable(typed); got != want {
			t.Errorf("Readable(%q) = %q, want %q", typed, got, want)
		}
	}
}

package block_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/slack-go/slack"

	"meetingbot/handlers/view/block"
)

// TestVerbatim: text to copy stays what it is, but can't end its code span or mention anyone.
func TestVerbatim(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"/cancel-meeting 914087436 --end": "/cancel-meeting 914087436 --end", `--reason "a *b* _c_ :tada:"`: `--reason "a *b* _c_ :tada:"`,
		"`x` ```y```": "'x' '''y'''", "<!here> & @channel": "&lt;!here&gt; &amp; @\u2060channel", "a\nb\u202ec": "a bc", "--of @ana": "--of @\u2060ana", "": "",
	} {
		if got := block.Verbatim(in, 200); got != want {
			t.Errorf("Verbatim(%q) = %q, want %q", in, got, want)
		}
	}
	for in, want := range map[string]string{"&&&": "&amp;&amp;&amp;", "&&&&": "&amp;&amp;…"} {
		if got := block.Verbatim(in, 15); got != want {
			t.Errorf("Verbatim(%q, 15) = %q, want %q: no half of an escape", in, got, want)
		}
	}
}

// TestPlain: nothing is escaped where Slack interprets nothing.
func TestPlain(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		in    string
		limit int
		want  string
	}{
		{"R&D <Q1> *x* `y` :tada:", 75, "R&D <Q1> *x* `y` :tada:"},
		{"one\n two\x00", 75, "one two"},
		{"123456", 5, "1234…"},
		{"12👩‍👩‍👧‍👦", 5, "12…"},
		{"\u202e\u2066", 5, ""},
		{"1234567", 1, "…"},
	} {
		if got := block.Plain(test.in, test.limit); got != test.want {
			t.Errorf("Plain(%q, %d) = %q, want %q", test.in, test.limit, got, test.want)
		}
	}
}

func TestEscapeLine(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"> quote": "\u2060&gt; quote", " \n>x": "\u2060&gt;x", "a > b": "a &gt; b", "&gt;": "&amp;gt;", "": "",
	} {
		if got := block.EscapeLine(in, 200); got != want {
			t.Errorf("EscapeLine(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestCapitalize(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{"the meeting": "The meeting", "é isso": "É isso", "会议": "会议", "<@U0ANA0001> x": "<@U0ANA0001> x", "“x”": "“x”", "": ""} {
		if got := block.Capitalize(in); got != want {
			t.Errorf("Capitalize(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestIDs(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		id, kinds string
		want      bool
	}{
		{"U0ANA0001", "UW", true},
		{"W0ANA0001", "UW", true},
		{"C0OPS0001", "UW", false},
		{"U", "UW", false},
		{"", "UW", false},
		{"u0ana0001", "UW", false},
		{"U0ANA 001", "UW", false},
		{"U0>", "UW", false},
		{"U" + strings.Repeat("A", 29), "UW", true},
		{"U" + strings.Repeat("A", 30), "UW", false},
		{"U0ANÄ", "UW", false},
	} {
		if got := block.IsID(test.id, test.kinds); got != test.want {
			t.Errorf("IsID(%q, %q) = %t, want %t", test.id, test.kinds, got, test.want)
		}
	}
	for s, want := range map[string]bool{"914087436": true, strings.Repeat("9", 20): true, strings.Repeat("9", 21): false, "": false, "91 4": false, "٩١٤": false, "-1": false} {
		if got := block.IsNumber(s); got != want {
			t.Errorf("IsNumber(%q) = %t, want %t", s, got, want)
		}
	}
}

// TestBlocks: empty text leaves no block and no gap.
func TestBlocks(t *testing.T) {
	t.Parallel()
	if b := block.Small("", ""); b != nil {
		t.Errorf("Small of nothing = %+v, want no block", b)
	}
	if got := block.Small("a", "", "b").(*slack.ContextBlock).ContextElements.Elements[0].(*slack.TextBlockObject); got.Text != "a · b" || !got.Verbatim {
		t.Errorf("Small = %+v", got)
	}
	if got := block.Section("a", "", "b").(*slack.SectionBlock).Text; got.Text != "a\nb" || got.Type != slack.MarkdownType || !got.Verbatim {
		t.Errorf("section = %+v, want markup in which Slack creates no links", got)
	}
	if got := block.Stack(nil, block.Section("a"), block.Small(""), block.Section("b")); len(got) != 2 {
		t.Errorf("Stack of two blocks and nil has %d blocks", len(got))
	}
	if got := block.Header(strings.Repeat("長", 200)).(*slack.HeaderBlock).Text; utf8.RuneCountInString(got.Text) != block.MaxHeader || got.Type != slack.PlainTextType || *got.Emoji {
		t.Errorf("header = %+v, want %d characters without emoji codes", got, block.MaxHeader)
	}
}

// TestButton: a button's value is the request and nothing else, and only Danger is red.
func TestButton(t *testing.T) {
	t.Parallel()
	b, d := block.Button("request", "keep_meeting", strings.Repeat("x", 80)), block.Danger("request", "cancel_meeting", "Cancel")
	if b.Value != "request" || b.ActionID != "keep_meeting" || utf8.RuneCountInString(b.Text.Text) != block.MaxLabel || b.Style != "" {
		t.Errorf("button = %+v", b)
	}
	if d.Value != "request" || d.Style != slack.StyleDanger || d.URL != "" || d.Confirm != nil {
		t.Errorf("danger = %+v", d)
	}
	if row := block.Buttons(b, d).(*slack.ActionBlock); len(row.Elements.ElementSet) != 2 || row.BlockID != "" {
		t.Errorf("buttons = %+v", row)
	}
}

package block_test

import (
	"testing"

	"meetingbot/handlers/view/block"
)

func TestEscape(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ in, want string }{
		{"Weekly sync", "Weekly sync"},
		{"R&D <Q1> a>b", "R&amp;D &lt;Q1&gt; a&gt;b"},
		{"<!channel> <@U0ANA0001>", "&lt;!channel&gt; &lt;@\u2060U0ANA0001&gt;"},
		{"*bold* _it_ ~no~ `code`", "∗bold∗ ˍitˍ ∼no∼ ˋcodeˋ"},
		{"snake_case 2*3 a~b x`y", "snake_case 2*3 a~b xˋy"},
		{"@channel me@example.com", "@\u2060channel me@\u2060example.com"},
		{"#general C#", "#\u2060general C#"},
		{":tada: 10:30:45 a: b", ":\u2060tada: 10:30:45 a: b"},
		{":100: at 9:05 :8ball:", ":\u2060100: at 9:05 :\u20608ball:"},
		{"two\n lines\t\u2028here", "two lines here"},
		{"ev\u202eil\u0000\u200b\u2066!", "evil!"},
		{"👩‍👩‍👧 ok", "👩‍👩‍👧 ok"},
		{"\xff\xfebroken", "broken"},
		{" \u200b ", ""},
	} {
		if got := block.Escape(test.in, block.MaxSubject); got != test.want {
			t.Errorf("Escape(%q) = %q, want %q", test.in, got, test.want)
		}
	}
}

func TestEscapeCuts(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		in    string
		limit int
		want  string
	}{
		{"12345", 5, "12345"},
		{"123456", 5, "1234…"},
		{"&&", 10, "&amp;&amp;"},
		{"&&&", 10, "&amp;…"},
		{"abe\u0301xx", 5, "abe\u0301…"},
		{"abce\u0301x", 5, "abc…"},
		{"a👩‍👩‍👧‍👦xyz", 5, "a…"},
		{"ab🇧🇷🇨🇳", 4, "ab…"},
		{"ab🇧🇷🇨🇳", 5, "ab🇧🇷…"},
		{"👍🏽👍🏽", 3, "👍🏽…"},
		{"नमस्ते", 4, "नम…"},
		{"", 5, ""},
	} {
		if got := block.Escape(test.in, test.limit); got != test.want {
			t.Errorf("Escape(%q, %d) = %q, want %q", test.in, test.limit, got, test.want)
		}
	}
}

func TestMention(t *testing.T) {
	t.Parallel()
	for id, want := range map[string]string{
		"U0ANA0001": "<@U0ANA0001>", "W0ANA0001": "<@W0ANA0001>", "S0ADMINS1": "<!subteam^S0ADMINS1>", "C0OPS0001": "<#C0OPS0001>",
		"U0ana": "U0ana", "!channel": "!channel", "U1>x": "U1&gt;x", "": "", "U": "U",
	} {
		if got := block.Mention(id); got != want {
			t.Errorf("Mention(%q) = %q, want %q", id, got, want)
		}
	}
}

func TestLink(t *testing.T) {
	t.Parallel()
	for url, want := range map[string]string{
		"https://example.slack.com/archives/C1/p2?a=1&b=2": "<https://example.slack.com/archives/C1/p2?a=1&amp;b=2|label>",
		"":                      "",
		"javascript:alert(1)":   "",
		"https://x|evil":        "",
		"https://x> <!channel>": "",
		"https://x\nhttps://y":  "",
	} {
		if got := block.Link(url, "label"); got != want {
			t.Errorf("Link(%q) = %q, want %q", url, got, want)
		}
	}
}

func TestGrouped(t *testing.T) {
	t.Parallel()
	for number, want := range map[string]string{
		"914087436": "914 087 436", "9140874365": "914 087 4365", "91408743": "914 087 43", "900": "900", "": "", "9a<": "9a&lt;",
	} {
		if got := block.Grouped(number); got != want {
			t.Errorf("Grouped(%q) = %q, want %q", number, got, want)
		}
	}
}

// TestFlow checks where sentences are separated by a space.
func TestFlow(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		sentences []string
		want      string
	}{
		{nil, ""},
		{[]string{"", "One.", "", "Two."}, "One. Two."},
		{[]string{"没有执行任何操作。", "例如：", "`/x`"}, "没有执行任何操作。例如：`/x`"},
		{[]string{"请输入 `/x`", "如需取消。"}, "请输入 `/x` 如需取消。"},
	} {
		if got := block.Flow(test.sentences...); got != test.want {
			t.Errorf("Flow(%q) = %q, want %q", test.sentences, got, test.want)
		}
	}
}

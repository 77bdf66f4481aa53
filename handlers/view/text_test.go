package view

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"pgregory.net/rapid"

	"meetingbot/internal/cancellation"
)

func TestForeign(t *testing.T) {
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
		{"two\n lines\t\u2028here", "two lines here"},
		{"ev\u202eil\u0000\u200b\u2066!", "evil!"},
		{"👩‍👩‍👧 ok", "👩‍👩‍👧 ok"},
		{"\xff\xfebroken", "broken"},
		{" \u200b ", ""},
	} {
		if got := foreign(test.in, maxSubject); got != test.want {
			t.Errorf("foreign(%q) = %q, want %q", test.in, got, test.want)
		}
	}
}

func TestForeignCuts(t *testing.T) {
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
		if got := foreign(test.in, test.limit); got != test.want {
			t.Errorf("foreign(%q, %d) = %q, want %q", test.in, test.limit, got, test.want)
		}
	}
}

func TestForeignNeverTooLong(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s, limit := hostile().Draw(t, "s"), rapid.IntRange(1, 400).Draw(t, "limit")
		for name, got := range map[string]string{"foreign": foreign(s, limit), "verbatim": verbatim(s, limit), "plain": plain(s, limit)} {
			if n := utf8.RuneCountInString(got); n > limit || !utf8.ValidString(got) || strings.ContainsAny(got, "\n\r") {
				t.Fatalf("%s(%q, %d) = %q, %d characters", name, s, limit, got, n)
			}
		}
	})
}

func TestMention(t *testing.T) {
	t.Parallel()
	for id, want := range map[string]string{
		"U0ANA0001": "<@U0ANA0001>", "W0ANA0001": "<@W0ANA0001>", "S0ADMINS1": "<!subteam^S0ADMINS1>", "C0OPS0001": "<#C0OPS0001>",
		"U0ana": "U0ana", "!channel": "!channel", "U1>x": "U1&gt;x", "": "", "U": "U",
	} {
		if got := mention(id); got != want {
			t.Errorf("mention(%q) = %q, want %q", id, got, want)
		}
	}
}

func TestLink(t *testing.T) {
	t.Parallel()
	for url, want := range map[string]string{
		"https://example.slack.com/archives/C1/p2?a=1&b=2": "<https://example.slack.com/archives/C1/p2?a=1&amp;b=2|label>",
		"":                      "label",
		"javascript:alert(1)":   "label",
		"https://x|evil":        "label",
		"https://x> <!channel>": "label",
		"https://x\nhttps://y":  "label",
	} {
		if got := link(url, "label"); got != want {
			t.Errorf("link(%q) = %q, want %q", url, got, want)
		}
	}
}

func TestGrouped(t *testing.T) {
	t.Parallel()
	for number, want := range map[string]string{
		"914087436": "914 087 436", "9140874365": "914 087 4365", "91408743": "914 087 43", "900": "900", "": "", "9a<": "9a&lt;",
	} {
		if got := grouped(number); got != want {
			t.Errorf("grouped(%q) = %q, want %q", number, got, want)
		}
	}
}

func TestLength(t *testing.T) {
	t.Parallel()
	en, pt := newRenderer(t, "").person("en"), newRenderer(t, "").person("pt-BR")
	for _, test := range []struct {
		d      time.Duration
		en, pt string
	}{
		{-time.Second, "1 second", "1 segundo"},
		{time.Millisecond, "1 second", "1 segundo"},
		{59*time.Second + 1, "60 seconds", "60 segundos"},
		{time.Minute, "1 minute", "1 minuto"},
		{45 * time.Minute, "45 minutes", "45 minutos"},
		{time.Hour, "1 hour", "1 hora"},
		{90 * time.Minute, "1 hour 30 minutes", "1 hora e 30 minutos"},
		{48*time.Hour + time.Minute, "48 hours 1 minute", "48 horas e 1 minuto"},
	} {
		if got := en.length(test.d); got != test.en {
			t.Errorf("length(%s) in English = %q, want %q", test.d, got, test.en)
		}
		if got := pt.length(test.d); got != test.pt {
			t.Errorf("length(%s) in Portuguese = %q, want %q", test.d, got, test.pt)
		}
	}
}

func TestMoment(t *testing.T) {
	t.Parallel()
	p := newRenderer(t, "").person("en")
	if got, want := p.moment("long", noon), "<!date^1796126400^{date_long_pretty} at {time}|Tue 2026-12-01 12:00 UTC>"; got != want {
		t.Errorf("moment(%s) = %q, want %q", noon, got, want)
	}
	elsewhere := noon.In(time.FixedZone("", 8*60*60))
	if got, want := p.moment("long", elsewhere), p.moment("long", noon); got != want {
		t.Errorf("moment(%s) = %q, want %q", elsewhere, got, want)
	}
	if got, want := p.moment("long", time.Time{}), "not known"; got != want {
		t.Errorf("moment(zero) = %q, want %q", got, want)
	}
}

func TestRule(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		rule cancellation.Rule
		want string
	}{
		{cancellation.Rule{}, "Recurring"},
		{cancellation.Rule{Cycle: "Year"}, "Recurring"},
		{cancellation.Rule{Cycle: "Day"}, "Every day"},
		{cancellation.Rule{Cycle: "Day", Interval: 3}, "Every 3 days"},
		{cancellation.Rule{Cycle: "Week", Interval: 1, Points: []int{0, 6}}, "Every week on Sunday, Saturday"},
		{cancellation.Rule{Cycle: "Week", Interval: 2, Points: []int{1, 9, -1}}, "Every 2 weeks on Monday"},
		{cancellation.Rule{Cycle: "Month", Interval: 1, Points: []int{1, 15, 40}}, "Every month on day 1, 15"},
		{cancellation.Rule{Cycle: "Day", Points: []int{1}, Until: "2027-03-31"}, "Every day, until 2027-03-31"},
		{cancellation.Rule{Cycle: "Day", Until: "soon <!here>"}, "Every day"},
	} {
		r := cancellation.Request{Meeting: cancellation.Meeting{Recurring: true, Rule: test.rule}}
		if got := newRenderer(t, "").person("en").rule(r); got != test.want {
			t.Errorf("rule(%+v) = %q, want %q", test.rule, got, test.want)
		}
	}
}

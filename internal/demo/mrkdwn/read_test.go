package mrkdwn

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestRead(t *testing.T) {
	t.Parallel()
	plain := func(s string) Span { return Span{Kind: Plain, Text: s} }
	reader := Reader{Name: func(id string) string { return map[string]string{"U1": "ana", "C1": "general", "S1": "desk"}[id] }}
	for _, c := range []struct {
		name, text string
		want       []Span
	}{
		{"nothing", "", nil},
		{"words", "a b", []Span{plain("a b")}},
		{"escapes", "&lt;b&gt; &amp;lt;", []Span{plain("<b> &lt;")}},
		{"bold", "*When*\nnow", []Span{{Kind: Bold, Inside: []Span{plain("When")}}, plain("\nnow")}},
		{"inside each other", "*a _b_*", []Span{{Kind: Bold, Inside: []Span{plain("a "), {Kind: Italic, Inside: []Span{plain("b")}}}}}},
		{"inside a word", "2*3*4 snake_case_name", []Span{plain("2*3*4 snake_case_name")}},
		{"alone", "* a ** b", []Span{plain("* a ** b")}},
		{"strike", "~no~.", []Span{{Kind: Strike, Inside: []Span{plain("no")}}, plain(".")}},
		{"code", "`/cancel *x*`", []Span{{Kind: Code, Text: "/cancel *x*"}}},
		{"block", "see\n```a\n*b*```", []Span{plain("see\n"), {Kind: Block, Text: "a\n*b*"}}},
		{"open block", "a ```b", []Span{plain("a "), plain("```b")}},
		{"quote", "&gt; said\nok", []Span{{Kind: Quote, Inside: []Span{plain("said")}}, plain("\nok")}},
		{"person", "<@U1> did", []Span{{Kind: Mention, Text: "@ana"}, plain(" did")}},
		{"channel and group", "<#C1|x> <!subteam^S1>", []Span{{Kind: Mention, Text: "#general"}, plain(" "), {Kind: Mention, Text: "@desk"}}},
		{"link", "<https://a.example/?x=1&amp;y=2|here>", []Span{{Kind: Link, Text: "here", URL: "https://a.example/?x=1&y=2"}}},
		{"link of another kind", "<javascript:alert(1)|here>", []Span{plain("here")}},
		{"sign in a link", "*<https://a.example/*|a*>*", []Span{{Kind: Bold, Inside: []Span{{Kind: Link, Text: "a*", URL: "https://a.example/*"}}}}},
		{"no token", "a < b <c", []Span{plain("a < b <c")}},
		{"broken date", "<!date^soon^{date}|later>", []Span{{Kind: Date, Text: "later"}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(c.want, reader.Read(c.text)); diff != "" {
				t.Errorf("Read(%q) (-want +got):\n%s", c.text, diff)
			}
		})
	}
}

func TestDates(t *testing.T) {
	t.Parallel()
	zone, err := time.LoadLocation("Europe/Madrid")
	if err != nil {
		t.Fatal(err)
	}
	noon := time.Date(2026, 12, 1, 23, 30, 0, 0, time.UTC) // 00:30 on the 2nd in Madrid
	for _, c := range []struct{ locale, format, want string }{
		{"en-US", "{date_long_pretty} at {time}", "tomorrow at 12:30 AM"},
		{"en-US", "{date_long} {time_secs}", "Wednesday, December 2, 2026 12:30:00 AM"},
		{"en-GB", "{date_short}", "Dec 2, 2026"},
		{"pt-BR", "{date_long}, {time}", "quarta-feira, 2 de dezembro de 2026, 00:30"},
		{"es-ES", "{date_pretty} {date_short}", "mañana 2/12/2026"},
		{"zh-CN", "{date_long} {time}", "2026年12月2日星期三 00:30"},
		{"xx", "{date_num} {unknown}", "2026-12-02 {unknown}"},
	} {
		t.Run(c.locale+" "+c.format, func(t *testing.T) {
			t.Parallel()
			r := Reader{Zone: zone, Locale: c.locale, Now: func() time.Time { return noon.Add(-2 * time.Hour) }}
			text := "<!date^1796167800^" + c.format + "|fallback>"
			if got := Text(r.Read(text)); got != c.want {
				t.Errorf("Read(%q) = %q, want %q", text, got, c.want)
			}
		})
	}
}

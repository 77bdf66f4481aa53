package page_test

import (
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/slack-go/slack"

	"meetingbot/handlers/view/page"
	"meetingbot/handlers/view/sample"
	"meetingbot/handlers/view/viewtest"
	"meetingbot/handlers/view/words"
	"meetingbot/internal/cancellation"
)

// TestWhat: a meeting is named in full, without the subject for readers who need not learn it,
// and for a notification.
func TestWhat(t *testing.T) {
	t.Parallel()
	of := func(m cancellation.Meeting) cancellation.Request { return cancellation.Request{Meeting: m} }
	hostile := of(cancellation.Meeting{Number: "<!here>", Subject: "*Q1* & <@U0ANA0001> :tada:"})
	for name, test := range map[string]struct {
		r                    cancellation.Request
		full, bare, fallback string
	}{
		"meeting":        {sample.Planned(), "the meeting “Budget &amp; plans &lt;Q1&gt;” (914 087 436)", "the meeting 914 087 436", "the meeting “Budget &amp; plans &lt;Q1&gt;” (914087436)"},
		"series":         {sample.Recurring(), "the series “Weekly review” (914 087 436)", "the series 914 087 436", "the series “Weekly review” (914087436)"},
		"no subject":     {of(cancellation.Meeting{ID: "914087436"}), "the meeting 914 087 436", "the meeting 914 087 436", "the meeting 914087436"},
		"typed only":     {cancellation.Request{Number: "91408743"}, "the meeting 914 087 43", "the meeting 914 087 43", "the meeting 91408743"},
		"nothing":        {cancellation.Request{}, "this meeting", "this meeting", "this meeting"},
		"unnamed series": {of(cancellation.Meeting{Recurring: true}), "this series", "this series", "this series"},
		"hostile":        {hostile, "the meeting “∗Q1∗ &amp; &lt;@\u2060U0ANA0001&gt; :\u2060tada:” (&lt;!here&gt;)", "the meeting &lt;!here&gt;", "the meeting “∗Q1∗ &amp; &lt;@\u2060U0ANA0001&gt; :\u2060tada:” (&lt;!here&gt;)"},
		"several":        {sample.Many(4), "these 3 meetings", "these 3 meetings", "these 3 meetings"},
		"none ticked":    {sample.Many(1), "this meeting", "this meeting", "this meeting"},
	} {
		p := viewtest.Page("en")
		if got := [3]string{p.What(test.r), p.Discreet().What(test.r), p.ForFallback().What(test.r)}; got != [3]string{test.full, test.bare, test.fallback} {
			t.Errorf("%s: %q, want %q, %q, %q", name, got, test.full, test.bare, test.fallback)
		}
	}
}

func TestNumber(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		m    cancellation.Meeting
		want string
	}{
		{cancellation.Meeting{ID: "914087436", Number: "914087436"}, "914 087 436"},
		{cancellation.Meeting{ID: "914087436"}, "914 087 436"},
		{cancellation.Meeting{Number: "914087436"}, "914 087 436"},
		{cancellation.Meeting{ID: "914087436", Number: "900123456"}, "900 123 456 (service ID 914 087 436)"},
		{cancellation.Meeting{ID: "<id>", Number: "900123456"}, "900 123 456 (service ID &lt;id&gt;)"},
		{cancellation.Meeting{}, ""},
	} {
		if got := viewtest.Page("en").Number(test.m); got != test.want {
			t.Errorf("Number(%+v) = %q, want %q", test.m, got, test.want)
		}
	}
}

// TestPeople: people are named by their Slack ids, each once, at most ten. Anything that isn't
// an id is just text.
func TestPeople(t *testing.T) {
	t.Parallel()
	p := viewtest.Page("en")
	for id, want := range map[string]string{"": "someone", sample.Ana: "<@U0ANA0001>", "<!channel>": "&lt;!channel&gt;", "@here": "@\u2060here"} {
		if got := p.Who(id); got != want {
			t.Errorf("Who(%q) = %q, want %q", id, got, want)
		}
	}
	var twelve []string
	for i := range 12 {
		twelve = append(twelve, fmt.Sprintf("U0BOB%04d", i))
	}
	for want, ids := range map[string][]string{
		"": {"", "*"}, "<@U0ANA0001>": {sample.Ana, "*", sample.Ana, ""}, "<@U0ANA0001>, <!subteam^S0ADMINS1>, <#C0OPS0001>": {sample.Ana, "S0ADMINS1", "C0OPS0001"},
		"<@U0BOB0000>, <@U0BOB0001>, <@U0BOB0002>, <@U0BOB0003>, <@U0BOB0004>, <@U0BOB0005>, <@U0BOB0006>, <@U0BOB0007>, <@U0BOB0008>, <@U0BOB0009>":         twelve[:10],
		"<@U0BOB0000>, <@U0BOB0001>, <@U0BOB0002>, <@U0BOB0003>, <@U0BOB0004>, <@U0BOB0005>, <@U0BOB0006>, <@U0BOB0007>, <@U0BOB0008>, <@U0BOB0009>, 2 more": twelve,
	} {
		if got := p.People(ids); got != want {
			t.Errorf("People(%q) = %q, want %q", ids, got, want)
		}
	}
	if twelve[10] != "U0BOB0010" {
		t.Errorf("People changed its argument: %q", twelve)
	}
}

// TestReason: a reason never becomes markup, a quotation or two paragraphs, and it fits.
func TestReason(t *testing.T) {
	t.Parallel()
	p := viewtest.Page("en")
	for reason, want := range map[string]string{
		"flooded": "flooded", "> quoted": "\u2060&gt; quoted", "*a*\n\nb": "∗a∗ b", strings.Repeat("<", 500): strings.Repeat("&lt;", 500), "<!here>": "&lt;!here&gt;",
	} {
		r := cancellation.Request{Reason: reason}
		if got := viewtest.Texts([]slack.Block{p.Reason(r)}); len(got) != 1 || got[0] != "*Reason*\n"+want || utf8.RuneCountInString(got[0]) > 3000 {
			t.Errorf("Reason(%.20q) = %.80q, want %.80q", reason, got, want)
		}
		if got := p.Brief(r); !strings.HasPrefix(got, "Reason: ") || utf8.RuneCountInString(got) > 320 {
			t.Errorf("Brief(%.20q) = %q", reason, got)
		}
	}
	if p.Reason(cancellation.Request{}) != nil || p.Brief(cancellation.Request{}) != "" {
		t.Error("there is a reason where none was given")
	}
}

// TestFlags: the flags ask for the same again, as far as that can be typed.
func TestFlags(t *testing.T) {
	t.Parallel()
	dated := func(wanted string) cancellation.Request {
		return cancellation.Request{Scope: cancellation.Occurrence, Wanted: wanted}
	}
	superseding := dated("2026-12-01")
	superseding.Supersedes = "earlier"
	for _, test := range []struct {
		r    cancellation.Request
		end  bool
		want string
	}{
		{cancellation.Request{}, false, ""},
		{cancellation.Request{}, true, "--end"},
		{cancellation.Request{Scope: cancellation.Series}, true, "--end --series"},
		{dated("2026-12-01"), false, "--occurrence 2026-12-01"},
		{dated("2026-12-01T10:00"), true, "--end --occurrence 2026-12-01T10:00"},
		{dated(""), false, ""},
		{dated("today` <!here>"), false, ""},
		{superseding, false, ""},
	} {
		if got := page.Flags(test.r, test.end); got != test.want {
			t.Errorf("Flags(%+v, %t) = %q, want %q", test.r, test.end, got, test.want)
		}
	}
}

func TestExample(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		r    cancellation.Request
		want string
	}{
		"number":       {cancellation.Request{Number: "91408743"}, "`/cancel-meeting 91408743 --end`"},
		"renamed":      {cancellation.Request{Number: "91408743", As: "/stornieren"}, "`/stornieren 91408743 --end`"},
		"no number":    {cancellation.Request{}, "`/cancel-meeting 914087436 --end`"},
		"letters":      {cancellation.Request{Number: "x` *y*"}, "`/cancel-meeting 914087436 --end`"},
		"several":      {sample.Many(3), "`/cancel-meeting 2026-12-01..2026-12-05`"},
		"no line":      {cancellation.Request{Batch: &cancellation.Batch{}}, "`/cancel-meeting 914087436 --end`"},
		"meeting's":    {cancellation.Request{Number: "91408743", Meeting: cancellation.Meeting{Number: "91408744"}}, "`/cancel-meeting 91408744 --end`"},
		"far too long": {cancellation.Request{Number: strings.Repeat("9", 30)}, "`/cancel-meeting 914087436 --end`"},
	} {
		if got := viewtest.Page("en").Example(test.r, "--end"); got != test.want {
			t.Errorf("%s: Example = %q, want %q", name, got, test.want)
		}
	}
}

// TestToType: lines are shown whole, as many as fit, and name a person only to readers who may
// see it.
func TestToType(t *testing.T) {
	t.Parallel()
	line := "/cancel-meeting 914087436"
	long := "/cancel-meeting" + strings.Repeat(" 914087436", 45)
	p := viewtest.Page("en")
	for name, test := range map[string]struct {
		p           page.Page
		typed, want string
	}{
		"one":              {p, line, "`" + line + "`"},
		"two":              {p, line + "\n" + line, "`" + line + "`\n`" + line + "`"},
		"eleven":           {p, strings.Repeat(line+"\n", 10) + line, strings.Repeat("`"+line+"`\n", 10) + "1 more line is not shown."},
		"three long ones":  {p, long + "\n" + long + "\n" + long, "`" + long + "`\n`" + long + "`\n1 more line is not shown."},
		"whose":            {p, line + " --of <@U0OLGA003> --end", "`" + line + " --of &lt;@\u2060U0OLGA003&gt; --end`"},
		"whose, discreet":  {p.Discreet(), line + " --of <@U0OLGA003> --end", "`" + line + " --of … --end`"},
		"a backtick in it": {p, line + " --reason \"`x`\"", "`" + line + " --reason \"'x'\"`"},
	} {
		if got := test.p.ToType(test.typed); got != test.want {
			t.Errorf("%s: ToType = %q, want %q", name, got, test.want)
		}
	}
}

// TestToCopy: lines are shown whole, at most twenty, as many as fit in a message.
func TestToCopy(t *testing.T) {
	t.Parallel()
	worst := "/cancel-meeting" + strings.Repeat(" 914087436", 20) + ` --reason "` + strings.Repeat("&", 500) + `"`
	for name, test := range map[string]struct {
		lines       []string
		shown, more int
	}{
		"none": {nil, 0, 0}, "twenty": {strings.Split(strings.Repeat("x ", 19)+"x", " "), 20, 0}, "twenty-five": {strings.Split(strings.Repeat("x ", 24)+"x", " "), 20, 5},
		"long ones": {[]string{worst, worst, worst, worst}, 3, 1},
	} {
		_, shown, more := page.ToCopy("", test.lines)
		if len(shown) != test.shown || more != test.more || strings.Contains(viewtest.Text(shown), "…") {
			t.Errorf("%s: %d shown and %d more, want %d and %d, none of them cut", name, len(shown), more, test.shown, test.more)
		}
	}
}

// TestDates: a notification names fewer dates, and in UTC.
func TestDates(t *testing.T) {
	t.Parallel()
	r := sample.Recurring()
	p := viewtest.Page("en")
	if got := viewtest.Render(p.DateLine(cancellation.Dates(r), 2)); got != "Tue 2026-12-01 14:00 UTC, Tue 2026-12-08 14:00 UTC, and 7 more dates" {
		t.Errorf("DateLine(9, 2) = %q", got)
	}
	if got := p.ForFallback().DateLine(cancellation.Dates(r), 20); strings.Count(got, "UTC") != 5 || strings.Contains(got, "!date") || !strings.HasSuffix(got, "and 4 more dates") {
		t.Errorf("DateLine(9, 20) fallback = %q", got)
	}
	chosen := sample.Change(r, sample.Scoped(cancellation.Occurrence, 1, 8))
	if got := cancellation.Dates(chosen); len(got) != 2 || got[0].ID != "occurrence-1" || got[1].ID != "occurrence-8" {
		t.Errorf("Dates(of two chosen) = %+v", got)
	}
	if got := cancellation.Dates(sample.Change(r, sample.Scoped(cancellation.Series), func(r *cancellation.Request) { r.Chosen = []string{"x"} })); len(got) != 9 {
		t.Errorf("Dates(of the series) are %d, want 9", len(got))
	}
	for d, want := range map[time.Duration]string{time.Hour: "1 hour", 47 * time.Hour: "47 hours", 48 * time.Hour: "2 days", 90 * 24 * time.Hour: "90 days"} {
		if got := p.Span(d); got != want {
			t.Errorf("Span(%s) = %q, want %q", d, got, want)
		}
	}
	if got := p.UTC(time.Time{}); got != "time unknown" {
		t.Errorf("UTC(zero) = %q", got)
	}
}

// TestLanguages: names and dates are in the reader's language and have no gaps.
func TestLanguages(t *testing.T) {
	t.Parallel()
	for _, locale := range words.Languages() {
		p := viewtest.Page(locale)
		for name, text := range map[string]string{
			"what": p.What(sample.Planned()), "series": p.What(sample.Recurring()), "several": p.What(sample.Many(4)), "who": p.Who(""), "rule": p.Rule(sample.Recurring()),
			"length": p.Length(95 * time.Minute), "span": p.Span(72 * time.Hour), "dates": p.DateLine(cancellation.Dates(sample.Recurring()), 2), "utc": p.UTC(sample.Noon),
		} {
			if code := viewtest.FindCode(text); code != "" || text == "" || strings.Contains(text, "  ") || strings.Contains(text, "0 ") && name == "length" {
				t.Errorf("%s in %s = %q", name, locale, text)
			}
		}
	}
}

// TestCountedPeople: Chinese counts people with another word than things.
func TestCountedPeople(t *testing.T) {
	t.Parallel()
	var people, channels []string
	for i := range 50 {
		people, channels = append(people, fmt.Sprintf("U%02d", i)), append(channels, fmt.Sprintf("C%02d", i))
	}
	p := viewtest.Page("zh-CN")
	if got := p.People(people); !strings.HasSuffix(got, "、另外 40 人") {
		t.Errorf("fifty people: %q", got)
	}
	if got := p.Channels(channels); !strings.HasSuffix(got, "、另外 40 个") {
		t.Errorf("fifty channels: %q", got)
	}
}

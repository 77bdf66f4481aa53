package card_test

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"meetingbot/handlers/view/block"
	"meetingbot/handlers/view/card"
	"meetingbot/handlers/view/sample"
	"meetingbot/handlers/view/viewtest"
	"meetingbot/handlers/view/words"
	"meetingbot/internal/cancellation"
)

// TestFacts checks what a card says about a meeting, and what it leaves out.
func TestFacts(t *testing.T) {
	t.Parallel()
	calling := sample.InState(cancellation.Calling)
	people := func(n int) func(*cancellation.Request) {
		return func(r *cancellation.Request) { r.Meeting.People = n }
	}
	zero := func(r *cancellation.Request) {
		r.Meeting = cancellation.Meeting{ID: "914087436", StateKnown: true}
	}
	for name, test := range map[string]struct {
		r            cancellation.Request
		says, silent []string
	}{
		"planned": {
			sample.Planned(),
			[]string{"*Budget &amp; plans &lt;Q1&gt;*", "*When*\nTue 2026-12-01 14:00 UTC", "*Length*\n45 minutes", "*Meeting number*\n914 087 436", "*Owner*\nOlga Nowak", "*Status*\nScheduled, not started"},
			[]string{"Repeats", "are invited", "service ID"},
		},
		"running":         {sample.Running(), []string{"*Status*\nRunning now with 7 people in it", "1 hour 30 minutes"}, []string{"Scheduled"}},
		"one person":      {sample.Change(sample.Running(), people(1)), []string{"Running now with 1 person in it"}, nil},
		"nobody in it":    {sample.Change(sample.Running(), people(0)), []string{"*Status*\nRunning now"}, []string{"with 0"}},
		"state unknown":   {sample.Change(sample.Planned(), sample.StateUnknown), []string{"The meeting service doesn't say whether it has started"}, []string{"Scheduled"}},
		"no longer asked": {sample.Change(sample.Running(), calling), nil, []string{"Status", "7 people"}},
		"almost nothing":  {sample.Change(sample.Planned(), zero), []string{"*When*\ntime unknown", "914 087 436"}, []string{"*Length*", "*Owner*", "0 minutes", "**"}},
		"room number": {
			sample.Change(sample.Planned(), func(r *cancellation.Request) { r.Meeting.Number = "900123456" }), []string{"900 123 456 (service ID 914 087 436)"}, nil,
		},
		"series to choose from": {sample.Recurring(), []string{"*Repeats*\nEvery week on Tuesday, until 2027-01-26, in the meeting's time zone; 9 dates left"}, []string{"*Next date*", "*When*"}},
		"series chosen": {
			sample.Change(sample.Recurring(), sample.Scoped(cancellation.Series)), []string{"*Next dates*\n• Tue 2026-12-01 14:00 UTC\n• Tue 2026-12-08 14:00 UTC", "and 3 more dates"}, []string{"9 dates left", "*Next date*"},
		},
		"series being cancelled":            {sample.Change(sample.Recurring(), sample.Scoped(cancellation.Series), calling), []string{"*Next date*\nTue 2026-12-01 14:00 UTC"}, []string{"•"}},
		"series without dates":              {sample.Change(sample.Recurring(), unlisted), []string{"*Next date*"}, []string{"dates left"}},
		"dates kept":                        {sample.Change(sample.Recurring(), sample.Scoped(cancellation.Occurrence, 2), sample.InState(cancellation.Declined)), []string{"*Chosen date*\n• Tue 2026-12-15 14:00 UTC"}, []string{"2026-12-08"}},
		"dates cancelled":                   {sample.Change(sample.Recurring(), sample.Scoped(cancellation.Occurrence, 2), sample.DoneWith(cancellation.Cancelled, "")), []string{"was cancelled by @BOB: Tue 2026-12-15 14:00 UTC."}, []string{"Chosen date", "•"}},
		"invited, notified":                 {sample.Change(sample.Planned(), sample.Invited("yes")), []string{"12 people are invited; the meeting service will notify them."}, nil},
		"invited, not notified":             {sample.Change(sample.Planned(), sample.Invited("no")), []string{"12 people are invited; the meeting service will not notify them."}, nil},
		"invited, unknown whether notified": {sample.Change(sample.Planned(), sample.Invited("")), []string{"12 people are invited."}, []string{"notify"}},
		"nobody invited": {
			sample.Change(sample.Planned(), sample.Invited("yes"), func(r *cancellation.Request) { r.Meeting.Invited = 0 }), nil, []string{"invited;", "0 people"},
		},
	} {
		m := card.Draw(viewtest.Page("en"), test.r, sample.Noon)
		said := viewtest.Text(m.Blocks)
		for _, want := range test.says {
			if !strings.Contains(said, want) {
				t.Errorf("%s: the card does not say %q:\n%s", name, want, said)
			}
		}
		for _, not := range test.silent {
			if strings.Contains(said, not) {
				t.Errorf("%s: the card says %q:\n%s", name, not, said)
			}
		}
	}
}

// TestDateBoxes: each date is listed once, with its tick and the mark of a running one; a date
// that isn't listed can be typed.
func TestDateBoxes(t *testing.T) {
	t.Parallel()
	r := sample.Change(sample.RecurringRunning(), func(r *cancellation.Request) { r.Chosen = []string{"occurrence-2", "gone"} })
	m := card.Draw(viewtest.Page("en"), r, sample.Noon)
	boxes := viewtest.Boxes(m.Blocks)
	if len(boxes) != 9 || boxes[0] != "[ ] Tue 2026-12-01 11:50 UTC (Running now: ticking it ends it for everyone)" || boxes[1] != "[ ] Tue 2026-12-08 14:00 UTC" || boxes[2] != "[x] Tue 2026-12-15 14:00 UTC" {
		t.Errorf("boxes = %q", boxes)
	}
	if said := viewtest.Text(m.Blocks); strings.Count(said, "2026-12-22") != 1 {
		t.Errorf("the card says 2026-12-22 %d times, want once:\n%s", strings.Count(said, "2026-12-22"), said)
	}
	for weeks, want := range map[int]string{50: "", 51: "1 later date is not listed. To cancel it, type `/cancel-meeting 914087436 --occurrence YYYY-MM-DD`", 57: "7 later dates are not listed."} {
		m := card.Draw(viewtest.Page("en"), sample.Change(sample.Recurring(), sample.Weeks(weeks)), sample.Noon)
		if said := viewtest.Text(m.Blocks); len(viewtest.Boxes(m.Blocks)) != 50 || !strings.Contains(said, want) || strings.Contains(said, "not listed") != (want != "") {
			t.Errorf("%d dates: %d boxes, want 50 and %q", weeks, len(viewtest.Boxes(m.Blocks)), want)
		}
	}
	r = sample.Change(sample.Recurring(), sample.Weeks(57), func(r *cancellation.Request) { r.End, r.Reason = true, `a "leak"` })
	said, want := viewtest.Text(card.Draw(viewtest.Page("en"), r, sample.Noon).Blocks), "`/cancel-meeting 914087436 --occurrence YYYY-MM-DD --end --reason \"a 'leak'\"`"
	if !strings.Contains(said, want) {
		t.Errorf("asked with flags, the card does not say %q:\n%s", want, said)
	}
}

// TestTick: a date fits in an option in every language and time zone, and stays readable where
// Slack doesn't know the token.
func TestTick(t *testing.T) {
	t.Parallel()
	for _, locale := range words.Languages() {
		for _, at := range []time.Time{sample.Noon, time.Date(2026, 9, 30, 23, 59, 0, 0, time.UTC), time.Date(9999, 12, 31, 0, 0, 0, 0, time.UTC), {}} {
			got := card.Tick(viewtest.Page(locale), at)
			if n := utf8.RuneCountInString(got); n > block.MaxLabel || !at.IsZero() && !strings.HasSuffix(got, at.Format("2006-01-02 15:04")+" UTC>") {
				t.Errorf("Tick(%s) in %s = %q, %d characters", at, locale, got, n)
			}
		}
	}
	long := viewtest.Page("en")
	for _, locale := range words.Languages() {
		if p := viewtest.Page(locale); utf8.RuneCountInString(p.Moment("long", sample.Noon)) > utf8.RuneCountInString(long.Moment("long", sample.Noon)) {
			long = p
		}
	}
	far := time.Date(99999, 1, 1, 0, 0, 0, 0, time.UTC) // more digits
	if got := card.Tick(long, far); strings.Count(got, "|") != 1 || !strings.HasSuffix(got, ">") {
		t.Errorf("Tick(%s) = %q, want a whole token", far, got)
	}
}

// TestTellNote: with TELL_INVITED=always, the card says that invited people will be told, if
// there may be any.
func TestTellNote(t *testing.T) {
	t.Parallel()
	some, none := cancellation.Meeting{Invited: 2, InvitedKnown: true}, cancellation.Meeting{InvitedKnown: true}
	for _, test := range []struct {
		tell cancellation.TellInvited
		m    cancellation.Meeting
		want bool
	}{
		{cancellation.TellAlways, some, true},
		{cancellation.TellAlways, cancellation.Meeting{}, true},
		{cancellation.TellAlways, none, false},
		{cancellation.TellAsk, some, false},
		{cancellation.TellNever, some, false},
		{"", some, false},
	} {
		p := viewtest.Page("en")
		p.Tell = test.tell
		if got := card.TellNote(p, test.m); (got != "") != test.want {
			t.Errorf("TellNote(%q, %+v) = %q, want a note: %t", test.tell, test.m, got, test.want)
		}
	}
	p := viewtest.Page("en")
	p.Tell = cancellation.TellAsk
	for wanted, want := range map[bool]string{true: "[x] Tell the invited people in Slack", false: "[ ] Tell the invited people in Slack"} {
		r := sample.Change(sample.Planned(), sample.Invited("no"), sample.Told(cancellation.Telling{Wanted: wanted}))
		if got := viewtest.Boxes(card.Draw(p, r, sample.Noon).Blocks); len(got) != 1 || got[0] != want {
			t.Errorf("box, ticked before: %t = %q, want %q", wanted, got, want)
		}
	}
}

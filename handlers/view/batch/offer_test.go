package batch_test

import (
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"meetingbot/handlers/view/action"
	"meetingbot/handlers/view/answer"
	"meetingbot/handlers/view/batch"
	"meetingbot/handlers/view/sample"
	"meetingbot/handlers/view/viewtest"
	"meetingbot/internal/cancellation"
)

// ticks ticks exactly these items, and turns to the second page.
func ticks(items ...int) func(*cancellation.Request) {
	return func(r *cancellation.Request) { r.Batch = r.Batch.WithTicks(items).OnPage(true) }
}

// numbers has the meetings asked for by number instead of by day.
var numbers = sample.OnBatch(func(b *cancellation.Batch) { b.Days, b.Whose = "", "" })

// TestOfferPage checks what the first page says, and what it leaves out.
func TestOfferPage(t *testing.T) {
	t.Parallel()
	unknown := sample.OnBatch(func(b *cancellation.Batch) { b.Meetings[1].StateKnown = false })
	lastOfSeries := sample.OnBatch(func(b *cancellation.Batch) {
		for i, m := range b.Meetings {
			if m.Recurring {
				b.Meetings[i].Occurrences, b.Meetings[i].DatesKnown = m.Occurrences[:1], true
			}
		}
	})
	more := sample.OnBatch(func(b *cancellation.Batch) {
		b.More, b.MoreLine, b.Partial = 17, "/cancel-meeting 2026-12-04 --of <@U0OLGA003>", true
	})
	leaver := sample.OnBatch(func(b *cancellation.Batch) { b.Whose = "leaver@example.com" })
	for name, test := range map[string]struct {
		r            cancellation.Request
		says, silent []string
	}{
		"by days": {
			sample.Many(4),
			[]string{"Cancel several meetings?\n4 meetings of @OLGA start between 2026-12-01 and 2026-12-05, in @ANA's time zone. Untick what should stay. Nothing is cancelled before you confirm on the next page.", "1 is running now and isn't ticked: ticking it ends it for everyone in it.", "Only the listed dates of a series are cancelled, never the whole series."},
			[]string{"This card has the first", "doesn't say whether", "Can't be cancelled here", "are cut here"},
		},
		"by number":               {sample.Change(sample.Many(2), numbers), []string{"@ANA asks about 2 meetings."}, []string{"time zone", "dates of a series"}},
		"one's own":               {sample.Change(sample.Many(2), sample.OnBatch(func(b *cancellation.Batch) { b.Whose = "" })), []string{"2 meetings of @ANA start between"}, nil},
		"owner has left, no name": {sample.Change(sample.Many(1), leaver, sample.OnBatch(func(b *cancellation.Batch) { b.Meetings[0].OwnerName = "\u200b" })), []string{"1 meeting of leaver@\u2060example.com starts between"}, nil},
		"left out, no name": {sample.Change(sample.Many(1), sample.OnBatch(func(b *cancellation.Batch) {
			b.LeftOut = []cancellation.LeftOut{{Number: "914087436", Subject: "\u200b"}}
		})), []string{"• 914 087 436 · it isn't yours"}, nil},
		"owner has left":      {sample.Change(sample.Many(2), leaver), []string{"2 meetings of Olga Nowak start between"}, []string{"leaver@"}},
		"may have started":    {sample.Change(sample.Many(2), unknown), []string{"doesn't say whether 1 of them has started; if it has, it won't be ended and stays as it is."}, []string{"it ends at once"}},
		"may be ended":        {sample.Change(sample.Many(2), unknown, sample.EndAsked), []string{"doesn't say whether 1 of them has started; if it has, it ends at once for everyone in it."}, nil},
		"a series' last date": {sample.Change(sample.Many(3), lastOfSeries), []string{"The series “Weekly review” (914 087 436): this is its last remaining date. It is cancelled as a date, not as the series."}, nil},
		"more than fit": {
			sample.Change(sample.Many(3), more), []string{"20 meetings of @OLGA start between", "This card has the first 3.", "17 more meetings on these days don't fit on this card. Once this card is answered, type `/cancel-meeting 2026-12-04 --of &lt;@\u2060U0OLGA003&gt;`", "Some meetings could not be read"}, nil,
		},
		"asked again": {sample.Change(sample.Many(2), func(r *cancellation.Request) { r.AskAgain = cancellation.AskAgainStale }), []string{"Cancel several meetings?\nThis was confirmed, but too much time passed before the bot could act"}, nil},
		"a reason":    {sample.Change(sample.Many(2), sample.Reasoned), []string{"*Reason*\nthe ∗room∗ is flooded &amp; cold"}, nil},
	} {
		m := batch.Draw(viewtest.Page("en"), test.r, sample.Noon)
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
		reason := "Add a reason…"
		if test.r.Reason != "" {
			reason = "Change the reason…"
		}
		if got, want := viewtest.Buttons(m.Blocks), []string{action.Review + ": Cancel the ticked…", action.Keep + ": Keep all", action.AddReason + ": " + reason}; !slices.Equal(got, want) || len(viewtest.Dangerous(m.Blocks)) > 0 {
			t.Errorf("%s: buttons = %q, want %q, none of them red", name, got, want)
		}
	}
}

// TestMeetingBoxes: a box describes a meeting in the room it has. A running one is marked
// before anything is cut, and not ticked.
func TestMeetingBoxes(t *testing.T) {
	t.Parallel()
	r := sample.Change(sample.Many(12), sample.OnBatch(func(b *cancellation.Batch) {
		b.Meetings[1].Subject, b.Meetings[1].OwnerName = "", ""
		b.Meetings[4].Subject, b.Meetings[4].OwnerName = "\u200b\n", "\u2060" // invisible
		b.Meetings[3].Subject, b.Meetings[3].OwnerName = strings.Repeat("Review & plan <", 9), strings.Repeat("Maria ", 9)
	}))
	m := batch.Draw(viewtest.Page("en"), r, sample.Noon)
	boxes := viewtest.Boxes(m.Blocks)
	if len(boxes) != 12 {
		t.Fatalf("%d boxes, want 12", len(boxes))
	}
	for i, want := range map[int]string{
		0: "[ ] Tue 2026-12-01 14:00 UTC (Running now: ticking it ends it · Planning <0> · Olga Nowak)", 1: "[x] Tue 2026-12-01 15:00 UTC ((no subject))",
		2: "[x] Tue 2026-12-01 14:20 UTC (Weekly review · Olga Nowak)", 3: "[x] Tue 2026-12-01 17:00 UTC (Review & plan <Review & plan <Review & plan <Review… · Maria Maria Maria M…)",
		4: "[x] Tue 2026-12-01 18:00 UTC ((no subject))",
	} {
		if boxes[i] != want {
			t.Errorf("box %d = %q, want %q", i, boxes[i], want)
		}
	}
	if !strings.Contains(viewtest.Text(m.Blocks), "Long names are shortened here; the next page shows more of them.") {
		t.Error("the card does not say that names are cut")
	}
	for _, box := range boxes {
		_, note, _ := strings.Cut(box, " UTC (")
		if n := utf8.RuneCountInString(strings.TrimSuffix(note, ")")); n > 75 {
			t.Errorf("the note of %q has %d characters", box, n)
		}
	}
	long := sample.Change(r, sample.OnBatch(func(b *cancellation.Batch) { b.Meetings[0].Subject = strings.Repeat("x", 90) }))
	if got, want := viewtest.Boxes(batch.Draw(viewtest.Page("en"), long, sample.Noon).Blocks)[0], " UTC (Running now: ticking it ends it · "+strings.Repeat("x", 27)+"… · Olga Nowak)"; !strings.HasSuffix(got, want) {
		t.Errorf("the box of a running meeting with a long name is %q, want %q", got, want)
	}
	bare := viewtest.Boxes(batch.Draw(viewtest.Page("en").Discreet(), r, sample.Noon).Blocks)
	if bare[0] != "[ ] Tue 2026-12-01 14:00 UTC (Running now: ticking it ends it · 985 000 000)" || bare[2] != "[x] Tue 2026-12-01 14:20 UTC (914 087 436)" {
		t.Errorf("where channels see no subject: %q", bare)
	}
}

// TestLeftOut: every reason why a meeting can't be ticked has its own words.
func TestLeftOut(t *testing.T) {
	t.Parallel()
	said := map[string]string{}
	for why, want := range map[string]string{
		answer.LeftNotFound: "there is no such meeting, or it is over", answer.LeftUnread: "it could not be looked up; try again later",
		answer.LeftRoom: "several meetings share this number; type it alone to choose", answer.LeftSeries: "it is a series; type its number alone to choose dates",
		answer.LeftUnlisted: "the meeting service doesn't list all of its dates", answer.LeftWebinar: "it is a webinar, which this bot can't cancel", answer.LeftEnded: "it has already ended",
		answer.LeftElsewhere: "was cancelled or ended by somebody else", cancellation.LeftOtherCard: "was cancelled from another card",
		answer.LeftKindUnknown: "the meeting service doesn't say whether it is a series", answer.LeftNoStart: "the meeting service doesn't say when it starts",
		string(answer.LeadTime): "it starts too soon for you to cancel it", string(answer.StartUnknown): "so it may be too soon for you to cancel it",
		string(answer.NotAllowed): "it isn't yours to cancel",
	} {
		r := sample.Change(sample.Many(1), sample.OnBatch(func(b *cancellation.Batch) {
			b.LeftOut = []cancellation.LeftOut{{Number: "914000001", Why: why}}
		}))
		got := viewtest.Text(batch.Draw(viewtest.Page("en"), r, sample.Noon).Blocks)
		line := got[strings.Index(got, "*Can't be cancelled here: 1 meeting*"):]
		if line, _, _ = strings.Cut(line, "\nRequested"); !strings.HasSuffix(line, want) || !strings.Contains(line, "• 914 000 001 · ") {
			t.Errorf("%s: %q, want %q", why, line, want)
		}
		if other := said[line]; other != "" {
			t.Errorf("%s and %s are the same: %q", why, other, line)
		}
		said[line] = why
	}
	many := sample.Change(sample.Many(1), sample.OnBatch(func(b *cancellation.Batch) {
		b.LeftOut = slices.Repeat([]cancellation.LeftOut{{Number: "914000001", Subject: "Soon & <b>", Start: sample.Noon, Why: "no such reason"}}, 12)
	}))
	got := viewtest.Text(batch.Draw(viewtest.Page("en"), many, sample.Noon).Blocks)
	if !strings.Contains(got, "12 meetings*") || strings.Count(got, "• Soon &amp; &lt;b&gt; (914 000 001) · Tue 2026-12-01 12:00 UTC · it isn't yours to cancel") != 10 || !strings.Contains(got, "\nand 2 more") {
		t.Errorf("twelve meetings that can't be ticked: %s", got)
	}
	if bare := viewtest.Text(batch.Draw(viewtest.Page("en").Discreet(), many, sample.Noon).Blocks); strings.Contains(bare, "Soon") {
		t.Errorf("where channels see no subject: %s", bare)
	}
}

// TestReviewPage: the second page lists what will be cancelled, how many owners will be told
// and how long it takes, and its button says how many are ended.
func TestReviewPage(t *testing.T) {
	t.Parallel()
	owners := func(results ...cancellation.NoticeResult) func(*cancellation.Request) {
		return func(r *cancellation.Request) {
			var all []cancellation.Owner
			for _, result := range results {
				all = append(all, cancellation.Owner{Result: result})
			}
			r.Batch = r.Batch.WithOwners(all)
		}
	}
	takes := func(d time.Duration) func(*cancellation.Request) {
		return sample.OnBatch(func(b *cancellation.Batch) { b.Takes = d })
	}
	for name, test := range map[string]struct {
		r                   cancellation.Request
		title, button, says string
	}{
		"plain":          {sample.Change(sample.Many(4), ticks(1, 3)), "Cancel 2 meetings?", "Cancel 2 meetings", "2 unticked meetings stay as they are."},
		"one":            {sample.Change(sample.Many(4), ticks(1)), "Cancel 1 meeting?", "Cancel 1 meeting", "It can't be restored. 3 unticked meetings stay"},
		"one is ended":   {sample.Change(sample.Many(4), ticks(0, 1, 3)), "Cancel and end these meetings?", "Cancel 2 and end 1", "Planning &lt;0&gt;* · Tue 2026-12-01 14:00 UTC · 985 000 000 · Olga Nowak · is running: it ends for everyone"},
		"all are ended":  {sample.Change(sample.Many(1), ticks(0)), "Cancel and end this meeting?", "End 1 meeting", "is running: it ends for everyone"},
		"a date":         {sample.Change(sample.Many(3), ticks(2)), "Cancel 1 meeting?", "Cancel 1 meeting", "Only the listed dates of a series are cancelled, never the whole series."},
		"owners":         {sample.Change(sample.Many(4), ticks(1, 3), owners("", "", cancellation.NoticeNotFound)), "Cancel 2 meetings?", "Cancel 2 meetings", "2 owners will be told. 1 owner can't be found in Slack and won't be told."},
		"one's own":      {sample.Change(sample.Many(4), ticks(1), owners(cancellation.NoticeOwnAction)), "Cancel 1 meeting?", "Cancel 1 meeting", "No other owner has to be told."},
		"in a moment":    {sample.Change(sample.Many(4), ticks(1), takes(3*time.Second)), "Cancel 1 meeting?", "Cancel 1 meeting", "This will take about 3 seconds."},
		"at a slow rate": {sample.Change(sample.Many(4), ticks(1), takes(70*time.Second)), "Cancel 1 meeting?", "Cancel 1 meeting", "This will take about 2 minutes because of the meeting service's rate limit."},
	} {
		m := batch.Draw(viewtest.Page("en"), test.r, sample.Noon)
		said := viewtest.Text(m.Blocks)
		if !strings.HasPrefix(said, test.title+"\n") || !strings.Contains(said, test.says) {
			t.Errorf("%s: want %q and %q in:\n%s", name, test.title, test.says, said)
		}
		want := []string{action.CancelMany + ": " + test.button, action.Back + ": Back", action.Keep + ": Keep all"}
		if got := viewtest.Buttons(m.Blocks); !slices.Equal(got, want) || !slices.Equal(viewtest.Dangerous(m.Blocks), []string{action.CancelMany}) {
			t.Errorf("%s: buttons = %q, want %q, the first red", name, got, want)
		}
		if n := strings.Count(said, "• "); n != len(test.r.Batch.Ticked()) {
			t.Errorf("%s: %d lines, want one for each ticked:\n%s", name, n, said)
		}
	}
}

// TestTellsInvited: the box is offered if a ticked meeting is known to have invited people.
func TestTellsInvited(t *testing.T) {
	t.Parallel()
	invited := sample.OnBatch(func(b *cancellation.Batch) {
		b.Meetings[1].Invited, b.Meetings[1].InvitedKnown, b.Meetings[0].InvitedKnown = 5, true, true
	})
	for _, test := range []struct {
		tell   cancellation.TellInvited
		items  []int
		boxes  int
		always bool
	}{
		{cancellation.TellAsk, []int{1}, 1, false},
		{cancellation.TellAsk, []int{0}, 0, false},
		{cancellation.TellAsk, []int{3}, 0, false},
		{cancellation.TellAlways, []int{1}, 0, true},
		{cancellation.TellAlways, []int{0}, 0, false},
		{cancellation.TellAlways, []int{3}, 0, true},
		{cancellation.TellNever, []int{1}, 0, false},
	} {
		p := viewtest.Page("en")
		p.Tell = test.tell
		m := batch.Draw(p, sample.Change(sample.Many(4), invited, ticks(test.items...)), sample.Noon)
		if boxes := viewtest.Boxes(m.Blocks); len(boxes) != test.boxes || strings.Contains(viewtest.Text(m.Blocks), "Invited people who are in this Slack") != test.always {
			t.Errorf("TELL_INVITED=%s with %v: boxes %q, want %d, and a note that all are told: %t", test.tell, test.items, boxes, test.boxes, test.always)
		}
	}
}

// TestSecondOfSeveral checks what the small print says about a second person, for each
// SECOND_PERSON and set of ticks.
func TestSecondOfSeveral(t *testing.T) {
	t.Parallel()
	last := sample.Change(sample.Many(3), sample.OnBatch(func(b *cancellation.Batch) {
		b.Meetings[2].Occurrences, b.Meetings[2].DatesKnown = b.Meetings[2].Occurrences[:1], true
	}))
	mayRun := func(hours int) cancellation.Request { // when the question expires
		return sample.Change(sample.Many(3), sample.EndAsked, ticks(2), sample.OnBatch(func(b *cancellation.Batch) {
			b.Meetings[2].StateKnown, b.Meetings[2].Occurrences = false, []cancellation.OccurrenceRef{b.Items[2].Date}
			b.Meetings[2].Occurrences[0].Start = sample.Noon.Add(time.Duration(hours) * time.Hour)
		}))
	}
	const anything, many, ends, series = "Someone other than @ANA has to confirm.", "Someone other than @ANA has to confirm more than one.", "Someone other than @ANA has to confirm ending what is running.", "Someone other than @ANA has to confirm cancelling the whole series."
	for _, test := range []struct {
		second cancellation.SecondPerson
		r      cancellation.Request
		want   string
	}{
		{cancellation.SecondNever, last, ""},
		{cancellation.SecondAlways, sample.Many(4), anything},
		{cancellation.SecondMany, sample.Many(4), many},
		{cancellation.SecondMany, sample.Many(1), ""},
		{cancellation.SecondMany, sample.Change(sample.Many(4), ticks(1)), ""},
		{cancellation.SecondMany, sample.Change(sample.Many(4), ticks(1, 3)), many},
		{cancellation.SecondEnd, sample.Many(4), ends},
		{cancellation.SecondEnd, sample.Change(sample.Many(4), ticks(1, 3)), ""},
		{cancellation.SecondEnd, sample.Change(sample.Many(4), ticks(0)), anything},
		{cancellation.SecondEnd, mayRun(1), anything},
		{cancellation.SecondEnd, mayRun(2), ""},
		{cancellation.SecondSeries, last, series},
		{cancellation.SecondSeries, sample.Change(last, ticks(2)), anything},
		{cancellation.SecondSeries, sample.Change(sample.Many(3), ticks(2)), ""},
	} {
		p := viewtest.Page("en")
		p.Second = test.second
		got := ""
		texts := viewtest.Texts(batch.Draw(p, test.r, sample.Noon).Blocks)
		for part := range strings.SplitSeq(viewtest.Render(texts[len(texts)-1]), " · ") {
			if strings.HasPrefix(part, "Someone other") {
				got = part
			}
		}
		if got != test.want {
			t.Errorf("SECOND_PERSON=%s, ticked %v, second page %t: %q, want %q", test.second, test.r.Batch.Ticked(), test.r.Batch.Review, got, test.want)
		}
	}
}

package outcome_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/slack-go/slack"

	"meetingbot/handlers/view/outcome"
	"meetingbot/handlers/view/sample"
	"meetingbot/handlers/view/viewtest"
	"meetingbot/handlers/view/words"
	"meetingbot/internal/cancellation"
)

// TestHappened checks, for every end, the title and the sentence about what happened to the
// meeting.
func TestHappened(t *testing.T) {
	t.Parallel()
	const the, weekly = "The meeting “Budget &amp; plans &lt;Q1&gt;” (914 087 436)", "The series “Weekly review” (914 087 436)"
	const again = " To ask again, type `/cancel-meeting 914087436`"
	finals := sample.Finals()
	for name, want := range map[string][2]string{
		"cancelled":       {"Meeting cancelled", the + " was cancelled by @BOB."},
		"ended":           {"Meeting ended and cancelled", the + " was ended for everyone and cancelled by @BOB."},
		"series":          {"Series cancelled", weekly + " was cancelled by @BOB, with all its remaining dates."},
		"series_ended":    {"Series cancelled", weekly + " was cancelled by @BOB, with all its remaining dates; the date that was running was ended for everyone."},
		"date":            {"1 date cancelled", "One date of the series “Weekly review” (914 087 436) was cancelled by @BOB: Tue 2026-12-08 14:00 UTC. The rest of the series stays."},
		"dates":           {"2 dates cancelled", "2 dates of the series “Weekly review” (914 087 436) were cancelled by @BOB: Tue 2026-12-08 14:00 UTC, Tue 2026-12-22 14:00 UTC. The rest of the series stays."},
		"dates_ended":     {"2 dates cancelled", "2 dates of the series “Weekly review” (914 087 436) were cancelled by @BOB: Tue 2026-12-01 11:50 UTC, Tue 2026-12-22 14:00 UTC. The one that was running was ended for everyone. The rest of the series stays."},
		"gone":            {"Meeting already gone", the + " was already gone: there was nothing left to cancel."},
		"dates_gone":      {"Meeting already gone", weekly + ": the chosen dates were already gone. There was nothing left to cancel."},
		"refused_denied":  {"Not cancelled", the + " was not cancelled. It is unchanged."},
		"refused_started": {"Not cancelled", the + " was not cancelled. It is unchanged."},
		"dates_refused":   {"Not cancelled", weekly + ": the chosen dates were not cancelled. They are unchanged."},
		"failed":          {"Cancelling failed", the + " could not be cancelled. It is unchanged."},
		"dates_failed":    {"Cancelling failed", weekly + ": the chosen dates could not be cancelled. They are unchanged."},
		"unknown":         {"Outcome unknown", "It is not known whether the meeting “Budget &amp; plans &lt;Q1&gt;” (914 087 436) was cancelled: the meeting service gave no clear answer. The bot won't repeat the call blindly."},
		"dates_unknown":   {"Outcome unknown", weekly + ": it is not known whether the chosen dates were cancelled, because the meeting service gave no clear answer. The bot won't repeat the call blindly."},
		"kept":            {"Meeting kept", "@BOB chose to keep the meeting “Budget &amp; plans &lt;Q1&gt;” (914 087 436). Nothing was changed."},
		"kept_doubt":      {"Outcome unknown", "@BOB chose to keep the meeting “Budget &amp; plans &lt;Q1&gt;” (914 087 436), but it may have been cancelled from another card."},
		"failed_doubt":    {"Outcome unknown", the + ": nothing was cancelled from this card."},
		"expired_doubt":   {"Question expired", "Nobody answered in time, but the meeting “Budget &amp; plans &lt;Q1&gt;” (914 087 436) may have been cancelled from another card."},
		"undone":          {"Cancellation undone", "@BOB undid the cancellation in time: the meeting “Budget &amp; plans &lt;Q1&gt;” (914 087 436) stays as it was."},
		"stopped":         {"Cancellation stopped", "@BOB stopped the cancellation in time: the meeting “Budget &amp; plans &lt;Q1&gt;” (914 087 436) stays as it was."},
		"stopped_doubt":   {"Cancellation stopped", "@BOB stopped this cancellation in time, but the meeting “Budget &amp; plans &lt;Q1&gt;” (914 087 436) may have been cancelled from another card."},
		"expired":         {"Question expired", "Nobody answered in time, so the meeting “Budget &amp; plans &lt;Q1&gt;” (914 087 436) is unchanged." + again},
		"superseded":      {"Card replaced", "Nothing was done from this card. A newer one asks about the meeting “Budget &amp; plans &lt;Q1&gt;” (914 087 436) again."},
		"elsewhere":       {"Nothing left to cancel", the + " was cancelled or ended by somebody else while the question was open."},
		"elsewhere_gone":  {"Nothing left to cancel", the + " was cancelled or ended by somebody else while the question was open."},
		"other_card":      {"Nothing left to cancel", the + " was cancelled by @BOB from another card while the question was open."},
		"over":            {"The meeting is over", the + " ended while the question was open. There is nothing left to cancel."},
	} {
		p := viewtest.Page("en")
		if got := [2]string{outcome.Title(p, finals[name]), viewtest.Render(outcome.Happened(p, finals[name]))}; got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
		delete(finals, name)
	}
	if len(finals) > 0 {
		t.Errorf("no row covers %v", finals)
	}
}

// TestOneDate: a single chosen date is not spoken of as several.
func TestOneDate(t *testing.T) {
	t.Parallel()
	for want, done := range map[string]func(*cancellation.Request){
		"the chosen date was already gone. There was nothing left to cancel.": sample.DoneWith(cancellation.Gone, ""),
		"the chosen date was not cancelled. It is unchanged.":                 sample.DoneWith(cancellation.Refused, "started"),
		"the chosen date was left alone.":                                     sample.DoneWith(cancellation.Refused, "changed"),
		"the chosen date could not be cancelled. It is unchanged.":            sample.DoneWith(cancellation.Failed, "server"),
		"it is not known whether the chosen date was cancelled, because the":  sample.DoneWith(cancellation.Unknown, ""),
	} {
		r := sample.Change(sample.Recurring(), sample.Scoped(cancellation.Occurrence, 1), done)
		if got := outcome.Happened(viewtest.Page("en"), r); !strings.Contains(got, want) {
			t.Errorf("%q, want %q in it", got, want)
		}
	}
}

// TestNotFinal checks what the history says about a request that isn't final.
func TestNotFinal(t *testing.T) {
	t.Parallel()
	for state, want := range map[cancellation.State]string{
		cancellation.Received: "nobody has answered yet.", cancellation.Asked: "nobody has answered yet.",
		cancellation.Confirmed: "is being cancelled.", cancellation.Calling: "is being cancelled.",
	} {
		for _, r := range []cancellation.Request{sample.Planned(), sample.Many(3)} {
			r = sample.Change(r, sample.InState(state))
			p := viewtest.Page("en")
			if got := outcome.Happened(p, r); r.Batch == nil && !strings.HasSuffix(got, want) || strings.Contains(got, "was cancelled") {
				t.Errorf("in state %s: %q, want it to end in %q", state, got, want)
			}
			if got := outcome.Because(p, r) + outcome.ToldInvited(p, r); got != "" || outcome.CheckAgain(p, r) != nil {
				t.Errorf("in state %s there is a reason: %q", state, got)
			}
			if title := outcome.Title(p, r); title == "" || strings.Contains(title, "cancelled") {
				t.Errorf("in state %s the title is %q", state, title)
			}
		}
	}
}

// TestUnderwayInHistory: the history says of a call under way what its card says.
func TestUnderwayInHistory(t *testing.T) {
	t.Parallel()
	calling := sample.InState(cancellation.Calling)
	for want, r := range map[string]cancellation.Request{
		"is being ended for everyone and cancelled.":                                      sample.Change(sample.Running(), sample.EndAsked, calling),
		"the chosen date of the series “Weekly review” (914 087 436) is being cancelled.": sample.Change(sample.Recurring(), sample.Scoped(cancellation.Occurrence, 1), calling),
		"are being cancelled; the running one is being ended for everyone.":               sample.Change(sample.RecurringRunning(), sample.EndAsked, sample.Scoped(cancellation.Occurrence, 0, 2), calling),
	} {
		if got := outcome.Happened(viewtest.Page("en"), r); !strings.HasSuffix(got, want) {
			t.Errorf("%q, want it to end in %q", got, want)
		}
	}
}

// TestClasses: every class of error has its own sentence in every language, without code. An
// unknown class gets the general one.
func TestClasses(t *testing.T) {
	t.Parallel()
	for _, locale := range words.Languages() {
		p, said := viewtest.Page(locale), map[string]string{}
		for _, class := range sample.Classes() {
			got := outcome.Class(p, class, sample.Planned())
			if before, twice := said[got]; twice || got == "" || viewtest.FindCode(got) != "" {
				t.Errorf("%s in %s says %q, as %q does", class, locale, got, before)
			}
			said[got] = class
		}
		general := outcome.Class(p, "other", sample.Planned())
		for _, class := range []string{"", "MMC.111079019", "<!channel>", "not_found "} {
			if got := outcome.Class(p, class, sample.Planned()); got != general {
				t.Errorf("class %q in %s says %q, want the general sentence", class, locale, got)
			}
		}
	}
}

// TestNextStep: a class says what to do next, if there is anything to do.
func TestNextStep(t *testing.T) {
	t.Parallel()
	p := viewtest.Page("en")
	again := []string{"transient", "throttled", "server", "unavailable", "auth", "canceled", "locked", "meeting_locked", "post", "unknown_outcome", "not_sent", "in_doubt"}
	operators := []string{"denied", "bad_request", "auth", "credentials", "clock", "locked", "wrong_site", "still_listed", "other"}
	toType := []string{"started", "not_started", "changed", "unlisted"}
	for _, class := range sample.Classes() {
		got := strings.ToLower(outcome.Class(p, class, sample.Planned()))
		for what, row := range map[string]struct {
			words   []string
			classes []string
		}{
			"try again":                  {[]string{"try again in", "try again;", "try again.", "try again later"}, append(again, "other")},
			"tell those who run the bot": {[]string{"people who run this bot"}, operators},
			"type a command":             {[]string{"type `/cancel-meeting 914087436"}, toType},
		} {
			says := slices.ContainsFunc(row.words, func(w string) bool { return strings.Contains(got, w) })
			if want := slices.Contains(row.classes, class); says != want {
				t.Errorf("%s says to %s: %t, want %t: %q", class, what, says, want, got)
			}
		}
	}
}

// TestClassUntil: if the service asked for a wait, the sentence says until when instead of "in
// a few minutes".
func TestClassUntil(t *testing.T) {
	t.Parallel()
	p := viewtest.Page("en")
	until := sample.Noon.Add(time.Hour)
	for _, class := range []string{"throttled", "server", "locked", "other"} {
		if got, want := viewtest.Render(outcome.ClassUntil(p, class, sample.Planned(), until)), "The meeting service asked the bot to wait until Tue 2026-12-01 13:00 UTC. Try again after that."; got != want {
			t.Errorf("ClassUntil(%s, 13:00) = %q, want %q", class, got, want)
		}
		if got, want := outcome.ClassUntil(p, class, sample.Planned(), time.Time{}), outcome.Class(p, class, sample.Planned()); got != want {
			t.Errorf("ClassUntil(%s, never) = %q, want %q", class, got, want)
		}
	}
}

// TestSmallPrint: the small print says who asked, who confirmed unless the text does, and the
// reference if something is wrong.
func TestSmallPrint(t *testing.T) {
	t.Parallel()
	const asked, by, ref = "Requested by @ANA", " · Confirmed by @BOB", " · Reference: `5f2c1d9e-0d1b-4c55`"
	finals := sample.Finals()
	gone := sample.Change(finals["gone"], func(r *cancellation.Request) { r.Reference = "of the service" })
	for name, test := range map[string]struct {
		r    cancellation.Request
		want string
	}{
		"cancelled": {finals["cancelled"], asked}, "ended": {finals["ended"], asked}, "gone": {gone, asked + by},
		"refused": {finals["refused_denied"], asked + by + ref}, "failed": {finals["failed"], asked + by + ref}, "unknown": {finals["unknown"], asked + by + ref},
		"kept": {finals["kept"], asked}, "expired": {finals["expired"], asked},
		"hostile": {
			sample.Change(finals["failed"], func(r *cancellation.Request) { r.Reference, r.ConfirmedBy = "<!here>`*x*`", "" }), asked + " · Reference: `&lt;!here&gt;'*x*'`",
		},
	} {
		got := viewtest.Text([]slack.Block{outcome.SmallPrint(viewtest.Page("en"), test.r)})
		if got != test.want {
			t.Errorf("%s: the small print is %q, want %q", name, got, test.want)
		}
	}
	if b := outcome.SmallPrint(viewtest.Page("en"), cancellation.Request{}); b != nil {
		t.Errorf("SmallPrint(nothing) = %+v, want none", b)
	}
}

// TestOnlyUnknownIsChecked: only an unknown outcome has a button, which checks again.
func TestOnlyUnknownIsChecked(t *testing.T) {
	t.Parallel()
	for name, r := range sample.Finals() {
		want := r.State == cancellation.Done && r.Outcome == cancellation.Unknown
		if got := outcome.CheckAgain(viewtest.Page("en"), r) != nil; got != want {
			t.Errorf("%s: there is a button to check again: %t, want %t", name, got, want)
		}
	}
}

// TestInvitedCounts: one sentence says how many invited people were told and how many knew
// already.
func TestInvitedCounts(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		told cancellation.Telling
		want string
	}{
		{cancellation.Telling{Result: cancellation.TellDone, People: 1, Told: 1}, "1 invited person was told here."},
		{cancellation.Telling{Result: cancellation.TellDone, People: 1, Knew: 1}, "1 invited person was not told here. 1 already knew."},
		{cancellation.Telling{Result: cancellation.TellDone, People: 12, Told: 9, Knew: 2}, "9 of 12 invited people were told here. 2 already knew."},
		{cancellation.Telling{Result: cancellation.TellUnread}, "The list of invited people could not be read, so none of them were told here."},
	} {
		r := sample.Change(sample.Planned(), sample.DoneWith(cancellation.Ended, ""), sample.Told(test.told))
		if got := outcome.ToldInvited(viewtest.Page("en"), r); got != test.want {
			t.Errorf("ToldInvited(%+v) = %q, want %q", test.told, got, test.want)
		}
	}
}

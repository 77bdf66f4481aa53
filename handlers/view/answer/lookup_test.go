package answer_test

import (
	"strings"
	"testing"
	"time"

	"meetingbot/handlers/view/answer"
	"meetingbot/handlers/view/sample"
	"meetingbot/handlers/view/viewtest"
	"meetingbot/handlers/view/words"
	"meetingbot/internal/cancellation"
)

// TestLookups: the answer says what could not be read, and what to type instead.
func TestLookups(t *testing.T) {
	t.Parallel()
	series := sample.Recurring()
	series.Wanted = "2026-12-03"
	ended := sample.Change(series, sample.EndAsked)
	fewer := sample.Change(series, unlisted)
	later := sample.Planned()
	later.Reason, later.End = `the "red" room`, true
	const nothing = "The meeting 914 087 436 could not be looked up. Nothing was changed. "
	for name, test := range map[string]struct {
		a    answer.Answer
		want string
	}{
		"failed":                {answer.Answer{Kind: answer.LookupFailed, Request: sample.Planned(), Class: "unavailable"}, nothing + "The meeting service can't be reached right now. Try again in a few minutes."},
		"failed, unknown class": {answer.Answer{Kind: answer.LookupFailed, Request: sample.Planned(), Class: "teapot"}, nothing + "Something went wrong."},
		"failed, with a wait":   {answer.Answer{Kind: answer.LookupFailed, Request: sample.Planned(), Class: "throttled", Until: sample.Noon}, nothing + "The meeting service asked the bot to wait until Tue 2026-12-01 12:00 UTC."},
		"failed, for a list":    {answer.Answer{Kind: answer.LookupFailed, Class: "server"}, "The meetings could not be looked up. Nothing was changed. The meeting service had an error."},
		"single or series?":     {answer.Answer{Kind: answer.LookupFailed, Request: sample.Planned(), Class: "kind_unknown"}, "The meeting 914 087 436 can't be cancelled here. Nothing was changed. The meeting service doesn't say whether it is a single meeting or a series"},
		"busy":                  {answer.Answer{Kind: answer.Busy, Class: "server"}, "That can't be done just now. Nothing was changed. Try again in a minute."},
		"busy, the login":       {answer.Answer{Kind: answer.Busy, Class: "locked"}, "That can't be done just now. Nothing was changed. The bot's account at the meeting service is locked for a few minutes."},
		"busy, with a wait":     {answer.Answer{Kind: answer.Busy, Class: "throttled", Until: sample.Noon}, "Nothing was changed. The meeting service asked the bot to wait until Tue 2026-12-01 12:00 UTC."},
		"busy, Slack waits":     {answer.Answer{Kind: answer.Busy, Class: "slack_throttled", Until: sample.Noon}, "Nothing was changed. Slack asked the bot to wait until Tue 2026-12-01 12:00 UTC."},
		"busy, Slack refuses":   {answer.Answer{Kind: answer.Busy, Class: "slack_missing_scope"}, "Nothing was changed. Slack refused the bot's request. Try again; if it keeps happening, tell the people who run this bot."},
		"unknown, with a wait":  {answer.Answer{Kind: answer.StillUnknown, Request: sample.Planned(), Class: "throttled", Until: sample.Noon}, "It is still not known whether the meeting 914 087 436 was cancelled. The meeting service asked the bot to wait until Tue 2026-12-01 12:00 UTC."},
		"looked up, not Slack":  {answer.Answer{Kind: answer.LookupFailed, Request: sample.Planned(), Class: "slack_throttled"}, "Slack is limiting the bot's requests."},
		"still unknown":         {answer.Answer{Kind: answer.StillUnknown, Request: sample.Planned()}, "It is still not known whether the meeting 914 087 436 was cancelled. Try “Check again” again in a few minutes, or check the meeting app."},
		"one of several":        {answer.Answer{Kind: answer.StillUnknown, Request: severalUnknown(2, cancellation.Cancelled)}, "For 1 of the meetings, it is still not known whether it was cancelled. Try “Check again”"},
		"several":               {answer.Answer{Kind: answer.StillUnknown, Request: severalUnknown(4, cancellation.Unknown)}, "For 4 of the meetings, it is still not known whether they were cancelled."},
		"the only one":          {answer.Answer{Kind: answer.StillUnknown, Request: severalUnknown(1, cancellation.Unknown)}, "It is still not known whether this meeting was cancelled."},
		"one of several, over":  {answer.Answer{Kind: answer.StillUnknown, Request: severalUnknown(2, cancellation.Gone), Class: cancellation.WhyOver}, "By now 1 of the meetings would be over, so there is no way left to tell whether it was cancelled."},
		"no such date":          {answer.Answer{Kind: answer.OccurrenceNotFound, Request: series}, "The series 914 087 436 has no upcoming date on 2026-12-03. Nothing was done. The next dates: Tue 2026-12-01 14:00 UTC, Tue 2026-12-08"},
		"no dates at all":       {answer.Answer{Kind: answer.OccurrenceNotFound, Request: fewer}, "has no upcoming date on 2026-12-03. Nothing was done."},
		"dates not listed":      {answer.Answer{Kind: answer.OccurrenceUnlisted, Request: ended}, "can't tell which one 2026-12-03 is. Nothing was done. To cancel the whole series, type `/cancel-meeting 914087436 --end --series`"},
		"no zone":               {answer.Answer{Kind: answer.ZoneUnknown, Request: series}, "so “2026-12-03” could mean more than one day. Choose from the dates on the card."},
		"not recurring":         {answer.Answer{Kind: answer.NotRecurring, Request: sample.Planned()}, "The meeting 914 087 436 is a single meeting, not a series. Nothing was done. To cancel it, type `/cancel-meeting 914087436`"},
		"not a series":          {answer.Answer{Kind: answer.NotRecurring, Request: sample.Change(later, func(r *cancellation.Request) { r.Scope = cancellation.Series })}, "To cancel it, type `/cancel-meeting 914087436 --end --reason \"the 'red' room\"`"},
		"not a date":            {answer.Answer{Kind: answer.NotRecurring, Request: ended}, "To cancel it, type `/cancel-meeting 914087436 --end`"},
		"dates, with a reason":  {answer.Answer{Kind: answer.OccurrenceUnlisted, Request: sample.Change(ended, func(r *cancellation.Request) { r.Reason = "flood" })}, "type `/cancel-meeting 914087436 --end --series --reason \"flood\"`"},
		"too late":              {answer.Answer{Kind: answer.TooLate, Request: later}, "To ask again, type `/cancel-meeting 914087436 --end --reason \"the 'red' room\"`"},
		"too late, as typed":    {answer.Answer{Kind: answer.TooLate, Request: later, Line: "/cancel today `x`"}, "To ask again, type `/cancel today 'x'`"},
		"too late, renamed":     {answer.Answer{Kind: answer.TooLate, Request: cancellation.Request{As: "/stornieren", Number: "914087436"}}, "To ask again, type `/stornieren 914087436`"},
		"unknown person":        {answer.Answer{Kind: answer.PersonUnknown, Line: "<@carol> & co"}, "There is no “&lt;@\u2060carol&gt; &amp; co” in this workspace."},
		"no account":            {answer.Answer{Kind: answer.PersonNoAccount}, "“…” has no account with the meeting service, so no meetings."},
		"unknown button":        {answer.Answer{Kind: answer.UnknownButton}, "Nothing was done. To start again, type `/cancel-meeting`"},
		"number with letters":   {answer.Answer{Kind: answer.NoNumberInMessage, Request: sample.Change(sample.Planned(), wordy)}, "type `/cancel-meeting 914087436`"},
		"may do it themselves":  {answer.Answer{Kind: answer.MayYourself, Request: later}, "You may cancel the meeting 914 087 436 yourself. Type `/cancel-meeting 914087436 --end --reason \"the 'red' room\"`"},
	} {
		if said, _ := draw("en", test.a); !strings.Contains(said, test.want) {
			t.Errorf("%s: %q, want %q", name, said, test.want)
		}
	}
}

func unlisted(r *cancellation.Request) { r.Meeting.Occurrences = nil }

// wordy has words in place of the number.
func wordy(r *cancellation.Request) { r.Number, r.Meeting.Number = "abc", "rm -rf" }

// TestDelegations: everything that can be wrong with a delegation has its own sentence, which
// says that nothing was changed.
func TestDelegations(t *testing.T) {
	t.Parallel()
	for kind, want := range map[answer.Kind]string{
		answer.DelegateSelf: "You can cancel your own meetings already.", answer.DelegateUnknown: "Slack doesn't know that person.",
		answer.DelegateBot: "@BOB is an app.", answer.DelegateGone: "@BOB's account is deactivated.", answer.DelegateGuest: "@BOB is a guest here",
		answer.DelegateExternal: "@BOB isn't from this workspace", answer.DelegatePast: "That date is in the past.",
		answer.DelegateTooLong: "you can let someone cancel for at most 90 days.", answer.DelegateTooMany: "You already let 10 people cancel your meetings",
		answer.DelegateOff: "Letting someone else cancel your meetings is turned off here.", answer.HomeStale: "That list was out of date and has been updated.",
	} {
		said, buttons := draw("en", answer.Answer{Kind: kind, Who: sample.Bob, Count: 10, Wait: 90 * 24 * time.Hour})
		if !strings.Contains(said, want) || !strings.Contains(said, "Nothing was changed.") && kind != answer.HomeStale || len(buttons) > 0 {
			t.Errorf("%s: %q, want %q", kind, said, want)
		}
	}
	one, _ := draw("en", answer.Answer{Kind: answer.DelegateTooMany, Count: 1})
	if !strings.Contains(one, "You already let 1 person cancel") {
		t.Errorf("with a limit of one: %q", one)
	}
}

// TestClasses: a failed look-up of any class gets a sentence in every language.
func TestClasses(t *testing.T) {
	t.Parallel()
	for _, locale := range words.Languages() {
		for _, class := range append(sample.Classes(), "MMC.111070005", "<!here>") {
			for _, kind := range []answer.Kind{answer.LookupFailed, answer.Busy} {
				said, _ := draw(locale, answer.Answer{Kind: kind, Request: sample.Planned(), Class: class})
				if code := viewtest.FindCode(said); code != "" || strings.Contains(said, "MMC") || strings.Contains(said, "here>") || len(viewtest.Repeated([]string{said})) > 0 {
					t.Errorf("%s of class %s in %s: %q", kind, class, locale, said)
				}
			}
		}
	}
}

// severalUnknown returns a request about n meetings, the first of which has an unknown outcome,
// as has every second after it; the others have this one.
func severalUnknown(n int, others cancellation.Outcome) cancellation.Request {
	return sample.Change(sample.Many(n), sample.WithParts(sample.Over(cancellation.Unknown, "unavailable"), sample.Over(others, "")), sample.Finished(cancellation.Unknown))
}

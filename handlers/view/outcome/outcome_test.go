package outcome_test

import (
	"strings"
	"testing"

	"meetingbot/handlers/view/outcome"
	"meetingbot/handlers/view/sample"
	"meetingbot/handlers/view/viewtest"
	"meetingbot/internal/cancellation"
)

// TestPlanned: a reply speaks of a meeting as scheduled only while it is.
func TestPlanned(t *testing.T) {
	t.Parallel()
	p := viewtest.Page("en").ForFallback()
	const is, was = "It is scheduled for Tue 2026-12-01 14:00 UTC.", "It was scheduled for Tue 2026-12-01 14:00 UTC."
	for name, test := range map[string]struct {
		r    cancellation.Request
		want string
	}{
		"cancelled":        {sample.Change(sample.Planned(), sample.DoneWith(cancellation.Cancelled, "")), was},
		"gone":             {sample.Change(sample.Planned(), sample.DoneWith(cancellation.Gone, "")), was},
		"unknown":          {sample.Change(sample.Planned(), sample.DoneWith(cancellation.Unknown, "")), was},
		"refused, denied":  {sample.Change(sample.Planned(), sample.DoneWith(cancellation.Refused, "denied")), is},
		"refused, ended":   {sample.Change(sample.Planned(), sample.DoneWith(cancellation.Refused, "ended")), was},
		"refused, started": {sample.Change(sample.Planned(), sample.DoneWith(cancellation.Refused, "started")), was},
		"refused, changed": {sample.Change(sample.Planned(), sample.DoneWith(cancellation.Refused, "changed")), was},
		"failed":           {sample.Change(sample.Planned(), sample.DoneWith(cancellation.Failed, "server")), is},
		"failed, gone":     {sample.Change(sample.Planned(), sample.DoneWith(cancellation.Failed, "not_found")), was},
		"running, refused": {sample.Change(sample.Running(), sample.DoneWith(cancellation.Refused, "started")), ""},
		"series":           {sample.Change(sample.Recurring(), sample.Scoped(cancellation.Series), sample.DoneWith(cancellation.Cancelled, "")), "Its next date was Tue 2026-12-01 14:00 UTC."},
		"dates":            {sample.Change(sample.Recurring(), sample.Scoped(cancellation.Occurrence, 1), sample.DoneWith(cancellation.Cancelled, "")), ""},
	} {
		if got := outcome.Planned(p, test.r); got != test.want {
			t.Errorf("%s: Planned() = %q, want %q", name, got, test.want)
		}
	}
}

// TestSeveral: the outcome of several meetings is one sentence for what they share, and the
// rest by number. Nothing that has changed is called unchanged.
func TestSeveral(t *testing.T) {
	t.Parallel()
	p := viewtest.Page("en").ForFallback()
	const cancelled, ended, gone, refused, failed, unknown = cancellation.Cancelled, cancellation.Ended, cancellation.Gone, cancellation.Refused, cancellation.Failed, cancellation.Unknown
	over := sample.Over
	for _, test := range []struct {
		items []cancellation.Item
		want  string
	}{
		{[]cancellation.Item{over(cancelled, "")}, "1 meeting was cancelled by @bob."},
		{[]cancellation.Item{over(ended, "")}, "1 meeting was ended for everyone and cancelled by @bob."},
		{[]cancellation.Item{over(ended, ""), over(ended, "")}, "2 meetings were ended for everyone and cancelled by @bob."},
		{[]cancellation.Item{over(ended, ""), over(cancelled, "")}, "2 meetings were cancelled by @bob. 1 of them was running and was ended for everyone."},
		{[]cancellation.Item{over(ended, ""), over(gone, "")}, "1 of 2 meetings was ended for everyone and cancelled by @bob. 1 was already gone."},
		{[]cancellation.Item{over(cancelled, ""), over(refused, "changed")}, "1 of 2 meetings was cancelled by @bob. 1 was left alone."},
		{[]cancellation.Item{over(cancelled, ""), over(refused, "changed"), over(refused, "denied")}, "1 of 3 meetings was cancelled by @bob. 1 was left alone. 1 was not cancelled and is unchanged."},
		{[]cancellation.Item{over(refused, "changed"), over(refused, "started")}, "@bob confirmed, but none of the 2 meetings was cancelled. 2 were left alone."},
		{[]cancellation.Item{over(gone, "")}, "@bob confirmed, but the meeting was already gone."},
		{[]cancellation.Item{over(refused, "changed")}, "@bob confirmed, but the meeting was left alone."},
		{[]cancellation.Item{over(failed, "server")}, "@bob confirmed, but the meeting was not cancelled and is unchanged."},
		{[]cancellation.Item{over(unknown, "")}, "@bob confirmed, but it is not known yet whether the meeting was cancelled; this will be updated once it is."},
	} {
		r := sample.Change(sample.Many(len(test.items)), sample.WithParts(test.items...))
		r.State, r.ConfirmedBy, r.Outcome = cancellation.Done, sample.Bob, r.Batch.Tally().Outcome()
		if got := strings.ReplaceAll(outcome.Happened(p, r), "<@"+sample.Bob+">", "@bob"); got != test.want {
			t.Errorf("%d items: Happened() = %q, want %q", len(test.items), got, test.want)
		}
	}
	one := sample.Change(sample.Planned(), sample.DoneWith(failed, "changed"))
	if got := outcome.Happened(p, one); !strings.Contains(got, "was left alone.") || strings.Contains(got, "unchanged") {
		t.Errorf("a changed meeting: Happened() = %q", got)
	}
}

// TestCommandAgain: a reply suggests a command that asks for the same again, as far as that
// can be typed.
func TestCommandAgain(t *testing.T) {
	t.Parallel()
	p := viewtest.Page("en")
	refused := func(r cancellation.Request, why string, changes ...func(*cancellation.Request)) cancellation.Request {
		return sample.Change(sample.Change(r, changes...), sample.DoneWith(cancellation.Refused, why))
	}
	wanted := func(r *cancellation.Request) { r.Wanted = "2026-12-01T12:50" }
	superseding := func(r *cancellation.Request) { r.Supersedes = "earlier" }
	const again = "\nOn the new card, choose the dates again."
	for name, test := range map[string]struct {
		r    cancellation.Request
		want string
	}{
		"meeting": {refused(sample.Running(), "started"), "`/cancel-meeting 914087436 --end`"},
		"series":  {refused(sample.RecurringRunning(), "started", sample.Scoped(cancellation.Series)), "`/cancel-meeting 914087436 --end --series`"},
		"date typed": {
			refused(sample.RecurringRunning(), "started", sample.Scoped(cancellation.Occurrence, 0), wanted),
			"`/cancel-meeting 914087436 --end --occurrence 2026-12-01T12:50`",
		},
		"dates chosen": {refused(sample.RecurringRunning(), "started", sample.Scoped(cancellation.Occurrence, 0, 2)), "`/cancel-meeting 914087436 --end`" + again},
		"dates chosen after one typed": {
			refused(sample.RecurringRunning(), "started", sample.Scoped(cancellation.Occurrence, 2), wanted, superseding),
			"`/cancel-meeting 914087436 --end`" + again,
		},
		"not started":     {refused(sample.Recurring(), "not_started", sample.Scoped(cancellation.Series), sample.EndAsked), "`/cancel-meeting 914087436 --series`"},
		"nothing to type": {refused(sample.Recurring(), "denied", sample.Scoped(cancellation.Occurrence, 1)), "tell the people who run this bot."},
	} {
		if got := outcome.Because(p, test.r); !strings.HasSuffix(got, test.want) {
			t.Errorf("%s: Because() = %q, want it to end in %q", name, got, test.want)
		}
	}
}

// TestToldInvited: the number is given only for a cancellation, whatever is stored.
func TestToldInvited(t *testing.T) {
	t.Parallel()
	done := cancellation.Telling{Result: cancellation.TellDone, People: 12, Told: 9}
	for _, tt := range []struct {
		r    cancellation.Request
		want string
	}{
		{sample.Change(sample.Planned(), sample.DoneWith(cancellation.Cancelled, ""), sample.Told(done)), "9 of 12 invited people were told here."},
		{sample.Change(sample.Planned(), sample.DoneWith(cancellation.Cancelled, ""), sample.Told(cancellation.Telling{Wanted: true})), ""},
		{sample.Change(sample.Planned(), sample.DoneWith(cancellation.Gone, ""), sample.Told(done)), ""},
		{sample.Change(sample.Planned(), sample.DoneWith(cancellation.Failed, ""), sample.Told(cancellation.Telling{Result: cancellation.TellUnread})), ""},
	} {
		if got := outcome.ToldInvited(viewtest.Page("en"), tt.r); got != tt.want {
			t.Errorf("ToldInvited(%s, %+v) = %q, want %q", tt.r.Outcome, tt.r.Telling, got, tt.want)
		}
	}
}

package view

import (
	"strings"
	"testing"

	"meetingbot/internal/cancellation"
)

// TestPlanned says that a reply speaks of a meeting as planned only while it is.
func TestPlanned(t *testing.T) {
	t.Parallel()
	p := newRenderer(t, "en").person("en").spoken()
	const is, was = "It is scheduled for Tue 2026-12-01 14:00 UTC.", "It was scheduled for Tue 2026-12-01 14:00 UTC."
	for name, test := range map[string]struct {
		r    cancellation.Request
		want string
	}{
		"cancelled":        {change(samplePlanned(), doneWith(cancellation.Cancelled, "")), was},
		"gone":             {change(samplePlanned(), doneWith(cancellation.Gone, "")), was},
		"unknown":          {change(samplePlanned(), doneWith(cancellation.Unknown, "")), was},
		"refused, denied":  {change(samplePlanned(), doneWith(cancellation.Refused, "denied")), is},
		"refused, ended":   {change(samplePlanned(), doneWith(cancellation.Refused, "ended")), was},
		"refused, started": {change(samplePlanned(), doneWith(cancellation.Refused, "started")), was},
		"refused, changed": {change(samplePlanned(), doneWith(cancellation.Refused, "changed")), was},
		"failed":           {change(samplePlanned(), doneWith(cancellation.Failed, "server")), is},
		"failed, gone":     {change(samplePlanned(), doneWith(cancellation.Failed, "not_found")), was},
		"running, refused": {change(sampleRunning(), doneWith(cancellation.Refused, "started")), ""},
		"series":           {change(sampleRecurring(), scoped(cancellation.Series), doneWith(cancellation.Cancelled, "")), "Its next date was Tue 2026-12-01 14:00 UTC."},
		"dates":            {change(sampleRecurring(), scoped(cancellation.Occurrence, 1), doneWith(cancellation.Cancelled, "")), ""},
	} {
		if got := p.planned(test.r); got != test.want {
			t.Errorf("%s: planned() = %q, want %q", name, got, test.want)
		}
	}
}

// TestCommandAgain says that a reply suggests what has to be typed to ask for the
// same again, and no more than can be typed.
func TestCommandAgain(t *testing.T) {
	t.Parallel()
	p := newRenderer(t, "en").person("en")
	refused := func(r cancellation.Request, why string, changes ...func(*cancellation.Request)) cancellation.Request {
		return change(change(r, changes...), doneWith(cancellation.Refused, why))
	}
	wanted := func(r *cancellation.Request) { r.Wanted = "2026-12-01T12:50" }
	superseding := func(r *cancellation.Request) { r.Supersedes = "earlier" }
	const again = "\nOn the new card, choose the dates again."
	for name, test := range map[string]struct {
		r    cancellation.Request
		want string
	}{
		"meeting": {refused(sampleRunning(), "started"), "`/cancel-meeting 914087436 --end`"},
		"series":  {refused(sampleRecurringRunning(), "started", scoped(cancellation.Series)), "`/cancel-meeting 914087436 --end --series`"},
		"date typed": {
			refused(sampleRecurringRunning(), "started", scoped(cancellation.Occurrence, 0), wanted),
			"`/cancel-meeting 914087436 --end --occurrence 2026-12-01T12:50`",
		},
		"dates chosen": {refused(sampleRecurringRunning(), "started", scoped(cancellation.Occurrence, 0, 2)), "`/cancel-meeting 914087436 --end`" + again},
		"dates chosen after one typed": {
			refused(sampleRecurringRunning(), "started", scoped(cancellation.Occurrence, 2), wanted, superseding),
			"`/cancel-meeting 914087436 --end`" + again,
		},
		"not started":     {refused(sampleRecurring(), "not_started", scoped(cancellation.Series), endAsked), "`/cancel-meeting 914087436 --series`"},
		"nothing to type": {refused(sampleRecurring(), "denied", scoped(cancellation.Occurrence, 1)), "tell the people who run this bot."},
	} {
		if got := p.because(test.r); !strings.HasSuffix(got, test.want) {
			t.Errorf("%s: because() = %q, want it to end in %q", name, got, test.want)
		}
	}
}

package outcome_test

import (
	"testing"

	"meetingbot/handlers/view/outcome"
	"meetingbot/handlers/view/sample"
	"meetingbot/handlers/view/viewtest"
	"meetingbot/internal/cancellation"
)

// TestSeveralEnds checks the ends of a card with several meetings that are not given in
// numbers.
func TestSeveralEnds(t *testing.T) {
	t.Parallel()
	by := func(r *cancellation.Request) { r.ConfirmedBy, r.ClosedBy = sample.Bob, sample.Bob }
	closed := func(r *cancellation.Request) { r.ClosedElsewhere, r.State = true, cancellation.Superseded }
	ours := sample.OnBatch(func(b *cancellation.Batch) {
		b.LeftOut = []cancellation.LeftOut{{Number: "1", Why: cancellation.LeftOtherCard}}
	})
	stopped := cancellation.Item{State: cancellation.Declined}
	doubt := cancellation.Item{State: cancellation.Declined, Why: cancellation.WhyInDoubt}
	for name, test := range map[string]struct {
		r           cancellation.Request
		title, says string
	}{
		"kept": {sample.Change(sample.Many(3), sample.InState(cancellation.Declined)), "All meetings kept", "@BOB chose to keep all of them. Nothing was changed."},
		"kept, by someone unknown": {
			sample.Change(sample.Many(3), sample.InState(cancellation.Declined), func(r *cancellation.Request) { r.ClosedBy = "" }),
			"All meetings kept", "Someone chose to keep all of them. Nothing was changed.",
		},
		"undone":           {sample.Change(sample.Many(3), by, sample.UndoWindow, sample.InState(cancellation.Declined)), "All meetings kept", "@BOB undid the cancellation in time: all of them stay as they were."},
		"kept in doubt":    {sample.Change(sample.Many(3), sample.InDoubt, sample.InState(cancellation.Declined)), "Outcome unknown", "@BOB chose to keep all of them, but some may have been cancelled from another card."},
		"stopped in doubt": {sample.Change(sample.Many(3), by, sample.InDoubt, sample.InState(cancellation.Declined)), "Cancellation stopped", "@BOB stopped this cancellation in time, but some of them may have been cancelled from another card."},
		"expired in doubt": {sample.Change(sample.Many(3), sample.InDoubt, sample.InState(cancellation.Expired)), "Question expired", "Nobody answered in time. Some of them may have been cancelled from another card."},
		"stopped":          {sample.Change(sample.Many(3), by, sample.InState(cancellation.Declined)), "All meetings kept", "@BOB stopped the cancellation in time: all of them stay as they were."},
		"stopped after the window": {
			sample.Change(sample.Many(3), sample.WithParts(stopped), by, sample.UndoWindow, sample.InState(cancellation.Declined)),
			"All meetings kept", "@BOB stopped the cancellation in time: all of them stay as they were.",
		},
		"expired": {
			sample.Change(sample.Many(3), sample.InState(cancellation.Expired)), "Question expired",
			"Nobody answered in time, so all of them are unchanged. To ask again, type `/cancel-meeting 2026-12-01..2026-12-05`",
		},
		"one kept":   {sample.Change(sample.Many(1), sample.InState(cancellation.Declined)), "Meeting kept", "@BOB chose to keep it. Nothing was changed."},
		"one undone": {sample.Change(sample.Many(1), by, sample.UndoWindow, sample.InState(cancellation.Declined)), "Meeting kept", "@BOB undid the cancellation in time: the meeting stays as it was."},
		"one gone": {
			sample.Change(sample.Many(1), sample.OnBatch(func(b *cancellation.Batch) { b.Items = nil }), closed), "Nothing left to cancel",
			"The meeting was cancelled or ended by somebody else while the question was open.",
		},
		"one open":                         {sample.Change(sample.Many(1), sample.InState(cancellation.Asked)), "Cancel a meeting?", "Nobody has answered yet."},
		"superseded":                       {sample.Change(sample.Many(3), sample.InState(cancellation.Superseded)), "Card replaced", "Nothing was done from this card. A newer one asks again."},
		"elsewhere":                        {sample.Change(sample.Many(3), closed), "Nothing left to cancel", "All of them were cancelled or ended by somebody else while the question was open."},
		"elsewhere, some from other cards": {sample.Change(sample.Many(3), ours, closed), "Nothing left to cancel", "All of them were cancelled or ended while the question was open."},
		"none, one unknown": {
			sample.Change(sample.Many(2), sample.WithParts(sample.Over(cancellation.Unknown, ""), sample.Over(cancellation.Failed, "server")), sample.Finished(cancellation.Unknown)),
			"Outcome unknown", "@BOB confirmed, but none of the 2 meetings is known to be cancelled yet. 1 was not cancelled and is unchanged. It is not known yet whether 1 was cancelled; this will be updated once it is.",
		},
		"some, one unknown": {
			sample.Change(sample.Many(2), sample.WithParts(sample.Over(cancellation.Unknown, ""), sample.Over(cancellation.Cancelled, "")), sample.Finished(cancellation.Unknown)),
			"1 of 2 meetings cancelled", "1 of 2 meetings was cancelled by @BOB. It is not known yet whether 1 was cancelled; this will be updated once it is.",
		},
		"some stopped": {
			sample.Change(sample.Many(3), sample.WithParts(sample.Over(cancellation.Cancelled, ""), stopped, stopped), sample.Finished(cancellation.Cancelled)),
			"1 of 3 meetings cancelled", "1 of 3 meetings was cancelled by @BOB. 2 were kept, because they were stopped in time.",
		},
		"some in doubt": {
			sample.Change(sample.Many(4), sample.WithParts(sample.Over(cancellation.Cancelled, ""), doubt, stopped, sample.Over(cancellation.Refused, cancellation.WhyInDoubt)), sample.Finished(cancellation.Cancelled)),
			"1 of 4 meetings cancelled", "1 of 4 meetings was cancelled by @BOB. 1 was kept, because it was stopped in time. 2 may have been cancelled from another card.",
		},
		"none, one in doubt": {
			sample.Change(sample.Many(2), sample.WithParts(doubt, sample.Over(cancellation.Refused, "stale")), sample.Finished(cancellation.Failed)),
			"Outcome unknown", "@BOB confirmed, but none of the 2 meetings is known to be cancelled yet. 1 was not cancelled and is unchanged. 1 may have been cancelled from another card.",
		},
		"one, in doubt": {
			sample.Change(sample.Many(1), sample.WithParts(sample.Over(cancellation.Refused, cancellation.WhyInDoubt)), sample.Finished(cancellation.Failed)),
			"Outcome unknown", "@BOB confirmed, but nothing was cancelled from this card. The meeting may have been cancelled from another one.",
		},
		"all ended": {
			sample.Change(sample.Many(2), sample.WithParts(sample.Over(cancellation.Ended, "")), sample.Finished(cancellation.Ended)),
			"2 meetings ended and cancelled", "2 meetings were ended for everyone and cancelled by @BOB.",
		},
		"all cancelled": {
			sample.Change(sample.Many(2), sample.WithParts(sample.Over(cancellation.Cancelled, "")), sample.Finished(cancellation.Cancelled)),
			"2 meetings cancelled", "2 meetings were cancelled by @BOB.",
		},
		"all gone": {
			sample.Change(sample.Many(2), sample.WithParts(sample.Over(cancellation.Gone, "")), sample.Finished(cancellation.Gone)),
			"No meeting cancelled", "@BOB confirmed, but none of the 2 meetings was cancelled. 2 were already gone.",
		},
	} {
		p := viewtest.Page("en")
		if got := outcome.Title(p, test.r); got != test.title {
			t.Errorf("%s: the title is %q, want %q", name, got, test.title)
		}
		if got := viewtest.Render(outcome.Happened(p, test.r)); got != test.says {
			t.Errorf("%s: %q, want %q", name, got, test.says)
		}
		if got := outcome.Because(p, test.r); got != "" && test.r.Outcome != cancellation.Unknown {
			t.Errorf("%s gives one reason for all: %q", name, got)
		}
	}
	owner := viewtest.Page("en").ForOwner()
	for _, r := range []cancellation.Request{sample.Planned(), sample.Many(3)} {
		r = sample.Change(r, sample.InState(cancellation.Superseded))
		if got := outcome.Happened(owner, r); got != "Nothing was done: something had changed, or too much time had passed since the confirmation. A newer card asks about "+owner.What(r)+" again." {
			t.Errorf("the owner, who has no card, reads %q", got)
		}
	}
}

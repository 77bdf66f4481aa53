package outcome

import (
	"slices"

	"meetingbot/handlers/view/block"
	"meetingbot/handlers/view/page"
	"meetingbot/handlers/view/words"
	"meetingbot/internal/cancellation"
)

// Listed returns how many meetings and dates the card lists, or listed before the last of them
// disappeared. It may be one: of the numbers typed or of the meetings on that day, perhaps only one can be ticked.
func Listed(b *cancellation.Batch) int { return max(len(b.Items), len(b.Meetings)) }

// severalTitle returns the overall outcome in a few words.
func severalTitle(p page.Page, b *cancellation.Batch) string {
	switch t := b.Tally(); {
	case t.Cancelled == 0 && t.Unknown+len(b.Where(cancellation.Item.InDoubt)) > 0:
		return p.Say("done.unknown_title", nil)
	case t.Cancelled == 0:
		return p.Say("many.none_title", nil)
	case t.Cancelled < t.All:
		return p.Say("many.part_title", words.Vars{"Cancelled": t.Cancelled, "All": t.All})
	case t.Ended == t.All:
		return p.Count("many.ended_title", t.All, nil)
	default:
		return p.Count("many.done_title", t.All, nil)
	}
}

// severalHappened states the overall outcome in numbers.
func severalHappened(p page.Page, r cancellation.Request) string {
	if closedElsewhere(r) {
		if slices.ContainsFunc(r.Batch.LeftOut, func(l cancellation.LeftOut) bool {
			return l.Why == cancellation.LeftOtherCard || l.Why == cancellation.LeftEnded
		}) {
			return p.Count("many.gone_meanwhile", Listed(r.Batch), nil)
		}
		return p.Count("many.elsewhere", Listed(r.Batch), nil)
	}
	switch r.State {
	case cancellation.Declined:
		return p.Count("many."+declinedKey(r), Listed(r.Batch), words.Vars{"Who": p.Who(r.ClosedBy)})
	case cancellation.Expired:
		if r.Why == cancellation.WhyInDoubt {
			return p.Count("many.expired_doubt", Listed(r.Batch), nil)
		}
		return p.Count("many.expired", Listed(r.Batch), words.Vars{"Example": p.Example(r, "")})
	case cancellation.Superseded:
		if p.ToOwner {
			return p.Say("notice.ask_again", words.Vars{"What": p.What(r)})
		}
		return p.Say("many.superseded", nil)
	case cancellation.Received, cancellation.Asked:
		return p.Say("many.open", nil)
	case cancellation.Confirmed, cancellation.Calling:
		return p.Count("many.working", len(r.Batch.Ticked()), words.Vars{"Who": p.Who(r.ConfirmedBy)})
	case cancellation.Done:
	}
	return severalDone(p, r)
}

// severalDone states the outcome of finished items: the most common first, then the others by
// number.
func severalDone(p page.Page, r cancellation.Request) string {
	t := r.Batch.Tally()
	doubt := len(r.Batch.Where(cancellation.Item.InDoubt))
	stopped := len(r.Batch.Where(func(it cancellation.Item) bool { return it.State == cancellation.Declined && !it.InDoubt() }))
	left := len(r.Batch.Where(func(it cancellation.Item) bool { // they changed after the card was shown, so don't call them unchanged
		return it.State == cancellation.Done && !it.Outcome.Removed() && (it.Why == cancellation.WhyChanged || it.Why == "started")
	}))
	v := words.Vars{"Who": p.Who(r.ConfirmedBy), "All": t.All}
	first, ended := "", t.Ended // zero once first says how many
	switch {
	case t.All == 1 && t.Cancelled == 0:
		return p.Say("many."+onlyKey(t, left, doubt), v)
	case t.Cancelled == 0 && t.Unknown+doubt > 0:
		first = p.Say("many.none_yet", v)
	case t.Cancelled == 0:
		first = p.Say("many.none", v)
	case t.Ended == t.All:
		first, ended = p.Count("many.done_ended", t.All, v), 0
	case t.Ended == t.Cancelled:
		first, ended = p.Count("many.part_ended", t.Cancelled, v), 0
	case t.Cancelled == t.All:
		first = p.Count("many.done", t.All, v)
	default:
		first = p.Count("many.part", t.Cancelled, v)
	}
	return block.Flow(
		first, p.CountAny("many.were_ended", ended), p.CountAny("many.were_gone", t.Gone), p.CountAny("many.were_left", left),
		p.CountAny("many.were_failed", t.Failed+t.Stopped-left-doubt-stopped), p.CountAny("many.were_stopped", stopped),
		p.CountAny("many.may_be_gone", doubt), p.CountAny("many.are_unknown", t.Unknown),
	)
}

// onlyKey returns the catalogue key for a single item that was not removed.
func onlyKey(t cancellation.Tally, left, doubt int) string {
	switch {
	case t.Gone > 0:
		return "only_gone"
	case t.Unknown > 0:
		return "only_unknown"
	case doubt > 0:
		return "only_doubt"
	case left > 0:
		return "only_left"
	}
	return "only_failed"
}

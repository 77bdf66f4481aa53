package outcome

import (
	"meetingbot/handlers/view/block"
	"meetingbot/handlers/view/page"
	"meetingbot/handlers/view/words"
	"meetingbot/internal/cancellation"
)

// severalTitle is the overall outcome in a few words.
func severalTitle(p page.Page, r cancellation.Request) string {
	t := r.Batch.Tally()
	if elsewhere(r) {
		return p.Say("done.elsewhere_title", nil)
	}
	switch r.State {
	case cancellation.Declined:
		return p.Say("many.kept_title", nil)
	case cancellation.Expired:
		return p.Say("done.expired_title", nil)
	case cancellation.Superseded:
		return p.Say("done.superseded_title", nil)
	case cancellation.Received, cancellation.Asked:
		return p.Say("many.title", nil)
	case cancellation.Confirmed, cancellation.Calling:
		return p.Say("working.title", nil)
	case cancellation.Done:
	}
	switch {
	case t.Cancelled == 0 && t.Unknown > 0:
		return p.Say("done.unknown_title", nil)
	case t.Cancelled == 0:
		return p.Say("many.none_title", nil)
	case t.Cancelled < t.All:
		return p.Say("many.part_title", words.Vars{"Cancelled": t.Cancelled, "All": t.All})
	case t.Ended == t.All:
		return p.Count("many.ended_title", t.All, nil)
	}
	return p.Count("many.done_title", t.All, nil)
}

// severalHappened gives the overall outcome in numbers.
func severalHappened(p page.Page, r cancellation.Request) string {
	if elsewhere(r) {
		return p.Say("many.elsewhere", nil)
	}
	switch r.State {
	case cancellation.Declined:
		return p.Say("many."+declinedKey(r), words.Vars{"Who": p.Who(r.ClosedBy)})
	case cancellation.Expired:
		return p.Say("many.expired", words.Vars{"Example": p.Example(r, "")})
	case cancellation.Superseded:
		return p.Say("many.superseded", nil)
	case cancellation.Received, cancellation.Asked:
		return p.Say("many.open", nil)
	case cancellation.Confirmed, cancellation.Calling:
		return p.Say("many.working", words.Vars{"Who": p.Who(r.ConfirmedBy)})
	case cancellation.Done:
	}
	t := r.Batch.Tally()
	v := words.Vars{"Who": p.Who(r.ConfirmedBy), "Cancelled": t.Cancelled, "All": t.All}
	first := p.Say("many.part", v)
	switch {
	case t.Cancelled == 0 && t.Unknown > 0:
		first = p.Say("many.none_yet", v)
	case t.Cancelled == 0:
		first = p.Say("many.none", v)
	case t.Cancelled == t.All:
		first = p.Count("many.done", t.All, v)
	}
	texts := []string{first}
	for _, part := range []struct {
		key string
		n   int
	}{{"were_ended", t.Ended}, {"were_gone", t.Gone}, {"were_failed", t.Failed}, {"were_stopped", t.Stopped}, {"are_unknown", t.Unknown}} {
		if part.n > 0 {
			texts = append(texts, p.Count("many."+part.key, part.n, nil))
		}
	}
	return block.Flow(texts...)
}

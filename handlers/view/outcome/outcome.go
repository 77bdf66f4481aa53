package outcome

import (
	"slices"

	"meetingbot/handlers/view/block"
	"meetingbot/handlers/view/page"
	"meetingbot/handlers/view/words"
	"meetingbot/internal/cancellation"
)

// Happened says what happened to the meeting, and who decided it.
func Happened(p page.Page, r cancellation.Request) string {
	if r.Batch != nil {
		return block.Capitalize(severalHappened(p, r))
	}
	v := words.Vars{"What": p.What(r)}
	say := func(key, person string) string {
		v["Who"] = p.Who(person)
		return block.Capitalize(p.Say(key, v))
	}
	switch {
	case closedElsewhere(r) && r.Why == cancellation.WhyOver:
		return say("watch.over", r.ClosedBy)
	case closedElsewhere(r) && r.ClosedBy != "":
		return say("done.other_card", r.ClosedBy)
	case closedElsewhere(r):
		return say("done.elsewhere", "")
	}
	switch r.State {
	case cancellation.Declined:
		return say("done."+declinedKey(r), r.ClosedBy)
	case cancellation.Expired:
		switch {
		case r.Why == cancellation.WhyInDoubt:
			return say("done.expired_doubt", "")
		case r.IsQuestion():
			return say("askowner.expired", "")
		}
		v["Example"] = p.Example(r, page.Flags(r, r.End))
		return say("done.expired", "")
	case cancellation.Superseded:
		if p.ToOwner { // the owner has no card
			return say("notice.ask_again", "")
		}
		return say("done.superseded", "")
	case cancellation.Done:
		return done(p, r, v)
	case cancellation.Received, cancellation.Asked:
		return say("done.open", "")
	case cancellation.Confirmed, cancellation.Calling:
	}
	v["Who"] = p.Who(r.ConfirmedBy)
	return block.Capitalize(Consequence(p, "working.text", r, v))
}

// Consequence says, in the sentence under key, what the call does: whether it ends something
// that is running, and whether it is about dates of a series. Every message between the
// question and its end says the same of it.
func Consequence(p page.Page, key string, r cancellation.Request, v words.Vars) string {
	switch n := len(cancellation.Dates(r)); {
	case r.Scope == cancellation.Occurrence && r.Ending():
		return p.Count(key+"_dates_end", n, v)
	case r.Scope == cancellation.Occurrence:
		return p.Count(key+"_dates", n, v)
	case r.Ending():
		key += "_end"
	}
	return p.Say(key, v)
}

// done is Happened for a request in state Done.
func done(p page.Page, r cancellation.Request, v words.Vars) string {
	v["Who"] = Confirmer(p, r)
	ended := ""
	if r.Outcome == cancellation.Ended {
		ended = "_ended"
	}
	switch {
	case r.Outcome.Removed() && r.Scope == cancellation.Series:
		return block.Capitalize(p.Say("done.series"+ended, v))
	case r.Outcome.Removed() && r.Scope == cancellation.Occurrence:
		chosen := cancellation.Dates(r)
		v["Dates"] = p.DateLine(chosen, page.ShownChosen)
		return block.Capitalize(p.Count("done.dates"+ended, len(chosen), v))
	}
	key := "done." + outcomeKey(r.Outcome)
	if r.Outcome == cancellation.Refused || r.Outcome == cancellation.Failed {
		switch r.Why { // don't call it unchanged
		case cancellation.WhyInDoubt:
			return block.Capitalize(p.Say("done.doubt", v))
		case cancellation.WhyChanged:
			key = "done.left"
		}
	}
	if r.Scope == cancellation.Occurrence {
		return block.Capitalize(p.Count(key+"_dates", len(cancellation.Dates(r)), v))
	}
	return block.Capitalize(p.Say(key, v))
}

// Title returns the outcome in a few words.
func Title(p page.Page, r cancellation.Request) string {
	say := func(one, several string) string {
		if r.Batch != nil {
			return p.Count(several, Listed(r.Batch), nil)
		}
		return p.Say(one, nil)
	}
	if closedElsewhere(r) && r.Why == cancellation.WhyOver && r.Batch == nil {
		return p.Say("watch.over_title", nil)
	}
	if closedElsewhere(r) {
		return p.Say("done.elsewhere_title", nil)
	}
	switch r.State {
	case cancellation.Declined:
		switch key := declinedKey(r); key {
		case "stopped_doubt":
			return p.Say("done.stopped_title", nil)
		case "kept_doubt":
			return p.Say("done.unknown_title", nil)
		default:
			return say("done."+key+"_title", "many.kept_title")
		}
	case cancellation.Expired:
		return p.Say("done.expired_title", nil)
	case cancellation.Superseded:
		return p.Say("done.superseded_title", nil)
	case cancellation.Done:
		return doneTitle(p, r)
	case cancellation.Received, cancellation.Asked:
		return say("ask.title_cancel", "many.title")
	case cancellation.Confirmed, cancellation.Calling:
	}
	return p.Say("working.title", nil)
}

func doneTitle(p page.Page, r cancellation.Request) string {
	switch {
	case r.Batch != nil:
		return severalTitle(p, r.Batch)
	case r.Why == cancellation.WhyInDoubt:
		return p.Say("done.unknown_title", nil)
	case r.Outcome.Removed() && r.Scope == cancellation.Series:
		return p.Say("done.series_title", nil)
	case r.Outcome.Removed() && r.Scope == cancellation.Occurrence:
		return p.Count("done.dates_title", len(cancellation.Dates(r)), nil)
	}
	return p.Say("done."+outcomeKey(r.Outcome)+"_title", nil)
}

// outcomeKey returns the catalogue's name for an outcome. An unknown value gets a sentence
// too.
func outcomeKey(o cancellation.Outcome) string {
	if !slices.Contains(cancellation.Outcomes(), o) {
		o = cancellation.Unknown
	}
	return string(o)
}

// declinedKey returns the catalogue's name for how a question was declined: right away, in the
// undo window, or while the bot had to wait; and whether the meeting may be called unchanged.
func declinedKey(r cancellation.Request) string {
	doubt := r.Why == cancellation.WhyInDoubt
	switch {
	case doubt && r.ConfirmedBy == "":
		return "kept_doubt"
	case doubt:
		return "stopped_doubt"
	case r.ConfirmedBy == "":
		return "kept"
	case r.UndoUntil.IsZero(), r.Batch != nil && r.Batch.Tally().All > 0: // too late to undo
		return "stopped"
	}
	return "undone"
}

// closedElsewhere reports whether r ended because its meeting was gone before anyone
// answered.
func closedElsewhere(r cancellation.Request) bool { return r.ClosedElsewhere && r.State.Final() }

// Planned says when the meeting is, or would have been, unless the sentence already names the
// dates.
func Planned(p page.Page, r cancellation.Request) string {
	start := r.Meeting.Next()
	key := "done.planned_for"
	unchanged := r.State != cancellation.Done || r.Outcome == cancellation.Refused || r.Outcome == cancellation.Failed
	switch {
	case r.IsQuestion() && r.State == cancellation.Expired, r.State == cancellation.Superseded: // it may have been moved
		return ""
	case r.Scope == cancellation.Occurrence, unchanged && (r.Meeting.Recurring || r.Meeting.Running):
		return ""
	case r.Meeting.Recurring:
		key = "done.next_date"
	case unchanged && !hasMovedOn(r):
		key = "done.planned_still"
	}
	return p.SayIf(!start.IsZero(), key, words.Vars{"When": p.Moment("long", start)})
}

// hasMovedOn reports whether the meeting may no longer be as the card showed it: the service
// revealed that when it refused r, or another card may have cancelled it.
func hasMovedOn(r cancellation.Request) bool {
	return r.Why == cancellation.WhyInDoubt || r.State == cancellation.Done && slices.Contains([]string{"not_found", "started", "ended", "transient", cancellation.WhyChanged}, r.Why)
}

// Confirmer names the person who confirmed. To an owner it adds that they delegated to that
// person.
func Confirmer(p page.Page, r cancellation.Request) string {
	who := p.Who(r.ConfirmedBy)
	if !p.ToOwner || r.Delegation == "" {
		return who
	}
	return p.Say("delegation.confirmer", words.Vars{"Who": who})
}

// ToldInvited says how many invited people were told; empty until that is known.
func ToldInvited(p page.Page, r cancellation.Request) string {
	if r.State != cancellation.Done || !r.Outcome.Removed() {
		return ""
	}
	switch t := r.Telling; t.Result {
	case cancellation.TellDone:
		told := p.Count("invited.told", t.Told, words.Vars{"All": t.People})
		switch {
		case t.People == 1 && t.Told == 1:
			told = p.Say("invited.only_told", nil)
		case t.People == 1:
			told = p.Say("invited.only_not_told", nil)
		}
		return block.Flow(told, p.CountAny("invited.knew", t.Knew))
	case cancellation.TellUnread:
		return p.Say("invited.unread", nil)
	}
	return ""
}

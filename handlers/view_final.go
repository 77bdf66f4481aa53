package handlers

import (
	"strings"

	"github.com/slack-go/slack"

	"meetingbot/bot"
	"meetingbot/internal/cancellation"
)

// final is the card when nothing can be decided any more. Only an unknown
// outcome keeps a button, which looks and changes nothing.
func (p page) final(r cancellation.Request) bot.Message {
	blocks := stack(header(p.title(r)))
	blocks = append(blocks, p.facts(r)...)
	blocks = append(blocks, section(p.happened(r), p.because(r)), p.reason(r), p.checkAgain(r), p.smallPrint(r))
	return bot.Message{
		Text:   join("\n", p.spoken().happened(r), p.because(r)),
		Blocks: stack(blocks...),
	}
}

func (p page) checkAgain(r cancellation.Request) slack.Block {
	if r.State != cancellation.Done || r.Outcome != cancellation.Unknown {
		return nil
	}
	return buttons(button(r, ActionCheckAgain, p.say("button.check", nil)))
}

// title is the outcome in a few words.
func (p page) title(r cancellation.Request) string {
	switch r.State {
	case cancellation.Declined:
		if r.ConfirmedBy != "" {
			return p.say("done.undone_title", nil)
		}
		return p.say("done.kept_title", nil)
	case cancellation.Expired:
		return p.say("done.expired_title", nil)
	case cancellation.Superseded:
		return p.say("done.superseded_title", nil)
	case cancellation.Done:
		return p.outcomeTitle(r)
	case cancellation.Received, cancellation.Asked:
		return p.say("ask.title_cancel", nil)
	case cancellation.Confirmed, cancellation.Calling:
	}
	return p.say("working.title", nil)
}

func (p page) outcomeTitle(r cancellation.Request) string {
	if r.Outcome.Removed() {
		switch r.Scope {
		case cancellation.Series:
			return p.say("done.series_title", nil)
		case cancellation.Occurrence:
			return p.count("done.dates_title", len(dates(r)), nil)
		case cancellation.Undecided, cancellation.Whole:
		}
	}
	return p.say("done."+outcomeKey(r.Outcome)+"_title", nil)
}

// outcomeKey is the name of an outcome in the catalogue. An outcome that is not
// known says so, rather than nothing.
func outcomeKey(o cancellation.Outcome) string {
	switch o {
	case cancellation.Cancelled:
		return "cancelled"
	case cancellation.Ended:
		return "ended"
	case cancellation.Gone:
		return "gone"
	case cancellation.Refused:
		return "refused"
	case cancellation.Failed:
		return "failed"
	case cancellation.Unknown:
	}
	return "unknown"
}

// happened says what happened to the meeting, and who decided it.
func (p page) happened(r cancellation.Request) string {
	v := vars{"What": p.what(r)}
	say := func(key, person string) string {
		v["Who"] = p.who(person)
		return sentence(p.say(key, v))
	}
	switch r.State {
	case cancellation.Declined:
		if r.ConfirmedBy != "" {
			return say("done.undone", r.ClosedBy)
		}
		return say("done.kept", r.ClosedBy)
	case cancellation.Expired:
		v["Example"] = p.example(r, flags(r, r.End))
		return say("done.expired", "")
	case cancellation.Superseded:
		return say("done.superseded", "")
	case cancellation.Done:
		return p.outcome(r, v)
	case cancellation.Received, cancellation.Asked:
		return say("done.open", "")
	case cancellation.Confirmed, cancellation.Calling:
	}
	return say("working.text", r.ConfirmedBy)
}

// outcome is happened for a request that is done.
func (p page) outcome(r cancellation.Request, v vars) string {
	v["Who"] = p.who(r.ConfirmedBy)
	ended := ""
	if r.Outcome == cancellation.Ended {
		ended = "_ended"
	}
	switch {
	case r.Outcome.Removed() && r.Scope == cancellation.Series:
		return sentence(p.say("done.series"+ended, v))
	case r.Outcome.Removed() && r.Scope == cancellation.Occurrence:
		chosen := dates(r)
		v["Dates"] = p.dateLine(chosen, shownChosen)
		return sentence(p.count("done.dates"+ended, len(chosen), v))
	}
	key := "done." + outcomeKey(r.Outcome)
	if r.Scope == cancellation.Occurrence {
		key += "_dates"
	}
	return sentence(p.say(key, v))
}

// because says why the service or a rule said no, or that nobody knows, and
// what to do now.
func (p page) because(r cancellation.Request) string {
	if r.State != cancellation.Done {
		return ""
	}
	switch r.Outcome {
	case cancellation.Refused, cancellation.Failed:
		return p.class(r.Why, r)
	case cancellation.Unknown:
		return p.say("done.check", vars{"Button": p.say("button.check", nil)})
	case cancellation.Cancelled, cancellation.Ended, cancellation.Gone:
	}
	return ""
}

// class is the sentence for a class of error: what is the matter, and what to
// do now. Dates that were chosen in a menu can't be typed, for the zone of whoever
// reads is not known; the next card has the menu.
func (p page) class(class string, r cancellation.Request) string {
	end := r.End && class != "not_started" || class == "started"
	example, anew := p.example(r, flags(r, end)), ""
	text := p.say("why."+classKey(class), vars{"Example": example})
	if r.Scope == cancellation.Occurrence && typedDate(r) == "" && strings.Contains(text, example) {
		anew = p.say("why.dates_anew", nil)
	}
	return join("\n", text, anew)
}

// classKey is the name of a class of error in the catalogue.
func classKey(class string) string {
	switch class {
	case "not_found", "started", "not_started", "ended", "transient", "denied", "bad_request", "auth", "credentials",
		"clock", "locked", "wrong_site", "throttled", "server", "unavailable", "unknown_outcome", "canceled",
		"not_allowed", "lead_time", "changed", "lookup", "post", "second_person":
		return class
	}
	return "general"
}

// smallPrint says who asked, who confirmed where the text does not, and what
// to look for in the log.
func (p page) smallPrint(r cancellation.Request) slack.Block {
	var asked, confirmed, reference string
	if r.Asker != "" {
		asked = p.say("ask.asked_by", vars{"Who": p.who(r.Asker)})
	}
	if r.State == cancellation.Done && !r.Outcome.Removed() && r.ConfirmedBy != "" {
		confirmed = p.say("done.confirmed_by", vars{"Who": p.who(r.ConfirmedBy)})
	}
	if r.State == cancellation.Done && !r.Outcome.Removed() && r.Outcome != cancellation.Gone {
		reference = p.reference(r.Reference)
	}
	return small(asked, confirmed, reference)
}

func (p page) reference(id string) string {
	if id == "" {
		return ""
	}
	return p.say("done.reference", vars{"Reference": "`" + verbatim(id, maxName) + "`"})
}

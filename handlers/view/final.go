package view

import (
	"strings"

	"github.com/slack-go/slack"

	"meetingbot/bot"
	"meetingbot/internal/cancellation"
)

// final is the card when nothing can be decided any more. Only an unknown outcome
// keeps a button, which checks and changes nothing.
func (p page) final(r cancellation.Request) bot.Message {
	blocks := stack(header(p.title(r)))
	blocks = append(blocks, p.facts(r)...)
	blocks = append(blocks, section(p.happened(r), p.because(r), p.muted(r)), p.reason(r), p.checkAgain(r), p.let(r), p.smallPrint(r))
	return bot.Message{
		Text:   join("\n", p.spoken().happened(r), p.because(r)),
		Blocks: stack(blocks...),
	}
}

func (p page) checkAgain(r cancellation.Request) slack.Block {
	if r.State != cancellation.Done || r.Outcome != cancellation.Unknown {
		return nil
	}
	return buttons(button(r.ID, ActionCheckAgain, p.say("button.check", nil)))
}

// declinedKey is the catalogue's name for how a question was declined: right away, in
// the undo window, or while the bot had to wait.
func declinedKey(r cancellation.Request) string {
	switch {
	case r.ConfirmedBy == "":
		return "kept"
	case r.Batch != nil && r.Batch.Tally().All > 0:
		return "stopped" // too late to undo
	case r.UndoUntil.IsZero():
		return "stopped"
	}
	return "undone"
}

// elsewhere reports whether r is over because somebody acted outside the bot.
func elsewhere(r cancellation.Request) bool { return r.Elsewhere && r.State.Final() }

// elsewhereKey is the catalogue's name for that.
func elsewhereKey(r cancellation.Request) string {
	if r.Why == cancellation.WhyOver {
		return "watch.over"
	}
	return "done.elsewhere"
}

// title is the outcome in a few words.
func (p page) title(r cancellation.Request) string {
	if r.Batch != nil {
		return p.severalTitle(r)
	}
	if elsewhere(r) {
		return p.say(elsewhereKey(r)+"_title", nil)
	}
	switch r.State {
	case cancellation.Declined:
		return p.say("done."+declinedKey(r)+"_title", nil)
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

// outcomeKey is the catalogue's name for an outcome. An unknown value gives a
// sentence too.
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
	if r.Batch != nil {
		return p.severalHappened(r)
	}
	v := vars{"What": p.what(r)}
	say := func(key, person string) string {
		v["Who"] = p.who(person)
		return sentence(p.say(key, v))
	}
	if elsewhere(r) {
		return say(elsewhereKey(r), "")
	}
	switch r.State {
	case cancellation.Declined:
		return say("done."+declinedKey(r), r.ClosedBy)
	case cancellation.Expired:
		if r.IsQuestion() {
			return say("askowner.expired", "")
		}
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
	v["Who"] = p.confirmer(r)
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

// because says why the service or a rule said no, or that the outcome is unknown, and
// what to do now.
func (p page) because(r cancellation.Request) string {
	if r.State != cancellation.Done || elsewhere(r) {
		return ""
	}
	switch r.Outcome {
	case cancellation.Refused, cancellation.Failed:
		if r.Batch != nil {
			return "" // each of them has its own reason
		}
		return p.class(r.Why, r)
	case cancellation.Unknown:
		return p.say("done.check", vars{"Button": p.say("button.check", nil)})
	case cancellation.Cancelled, cancellation.Ended, cancellation.Gone:
	}
	return ""
}

// class is the sentence for a class of error: what is wrong, and what to do now.
// Dates chosen on a card can't be given as a command, because the reader's zone is
// unknown; the next card offers them again.
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
		"not_allowed", "lead_time", "stale", "changed", "lookup", "post", "second_person", "stopped", "not_owner", "last_dates":
		return class
	}
	return "general"
}

// smallPrint says who asked, who confirmed unless the text does, and what to look for
// in the log.
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

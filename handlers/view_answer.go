package handlers

import (
	"slices"
	"strings"

	"meetingbot/bot"
	"meetingbot/internal/cancellation"
)

// Answer is one sentence for one person, and what they can do now.
func (v *Views) Answer(locale string, a Answer) bot.Message {
	p := v.person(locale).discreet()
	text := flow(sentence(p.answer(a)), p.next(a))
	return bot.Message{Text: text, Blocks: stack(section(text), small(p.reference(p.referenceOf(a))))}
}

// referenceOf is shown where something failed; elsewhere it would be noise.
func (p page) referenceOf(a Answer) string {
	switch a.Kind {
	case LookupFailed, NotFound, Busy, NotStored, StillUnknown:
		return a.Reference
	default:
		return ""
	}
}

// answer is the sentence of a's kind. It names a meeting by its number alone:
// whoever is refused need not learn the subject.
func (p page) answer(a Answer) string {
	r := a.Request
	v := vars{"What": p.what(r), "Example": p.example(r, ""), "Command": "`" + p.command + "`"}
	switch a.Kind {
	case LeadTime:
		if a.Wait <= 0 {
			return p.say("answer.lead_time_soon", v)
		}
		v["Wait"] = p.length(a.Wait)
	case TooMany:
		v["Wait"] = p.length(a.Wait)
	case PickFirst:
		v["Button"] = p.say("button.dates", nil)
	case StillUnknown:
		v["Button"] = p.say("button.check", nil)
	case CardExpired:
		v["Example"] = p.example(r, flags(r, r.End))
	case LookupFailed:
		if numberOf(r) == "" {
			return p.say("answer.meetings_failed", nil)
		}
	case OccurrenceNotFound:
		v["Wanted"] = foreign(r.Wanted, maxNumber)
	case NothingToPick, UnknownButton, NoNumberInMessage, TwoNumbersInMessage:
		v["Example"] = p.example(cancellation.Request{}, "")
	default: // nothing but the meeting to name
	}
	if !slices.Contains(AnswerKinds(), a.Kind) {
		return p.say("answer.busy", v)
	}
	return p.say("answer."+string(a.Kind), v)
}

// next is what the person can do, or what they should know besides.
func (p page) next(a Answer) string {
	r := a.Request
	switch a.Kind {
	case NotAllowed, NotAllowedOwnerUnknown, LeadTime, SecondPersonNeeded, NotYourButton:
		return p.helpers(a)
	case WrongChannel:
		if where := p.list(a.Channels); where != "" {
			return p.say("answer.wrong_channel_where", vars{"Channels": where})
		}
	case AlreadyAnswered, UndoTooLate:
		if r.State == cancellation.Confirmed || r.State == cancellation.Calling {
			return p.say("answer.already_confirmed", vars{"Who": p.who(r.ConfirmedBy)})
		}
		return p.settled(r)
	case Settled:
		return p.settled(r)
	case OpenCard:
		return p.cardLink(a)
	case UnderWay:
		return join(" ", p.say("answer.already_confirmed", vars{"Who": p.who(a.Who)}), p.cardLink(a))
	case LookupFailed:
		return p.class(a.Class, r)
	case OccurrenceNotFound:
		if all := r.Meeting.Occurrences; len(all) > 0 {
			next := dates(cancellation.Request{Meeting: r.Meeting})
			return p.say("answer.occurrence_next", vars{"Dates": p.dateLine(next, shownNext)})
		}
	default: // the sentence says it all
	}
	return ""
}

// cardLink leads to the card that stands already, if its address is known.
func (p page) cardLink(a Answer) string {
	if l := link(a.Link, p.say("answer.open_card_link", nil)); strings.HasPrefix(l, "<") {
		return l
	}
	return ""
}

// settled says what became of r; nothing if that is not decided.
func (p page) settled(r cancellation.Request) string {
	if !r.State.Final() {
		return ""
	}
	return flow(p.happened(r), p.because(r))
}

// helpers says who may do what this person may not. Nobody on a list means
// that only the owner can, who is not named to somebody who is refused.
func (p page) helpers(a Answer) string {
	if slices.Contains(a.Users, "*") || slices.Contains(a.Groups, "*") {
		return p.say("answer.helpers_everyone", nil)
	}
	people := p.list(slices.DeleteFunc(slices.Concat(a.Users, a.Groups), func(id string) bool {
		return a.Kind == SecondPersonNeeded && id == a.Request.Asker
	}))
	owner := a.Kind == NotAllowed || a.Kind == NotYourButton
	switch {
	case owner && people != "":
		return p.say("answer.helpers_and_owner", vars{"People": people})
	case owner:
		return p.say("answer.helpers_owner", nil)
	case people != "":
		return p.say("answer.helpers", vars{"People": people})
	}
	return ""
}

// maxNamed is how many people, channels or numbers a sentence names.
const maxNamed = 10

// list names people, groups or channels by their Slack ids, each once.
func (p page) list(ids []string) string {
	var names []string
	for _, id := range ids {
		if id != "" && id != "*" && !slices.Contains(names, mention(id)) {
			names = append(names, mention(id))
		}
	}
	return p.several(names)
}

// several puts the first of many names into a sentence, and how many there are
// besides.
func (p page) several(names []string) string {
	if more := len(names) - maxNamed; more > 0 {
		names = append(names[:maxNamed:maxNamed], p.count("count.more", more, nil))
	}
	return strings.Join(names, p.say("separator", nil))
}

package view

import (
	"cmp"
	"slices"
	"strings"

	"meetingbot/bot"
	"meetingbot/internal/cancellation"
)

// drawAnswer is one sentence for one person, and what they can do next.
func (p page) drawAnswer(a Answer) bot.Message {
	text := flow(sentence(p.answer(a)), p.next(a))
	return bot.Message{Text: text, Blocks: stack(section(text), p.askOwner(a), small(p.reference(p.referenceOf(a))))}
}

// referenceOf is shown only where something failed; elsewhere it would be noise.
func (p page) referenceOf(a Answer) string {
	switch a.Kind {
	case LookupFailed, NotFound, Busy, NotStored, StillUnknown:
		return a.Reference
	default:
		return ""
	}
}

// answer is the sentence for a's kind. It names a meeting by its number only: a
// person who is refused need not learn the subject.
func (p page) answer(a Answer) string {
	r := a.Request
	v := vars{"What": p.what(r), "Example": p.example(r, ""), "Command": "`" + cmp.Or(r.As, p.command) + "`"}
	switch a.Kind {
	case LeadTime:
		if a.Wait <= 0 {
			return p.say("answer.lead_time_soon", v)
		}
		v["Wait"] = p.length(a.Wait)
	case TooMany:
		v["Wait"] = p.length(a.Wait)
	case StillUnknown:
		v["Button"] = p.say("button.check", nil)
	case CardExpired:
		v["Example"] = p.example(r, flags(r, r.End))
	case LookupFailed:
		if numberOf(r) == "" {
			return p.say("answer.meetings_failed", nil)
		}
	case OccurrenceNotFound, ZoneUnknown:
		v["Wanted"] = foreign(r.Wanted, maxNumber)
	case TooLate:
		v["Example"] = p.again(a)
	case PersonUnknown, PersonNoAccount:
		v["Typed"] = cmp.Or(foreign(a.Line, maxName), "…")
	case MayAskOwner, OwnerAsked, AskedAlready, OwnerMuted:
		v["Owner"] = p.who(a.Who)
	case MayYourself:
		v["Example"] = p.example(r, flags(r, r.End))
	case OtherCommand:
		v["Typed"] = "`" + cmp.Or(verbatim(a.Line, maxName), "/…") + "`"
	case NothingToPick, UnknownButton, NoNumberInMessage, TwoNumbersInMessage:
		v["Example"] = p.example(cancellation.Request{}, "")
	default: // names nothing but the meeting
	}
	if said := p.letAnswer(a); said != "" {
		return said
	}
	if !slices.Contains(AnswerKinds(), a.Kind) {
		return p.say("answer.busy", v)
	}
	return p.say("answer."+string(a.Kind), v)
}

// again is the command to type again: the given line, or one that asks for the same
// as the request.
func (p page) again(a Answer) string {
	if line := verbatim(a.Line, maxField); line != "" {
		return "`" + line + "`"
	}
	if numberOf(a.Request) == "" {
		return "`" + cmp.Or(a.Request.As, p.command) + "`"
	}
	reason := verbatim(strings.ReplaceAll(a.Request.Reason, `"`, "'"), maxReason)
	if reason != "" {
		reason = `--reason "` + reason + `"`
	}
	return p.example(a.Request, join(" ", flags(a.Request, a.Request.End), reason))
}

// next is what the person can do, or what else they should know.
func (p page) next(a Answer) string {
	r := a.Request
	switch a.Kind {
	case NotAllowed, NotAllowedOwnerUnknown, LeadTime, NotTheirs, SecondPersonNeeded, NotYourButton, MayAskOwner:
		return p.helpers(a)
	case OwnerAsked, AskedAlready:
		return p.stands(a)
	case WrongChannel:
		if where := p.list(a.Channels); where != "" {
			return p.say("answer.wrong_channel_where", vars{"Channels": where})
		}
	case AlreadyAnswered, UndoTooLate:
		if r.State == cancellation.Confirmed || r.State == cancellation.Calling {
			return p.confirmed(r.ConfirmedBy)
		}
		return p.settled(r)
	case Settled:
		return p.settled(r)
	case OpenCard:
		return p.cardLink(a)
	case UnderWay:
		return join(" ", p.confirmed(a.Who), p.cardLink(a))
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

// confirmed says who confirmed what is still being done.
func (p page) confirmed(by string) string {
	return sentence(p.say("answer.already_confirmed", vars{"Who": p.who(by)}))
}

// cardLink links to the existing card, if its address is known.
func (p page) cardLink(a Answer) string {
	if l := link(a.Link, p.say("answer.open_card_link", nil)); strings.HasPrefix(l, "<") {
		return l
	}
	return ""
}

// settled says how r ended; empty if that is undecided.
func (p page) settled(r cancellation.Request) string {
	if !r.State.Final() {
		return ""
	}
	return flow(p.happened(r), p.because(r))
}

// helpers says who may do what this person may not. If nobody is on a list, only the
// owner can, and the owner isn't named to a person who is refused.
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

// several lists the first of many names and how many more there are.
func (p page) several(names []string) string {
	if more := len(names) - maxNamed; more > 0 {
		names = append(names[:maxNamed:maxNamed], p.count("count.more", more, nil))
	}
	return strings.Join(names, p.say("separator", nil))
}

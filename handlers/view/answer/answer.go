package answer

import (
	"cmp"
	"slices"
	"strings"

	"github.com/slack-go/slack"

	"meetingbot/bot"
	"meetingbot/handlers/view/action"
	"meetingbot/handlers/view/block"
	"meetingbot/handlers/view/outcome"
	"meetingbot/handlers/view/page"
	"meetingbot/handlers/view/words"
	"meetingbot/internal/cancellation"
)

// Draw draws one sentence for one person, and what they can do next. It is discreet because
// most answers refuse.
func Draw(p page.Page, a Answer) bot.Message {
	p = p.Discreet()
	reference := "" // elsewhere it would be noise
	if failed := []Kind{LookupFailed, NotFound, Busy, NotStored, StillUnknown}; slices.Contains(failed, a.Kind) {
		reference = a.Reference
	}
	text := block.Flow(block.Capitalize(sentence(p, a)), nextStep(p, a))
	return bot.Message{Text: text, Blocks: block.Stack(block.Section(text), askOwner(p, a), block.Small(outcome.Reference(p, reference)))}
}

// sentence returns the sentence for a's kind. It names a meeting by its number only: a person
// who is refused need not learn the subject.
func sentence(p page.Page, a Answer) string {
	switch {
	case a.ListClosed && a.Kind == MayAskOwner:
		return block.Flow(p.Say("answer.list_closed", nil), p.Say("answer.ask_instead", nil))
	case a.ListClosed: // the person may be on a list that can't be read
		return p.Say("answer.list_closed", nil)
	case a.Kind == DelegateTooMany:
		return p.Count("delegation.delegate_too_many", a.Count, nil)
	case a.Kind == TooManyTicked:
		return p.Count("answer.too_many_ticked", a.Count, nil)
	case a.Kind == StillUnknown:
		return stillUnknown(p, a)
	}
	return p.Say(keyOf(a), words.Vars{
		"What": p.What(a.Request), "Command": "`" + cmp.Or(a.Request.As, p.Command) + "`", "Button": p.Say("button.check", nil),
		"Who": p.Who(a.Who), "Owner": p.Who(a.Who), "Wait": p.Length(a.Wait), "Longest": p.Span(a.Wait),
		"Wanted": block.Escape(a.Request.Wanted, block.MaxNumber), "Typed": cmp.Or(block.Escape(a.Line, block.MaxName), "…"), "Example": example(p, a),
	})
}

// stillUnknown says what checking again has not settled.
func stillUnknown(p page.Page, a Answer) string {
	key := "answer.still_unknown"
	switch {
	case a.Class == cancellation.WhyOver:
		key = "answer.still_unknown_over"
	case !a.Until.IsZero():
		key = "answer.still_unknown_wait"
	}
	v := words.Vars{"What": p.What(a.Request), "Button": p.Say("button.check", nil)}
	if b := a.Request.Batch; b != nil && len(b.Ticked()) > 1 {
		return p.Count(key+"_many", b.Tally().Unknown, v)
	}
	return p.Say(key, v)
}

// keyOf returns the catalogue key of a's sentence.
func keyOf(a Answer) string {
	switch {
	case a.Kind == LookupFailed && page.NumberOf(a.Request) == "":
		return "answer.meetings_failed"
	case a.Kind == LookupFailed && a.Class == "kind_unknown": // the meeting was found
		return "answer.kind_unknown"
	case a.Kind == Busy && knowsWhen(a):
		return "answer.not_now"
	case a.Kind == CannotPostHere && (a.Class == PostingClosed || a.Class == CardRefused):
		return "answer." + a.Class
	case a.Kind == HomeStale:
		return "home.stale"
	case strings.HasPrefix(string(a.Kind), "delegate_"):
		return "delegation." + string(a.Kind)
	case !slices.Contains(Kinds(), a.Kind):
		return "answer.busy"
	}
	return "answer." + string(a.Kind)
}

// knowsWhen reports whether it is known how long to wait, or that waiting a minute won't help.
func knowsWhen(a Answer) bool {
	return outcome.IsLoginProblem(a.Class) || a.Class == "denied" || a.Class == "ambiguous" || a.Class == "meeting_locked" || a.Class == "throttled" || !a.Until.IsZero()
}

// example returns the command to type now.
func example(p page.Page, a Answer) string {
	r := a.Request
	switch a.Kind {
	case TooLate:
		if line := block.Verbatim(a.Line, block.MaxField); line != "" {
			return "`" + line + "`"
		}
		return sameAgain(p, r)
	case NotRecurring:
		r.Scope = cancellation.Whole
		return sameAgain(p, r)
	case OccurrenceUnlisted:
		r.Scope = cancellation.Series
		return sameAgain(p, r)
	case MayYourself:
		return sameAgain(p, r)
	case CardExpired: // the presser may not be the one who gave the reason
		return p.Example(r, page.Flags(r, r.End))
	case UnknownButton: // the number is not known, and people would type one of ours
		return p.ToType(p.Command)
	case NothingToPick, NoNumberInMessage:
		return p.Example(cancellation.Request{}, "")
	default: // just the meeting
		return p.Example(r, "")
	}
}

// sameAgain returns a command that asks for the same as r.
func sameAgain(p page.Page, r cancellation.Request) string {
	return p.Example(r, page.AllFlags(r))
}

// nextStep says what the person can do, or what else they should know.
func nextStep(p page.Page, a Answer) string {
	r := a.Request
	switch a.Kind {
	case NotAllowed, NotAllowedOwnerUnknown, NotAllowedOwnerShared, LeadTime, StartUnknown, NotTheirs, SecondPersonNeeded, NotYourButton, NotYoursToStop, MayAskOwner:
		return helpers(p, a)
	case OwnerAsked, OwnerNotYet, AskedAlready:
		return p.SayIf(!a.Until.IsZero(), "askowner.stands", words.Vars{"When": p.Moment("short", a.Until)})
	case WrongChannel:
		where := p.Channels(a.Channels)
		return p.SayIf(where != "", "answer.wrong_channel_where", words.Vars{"Channels": where})
	case AlreadyAnswered, UndoTooLate:
		if r.State == cancellation.Confirmed || r.State == cancellation.Calling {
			return block.Flow(confirmed(p, r.ConfirmedBy), p.SayIf(a.Kind == UndoTooLate && r.StoppedBy != "", "answer.not_repeated", nil))
		}
		return settled(p, r)
	case Settled:
		return settled(p, r)
	case OpenCard:
		return cardLink(p, a)
	case UnderWay:
		return block.Join(" ", confirmed(p, a.Who), cardLink(p, a))
	case LookupFailed:
		return outcome.ClassUntil(p, a.Class, r, a.Until)
	case Busy:
		if knowsWhen(a) {
			return outcome.ClassUntil(p, a.Class, r, a.Until)
		}
	case StillUnknown:
		if a.Class != cancellation.WhyOver && !a.Until.IsZero() {
			return outcome.ClassUntil(p, a.Class, r, a.Until)
		}
	case OccurrenceNotFound:
		all := page.Next(r.Meeting)
		return p.SayIf(len(all) > 0, "answer.occurrence_next", words.Vars{"Dates": p.DateLine(all, page.ShownNext)})
	default: // the sentence says it all
	}
	return ""
}

// confirmed says who confirmed a request that is still in progress.
func confirmed(p page.Page, by string) string {
	return block.Capitalize(p.Say("answer.already_confirmed", words.Vars{"Who": p.Who(by)}))
}

// cardLink links to the existing card, if its address is known.
func cardLink(p page.Page, a Answer) string {
	return block.Link(a.Link, p.Say("answer.open_card_link", nil))
}

// settled says how r ended; empty if that is undecided.
func settled(p page.Page, r cancellation.Request) string {
	if !r.State.Final() {
		return ""
	}
	return block.Flow(outcome.Happened(p, r), outcome.Because(p, r))
}

// helpers says who can help. If nobody is on a list, only the owner can, and the owner isn't
// named to a person who is refused.
func helpers(p page.Page, a Answer) string {
	if slices.Contains(a.Users, "*") || slices.Contains(a.Groups, "*") {
		return p.Say("answer.helpers_everyone", nil)
	}
	all := slices.Concat(a.Users, a.Groups)
	if a.ListClosed { // the unreadable list may be one of the groups, whose members are then refused as well
		all = slices.Clone(a.Users)
	}
	switch a.Kind {
	case SecondPersonNeeded:
		all = slices.DeleteFunc(all, func(id string) bool { return id == a.Request.Asker })
	case NotYoursToStop:
		all = slices.Concat([]string{a.Request.ConfirmedBy, a.Request.Asker}, all)
	default: // everyone on a list can help
	}
	people := p.People(all)
	owner := (a.Kind == NotAllowed || a.Kind == NotYourButton || a.Kind == SecondPersonNeeded) && !a.OwnerCant
	switch {
	case owner && people != "":
		return p.Say("answer.helpers_and_owner", words.Vars{"People": people})
	case owner:
		return p.Say("answer.helpers_owner", nil)
	}
	return p.SayIf(people != "", "answer.helpers", words.Vars{"People": people})
}

// askOwner returns the button under a refusal that offers to ask the owner, a.Who.
func askOwner(p page.Page, a Answer) slack.Block {
	if a.Kind != MayAskOwner && (a.Kind != NotYourButton || a.Who == "") {
		return nil
	}
	return block.Buttons(block.Button(a.Request.ID, action.AskOwner, p.Say("button.ask_owner", nil)))
}

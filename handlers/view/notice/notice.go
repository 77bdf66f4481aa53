package notice

import (
	"cmp"
	"strconv"

	"github.com/slack-go/slack"

	"meetingbot/bot"
	"meetingbot/handlers/view/block"
	"meetingbot/handlers/view/outcome"
	"meetingbot/handlers/view/page"
	"meetingbot/handlers/view/words"
	"meetingbot/internal/cancellation"
)

// Thread draws the reply in the card's thread: what happened, to which meeting, by whom and
// why, and whether the owner was told. An unknown outcome is not reported there until it is
// known.
func Thread(p page.Page, r cancellation.Request) bot.Message {
	because, owner, invited := outcome.Because(p, r), ownerTold(p, r), outcome.ToldInvited(p, r)
	fallback := p.ForFallback()
	return bot.Message{
		Text: block.Join("\n", outcome.Happened(fallback, r), because, outcome.Planned(fallback, r), owner, invited, p.Brief(r)),
		Blocks: block.Stack(
			block.Section(outcome.Happened(p, r), because, outcome.Planned(p, r)), p.Reason(r),
			block.Section(owner, invited), outcome.SmallPrint(p, r),
		),
	}
}

// ownerTold says whether the owner was told; empty if that wasn't tried yet or there was
// nothing to tell.
func ownerTold(p page.Page, r cancellation.Request) string {
	var key string
	switch r.Owner.Result {
	case cancellation.NoticeSent:
		key = "owner.sent"
	case cancellation.NoticeOwnAction:
		if r.IsQuestion() {
			return "" // the reader is the owner
		}
		return p.Say("owner.own_action", nil)
	case cancellation.NoticeNotFound:
		switch {
		case cancellation.Blanked(r):
			return p.Say("owner.forgotten", nil)
		case r.Meeting.OwnerUUID == "": // so there was no owner to look up
			return p.Say("owner.unnamed", nil)
		}
		key = "owner.not_found"
	case cancellation.NoticeRefused:
		key = "owner.refused"
	case cancellation.NoticeDelayed:
		key = "owner.delayed"
	default: // not tried yet
		return ""
	}
	name := cmp.Or(block.Escape(r.Owner.Name, block.MaxName), block.Escape(r.Meeting.OwnerName, block.MaxName))
	if name == "" || p.Bare {
		return p.Say(key+"_bare", nil)
	}
	return p.Say(key, words.Vars{"Name": name})
}

// Owner tells the owner, in their language, that their meeting, or dates of it, were cancelled
// or ended, or that a delegate tried to. The link leads to the conversation; it may be empty.
func Owner(p page.Page, r cancellation.Request, link string) bot.Message {
	p = p.ForOwner()
	used := p.Say("notice.used", words.Vars{"Who": p.Who(r.ConfirmedBy)}) // a delegate used it
	switch {
	case r.State == cancellation.Superseded:
		return direct(p, r, p.Say("notice.ask_again_title", nil), nil, used, link)
	case r.State != cancellation.Done || !r.Outcome.Removed():
		return direct(p, r, outcome.Title(p, r), nil, used, link)
	}
	return direct(p, r, title(p, "notice", r), rebook(p, r), "", link)
}

// rebook lists what is needed to book the meeting again, other than the subject and the dates,
// which the message names anyway.
func rebook(p page.Page, r cancellation.Request) slack.Block {
	m := r.Meeting
	rows := []string{"*" + p.Say("label.rebook", nil) + "*"}
	row := func(label, value string) {
		if value != "" {
			rows = append(rows, p.Say("label."+label, nil)+p.Say("label.colon", nil)+value)
		}
	}
	if r.Scope != cancellation.Occurrence {
		if start := m.Next(); !start.IsZero() {
			when := "when"
			if m.Recurring {
				when = "next_date"
			}
			row(when, p.Moment("long", start))
		}
		if m.Recurring {
			row("repeats", p.Rule(r))
		}
	}
	if m.Length() > 0 {
		row("length", p.Length(m.Length()))
	}
	if m.InvitedKnown && m.Invited > 0 {
		row("invited", strconv.Itoa(m.Invited))
	}
	if len(rows) == 1 {
		return nil
	}
	return block.Section(rows...)
}

// title says in a heading what happened, to the readers of a section of the catalogue.
func title(p page.Page, section string, r cancellation.Request) string {
	switch {
	case r.Scope == cancellation.Occurrence:
		return p.Count(section+".dates_title", len(cancellation.Dates(r)), nil)
	case r.Scope == cancellation.Series:
		return p.Say(section+".series_title", nil)
	case r.Outcome == cancellation.Ended:
		return p.Say(section+".ended_title", nil)
	}
	return p.Say(section+".cancelled_title", nil)
}

// Asker tells the asker, and the person who answered, the outcome in a direct message, if the
// card and its thread can't be reached any more.
func Asker(p page.Page, r cancellation.Request, link string) bot.Message {
	return direct(p, r, outcome.Title(p, r), nil, block.Flow(ownerTold(p, r), p.Say("notice.asker", nil)), link)
}

// direct draws a direct message about an outcome. Its details, if any, say when the meeting
// would have been.
func direct(p page.Page, r cancellation.Request, title string, details slack.Block, more, url string) bot.Message {
	because, note := outcome.Because(p, r), block.Section(more, block.Link(url, p.Say("notice.thread", nil)))
	planned := outcome.Planned(p, r)
	if details != nil {
		planned = ""
	}
	fallback := p.ForFallback()
	return bot.Message{
		Text:   block.Join("\n", title, outcome.Happened(fallback, r), because, outcome.Planned(fallback, r), p.Brief(r)),
		Blocks: block.Stack(block.Header(title), block.Section(outcome.Happened(p, r), because, planned), p.Reason(r), details, note, outcome.SmallPrint(p, r)),
	}
}

// Invited tells an invited person, in their language, that the meeting, or dates of it, won't
// take place: what, when it would have been, who, and why.
func Invited(p page.Page, r cancellation.Request) bot.Message {
	title := title(p, "invited", r)
	fallback := p.ForFallback()
	return bot.Message{
		Text:   block.Join("\n", title, outcome.Happened(fallback, r), outcome.Planned(fallback, r), p.Brief(r)),
		Blocks: block.Stack(block.Header(title), block.Section(outcome.Happened(p, r), outcome.Planned(p, r)), p.Reason(r), block.Small(p.Say("invited.because", nil))),
	}
}

// Given tells the giver that the delegation is active.
func Given(p page.Page, d cancellation.Delegation) bot.Message {
	return letter(p, func(p page.Page) string {
		return p.Say("delegation.given", words.Vars{"Who": p.Who(d.Receiver), "When": p.Moment("long", d.Until)})
	})
}

// Delegation tells the receiver that they may cancel the giver's meetings, with
// an example of what to type, or that they no longer may.
func Delegation(p page.Page, d cancellation.Delegation) bot.Message {
	key := "delegation.received"
	if !d.EndedAt.IsZero() {
		key = "delegation.ended"
	}
	return letter(p, func(p page.Page) string {
		return p.Say(key, words.Vars{
			"Who": p.Who(d.Giver), "When": p.Moment("long", d.Until), "Example": p.Example(cancellation.Request{}, ""),
		})
	})
}

// letter draws a message of one paragraph. It writes the text twice: for reading and for a
// notification.
func letter(p page.Page, text func(page.Page) string) bot.Message {
	return bot.Message{Text: text(p.ForFallback()), Blocks: block.Stack(block.Section(text(p)))}
}

// Question tells the person who asked the owner how the question ended, or that the meeting
// has changed and the owner is being asked again. It names the meeting by its number only: a
// person who was refused never learns the subject.
func Question(p page.Page, r cancellation.Request) bot.Message {
	p = p.Discreet()
	title, text := questionEnd(p, r)
	_, fallback := questionEnd(p.ForFallback(), r)
	return bot.Message{
		Text:   block.Join("\n", title, fallback),
		Blocks: block.Stack(block.Header(title), block.Section(text), block.Small(p.Say("askowner.your_question", words.Vars{"Owner": p.Who(r.For)}))),
	}
}

// questionEnd returns what the asker is told, as a title and as sentences.
func questionEnd(p page.Page, r cancellation.Request) (title, text string) {
	names := words.Vars{"What": p.What(r), "Owner": p.Who(r.For), "When": p.Moment("short", r.ExpiresAt)}
	switch {
	case r.State == cancellation.Asked && r.AskAgain == cancellation.AskAgainStale:
		return p.Say("askowner.ask_again_stale_title", nil), block.Capitalize(p.Say("askowner.ask_again_stale", names))
	case r.State == cancellation.Asked && r.AskAgain == cancellation.AskAgainUnlisted:
		return p.Say("askowner.ask_again_stale_title", nil), block.Capitalize(p.Say("askowner.ask_again_unlisted", names))
	case r.State == cancellation.Asked:
		return p.Say("askowner.ask_again_title", nil), block.Capitalize(p.Say("askowner.ask_again", names))
	case r.State == cancellation.Expired && r.Why == cancellation.WhyInDoubt:
		return outcome.Title(p, r), outcome.Happened(p, r)
	case r.State == cancellation.Expired && r.Card.TS == "":
		return outcome.Title(p, r), block.Capitalize(p.Say("askowner.not_asked", names))
	case r.State == cancellation.Expired:
		return outcome.Title(p, r), block.Capitalize(p.Say("askowner.unanswered", names))
	case r.IsUnknown():
		return outcome.Title(p, r), outcome.Happened(p, r) // the button is on the owner's card
	}
	return outcome.Title(p, r), block.Flow(outcome.Happened(p, r), outcome.Because(p, r))
}

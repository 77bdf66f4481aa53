package view

import (
	"time"

	"meetingbot/bot"
	"meetingbot/handlers/view/answer"
	"meetingbot/handlers/view/batch"
	"meetingbot/handlers/view/card"
	"meetingbot/handlers/view/help"
	"meetingbot/handlers/view/hometab"
	"meetingbot/handlers/view/list"
	"meetingbot/handlers/view/modal"
	"meetingbot/handlers/view/notice"
	"meetingbot/internal/cancellation"
	"meetingbot/internal/command"
)

// Card is the whole card of r at the time now.
func (v *Renderer) Card(r cancellation.Request, now time.Time) bot.Message {
	if r.Batch != nil {
		return batch.Draw(v.channel(r), r, now)
	}
	return card.Draw(v.channel(r), r, now)
}

// ThreadReply says in the card's thread what happened, and who was told.
func (v *Renderer) ThreadReply(r cancellation.Request) bot.Message {
	if r.Batch != nil {
		return batch.Reply(v.channel(r), r)
	}
	return notice.Thread(v.channel(r), r)
}

// OwnerNotice tells the owner that their meeting, or dates of it, were cancelled or
// ended, or that somebody whom they let tried to. The link leads to the conversation;
// it may be empty.
func (v *Renderer) OwnerNotice(locale string, r cancellation.Request, link string) bot.Message {
	return notice.Owner(v.person(locale).ForOwner(), r, link)
}

// ManyOwnerNotice tells a person which meetings of their accounts, at least one, were
// cancelled or ended.
func (v *Renderer) ManyOwnerNotice(locale string, r cancellation.Request, accounts []cancellation.Owner, link string) bot.Message {
	return batch.OwnerNotice(v.person(locale).ForOwner(), r, accounts, link)
}

// AskerNotice tells the asker the outcome in a direct message if the card and its
// thread can't be reached any more.
func (v *Renderer) AskerNotice(locale string, r cancellation.Request, link string) bot.Message {
	return notice.Asker(v.person(locale), r, link)
}

// InvitedNotice tells an invited person that the meeting, or dates of it, won't take
// place.
func (v *Renderer) InvitedNotice(locale string, r cancellation.Request) bot.Message {
	return notice.Invited(v.person(locale), r)
}

// ManyInvitedNotice tells an invited person which of a card's meetings that they were
// invited to won't take place.
func (v *Renderer) ManyInvitedNotice(locale string, r cancellation.Request, parts []cancellation.ID) bot.Message {
	return batch.InvitedNotice(v.person(locale), r, parts)
}

// QuestionNotice tells the person who had the owner of r asked how it ended, or that
// the owner is being asked again. Who was refused learns no subject, then or now.
func (v *Renderer) QuestionNotice(locale string, r cancellation.Request) bot.Message {
	return notice.Question(v.person(locale).Discreet(), r)
}

// DelegationGiven tells the giver that d is active.
func (v *Renderer) DelegationGiven(locale string, d cancellation.Delegation) bot.Message {
	return notice.Given(v.person(locale), d)
}

// DelegationNotice tells the receiver of d that they may cancel the giver's meetings,
// or that they no longer may.
func (v *Renderer) DelegationNotice(locale string, d cancellation.Delegation) bot.Message {
	return notice.Delegation(v.person(locale), d)
}

// Answer is one sentence for one person, and what they can do next. It is discreet
// because most of them refuse.
func (v *Renderer) Answer(locale string, a answer.Answer) bot.Message {
	return answer.Draw(v.person(locale).Discreet(), a)
}

// Fault says which part of a command is wrong, and gives the corrected line to copy.
func (v *Renderer) Fault(locale string, f *command.Fault) bot.Message {
	return help.Fault(v.person(locale), f)
}

// Help explains the command.
func (v *Renderer) Help(locale string, f help.Facts) bot.Message {
	return help.Draw(v.person(locale), f)
}

// List shows upcoming and running meetings in the given order. More says how many
// more there are, partial that some could not be read and may be missing.
func (v *Renderer) List(locale string, rows []cancellation.Choice, more int, partial bool) bot.Message {
	return list.Meetings(v.person(locale), rows, more, partial)
}

// Chooser offers the choices of r, each with a button.
func (v *Renderer) Chooser(locale string, r cancellation.Request) bot.Message {
	return list.Chooser(v.person(locale), r)
}

// History shows past requests in the given order.
func (v *Renderer) History(locale string, rows []cancellation.Request) bot.Message {
	return list.History(v.person(locale), rows)
}

// DaysUnknown says that the bot can't tell which days are meant, and shows the
// meetings to choose from. More says how many more there are.
func (v *Renderer) DaysUnknown(locale, days string, rows []cancellation.Choice, more int, partial bool) bot.Message {
	return list.DaysUnknown(v.person(locale), days, rows, more, partial)
}

// Portions gives the commands to copy if not all meetings fit on one card: all of
// them, with at most so many a line.
func (v *Renderer) Portions(locale string, all, most int, lines []string) bot.Message {
	return batch.Portions(v.person(locale), all, most, lines)
}

// OneByOne gives the commands for the meetings of b, one line each, and says how many
// there are besides, and which can't be cancelled.
func (v *Renderer) OneByOne(locale string, b cancellation.Batch, lines []string, besides int) bot.Message {
	return batch.OneByOne(v.person(locale), b, lines, besides)
}

// NothingOffered says that nothing that was asked for can be cancelled, and why.
func (v *Renderer) NothingOffered(locale string, b cancellation.Batch) bot.Message {
	return batch.NothingOffered(v.person(locale), b)
}

// Home is one person's tab.
func (v *Renderer) Home(locale string, f hometab.Facts) bot.Home {
	return hometab.Draw(v.person(locale), f)
}

// HomeFailed is the tab if a person's Home can't be drawn.
func (v *Renderer) HomeFailed(locale string, why hometab.Fault) bot.Home {
	return hometab.Failed(v.person(locale), why)
}

// ReasonModal asks for the reason of r.
func (v *Renderer) ReasonModal(locale string, r cancellation.Request) bot.Modal {
	return modal.Reason(v.person(locale), r)
}

// AskOwnerModal asks why the owner of r, which was refused, should cancel.
func (v *Renderer) AskOwnerModal(locale string, r cancellation.Request) bot.Modal {
	return modal.AskOwner(v.person(locale).Discreet(), r)
}

// DelegateModal asks to whom and until when an owner delegates. On the card of r the
// asker is preselected; the zero Request is for Home. Day is the preselected date,
// such as 2026-12-01.
func (v *Renderer) DelegateModal(locale string, r cancellation.Request, longest time.Duration, day string) bot.Modal {
	return modal.Delegate(v.person(locale), r, longest, day)
}

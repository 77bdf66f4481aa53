package view

import (
	"time"

	"meetingbot/bot"
	"meetingbot/internal/cancellation"
	"meetingbot/internal/command"
)

// Card is the whole card of r at the time now.
func (v *Renderer) Card(r cancellation.Request, now time.Time) bot.Message {
	if r.Batch != nil {
		return v.channel(r).severalCard(r, now)
	}
	return v.channel(r).drawCard(r, now)
}

// ThreadReply says in the card's thread what happened, and who was told.
func (v *Renderer) ThreadReply(r cancellation.Request) bot.Message {
	if r.Batch != nil {
		return v.channel(r).severalReply(r)
	}
	return v.channel(r).threadReply(r)
}

// OwnerNotice tells the owner that their meeting, or dates of it, were cancelled or
// ended, or that somebody whom they let tried to. The link leads to the conversation;
// it may be empty.
func (v *Renderer) OwnerNotice(locale string, r cancellation.Request, link string) bot.Message {
	return v.owner(locale).ownerNotified(r, link)
}

// ManyOwnerNotice tells a person which meetings of their accounts, at least one, were
// cancelled or ended.
func (v *Renderer) ManyOwnerNotice(locale string, r cancellation.Request, accounts []cancellation.Owner, link string) bot.Message {
	return v.owner(locale).manyOwnerNotice(r, accounts, link)
}

// AskerNotice tells the asker the outcome in a direct message if the card and its
// thread can't be reached any more.
func (v *Renderer) AskerNotice(locale string, r cancellation.Request, link string) bot.Message {
	return v.person(locale).askerNotice(r, link)
}

// InvitedNotice tells an invited person that the meeting, or dates of it, won't take
// place.
func (v *Renderer) InvitedNotice(locale string, r cancellation.Request) bot.Message {
	return v.person(locale).invitedNotice(r)
}

// ManyInvitedNotice tells an invited person which of a card's meetings that they were
// invited to won't take place.
func (v *Renderer) ManyInvitedNotice(locale string, r cancellation.Request, parts []cancellation.ID) bot.Message {
	return v.person(locale).manyInvitedNotice(r, parts)
}

// QuestionNotice tells the person who had the owner of r asked how it ended, or that
// the owner is being asked again. Who was refused learns no subject, then or now.
func (v *Renderer) QuestionNotice(locale string, r cancellation.Request) bot.Message {
	return v.refused(locale).questionNotice(r)
}

// DelegationGiven tells the giver that d is active.
func (v *Renderer) DelegationGiven(locale string, d cancellation.Delegation) bot.Message {
	return v.person(locale).delegationGiven(d)
}

// DelegationNotice tells the receiver of d that they may cancel the giver's meetings,
// or that they no longer may.
func (v *Renderer) DelegationNotice(locale string, d cancellation.Delegation) bot.Message {
	return v.person(locale).delegationNotice(d)
}

// Answer is one sentence for one person, and what they can do next.
func (v *Renderer) Answer(locale string, a Answer) bot.Message {
	return v.refused(locale).drawAnswer(a)
}

// Fault says which part of a command is wrong, and gives the corrected line to copy.
func (v *Renderer) Fault(locale string, f *command.Fault) bot.Message {
	return v.person(locale).drawFault(f)
}

// Help explains the command.
func (v *Renderer) Help(locale string, f HelpFacts) bot.Message {
	return v.person(locale).drawHelp(f)
}

// List shows upcoming and running meetings in the given order. More says how many
// more there are, partial that some could not be read and may be missing.
func (v *Renderer) List(locale string, rows []cancellation.Choice, more int, partial bool) bot.Message {
	return v.person(locale).drawList(rows, more, partial)
}

// Chooser offers the choices of r, each with a button.
func (v *Renderer) Chooser(locale string, r cancellation.Request) bot.Message {
	return v.person(locale).drawChooser(r)
}

// History shows past requests in the given order.
func (v *Renderer) History(locale string, rows []cancellation.Request) bot.Message {
	return v.person(locale).drawHistory(rows)
}

// DaysUnknown says that the bot can't tell which days are meant, and shows the
// meetings to choose from. More says how many more there are.
func (v *Renderer) DaysUnknown(locale, days string, rows []cancellation.Choice, more int, partial bool) bot.Message {
	return v.person(locale).daysUnknown(days, rows, more, partial)
}

// Portions gives the commands to copy if not all meetings fit on one card: all of
// them, with at most so many a line.
func (v *Renderer) Portions(locale string, all, most int, lines []string) bot.Message {
	return v.person(locale).portions(all, most, lines)
}

// OneByOne gives the commands for the meetings of b, one line each, and says how many
// there are besides, and which can't be cancelled.
func (v *Renderer) OneByOne(locale string, b cancellation.Batch, lines []string, besides int) bot.Message {
	return v.person(locale).oneByOne(b, lines, besides)
}

// NothingOffered says that nothing that was asked for can be cancelled, and why.
func (v *Renderer) NothingOffered(locale string, b cancellation.Batch) bot.Message {
	return v.person(locale).nothingOffered(b)
}

// Home is one person's tab.
func (v *Renderer) Home(locale string, f HomeFacts) bot.Home {
	return v.person(locale).drawHome(f)
}

// HomeFailed is the tab if a person's Home can't be drawn.
func (v *Renderer) HomeFailed(locale string, why HomeFault) bot.Home {
	return v.person(locale).homeFailed(why)
}

// ReasonModal asks for the reason of r.
func (v *Renderer) ReasonModal(locale string, r cancellation.Request) bot.Modal {
	return v.person(locale).reasonModal(r)
}

// AskOwnerModal asks why the owner of r, which was refused, should cancel.
func (v *Renderer) AskOwnerModal(locale string, r cancellation.Request) bot.Modal {
	return v.refused(locale).askOwnerModal(r)
}

// DelegateModal asks to whom and until when an owner delegates. On the card of r the
// asker is preselected; the zero Request is for Home. Day is the preselected date,
// such as 2026-12-01.
func (v *Renderer) DelegateModal(locale string, r cancellation.Request, longest time.Duration, day string) bot.Modal {
	return v.person(locale).delegateModal(r, longest, day)
}

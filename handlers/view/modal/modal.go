package modal

import (
	"time"

	"github.com/slack-go/slack"

	"meetingbot/bot"
	"meetingbot/handlers/view/action"
	"meetingbot/handlers/view/block"
	"meetingbot/handlers/view/page"
	"meetingbot/handlers/view/words"
	"meetingbot/internal/cancellation"
	"meetingbot/internal/command"
)

// Reason asks for the reason of r.
func Reason(p page.Page, r cancellation.Request) bot.Modal {
	input := &slack.PlainTextInputBlockElement{
		Type: slack.METPlainTextInput, ActionID: action.InputReason, Multiline: true, FocusOnLoad: true,
		MaxLength: command.MaxReason, InitialValue: block.Plain(r.Reason, command.MaxReason),
		Placeholder: block.Unmarked(p.Say("reason.placeholder", nil), block.MaxHeader),
	}
	return bot.Modal{ModalViewRequest: slack.ModalViewRequest{
		Type: slack.VTModal, CallbackID: action.ModalReason, PrivateMetadata: string(r.ID),
		Title: block.Unmarked(p.Say("reason.title", nil), maxTitle), Submit: block.Unmarked(p.Say("reason.save", nil), maxTitle),
		Close: block.Unmarked(p.Say("reason.close", nil), maxTitle),
		Blocks: slack.Blocks{BlockSet: []slack.Block{slack.NewInputBlock(
			action.InputReason, block.Unmarked(p.Say("reason.label", nil), maxModalLabel), block.Unmarked(p.Say("reason.hint", nil), maxModalLabel), input,
		)}},
	}}
}

// AskOwner asks why the owner of r, which was refused, should cancel. It shows
// the number and whose meeting it is, not the subject.
func AskOwner(p page.Page, r cancellation.Request) bot.Modal {
	owner := block.Foreign(r.Meeting.OwnerName, block.MaxName)
	if owner == "" {
		owner = p.Say("askowner.its_owner", nil)
	}
	input := &slack.PlainTextInputBlockElement{
		Type: slack.METPlainTextInput, ActionID: action.InputReason, Multiline: true, FocusOnLoad: true, MaxLength: command.MaxReason,
		InitialValue: block.Plain(r.Reason, command.MaxReason),
		Placeholder:  block.Unmarked(p.Say("reason.placeholder", nil), block.MaxHeader),
	}
	return bot.Modal{ModalViewRequest: slack.ModalViewRequest{
		Type: slack.VTModal, CallbackID: action.ModalAskOwner, PrivateMetadata: string(r.ID),
		Title: block.Unmarked(p.Say("askowner.title", nil), maxTitle), Submit: block.Unmarked(p.Say("askowner.send", nil), maxTitle),
		Close: block.Unmarked(p.Say("reason.close", nil), maxTitle),
		Blocks: slack.Blocks{BlockSet: []slack.Block{
			block.Section(p.Say("askowner.intro", words.Vars{"Owner": owner, "What": p.What(r)})),
			slack.NewInputBlock(action.InputReason, block.Unmarked(p.Say("askowner.label", nil), maxModalLabel),
				block.Unmarked(p.Say("askowner.hint", nil), maxModalLabel), input),
		}},
	}}
}

// Delegate asks to whom and until when an owner delegates. On the card of r the
// asker is preselected; the zero Request is for Home. Day is the preselected date,
// such as 2026-12-01.
func Delegate(p page.Page, r cancellation.Request, longest time.Duration, day string) bot.Modal {
	who := slack.NewOptionsSelectBlockElement(slack.OptTypeUser, block.Unmarked(p.Say("delegation.who_placeholder", nil), block.MaxHeader), action.InputReceiver)
	if block.IsID(r.Asker, "UW") {
		who.InitialUser = r.Asker
	}
	until := slack.NewDatePickerBlockElement(action.InputUntil)
	until.InitialDate = day
	input := func(id, label, hint string, e slack.BlockElement) slack.Block {
		var below *slack.TextBlockObject
		if hint != "" {
			below = block.Unmarked(hint, maxModalLabel)
		}
		return slack.NewInputBlock(id, block.Unmarked(p.Say(label, nil), maxModalLabel), below, e)
	}
	return bot.Modal{ModalViewRequest: slack.ModalViewRequest{
		Type: slack.VTModal, CallbackID: action.ModalDelegate, PrivateMetadata: string(r.ID),
		Title: block.Unmarked(p.Say("delegation.title", nil), maxTitle), Submit: block.Unmarked(p.Say("delegation.submit", nil), maxTitle),
		Close: block.Unmarked(p.Say("reason.close", nil), maxTitle),
		Blocks: slack.Blocks{BlockSet: []slack.Block{
			block.Section(p.Say("delegation.intro", nil)),
			input(action.InputReceiver, "delegation.who", "", who),
			input(action.InputUntil, "delegation.until", p.Say("delegation.longest", words.Vars{"Longest": p.Span(longest)}), until),
		}},
	}}
}

const (
	maxTitle      = 24   // of a modal's title and buttons
	maxModalLabel = 2000 // of an input's label and hint
)

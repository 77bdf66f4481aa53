package modal

import (
	"cmp"
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
	return window(p, action.ModalReason, r, "reason.title", "reason.save", reason(p, r, "reason.label", "reason.hint"))
}

// AskOwner asks why the owner should cancel r, which was refused. It shows the number and
// whose meeting it is, not the subject.
func AskOwner(p page.Page, r cancellation.Request) bot.Modal {
	p = p.Discreet()
	owner := cmp.Or(block.Escape(r.Meeting.OwnerName, block.MaxName), p.Say("askowner.its_owner", nil))
	return window(p, action.ModalAskOwner, r, "askowner.title", "askowner.send",
		block.Section(p.Say("askowner.intro", words.Vars{"Owner": owner, "What": p.What(r)})),
		reason(p, r, "askowner.label", "askowner.hint"))
}

// reason returns the input for the reason of r.
func reason(p page.Page, r cancellation.Request, label, hint string) slack.Block {
	return input(p, action.InputReason, label, p.Say(hint, nil), &slack.PlainTextInputBlockElement{
		Type: slack.METPlainTextInput, ActionID: action.InputReason, Multiline: true, FocusOnLoad: true,
		MaxLength: command.MaxReason, InitialValue: block.Plain(r.Reason, command.MaxReason),
		Placeholder: block.PlainText(p.Say("reason.placeholder", nil), block.MaxHeader),
	})
}

// Delegate asks to whom and until when an owner delegates. On the card of r the asker is
// preselected; pass the zero Request for Home. day is the preselected date, such as
// 2026-12-01.
func Delegate(p page.Page, r cancellation.Request, longest time.Duration, day string) bot.Modal {
	who := slack.NewOptionsSelectBlockElement(slack.OptTypeUser, block.PlainText(p.Say("delegation.who_placeholder", nil), block.MaxHeader), action.InputReceiver)
	if block.IsID(r.Asker, "UW") {
		who.InitialUser = r.Asker
	}
	until := slack.NewDatePickerBlockElement(action.InputUntil)
	until.InitialDate = day
	return window(p, action.ModalDelegate, r, "delegation.title", "delegation.submit",
		block.Section(p.Say("delegation.intro", nil)),
		input(p, action.InputReceiver, "delegation.who", "", who),
		input(p, action.InputUntil, "delegation.until", p.Say("delegation.longest", words.Vars{"Longest": p.Span(longest)}), until))
}

// window returns a modal about r. title and submit are catalogue keys.
func window(p page.Page, id string, r cancellation.Request, title, submit string, blocks ...slack.Block) bot.Modal {
	return bot.Modal{ModalViewRequest: slack.ModalViewRequest{
		Type: slack.VTModal, CallbackID: id, PrivateMetadata: string(r.ID),
		Title: block.PlainText(p.Say(title, nil), maxTitle), Submit: block.PlainText(p.Say(submit, nil), maxTitle),
		Close: block.PlainText(p.Say("reason.close", nil), maxTitle), Blocks: slack.Blocks{BlockSet: blocks},
	}}
}

// input returns an element below its label, with a hint unless that is empty.
func input(p page.Page, id, label, hint string, e slack.BlockElement) slack.Block {
	var below *slack.TextBlockObject
	if hint != "" {
		below = block.PlainText(hint, maxModalLabel)
	}
	return slack.NewInputBlock(id, block.PlainText(p.Say(label, nil), maxModalLabel), below, e)
}

const (
	maxTitle      = 24   // of a modal's title and buttons
	maxModalLabel = 2000 // of an input's label and hint
)

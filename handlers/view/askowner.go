package view

import (
	"github.com/slack-go/slack"

	"meetingbot/bot"
	"meetingbot/internal/cancellation"
	"meetingbot/internal/command"
)

// askOwner is the button under a refusal that offers to ask the owner, who is Who.
func (p page) askOwner(a Answer) slack.Block {
	if a.Kind != MayAskOwner && (a.Kind != NotYourButton || a.Who == "") {
		return nil
	}
	return buttons(button(a.Request.ID, ActionAskOwner, p.say("button.ask_owner", nil)))
}

// stands says until when a question is open.
func (p page) stands(a Answer) string {
	if a.Until.IsZero() {
		return ""
	}
	return p.say("askowner.stands", vars{"When": p.moment("short", a.Until)})
}

// askOwnerModal asks why the owner of r, which was refused, should cancel. It shows
// the number and whose meeting it is, not the subject.
func (p page) askOwnerModal(r cancellation.Request) bot.Modal {
	owner := foreign(r.Meeting.OwnerName, maxName)
	if owner == "" {
		owner = p.say("askowner.its_owner", nil)
	}
	input := &slack.PlainTextInputBlockElement{
		Type: slack.METPlainTextInput, ActionID: InputReason, Multiline: true, FocusOnLoad: true, MaxLength: command.MaxReason,
		InitialValue: r.Reason,
		Placeholder:  unmarked(p.say("reason.placeholder", nil), maxHeader),
	}
	return bot.Modal{ModalViewRequest: slack.ModalViewRequest{
		Type: slack.VTModal, CallbackID: ModalAskOwner, PrivateMetadata: string(r.ID),
		Title: unmarked(p.say("askowner.title", nil), maxTitle), Submit: unmarked(p.say("askowner.send", nil), maxTitle),
		Close: unmarked(p.say("reason.close", nil), maxTitle),
		Blocks: slack.Blocks{BlockSet: []slack.Block{
			section(p.say("askowner.intro", vars{"Owner": owner, "What": p.what(r)})),
			slack.NewInputBlock(InputReason, unmarked(p.say("askowner.label", nil), maxModalLabel),
				unmarked(p.say("askowner.hint", nil), maxModalLabel), input),
		}},
	}}
}

// asks says on the owner's card who is asking, and where; nil on any other card.
func (p page) asks(r cancellation.Request) slack.Block {
	if !r.IsQuestion() {
		return nil
	}
	return section(p.say("askowner.asks", vars{"Who": p.who(r.Asker)}), p.askedIn(r))
}

// askedIn is where it was asked; empty for a conversation without a name.
func (p page) askedIn(r cancellation.Request) string {
	if !isID(r.Channel, "CG") {
		return ""
	}
	return p.say("askowner.asked_in", vars{"Channel": mention(r.Channel)})
}

// askedByOther is askedBy unless the card has already said so above.
func (p page) askedByOther(r cancellation.Request) string {
	if r.IsQuestion() {
		return ""
	}
	return p.askedBy(r)
}

// muted says until when the owner is not asked again; empty if they did not choose
// that.
func (p page) muted(r cancellation.Request) string {
	if r.MutedUntil.IsZero() {
		return ""
	}
	return p.say("askowner.muted", vars{"Who": p.who(r.Asker), "When": p.moment("short", r.MutedUntil)})
}

// questionNotice tells the person who had the owner of r asked how it ended, or that
// the meeting has changed and the owner is being asked again. It names the meeting by
// its number only.
func (p page) questionNotice(r cancellation.Request) bot.Message {
	title, text := p.questionEnd(r)
	_, aloud := p.spoken().questionEnd(r)
	return bot.Message{
		Text:   join("\n", title, aloud),
		Blocks: stack(header(title), section(text), small(p.say("askowner.your_question", vars{"Owner": p.who(r.For)}))),
	}
}

// questionEnd is what the asker is told, as a title and as sentences.
func (p page) questionEnd(r cancellation.Request) (title, text string) {
	names := vars{"What": p.what(r), "Owner": p.who(r.For), "When": p.moment("short", r.ExpiresAt)}
	switch {
	case r.State == cancellation.Asked && r.Anew == cancellation.AnewStale:
		return p.say("askowner.anew_stale_title", nil), sentence(p.say("askowner.anew_stale", names))
	case r.State == cancellation.Asked:
		return p.say("askowner.anew_title", nil), sentence(p.say("askowner.anew", names))
	case r.State == cancellation.Expired:
		return p.title(r), sentence(p.say("askowner.unanswered", names))
	case r.State == cancellation.Done && r.Outcome == cancellation.Unknown:
		return p.title(r), p.happened(r) // the button is on the owner's card
	}
	return p.title(r), flow(p.happened(r), p.because(r))
}

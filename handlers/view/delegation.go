package view

import (
	"strings"
	"time"

	"github.com/slack-go/slack"

	"meetingbot/bot"
	"meetingbot/internal/cancellation"
)

// The buttons and the window for delegations.
const (
	ActionDelegate       = "delegate"          // on a card that the owner has answered; its value is the request
	ActionDelegateAdd    = "delegate_add"      // in Home; it has no value
	ActionDelegateRemove = "delegate_remove"   // in Home; its value is the delegation
	ModalDelegate        = "delegate_window"   // callback_id of the window; its private_metadata is the request, if there is one
	InputReceiver        = "delegate_receiver" // block_id and action_id of the window's inputs
	InputUntil           = "delegate_until"
)

const maxLetName = 30 // of a person's name on a button, so that the words after it stay visible

// let is the button by which the owner, having decided, lets the asker cancel from
// now on.
func (p page) let(r cancellation.Request) slack.Block {
	if r.OfferLet == "" || !r.State.Final() {
		return nil
	}
	return buttons(button(r.ID, ActionDelegate, p.say("delegation.button", vars{"Name": plain(r.OfferLet, maxLetName)})))
}

// confirmer names the person who confirmed. To an owner it says that they allowed
// that person to.
func (p page) confirmer(r cancellation.Request) string {
	who := p.who(r.ConfirmedBy)
	if !p.toOwner || r.Delegation == "" {
		return who
	}
	return p.say("delegation.confirmer", vars{"Who": who})
}

// letAnswer is the sentence for answers about delegations or Home; empty for all
// others.
func (p page) letAnswer(a Answer) string {
	if a.Kind == HomeStale {
		return p.say("home.stale", nil)
	}
	if !strings.HasPrefix(string(a.Kind), "delegate_") {
		return ""
	}
	v := vars{"Who": p.who(a.Who), "What": p.what(a.Request)}
	switch a.Kind {
	case DelegateTooLong:
		v["Longest"] = p.span(a.Wait)
	case DelegateTooMany:
		return p.count("delegation.delegate_too_many", a.Count, v)
	default: // names nothing more
	}
	return p.say("delegation."+string(a.Kind), v)
}

// span is a possibly long duration, in whole days if it is that.
func (p page) span(d time.Duration) string {
	const day = 24 * time.Hour
	if d < 2*day {
		return p.length(d)
	}
	return p.count("delegation.days", int(d/day), nil)
}

// delegateModal asks to whom and until when an owner delegates. On the card of r the
// asker is preselected; the zero Request is for Home. Day is the preselected date,
// such as 2026-12-01.
func (p page) delegateModal(r cancellation.Request, longest time.Duration, day string) bot.Modal {
	who := slack.NewOptionsSelectBlockElement(slack.OptTypeUser, unmarked(p.say("delegation.who_placeholder", nil), maxHeader), InputReceiver)
	if isID(r.Asker, "UW") {
		who.InitialUser = r.Asker
	}
	until := slack.NewDatePickerBlockElement(InputUntil)
	until.InitialDate = day
	input := func(id, label, hint string, e slack.BlockElement) slack.Block {
		var below *slack.TextBlockObject
		if hint != "" {
			below = unmarked(hint, maxModalLabel)
		}
		return slack.NewInputBlock(id, unmarked(p.say(label, nil), maxModalLabel), below, e)
	}
	return bot.Modal{ModalViewRequest: slack.ModalViewRequest{
		Type: slack.VTModal, CallbackID: ModalDelegate, PrivateMetadata: string(r.ID),
		Title: unmarked(p.say("delegation.title", nil), maxTitle), Submit: unmarked(p.say("delegation.submit", nil), maxTitle),
		Close: unmarked(p.say("reason.close", nil), maxTitle),
		Blocks: slack.Blocks{BlockSet: []slack.Block{
			section(p.say("delegation.intro", nil)),
			input(InputReceiver, "delegation.who", "", who),
			input(InputUntil, "delegation.until", p.say("delegation.longest", vars{"Longest": p.span(longest)}), until),
		}},
	}}
}

// delegationGiven tells the giver that d is active.
func (p page) delegationGiven(d cancellation.Delegation) bot.Message {
	return p.letter(func(p page) string {
		return p.say("delegation.given", vars{"Who": p.who(d.Receiver), "When": p.moment("long", d.Until)})
	})
}

// delegationNotice tells the receiver that they may cancel the giver's meetings, with
// an example of what to type, or that they no longer may.
func (p page) delegationNotice(d cancellation.Delegation) bot.Message {
	key := "delegation.received"
	if !d.EndedAt.IsZero() {
		key = "delegation.ended"
	}
	return p.letter(func(p page) string {
		return p.say(key, vars{
			"Who": p.who(d.Giver), "When": p.moment("long", d.Until), "Example": p.example(cancellation.Request{}, ""),
		})
	})
}

// letter is a message of one paragraph. Its text is written twice: to be read, and
// for a notification.
func (p page) letter(text func(page) string) bot.Message {
	return bot.Message{Text: text(p.spoken()), Blocks: stack(section(text(p)))}
}

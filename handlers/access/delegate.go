package access

import (
	"context"
	"errors"

	"meetingbot/bot"
	"meetingbot/handlers/view/answer"
)

// Lets reports whether an owner lets somebody cancel their meetings. Guests have
// nothing to give; others who may not use the bot never own a meeting here.
//
// An error counts only against a person whom nothing else allows in.
func (p *Policy) Lets(ctx context.Context, owner, who bot.Person) (bool, error) {
	if p.Delegated == nil || owner.ID == who.ID || owner.Guest || owner.Deleted || owner.Stranger {
		return false, nil
	}
	return p.Delegated(ctx, owner.ID, who.ID)
}

// Receiver says why a person can't be given a delegation; nil if they can. receiver
// and failed are Slack's answer about them.
func (p *Policy) Receiver(ctx context.Context, giver, receiver bot.Person, failed error) (*answer.Answer, error) {
	kind := answer.Kind("")
	switch {
	case errors.Is(failed, bot.ErrNoSuchPerson):
		kind = answer.DelegateUnknown
	case failed != nil:
		return nil, failed
	case receiver.ID == giver.ID:
		kind = answer.DelegateSelf
	case receiver.Bot:
		kind = answer.DelegateBot
	case receiver.Deleted:
		kind = answer.DelegateGone
	case receiver.Guest:
		kind = answer.DelegateGuest
	}
	if kind == "" {
		us, err := p.Slack.Identify(ctx)
		if err != nil {
			return nil, err
		}
		if !receiver.Stranger && sameOrganisation(receiver, us) {
			return nil, nil //nolint:nilnil // nothing is against it
		}
		kind = answer.DelegateExternal
	}
	return &answer.Answer{Kind: kind, Who: string(receiver.ID)}, nil
}

package access

import (
	"context"
	"errors"

	"meetingbot/bot"
	"meetingbot/handlers/view"
)

// Delegations say whom owners let cancel their meetings.
type Delegations interface {
	// Delegated reports whether giver lets receiver cancel now. An error means that
	// this is unknown.
	Delegated(ctx context.Context, giver, receiver bot.UserID) (bool, error)
}

// Lets reports whether an owner lets somebody cancel their meetings. Guests have
// nothing to give; others who may not use the bot never own a meeting here.
//
// An error counts only against a person whom nothing else allows in.
func (p *Policy) Lets(ctx context.Context, owner, who bot.Person) (bool, error) {
	if p.Delegations == nil || owner.ID == who.ID || owner.Guest || owner.Deleted || owner.Stranger {
		return false, nil
	}
	return p.Delegations.Delegated(ctx, owner.ID, who.ID)
}

// Receiver says why a person can't be given a delegation; nil if they can. receiver
// and failed are Slack's answer about them.
func (p *Policy) Receiver(ctx context.Context, giver, receiver bot.Person, failed error) (*view.Answer, error) {
	kind := view.AnswerKind("")
	switch {
	case errors.Is(failed, bot.ErrNoSuchPerson):
		kind = view.DelegateUnknown
	case failed != nil:
		return nil, failed
	case receiver.ID == giver.ID:
		kind = view.DelegateSelf
	case receiver.Bot:
		kind = view.DelegateBot
	case receiver.Deleted:
		kind = view.DelegateGone
	case receiver.Guest:
		kind = view.DelegateGuest
	}
	if kind == "" {
		us, err := p.Slack.Identify(ctx)
		if err != nil {
			return nil, err
		}
		if !receiver.Stranger && sameOrganisation(receiver, us) {
			return nil, nil //nolint:nilnil // nothing is against it
		}
		kind = view.DelegateExternal
	}
	return &view.Answer{Kind: kind, Who: string(receiver.ID)}, nil
}

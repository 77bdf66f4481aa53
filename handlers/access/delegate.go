package access

import (
	"context"
	"errors"

	"meetingbot/bot"
	"meetingbot/handlers/view/answer"
)

// HasDelegated reports whether owner has delegated to who. Guests can't delegate; others who may not
// use the bot never own a meeting here.
//
// An error matters only if nothing else gives the person access.
func (p *Policy) HasDelegated(ctx context.Context, owner, who bot.Person) (bool, error) {
	if p.Delegated == nil || owner.ID == who.ID || owner.Guest || owner.Deleted || owner.External {
		return false, nil
	}
	return p.Delegated(ctx, owner.ID, who.ID)
}

// MayReceive returns nil if a person may receive a delegation from giver, or the answer that
// refuses. receiver and lookupErr are the result of looking them up in Slack.
func (p *Policy) MayReceive(ctx context.Context, giver, receiver bot.Person, lookupErr error) (*answer.Answer, error) {
	refuse := func(kind answer.Kind) (*answer.Answer, error) {
		return &answer.Answer{Kind: kind, Who: string(receiver.ID)}, nil
	}
	switch {
	case errors.Is(lookupErr, bot.ErrNoSuchPerson):
		return refuse(answer.DelegateUnknown)
	case lookupErr != nil:
		return nil, lookupErr
	case receiver.ID == giver.ID:
		return refuse(answer.DelegateSelf)
	}
	why, err := p.WhyNotMember(ctx, receiver)
	switch {
	case why == "", err != nil:
		return nil, err
	case why == External:
		return refuse(answer.DelegateExternal)
	case why == Guest:
		return refuse(answer.DelegateGuest)
	case receiver.Bot:
		return refuse(answer.DelegateBot)
	}
	return refuse(answer.DelegateGone)
}

// MayListFor returns nil if one person may list the meetings of another, or the answer that
// refuses. People may list their own meetings, those of an owner who has delegated to them,
// and anyone's if they are on a list. An error means that a source this depends on could not
// be read.
func (p *Policy) MayListFor(ctx context.Context, who, of bot.Person) (*answer.Answer, error) {
	if of.ID != "" && of.ID == who.ID {
		return nil, nil //nolint:nilnil // no refusal
	}
	listed, listErr := p.MayAny(ctx, who)
	if listed && table[ListFor][Listed].Allowed {
		return nil, nil //nolint:nilnil // no refusal
	}
	if of.ID != "" && table[ListFor][Delegate].Allowed {
		given, err := p.HasDelegated(ctx, of, who)
		if err != nil {
			return nil, err
		}
		if given {
			return nil, nil //nolint:nilnil // no refusal
		}
	}
	if listErr != nil && !isClosed(listErr) {
		return nil, listErr
	}
	return p.withHelpers(answer.Answer{Kind: answer.NotTheirs, Who: string(of.ID), ListClosed: listErr != nil}), nil
}

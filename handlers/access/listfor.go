package access

import (
	"context"

	"meetingbot/bot"
	"meetingbot/handlers/view/answer"
)

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

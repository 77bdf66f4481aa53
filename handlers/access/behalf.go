package access

import (
	"context"

	"meetingbot/bot"
	"meetingbot/handlers/view/answer"
)

// MayFor says whether a person may list somebody's meetings, or returns the answer
// that refuses: their own, anybody's if they are on a list, and those of a person who
// lets them cancel. An error means that a source that had to be asked could not be.
func (p *Policy) MayFor(ctx context.Context, who, of bot.Person) (*answer.Answer, error) {
	if of.ID != "" && of.ID == who.ID {
		return nil, nil //nolint:nilnil // nobody refuses
	}
	listed, listErr := p.MayAny(ctx, who)
	if listed && table[Behalf][Listed].Allowed {
		return nil, nil //nolint:nilnil // nobody refuses
	}
	if of.ID != "" && table[Behalf][Delegate].Allowed {
		given, err := p.Lets(ctx, of, who)
		if err != nil {
			return nil, err
		}
		if given {
			return nil, nil //nolint:nilnil // nobody refuses
		}
	}
	if listErr != nil && !isClosed(listErr) {
		return nil, listErr
	}
	return p.helped(answer.Answer{Kind: answer.NotTheirs, Who: string(of.ID), ListClosed: listErr != nil}), nil
}

package access

import (
	"context"

	"meetingbot/handlers/view/answer"
)

// AskOwner returns the owner whom a person may ask because they may not cancel the meeting
// themselves, or the answer that says why not. An error means that a source this depends on
// could not be read. AskOwner only applies the rules; the store knows whether the owner has
// opted out.
func (p *Policy) AskOwner(ctx context.Context, q Query) (OwnerInSlack, *answer.Answer, error) {
	refuse := func(kind answer.Kind) (OwnerInSlack, *answer.Answer, error) {
		return OwnerInSlack{}, p.withHelpers(answer.Answer{Kind: kind, Request: q.Request, Wait: p.LeadTime}), nil
	}
	if a, err := p.admit(ctx, q); a != nil || err != nil {
		return OwnerInSlack{}, a, err
	}
	if !p.Questions {
		return refuse(answer.NotAllowed)
	}
	right, owner, _, err := p.authority(ctx, q.Person, q.Request.Meeting)
	switch {
	case err != nil:
		return OwnerInSlack{}, nil, err
	case table[Ask][right].Allowed:
		return refuse(answer.MayYourself)
	}
	switch owner, err = p.Owners.RequireUnique(ctx, owner); {
	case err != nil:
		return OwnerInSlack{}, nil, err
	case owner.Shared:
		return refuse(answer.NotAllowedOwnerShared)
	case !owner.Found:
		return refuse(answer.OwnerNotReached)
	}
	// The same rules apply to the owner: a guest couldn't answer.
	refused, err := p.admit(ctx, Query{Person: owner.Person, Place: q.Place})
	switch {
	case err != nil:
		return OwnerInSlack{}, nil, err
	case refused != nil:
		return refuse(answer.OwnerNotReached)
	}
	if soon := p.ownerTooSoon(ctx, q, owner.Person); soon != "" {
		return refuse(soon)
	}
	return owner, nil, nil
}

// Disowned reports whether a refusal proves that the addressee of a question no longer owns
// the meeting: every source answered, and named another owner.
func Disowned(q Query, refusal *answer.Answer) bool {
	return refusal != nil && refusal.Kind == answer.NotYourButton && !refusal.ListClosed && isAddressee(q)
}

// isAddressee reports whether the request is a question to this person.
func isAddressee(q Query) bool {
	return q.Request.For != "" && q.Request.For == string(q.Person.ID)
}

package step

import (
	"cmp"
	"context"

	"meetingbot/handlers/access"
	"meetingbot/handlers/view/answer"
	"meetingbot/internal/cancellation"
)

// May asks whether the person may do something with r, as r would be afterwards: of several
// meetings, with each that is ticked, or with all of them while none is. The answer is nil
// if they may, and otherwise says why not.
func (v *Visit) May(ctx context.Context, verb access.Verb, r cancellation.Request) (*answer.Answer, error) {
	each, together := []cancellation.Request{r}, 1
	if b := r.Batch; b != nil && len(b.Items) > 0 {
		of := r
		if len(b.Ticked()) == 0 {
			of.Batch = b.WithTicks(b.All())
		}
		each, together = of.Parts(), len(of.Batch.Ticked())
	}
	v.Lets = map[string]string{}
	for _, one := range each {
		q := v.Question(verb, one)
		q.Together = together
		right, a, err := v.Access.May(ctx, q)
		v.Right = right
		if err != nil {
			return nil, err
		}
		if right == access.Delegate {
			v.Lets[one.Meeting.OwnerUUID] = v.lender(ctx, one)
		}
		if a != nil && a.Kind == answer.SecondPersonNeeded && r.Batch != nil {
			a.Request, a.OwnerCant = r, true // which of them does not matter, and its owner need not own the others
		}
		if a != nil {
			return a, nil
		}
	}
	return nil, nil //nolint:nilnil // nobody refuses
}

// Question is what the person is about to do. Its place is where the request was made,
// wherever its card is.
func (v *Visit) Question(verb access.Verb, r cancellation.Request) access.Question {
	place := access.Place{Team: v.In.Team, Enterprise: v.In.Enterprise, Channel: cmp.Or(r.Channel, v.In.Channel)}
	return access.Question{Verb: verb, Person: v.Person, Place: place, Request: r, Now: v.Store.Now()}
}

// lender returns the owner who lets the person cancel the meeting of r. If the owner is not
// found any more, that is nobody's id, and what asks for the delegation finds none.
func (v *Visit) lender(ctx context.Context, r cancellation.Request) string {
	owner, err := v.Owners.Of(ctx, r.Meeting)
	if err != nil || !owner.Found {
		return "nobody"
	}
	return string(owner.Person.ID)
}

// Owns reports whether the person owns the meeting of r.
func (v *Visit) Owns(ctx context.Context, r cancellation.Request) (bool, error) {
	owner, err := v.Owners.Of(ctx, r.Meeting)
	return err == nil && owner.Found && string(owner.Person.ID) == v.In.Person, err
}

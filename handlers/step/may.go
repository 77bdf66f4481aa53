package step

import (
	"cmp"
	"context"

	"meetingbot/handlers/access"
	"meetingbot/handlers/view/answer"
	"meetingbot/internal/cancellation"
)

// May asks whether the person may do something with r, as r would be afterwards. The
// answer is nil if they may, and otherwise says why not.
func (v *Visit) May(ctx context.Context, verb access.Verb, r cancellation.Request) (*answer.Answer, error) {
	if r.Batch != nil && len(r.Batch.Items) > 0 {
		return v.mayEach(ctx, verb, r)
	}
	right, a, err := v.Access.May(ctx, v.Question(verb, r))
	v.Right = right
	return a, err
}

// Question is what the person is about to do. Its place is where the request was made,
// wherever its card is.
func (v *Visit) Question(verb access.Verb, r cancellation.Request) access.Question {
	place := access.Place{Team: v.In.Team, Enterprise: v.In.Enterprise, Channel: cmp.Or(r.Channel, v.In.Channel)}
	return access.Question{Verb: verb, Person: v.Person, Place: place, Request: r, Now: v.Store.Now()}
}

// mayEach asks whether the person may do something with each of the meetings that
// are ticked, or with all of them while none is.
func (v *Visit) mayEach(ctx context.Context, verb access.Verb, r cancellation.Request) (*answer.Answer, error) {
	of := r
	if len(r.Batch.Ticked()) == 0 {
		of.Batch = r.Batch.WithTicks(r.Batch.All())
	}
	together := len(of.Batch.Ticked())
	v.Lets = nil
	for _, p := range of.Parts() {
		q := v.Question(verb, p)
		q.Together = together
		right, a, err := v.Access.May(ctx, q)
		if err != nil {
			return nil, err
		}
		if right == access.Delegate {
			if v.Lets == nil {
				v.Lets = map[string]string{}
			}
			v.Right = right
			v.Lets[p.Meeting.OwnerUUID] = v.LetBy(ctx, p)
		}
		if a != nil {
			if a.Kind == answer.SecondPersonNeeded {
				a.Request, a.OwnerCant = r, true // which of them does not matter, and its owner need not own the others
			}
			return a, nil
		}
	}
	return nil, nil //nolint:nilnil // nobody refuses
}

// LetBy returns the owner who lets the person cancel the meeting of r; empty if another
// right lets them confirm. If the owner is not found any more, that is nobody's id, and
// what asks for the delegation finds none.
func (v *Visit) LetBy(ctx context.Context, r cancellation.Request) string {
	if v.Right != access.Delegate {
		return ""
	}
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

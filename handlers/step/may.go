package step

import (
	"cmp"
	"context"

	"meetingbot/handlers/access"
	"meetingbot/handlers/view/answer"
	"meetingbot/internal/cancellation"
)

// May checks whether the person may do verb with r, where r is the request as it would be
// afterwards. On a card about several meetings it checks every ticked one, or all of them if
// none is ticked. The answer is nil if they may, and otherwise says why not.
func (v *Visit) May(ctx context.Context, verb access.Verb, r cancellation.Request) (*answer.Answer, error) {
	ctx, cancel := v.Within(ctx, RightsTime)
	defer cancel()
	each, together := []cancellation.Request{r}, 1
	if b := r.Batch; b != nil && len(b.Items) > 0 {
		of := r
		if len(b.Ticked()) == 0 {
			of.Batch = b.WithTicks(b.All())
		}
		each, together = of.Parts(), len(of.Batch.Ticked())
	}
	v.Givers = map[string]string{}
	for _, one := range each {
		q := v.Query(verb, one)
		q.Together = together
		right, a, err := v.Access.May(ctx, q)
		v.Right = right
		if err != nil {
			return nil, err
		}
		if right == access.Delegate {
			owner, _ := v.Owners.Of(ctx, one.Meeting) // without an answer the giver is empty, and no delegation has that
			v.Givers[one.Meeting.OwnerUUID] = string(owner.Person.ID)
		}
		if a != nil && a.Kind == answer.SecondPersonNeeded && r.Batch != nil {
			a.Request, a.OwnerCant = r, true // it is about the whole card, and this meeting's owner may not own the others
		}
		if a != nil {
			return a, nil
		}
	}
	return nil, nil //nolint:nilnil // nil is "allowed"
}

// Query returns what to ask the access policy about verb on r. Its place is where the
// request was made, wherever the card is.
func (v *Visit) Query(verb access.Verb, r cancellation.Request) access.Query {
	place := access.Place{Team: v.In.Team, Enterprise: v.In.Enterprise, Channel: cmp.Or(r.Channel, v.In.Channel)}
	return access.Query{Verb: verb, Person: v.Person, Place: place, Request: r, Now: v.Store.Now()}
}

// Owns reports whether the person owns the meeting of r.
func (v *Visit) Owns(ctx context.Context, r cancellation.Request) (bool, error) {
	owner, err := v.Owners.Of(ctx, r.Meeting)
	return err == nil && owner.Found && string(owner.Person.ID) == v.In.Person, err
}

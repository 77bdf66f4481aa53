package step

import (
	"cmp"
	"context"
	"errors"
	"time"

	"meetingbot/handlers/access"
	"meetingbot/handlers/view/answer"
	"meetingbot/internal/cancellation"
	"meetingbot/internal/store"
)

// May checks whether the person may do verb with r, where r is the request as it would be
// afterwards. On a card about several meetings it checks every ticked one, or all of them if
// none is ticked. The answer is nil if they may, and otherwise says why not.
func (v *Visit) May(ctx context.Context, verb access.Verb, r cancellation.Request) (*answer.Answer, error) {
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

var errTooOften = errors.New("too many requests within a minute")

// MayStart returns an error if the person is over the rate limit, so that nothing is read
// for them in advance.
func (r Rules) MayStart(ctx context.Context, s *store.Store, in *Envelope) error {
	from, err := r.nextAllowed(ctx, s, in)
	if err == nil && !from.IsZero() {
		return errTooOften
	}
	return err
}

// nextAllowed returns when a person over the rate limit may ask again; zero means now.
func (r Rules) nextAllowed(ctx context.Context, s *store.Store, in *Envelope) (time.Time, error) {
	if r.PerMinute <= 0 {
		return time.Time{}, nil
	}
	this := store.Envelope{ID: in.ID, Kind: in.initialKind(), Person: in.Person, At: in.At}
	leaves, err := s.Envelopes.NthBefore(ctx, this, r.PerMinute, in.At.Add(-time.Minute))
	if err != nil || leaves.IsZero() {
		return time.Time{}, err
	}
	return leaves.Add(time.Minute), nil
}

// TooMany returns an answer if the person is over the rate limit, saying how long to wait;
// nil if they aren't. Refused attempts don't count, so retrying doesn't prolong the wait.
func (v *Visit) TooMany(ctx context.Context) (*answer.Answer, error) {
	from, err := v.Rules.nextAllowed(ctx, v.Store, v.In)
	if err != nil || from.IsZero() {
		return nil, err
	}
	return &answer.Answer{Kind: answer.TooMany, Wait: from.Sub(v.In.At)}, v.Uncount(ctx)
}

// Start stores the request that a click starts, under the id generated when the click
// arrived. The request is built from in; also, which may be nil, changes it further. The
// click is recorded as pending on that request, which stays open until the click is handled.
func (v *Visit) Start(ctx context.Context, in Envelope, also func(*cancellation.Request)) (stored store.Request, err error) {
	in.Request = v.In.Started
	err = v.Run.Record(ctx, func(tx *store.Tx) (err error) {
		r := v.Rules.NewRequest(&in)
		if also != nil {
			also(&r)
		}
		stored, err = tx.Requests.Insert(ctx, r)
		return errors.Join(err, tx.Envelopes.Started(ctx, v.In.ID, r.ID))
	})
	return stored, err
}

// Uncount stops the envelope from counting against the rate limit.
func (v *Visit) Uncount(ctx context.Context) error {
	return v.Run.Record(ctx, func(tx *store.Tx) error { return tx.Envelopes.Relabel(ctx, v.In.ID, kindRefused) })
}

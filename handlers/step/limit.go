package step

import (
	"context"
	"errors"
	"time"

	"meetingbot/handlers/view/answer"
	"meetingbot/internal/cancellation"
	"meetingbot/internal/store"
)

// errTooOften is why nothing is read for somebody who has asked too often.
var errTooOften = errors.New("too many requests within a minute")

// MayStart fails for somebody who has asked too often: nothing is read in advance for
// them.
func (r Rules) MayStart(ctx context.Context, s *store.Store, in *Envelope) error {
	from, err := r.roomFrom(ctx, s, in)
	if err == nil && !from.IsZero() {
		return errTooOften
	}
	return err
}

// roomFrom is when a person who has asked too often may ask again; zero if they
// may now.
func (r Rules) roomFrom(ctx context.Context, s *store.Store, in *Envelope) (time.Time, error) {
	if r.PerMinute <= 0 {
		return time.Time{}, nil
	}
	this := store.Envelope{ID: in.ID, Kind: in.counted(), Person: in.Person, At: in.At}
	leaves, err := s.Envelopes.NthBefore(ctx, this, r.PerMinute, in.At.Add(-time.Minute))
	if err != nil || leaves.IsZero() {
		return time.Time{}, err
	}
	return leaves.Add(time.Minute), nil
}

// TooMany says why, and for how long, a person has to wait who has started or looked up
// as much within a minute as allowed; nil if they needn't. What it refuses doesn't
// count, so people who keep trying get in as soon as others do.
func (v *Visit) TooMany(ctx context.Context) (*answer.Answer, error) {
	from, err := v.Rules.roomFrom(ctx, v.Store, v.In)
	if err != nil || from.IsZero() {
		return nil, err
	}
	return &answer.Answer{Kind: answer.TooMany, Wait: from.Sub(v.In.At)}, v.StartsNothing(ctx)
}

// Start stores the request that a click starts, under the id that was made when it came in.
// It is made of what in says was asked for; also makes further changes to it, and may be nil.
// The click counts as one on that request, which is not over before the click is handled.
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

// StartsNothing makes an envelope stop counting as one that starts a request.
func (v *Visit) StartsNothing(ctx context.Context) error {
	return v.Run.Record(ctx, func(tx *store.Tx) error { return tx.Envelopes.Relabel(ctx, v.In.ID, kindRefused) })
}

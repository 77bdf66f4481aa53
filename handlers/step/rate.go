package step

import (
	"context"
	"errors"
	"time"

	"meetingbot/handlers/view/answer"
	"meetingbot/internal/store"
)

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
	this := store.Envelope{ID: in.ID, Kind: in.limitedAs(), Person: in.Person, At: in.At}
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

// Uncount stops the envelope from counting against the rate limit.
func (v *Visit) Uncount(ctx context.Context) error {
	return v.Run.Record(ctx, func(tx *store.Tx) error { return tx.Envelopes.Relabel(ctx, v.In.ID, kindRefused) })
}

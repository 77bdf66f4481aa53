package delegate

import (
	"context"
	"errors"
	"time"

	"meetingbot/bot"
	"meetingbot/internal/store"
)

// Letting tells the policy who lets whom cancel, according to the store. Longest is
// DELEGATION_MAX.
type Letting struct {
	Store   *store.Store
	Longest time.Duration
}

// Delegated implements [access.Delegations].
func (l Letting) Delegated(ctx context.Context, giver, receiver bot.UserID) (bool, error) {
	if l.Longest <= 0 {
		return false, nil
	}
	d, err := l.Store.Delegations.Between(ctx, string(giver), string(receiver))
	if errors.Is(err, store.ErrNotFound) {
		return false, nil
	}
	return err == nil && d.HoldsAt(l.Store.Now(), l.Longest), err
}

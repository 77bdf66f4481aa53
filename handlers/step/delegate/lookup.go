package delegate

import (
	"context"
	"errors"
	"time"

	"meetingbot/bot"
	"meetingbot/internal/store"
)

// Lookup returns a function that tells [access.Policy] whether giver delegates to receiver,
// according to the store. longest is DELEGATION_MAX.
func Lookup(s *store.Store, longest time.Duration) func(ctx context.Context, giver, receiver bot.UserID) (bool, error) {
	return func(ctx context.Context, giver, receiver bot.UserID) (bool, error) {
		if longest <= 0 {
			return false, nil
		}
		d, err := s.Delegations.Between(ctx, string(giver), string(receiver))
		if errors.Is(err, store.ErrNotFound) {
			return false, nil
		}
		return err == nil && d.HoldsAt(s.Now(), longest), err
	}
}

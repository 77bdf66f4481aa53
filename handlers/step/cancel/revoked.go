package cancel

import (
	"context"
	"errors"
	"time"

	"meetingbot/handlers/step/outcome"
	"meetingbot/internal/cancellation"
	"meetingbot/internal/store"
)

// notAllowed is the reason recorded when a confirmation no longer counts.
const notAllowed = "not_allowed"

// errRevoked stops a call before it begins.
var errRevoked = errors.New("the delegation used to confirm was revoked before the call")

// checkDelegation returns errRevoked if the delegation used to confirm was revoked since:
// during the undo window, or while the service made the call wait. If it merely expired, it
// still counts, because the click was in time.
func (c *callRun) checkDelegation(ctx context.Context, tx *store.Tx) error {
	if c.R.Delegation == "" {
		return nil
	}
	d, err := tx.Delegations.Get(ctx, c.R.Delegation)
	if errors.Is(err, store.ErrNotFound) || err == nil && !d.EndedAt.IsZero() && d.EndedAt.Before(d.Until) {
		return errRevoked
	}
	return err
}

// revoked ends a request that may not make its call any more. That says nothing about an
// earlier call that got no answer.
func (c *callRun) revoked(ctx context.Context) error {
	if !cancellation.CallOpen(c.R.Request) {
		switch doubt, err := outcome.OthersInDoubt(ctx, c.Deps, c.R.Request); {
		case err != nil:
			return err
		case doubt:
			return c.conclude(ctx, cancellation.Refused, cancellation.WhyInDoubt, "")
		}
		return c.conclude(ctx, cancellation.Refused, notAllowed, "")
	}
	return c.settleWith(ctx, lookGap, func(r *store.Request, now time.Time) {
		countLost(r)
		r.EndEffect(cancellation.CallEffect, now, "", refusedPrefix+notAllowed)
	})
}

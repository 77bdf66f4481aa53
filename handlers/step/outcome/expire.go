package outcome

import (
	"context"

	"meetingbot/handlers/step"
	"meetingbot/internal/cancellation"
	"meetingbot/internal/store"
)

// ExpireIfDue expires a request that is due, unless it has been answered or closed. A click
// made in time keeps the question open, even if it is still on its way or hasn't been
// handled yet.
func ExpireIfDue(ctx context.Context, d *step.Deps, tx *store.Tx, id cancellation.ID) error {
	r, err := tx.Requests.Get(ctx, id)
	if err != nil {
		return err
	}
	if !r.State.CanBecome(cancellation.Expired) || tx.Now().Before(r.ExpiresAt.Add(step.LongestLag)) {
		return nil
	}
	pending, err := tx.Envelopes.Pending(ctx, id, r.ExpiresAt)
	if err != nil || pending {
		return err
	}
	return Expire(ctx, d, tx, &r)
}

// Expire expires a request, and has its card closed if it was ever shown.
func Expire(ctx context.Context, d *step.Deps, tx *store.Tx, r *store.Request) error {
	shown := r.State == cancellation.Asked
	if err := r.Become(cancellation.Expired); err != nil {
		return err
	}
	r.ClosedAt = tx.Now()
	if !shown {
		r.Response, r.Choices = cancellation.Response{}, nil // the URL is a credential, and is no longer needed
		return tx.Requests.Save(ctx, r)
	}
	r.BeginReport(tx.Now())
	if err := tx.Requests.Save(ctx, r); err != nil {
		return err
	}
	closed := *r
	d.ObserveMeetings(tx, closed.Request, "expired")
	if err := tx.Audit(ctx, store.Line(r.Request, store.EventExpired, "", nil)); err != nil {
		return err
	}
	return d.Queue.Enqueue(ctx, tx, step.Report(&closed))
}

package handlers

import (
	"context"
	"errors"
	"time"

	"meetingbot/internal/cancellation"
	"meetingbot/internal/store"
)

const (
	sweepEvery     = time.Second
	sweepAtOnce    = 100
	envelopeMemory = 25 * time.Hour // longer than Slack redelivers anything
	forgetEvery    = 10 * time.Minute
)

// sweep closes what nobody answered in time. On several replicas the
// conditional update lets one of them do it.
func (h *Handlers) sweep(ctx context.Context) {
	ids, err := h.store.Due(ctx, sweepAtOnce)
	if err != nil {
		if ctx.Err() == nil {
			h.log.WarnContext(ctx, "open questions could not be looked through", "error", err)
		}
		return
	}
	for _, id := range ids {
		err := h.store.Do(ctx, func(tx *store.Tx) error { return h.expireIfDue(ctx, tx, id) })
		if err != nil && ctx.Err() == nil {
			h.log.WarnContext(ctx, "question could not be closed", "request", id, "error", err)
		}
	}
	h.forget(ctx, time.Now())
}

// expireIfDue expires a request unless somebody has answered it, or closed it,
// in the meantime.
func (h *Handlers) expireIfDue(ctx context.Context, tx *store.Tx, id cancellation.ID) error {
	r, err := tx.Request(ctx, id)
	if err != nil {
		return err
	}
	if !r.State.CanBecome(cancellation.Expired) || tx.Now().Before(r.ExpiresAt) {
		return nil
	}
	return h.expire(ctx, tx, &r)
}

// expire closes a request that nobody answered. One that was never shown has no
// card to close.
func (h *Handlers) expire(ctx context.Context, tx *store.Tx, r *store.Request) error {
	shown := r.State == cancellation.Asked
	if err := r.Become(cancellation.Expired); err != nil {
		return err
	}
	r.ClosedAt = tx.Now()
	if !shown {
		r.Response = cancellation.Response{} // a credential that nobody needs any more
		r.Choices = nil                      // nor can anybody pick from them
	}
	if err := tx.Save(ctx, r); err != nil {
		return err
	}
	if !shown {
		return nil
	}
	h.observe.Question("expired")
	return errors.Join(
		tx.Audit(ctx, r.Request, store.EventExpired, "", nil),
		h.reportNext(ctx, tx, r.Request),
	)
}

// forget deletes envelopes that are too old to come again.
func (h *Handlers) forget(ctx context.Context, now time.Time) {
	if now.Before(h.forgetNext) {
		return
	}
	h.forgetNext = now.Add(forgetEvery)
	err := h.store.Do(ctx, func(tx *store.Tx) error { return tx.Forget(ctx, now.Add(-envelopeMemory)) })
	if err != nil && ctx.Err() == nil {
		h.log.WarnContext(ctx, "old envelopes could not be deleted", "error", err)
	}
}

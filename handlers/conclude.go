package handlers

import (
	"context"
	"errors"
	"time"

	"meetingbot/bot"
	"meetingbot/internal/cancellation"
	"meetingbot/internal/failpoint"
	"meetingbot/internal/jobs"
	"meetingbot/internal/store"
	"meetingbot/meetingapi"
)

// conclude records the outcome, and the reports follow from it.
func (c *caller) conclude(ctx context.Context, l jobs.Lease, r store.Request, o cancellation.Outcome, cause error) error {
	why := ""
	if cause != nil {
		why = classOf(cause)
	}
	if !o.Removed() && o != cancellation.Gone {
		c.logger(r.Request).WarnContext(ctx, "meeting not cancelled", "outcome", o, "error", cause)
	}
	return c.concludeWhy(ctx, l, r, o, why, meetingapi.RequestID(cause))
}

// concludeWhy records an outcome that no single error explains.
func (c *caller) concludeWhy(ctx context.Context, l jobs.Lease, r store.Request, o cancellation.Outcome, why, reference string) error {
	// The call may have used up the step's time; its outcome must be kept.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), answerTime)
	defer cancel()
	_, err := c.store.Update(store.Urgent(ctx), r.ID, func(tx *store.Tx, r *store.Request) error {
		if r.State == cancellation.Done && r.Outcome != cancellation.Unknown {
			return store.ErrConflict
		}
		return errors.Join(c.settle(ctx, tx, &r.Request, o, why, reference), c.queue.Finish(ctx, tx, l))
	})
	failpoint.Here(failpoint.Concluded)
	if errors.Is(err, store.ErrConflict) {
		return c.store.Do(ctx, func(tx *store.Tx) error { return c.queue.Finish(ctx, tx, l) })
	}
	if err == nil {
		c.observe.Question(string(o))
		c.logger(r.Request).InfoContext(ctx, "settled", "outcome", o, "why", why, "reference", reference)
	}
	return err
}

// settle records an outcome in tx.
func (h *Handlers) settle(ctx context.Context, tx *store.Tx, r *cancellation.Request, o cancellation.Outcome, why, reference string) error {
	if err := r.Finish(o, why, tx.Now()); err != nil {
		return err
	}
	r.Reference = reference
	return errors.Join(
		tx.End(ctx, r.ID, store.CallEffect, reference, string(o)),
		tx.Audit(ctx, *r, store.EventSettled, r.ConfirmedBy, map[string]string{
			"outcome": string(o), "why": why, "reference": reference,
		}),
		h.reportNext(ctx, tx, *r),
	)
}

// supersede lets a new request with the new facts take over the card: what was
// confirmed is not what would be cancelled. Nothing is done to the meeting.
func (c *caller) supersede(ctx context.Context, l jobs.Lease, r store.Request, now cancellation.Meeting) error {
	c.countPeople(ctx, &now)
	fresh := r.Request
	fresh.ID, fresh.State, fresh.Supersedes = cancellation.NewID(), cancellation.Asked, r.ID
	fresh.Meeting, fresh.Chosen = now, nil
	fresh.ConfirmedBy, fresh.ConfirmedAt, fresh.UndoUntil = "", time.Time{}, time.Time{}
	fresh.Unanswered, fresh.Reference = 0, "" // of calls that the new request has not made
	fresh.Scope = cancellation.Whole
	if now.Recurring {
		fresh.Scope = cancellation.Undecided
	}
	_, err := c.store.Update(ctx, r.ID, func(tx *store.Tx, r *store.Request) error {
		if err := r.Become(cancellation.Superseded); err != nil {
			return errors.Join(store.ErrConflict, err)
		}
		r.ClosedAt = tx.Now()
		r.Response = cancellation.Response{} // the new request has it
		fresh.ExpiresAt = tx.Now().Add(c.rules.ConfirmTTL)
		if _, err := tx.Insert(ctx, fresh); err != nil {
			return err
		}
		return errors.Join(
			tx.Audit(ctx, r.Request, store.EventChanged, "", map[string]string{"by": string(fresh.ID)}),
			auditRequested(ctx, tx, fresh, r.ID),
			auditAsked(ctx, tx, fresh),
			tx.End(ctx, fresh.ID, store.CardEffect, "", "taken over"),
			c.reportNext(ctx, tx, fresh),
			c.queue.Finish(ctx, tx, l),
		)
	})
	if errors.Is(err, store.ErrDuplicate) {
		// Somebody has asked anew in the meantime; that card stands for the new facts.
		return c.supersededByOther(ctx, l, r)
	}
	if err == nil {
		c.observe.Question("superseded")
		c.beside(answerTime, func(ctx context.Context) { c.tellChanged(ctx, fresh, r.ConfirmedBy) })
	}
	return err
}

// supersededByOther closes a card whose place another open card has taken.
func (c *caller) supersededByOther(ctx context.Context, l jobs.Lease, r store.Request) error {
	_, err := c.store.Update(ctx, r.ID, func(tx *store.Tx, r *store.Request) error {
		if err := r.Become(cancellation.Superseded); err != nil {
			return errors.Join(store.ErrConflict, err)
		}
		r.ClosedAt = tx.Now()
		return errors.Join(
			tx.Audit(ctx, r.Request, store.EventChanged, "", nil),
			c.reportNext(ctx, tx, r.Request),
			c.queue.Finish(ctx, tx, l),
		)
	})
	return err
}

// tellChanged tells whoever pressed why the card looks different and nothing
// was done. The card itself says it too, so this may fail.
func (c *caller) tellChanged(ctx context.Context, fresh cancellation.Request, presser string) {
	p, _ := c.bot.CachedPerson(bot.UserID(presser))
	in := &intake{Response: fresh.Response.URL, at: fresh.Response.At, Channel: fresh.Card.Channel, person: presser}
	if err := c.tellNow(ctx, in, c.views.Answer(p.Locale, Answer{Kind: MeetingChanged, Request: fresh}), true); err != nil {
		c.logger(fresh).InfoContext(ctx, "presser not told that the meeting changed", "error", err)
	}
}

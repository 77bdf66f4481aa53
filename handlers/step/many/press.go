package many

import (
	"context"
	"errors"

	"meetingbot/bot"
	"meetingbot/handlers/access"
	"meetingbot/handlers/step"
	"meetingbot/handlers/step/outcome"
	"meetingbot/handlers/step/press"
	"meetingbot/handlers/view/action"
	"meetingbot/handlers/view/answer"
	"meetingbot/internal/cancellation"
	"meetingbot/internal/jobs"
	"meetingbot/internal/store"
)

// Confirm lets one click win if it was made on the current page: a page that wasn't shown
// can't be confirmed.
var Confirm = press.Button{Prefetch: prepare, Late: press.Late, Do: func(ctx context.Context, c *press.Click) error {
	if !c.R.Batch.Review || action.RevisionOf(c.In.Block) != c.R.Batch.Revision {
		return pageTurned(ctx, c)
	}
	late := func(c *press.Click) *answer.Answer { return tooMany(c, c.R.Batch) }
	return press.Button{Late: late, Apply: applyClick, Needs: access.Confirm, Do: press.Confirm.Do}.Press(ctx, c)
}}

// prepare starts looking up the person's right to cancel each meeting.
func prepare(ctx context.Context, c *press.Click) {
	if press.Late(c) == nil && len(c.R.Batch.Ticked()) > 0 {
		c.Access.Prepare(ctx, bot.UserID(c.In.Person), c.R.Parts()...)
		c.PrepareLink() // for the owners' messages
	}
}

// applyClick sets c.After to the request as this click would confirm it. The time decides
// which date of a series is running, and so would be ended.
func applyClick(c *press.Click) { c.After.ConfirmedAt = c.In.At }

// Stop keeps the meetings whose calls haven't begun while the service makes some of them
// wait.
var Stop = press.Button{Needs: access.Undo, Do: func(ctx context.Context, c *press.Click) error {
	next := jobs.Job{Step: step.PartStep, Subject: string(c.R.ID)}
	err := c.Done(ctx, []jobs.Job{next}, func(tx *store.Tx) error {
		if err := stopParts(ctx, c, tx); err != nil {
			return err
		}
		return step.Change(ctx, tx, &c.R, func(r *store.Request) error { c.In.Reveal(&r.Request); return nil })
	})
	if step.IsConflict(err) {
		return c.UndoTooLate(ctx)
	}
	return err
}}

// stopParts stops the parts that can be stopped. It returns [store.ErrConflict] if there are none.
func stopParts(ctx context.Context, c *press.Click, tx *store.Tx) error {
	parts, err := tx.Requests.Parts(ctx, c.R.ID)
	if err != nil {
		return err
	}
	stopped := 0
	for _, p := range parts {
		switch {
		case outcome.WaitsInDoubt(p.Request):
			err = errors.Join(tx.Audit(ctx, undone(c, p.Request)), outcome.Conclude(ctx, tx, &p, cancellation.Unknown, outcome.Stopped, "", nil))
		case isStoppable(p.Request):
			err = stopPart(ctx, c, tx, &p)
		default:
			continue
		}
		if err != nil {
			return err
		}
		stopped++
	}
	if stopped == 0 {
		return store.ErrConflict
	}
	return nil
}

// stopPart declines a part that can be stopped, unless another card has removed its meeting.
func stopPart(ctx context.Context, c *press.Click, tx *store.Tx, p *store.Request) error {
	by, doubt, err := outcome.ByOthers(ctx, tx.Requests.Requests, p.Request, tx.Now())
	if err != nil {
		return err
	}
	if by.ID != "" {
		step.ObserveAfter(tx, c.Observe.Question, string(cancellation.Gone))
		return errors.Join(tx.Audit(ctx, undone(c, p.Request)), outcome.Conclude(ctx, tx, p, cancellation.Gone, "", "", nil))
	}
	if err := p.Become(cancellation.Declined); err != nil {
		return err
	}
	p.ClosedBy, p.ClosedAt = c.In.Person, tx.Now()
	if p.StopWaiting(); doubt {
		p.Why = cancellation.WhyInDoubt
	}
	step.ObserveAfter(tx, c.Observe.Question, string(store.EventUndone))
	return errors.Join(tx.Requests.Save(ctx, p), tx.Audit(ctx, undone(c, p.Request)))
}

// undone returns the audit row for a part that the person has stopped. The row with its outcome
// names who confirmed.
func undone(c *press.Click, part cancellation.Request) store.AuditRow {
	return store.RequestRow(part, store.EventUndone, c.In.Person, nil)
}

// isStoppable reports whether a part can be kept: its call was not made, or was refused and
// waits.
func isStoppable(p cancellation.Request) bool {
	return p.State == cancellation.Confirmed || p.State == cancellation.Calling && !p.WaitUntil.IsZero() && p.Unanswered == 0
}

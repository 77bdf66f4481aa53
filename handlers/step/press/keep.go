package press

import (
	"context"
	"errors"
	"time"

	"meetingbot/handlers/access"
	"meetingbot/handlers/step"
	"meetingbot/handlers/step/outcome"
	"meetingbot/handlers/view/action"
	"meetingbot/handlers/view/answer"
	"meetingbot/internal/cancellation"
	"meetingbot/internal/jobs"
	"meetingbot/internal/store"
)

// Keep closes the question: the meeting stays. If it was removed from another card in the
// meantime, the card says that instead.
var Keep = Button{Late: Late, Needs: access.Keep, Do: func(ctx context.Context, c *Click) error {
	by, doubt, err := outcome.ByOthers(ctx, c.Store.Requests, c.R.Request, c.Store.Now())
	switch {
	case err != nil:
		return err
	case by.ID != "":
		err = c.Closing().CloseGone(ctx, c.R, by.ConfirmedBy, "")
	default:
		err = c.decline(ctx, doubt)
	}
	return c.AnswerConflict(ctx, err)
}}

// decline closes a question and leaves its meeting alone. doubt says that another card may have
// removed it.
func (c *Click) decline(ctx context.Context, doubt bool) error {
	offer := c.delegationCandidate(ctx, c.R.Request)
	return c.Done(ctx, []jobs.Job{step.Report(&c.R)}, func(tx *store.Tx) error {
		err := step.ChangeAsked(ctx, tx, &c.R, func(r *store.Request) error {
			c.In.Reveal(&r.Request)
			if err := outcome.Decline(&r.Request, c.In.Person, doubt, tx.Now()); err != nil {
				return err
			}
			r.OfferDelegationTo = offer
			r.BeginReport(tx.Now())
			return nil
		})
		c.ObserveMeetings(tx, c.R.Request, string(store.EventDeclined))
		return errors.Join(err, tx.Audit(ctx, store.RequestRow(c.R.Request, store.EventDeclined, c.In.Person, nil)))
	})
}

// Undo takes back a confirmation, or stops a call that waits. It is obeyed until the call begins,
// even if its window is over by then. One that comes while the call is under way keeps it from being
// repeated.
var Undo = Button{Needs: access.Undo, Do: func(ctx context.Context, c *Click) error {
	err := c.Undo(ctx)
	if step.IsConflict(err) {
		return c.UndoTooLate(ctx, func(tx *store.Tx) error { return outcome.DontRepeat(ctx, c.Deps, tx, &c.R, c.In.Person) })
	}
	return err
}}

// Undo ends the request and the run, or returns [store.ErrConflict] if it is too late.
func (c *Click) Undo(ctx context.Context) error {
	return c.Done(ctx, []jobs.Job{step.Report(&c.R)}, func(tx *store.Tx) error {
		r, err := tx.Requests.Get(ctx, c.R.ID)
		if err != nil {
			return err
		}
		c.R = r
		if !outcome.CanStop(r.Request) {
			return store.ErrConflict
		}
		return outcome.Stop(ctx, c.Deps, tx, &c.R, c.In.Person, c.In.Reveal)
	})
}

// undoRetry is the pause between two attempts to check whether the person may undo.
const undoRetry = 2 * time.Second

// callIsWaiting reports whether this is an Undo that the call, or its repetition, is waiting for.
func (c *Click) callIsWaiting(ctx context.Context) (bool, error) {
	if c.In.Action != action.Undo && c.In.Action != action.Stop {
		return false, nil
	}
	r, err := c.Store.Requests.Get(ctx, c.In.Request)
	return (r.State == cancellation.Confirmed || r.State == cancellation.Calling) && !r.Stale(c.Store.Now(), c.Rules.ConfirmTTL), err
}

// UndoTooLate answers an Undo that comes too late, or after another person's. dontRepeat records in
// c.R that a call which is under way isn't repeated, or returns [store.ErrConflict] if there is none.
func (c *Click) UndoTooLate(ctx context.Context, dontRepeat func(*store.Tx) error) error {
	err := c.Run.Record(ctx, dontRepeat)
	if step.IsConflict(err) {
		c.R, err = c.Store.Requests.Get(ctx, c.R.ID)
	}
	if err != nil {
		return err
	}
	kind := answer.UndoTooLate
	if c.R.State == cancellation.Declined { // the meeting stays, as this person wanted
		kind = answer.AlreadyAnswered
	}
	return c.refuse(ctx, answer.Answer{Kind: kind, Request: c.R.Request})
}

package press

import (
	"cmp"
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
	c.After.OfferDelegationTo = c.delegationCandidate(ctx, c.R.Request)
	err := c.decline(ctx, store.EventDeclined, func(r *store.Request) bool { return r.State == cancellation.Asked })
	return c.AnswerConflict(ctx, err)
}}

// Undo takes back a confirmation, or stops a call that is waiting. An Undo pressed in time
// is obeyed, whenever it is handled.
var Undo = Button{Needs: access.Undo, Do: func(ctx context.Context, c *Click) error {
	err := c.decline(ctx, store.EventUndone, func(r *store.Request) bool { return undoable(r.Request, c.In) })
	if step.IsConflict(err) && c.In.Action == action.Stop {
		// An earlier call got no answer: nothing more is sent, and whether it took effect stays unknown.
		err = c.concludeIf(ctx, func(r *store.Request) bool { return outcome.WaitsInDoubt(r.Request) }, cancellation.Unknown, outcome.Stopped, c.In.Reveal)
	}
	if step.IsConflict(err) {
		return c.UndoTooLate(ctx)
	}
	return err
}}

// decline ends a request with its meeting left alone, unless another card has removed that. It
// returns [store.ErrConflict] if can reports that it is too late.
func (c *Click) decline(ctx context.Context, e store.Event, can func(*store.Request) bool) error {
	by, doubt, err := outcome.ByOthers(ctx, c.Store.Requests, c.R.Request, c.Store.Now())
	switch {
	case err != nil:
		return err
	case by.ID != "" && c.R.State == cancellation.Asked:
		return c.Closing().CloseGone(ctx, c.R, by.ConfirmedBy, "")
	case by.ID != "":
		return c.concludeIf(ctx, can, cancellation.Gone, "", c.revealFound)
	}
	return c.Done(ctx, []jobs.Job{step.Report(&c.R)}, func(tx *store.Tx) error {
		err := step.Change(ctx, tx, &c.R, func(r *store.Request) error {
			if !can(r) {
				return store.ErrConflict
			}
			c.In.Reveal(&r.Request)
			if err := r.Become(cancellation.Declined); err != nil {
				return errors.Join(store.ErrConflict, err)
			}
			r.ClosedBy, r.ClosedAt, r.OfferDelegationTo = c.In.Person, tx.Now(), cmp.Or(c.After.OfferDelegationTo, r.OfferDelegationTo)
			if r.StopWaiting(); doubt {
				r.Why = cancellation.WhyInDoubt
			}
			r.BeginReport(tx.Now())
			return nil
		})
		c.ObserveMeetings(tx, c.R.Request, string(e))
		return errors.Join(err, tx.Audit(ctx, store.RequestRow(c.R.Request, e, c.In.Person, nil)))
	})
}

// concludeIf ends a confirmed request, whose call the person has stopped, with an outcome, or returns
// [store.ErrConflict] if can reports that it is too late.
func (c *Click) concludeIf(ctx context.Context, can func(*store.Request) bool, o cancellation.Outcome, why string, also func(*cancellation.Request)) error {
	return c.Done(ctx, []jobs.Job{step.Report(&c.R)}, func(tx *store.Tx) error {
		step.ObserveAfter(tx, c.Observe.Question, string(o))
		r, err := tx.Requests.Get(ctx, c.R.ID)
		if err != nil {
			return err
		}
		if !can(&r) {
			return store.ErrConflict
		}
		undone := tx.Audit(ctx, store.RequestRow(r.Request, store.EventUndone, c.In.Person, nil)) // the outcome names who confirmed
		err = errors.Join(undone, outcome.Conclude(ctx, tx, &r, o, why, "", also))
		c.R = r
		return err
	})
}

// undoable reports whether an Undo still changes anything.
func undoable(r cancellation.Request, in *step.Envelope) bool {
	switch {
	case r.State == cancellation.Calling && r.Unanswered > 0:
		return false // an earlier call may have gone through
	case r.State != cancellation.Confirmed && r.State != cancellation.Calling:
		return false
	case !r.WaitUntil.IsZero():
		return true
	}
	return r.State == cancellation.Confirmed && in.Action == action.Undo && in.At.Before(r.UndoUntil.Add(step.UndoGrace))
}

// undoRetry is the pause between two attempts to check whether the person may undo.
const undoRetry = 2 * time.Second

// callIsWaiting reports whether this is an Undo that the call is waiting for.
func (c *Click) callIsWaiting(ctx context.Context) (bool, error) {
	if c.In.Action != action.Undo && c.In.Action != action.Stop {
		return false, nil
	}
	r, err := c.Store.Requests.Get(ctx, c.In.Request)
	return undoable(r.Request, c.In) && !r.Stale(c.Store.Now(), c.Rules.ConfirmTTL), err
}

// UndoTooLate answers an Undo that comes too late, or after another person's.
func (c *Click) UndoTooLate(ctx context.Context) error {
	r, err := c.Store.Requests.Get(ctx, c.R.ID)
	if err != nil {
		return err
	}
	kind := answer.UndoTooLate
	if r.State == cancellation.Declined { // the meeting stays, as this person wanted
		kind = answer.AlreadyAnswered
	}
	c.R = r
	return c.refuse(ctx, answer.Answer{Kind: kind, Request: r.Request})
}

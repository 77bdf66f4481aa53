package outcome

import (
	"context"
	"errors"
	"time"

	"meetingbot/handlers/step"
	"meetingbot/internal/cancellation"
	"meetingbot/internal/jobs"
	"meetingbot/internal/store"
)

// Conclude records an outcome in tx, and begins its report unless r is a part. It returns
// store.ErrConflict if the request already has an outcome. also, if not nil, makes further
// changes to the request.
func Conclude(ctx context.Context, tx *store.Tx, r *store.Request, o cancellation.Outcome, why, reference string, also func(*cancellation.Request)) error {
	err := step.Change(ctx, tx, r, func(r *store.Request) error {
		if r.State.Final() && r.Outcome != cancellation.Unknown || r.Outcome == cancellation.Unknown && o == cancellation.Unknown {
			return store.ErrConflict
		}
		if err := r.Finish(o, why, tx.Now()); err != nil {
			return errors.Join(store.ErrConflict, err)
		}
		r.Reference, r.WaitUntil = reference, time.Time{}
		if o != cancellation.Unknown { // otherwise the result of the last call stays as it is
			r.EndEffect(cancellation.CallEffect, tx.Now(), reference, string(o))
		}
		if also != nil {
			also(&r.Request)
		}
		if r.Parent == "" {
			r.BeginReport(tx.Now())
		}
		return nil
	})
	return errors.Join(err, tx.Audit(ctx, store.RequestRow(r.Request, store.EventSettled, r.ConfirmedBy, map[string]string{
		"outcome": string(o), "why": why, "reference": reference,
	})))
}

// A Closing ends requests without a call. Its End records what it is given and either
// ends the run, as jobs.Run.Done does, or continues it.
type Closing struct {
	*step.Deps
	End  func(context.Context, []jobs.Job, func(*store.Tx) error) error
	Also func(*cancellation.Request) // changes the request that keeps the card further, by what a click or a reading has shown; may be nil
}

// Why a question to an owner is closed without their answer.
const (
	NotOwner  = "not_owner"  // they no longer own the meeting
	OwnerLeft = "owner_left" // they can't answer any more, and the asker needn't wait for its time to run out
)

// Refuse ends a question: its buttons go, and the meeting is unchanged. It returns
// [store.ErrConflict] if the question has been answered.
func (c Closing) Refuse(ctx context.Context, r store.Request, why string) error {
	return c.refuse(ctx, r, why, string(cancellation.Refused))
}

// whyStarted is the reason to leave a part alone whose meeting has started since it was confirmed.
const whyStarted = "started"

// leaveAlone ends a part whose meeting is no longer what the card showed, or whose
// confirmation is too old. The card lists it; it isn't asked again.
func (c Closing) leaveAlone(ctx context.Context, r store.Request, now cancellation.Meeting, why cancellation.AskAgain) error {
	reason := string(why)
	if why == cancellation.AskAgainChanged && now.Running && !r.Meeting.Running {
		reason = whyStarted
	}
	return c.refuse(ctx, r, reason, "superseded")
}

// refuse ends r with its meeting left alone, unless another card has removed that. It returns
// [store.ErrConflict] if r has been answered, stopped or settled, or has expired. counted is its
// outcome in the metrics if its meeting is left alone.
func (c Closing) refuse(ctx context.Context, r store.Request, why, counted string) error {
	o := cancellation.Refused
	switch by, doubt, err := ByOthers(ctx, c.Store.Requests, r.Request, c.Store.Now()); {
	case err != nil:
		return err
	case by.ID != "":
		o, why, counted = cancellation.Gone, "", string(cancellation.Gone)
	case doubt && why != cancellation.WhyChanged && why != whyStarted: // these don't call it unchanged
		why = cancellation.WhyInDoubt
	}
	return c.End(ctx, []jobs.Job{step.ReportOutcome(&r)}, func(tx *store.Tx) error {
		step.ObserveAfter(tx, c.Observe.Question, counted)
		return Conclude(ctx, tx, &r, o, why, "", c.Also)
	})
}

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

// Expire expires a request, and has its card closed if it was ever shown. If another card has
// removed its meeting, the card says that instead.
func Expire(ctx context.Context, d *step.Deps, tx *store.Tx, r *store.Request) error {
	shown := r.State == cancellation.Asked
	if shown {
		switch by, doubt, err := ByOthers(ctx, tx.Requests.Requests, r.Request, tx.Now()); {
		case err != nil:
			return err
		case by.ID != "":
			return errors.Join(closeGone(ctx, d, tx, r, by.ConfirmedBy, "", nil), d.Queue.Enqueue(ctx, tx, step.Report(r)))
		case doubt:
			r.Why = cancellation.WhyInDoubt
		}
	}
	if err := r.Become(cancellation.Expired); err != nil {
		return err
	}
	r.ClosedAt = tx.Now()
	if !shown {
		r.Response, r.Choices = cancellation.ResponseURL{}, nil // the URL is a credential, and is no longer needed
		return tx.Requests.Save(ctx, r)
	}
	r.BeginReport(tx.Now())
	d.ObserveMeetings(tx, r.Request, "expired")
	row := store.RequestRow(r.Request, store.EventExpired, "", nil)
	return errors.Join(tx.Requests.Save(ctx, r), tx.Audit(ctx, row), d.Queue.Enqueue(ctx, tx, step.Report(r)))
}

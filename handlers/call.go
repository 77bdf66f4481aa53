package handlers

import (
	"context"
	"errors"
	"strconv"
	"time"

	"meetingbot/internal/cancellation"
	"meetingbot/internal/failpoint"
	"meetingbot/internal/jobs"
	"meetingbot/internal/store"
	"meetingbot/meetingapi"
)

// Times of the destructive step.
const (
	workingTime = 3 * time.Second // for showing "Working…"; nothing waits longer for it
	callTime    = 5 * time.Second // for the destructive call itself, within the step's own time
)

// A Canceler can remove meetings. Only the call step is given one.
type Canceler interface {
	Cancel(ctx context.Context, m meetingapi.Single, o meetingapi.CancelOptions) error
	CancelSeries(ctx context.Context, m meetingapi.Recurring, o meetingapi.CancelOptions) error
	CancelOccurrences(ctx context.Context, m meetingapi.Recurring, ids []meetingapi.OccurrenceID, o meetingapi.CancelOptions) error
}

// A caller is the only holder of the destructive methods.
type caller struct {
	*Handlers
	canceler Canceler
}

// call is the step of a confirmed request: read anew, call, settle.
func (c *caller) call(ctx context.Context, l jobs.Lease, id string) error {
	r, err := c.store.Request(ctx, cancellation.ID(id))
	if err != nil {
		return err
	}
	switch {
	case r.State == cancellation.Confirmed:
		return c.firstCall(ctx, l, r)
	case r.State == cancellation.Calling, r.State == cancellation.Done && r.Outcome == cancellation.Unknown:
		return c.goOn(ctx, l, r)
	default: // undone, or finished by an earlier run
		return c.store.Do(ctx, func(tx *store.Tx) error { return c.queue.Finish(ctx, tx, l) })
	}
}

// firstCall says "Working…" and reads the meeting anew, at once; then it calls.
func (c *caller) firstCall(ctx context.Context, l jobs.Lease, r store.Request) error {
	c.beside(workingTime, func(ctx context.Context) {
		if _, err := c.redraw(ctx, r.ID, cancellation.Confirmed, cancellation.Calling); err != nil {
			c.logger(r.Request).InfoContext(ctx, "working state not shown", "error", err)
		}
	})
	m, err := c.readAnew(ctx, r.Request)
	switch {
	case meetingapi.IsNotFound(err) || meetingapi.IsEnded(err) || err == nil && m.State == meetingapi.Ended:
		return c.conclude(ctx, l, r, cancellation.Gone, err)
	case err != nil && !permanent(err) && l.Attempt() < readAttempts:
		return retryLater(err)
	case err != nil:
		return c.conclude(ctx, l, r, outcomeOfRefusal(err), err)
	}
	now := facts(m, time.Now())
	if !r.Meeting.SameAs(now) {
		return c.supersede(ctx, l, r, now)
	}
	failpoint.Here(failpoint.BeforeCall)
	return c.perform(ctx, l, r, m, false)
}

// readAttempts is how often the meeting is tried to be read before a request is
// given up with the meeting unchanged.
const readAttempts = 4

// read reads the meeting that a request is about.
func (h *Handlers) read(ctx context.Context, m cancellation.Meeting) (meetingapi.Meeting, error) {
	return h.meetings.Meeting(ctx, meetingapi.ID(m.ID))
}

// perform records that the call begins, and makes it. pending is whether an
// earlier call of ours may have been done after all.
func (c *caller) perform(ctx context.Context, l jobs.Lease, r store.Request, m meetingapi.Meeting, pending bool) error {
	r, err := c.store.Update(store.Urgent(ctx), r.ID, func(tx *store.Tx, r *store.Request) error {
		switch r.State {
		case cancellation.Confirmed:
			if err := r.Become(cancellation.Calling); err != nil {
				return err
			}
		case cancellation.Calling: // an earlier call was not done
		default:
			return store.ErrConflict // undone in the meantime, or settled by a person who looked
		}
		err := errors.Join(
			c.queue.Hold(ctx, tx, l),
			tx.Begin(ctx, r.ID, store.CallEffect),
			tx.Audit(ctx, r.Request, store.EventCalling, r.ConfirmedBy, map[string]string{
				"scope": string(r.Scope), "end": yes(r.Ending()), "attempt": strconv.Itoa(l.Attempt() + 1),
			}),
		)
		failpoint.Here(failpoint.CallWritten)
		return err
	})
	if errors.Is(err, store.ErrConflict) {
		return c.store.Do(ctx, func(tx *store.Tx) error { return c.queue.Finish(ctx, tx, l) })
	}
	if err != nil {
		return err
	}
	failpoint.Here(failpoint.CallBegun)
	// A process that was frozen until now finds that its time is over, and that
	// somebody else has gone on. The clock is asked, because the timer behind the
	// context may not have run yet.
	if until, limited := ctx.Deadline(); limited && !time.Now().Before(until) {
		return errTooLate
	}
	err = c.send(ctx, r.Request, m)
	failpoint.Here(failpoint.CallAnswered)
	return c.judge(ctx, l, r, pending, err)
}

// errTooLate ends a run whose time was over before the call was sent.
var errTooLate = errors.New("the call was not sent: the step's time was over")

// send makes the one destructive call that the request is about. That people
// are put out is asked for only where the card has said so: a meeting that
// starts in the last moment is refused by the service rather than ended.
func (c *caller) send(ctx context.Context, r cancellation.Request, m meetingapi.Meeting) error {
	ctx, cancel := context.WithTimeout(ctx, callTime)
	defer cancel()
	o := meetingapi.CancelOptions{End: r.Ending()}
	single, isSingle := m.Single()
	recurring, isRecurring := m.Recurring()
	switch {
	case r.Scope == cancellation.Whole && isSingle:
		return c.canceler.Cancel(ctx, single, o)
	case r.Scope == cancellation.Series && isRecurring:
		return c.canceler.CancelSeries(ctx, recurring, o)
	case r.Scope == cancellation.Occurrence && isRecurring:
		ids := make([]meetingapi.OccurrenceID, len(r.Chosen))
		for i, id := range r.Chosen {
			ids[i] = meetingapi.OccurrenceID(id)
		}
		return c.canceler.CancelOccurrences(ctx, recurring, ids, o)
	}
	return &meetingapi.Error{Op: "cancel", Class: meetingapi.ClassBadRequest, Message: "the scope does not fit the meeting"}
}

// judge turns the answer of the destructive call into what happens next.
func (c *caller) judge(ctx context.Context, l jobs.Lease, r store.Request, pending bool, err error) error {
	switch class := meetingapi.ClassOf(err); class {
	case meetingapi.ClassNone:
		return c.conclude(ctx, l, r, success(r.Request), nil)
	case meetingapi.ClassNotFound, meetingapi.ClassEnded:
		if pending {
			return c.concludeMissing(ctx, l, r, success(r.Request))
		}
		return c.conclude(ctx, l, r, cancellation.Gone, err)
	case meetingapi.ClassUnknownOutcome:
		return c.unanswered(ctx, l, r, err)
	case meetingapi.ClassStarted:
		return c.started(ctx, l, r)
	case meetingapi.ClassTransient, meetingapi.ClassThrottled, meetingapi.ClassUnavailable, meetingapi.ClassServer,
		meetingapi.ClassCanceled, meetingapi.ClassNotStarted:
		return c.refusedForNow(ctx, l, r, err)
	default:
		return c.conclude(ctx, l, r, outcomeOfRefusal(err), err)
	}
}

// success is the outcome of a call that was done.
func success(r cancellation.Request) cancellation.Outcome {
	if r.Ending() {
		return cancellation.Ended
	}
	return cancellation.Cancelled
}

// outcomeOfRefusal tells a no from a failure. Either way the meeting is unchanged.
func outcomeOfRefusal(err error) cancellation.Outcome {
	switch meetingapi.ClassOf(err) {
	case meetingapi.ClassDenied, meetingapi.ClassBadRequest, meetingapi.ClassWrongSite, meetingapi.ClassStarted:
		return cancellation.Refused
	default:
		return cancellation.Failed
	}
}

package cancel

import (
	"context"
	"errors"
	"time"

	"meetingbot/handlers/step"
	"meetingbot/handlers/step/outcome"
	"meetingbot/internal/cancellation"
	"meetingbot/internal/jobs"
	"meetingbot/internal/store"
	"meetingbot/meetingapi"
)

// judge decides what follows from the answer to the call. The answer says nothing about an
// earlier call that went unanswered.
func (c *callRun) judge(ctx context.Context, err error) error {
	if c.held {
		return c.settle(ctx, notDone, err, 0)
	}
	switch meetingapi.ClassOf(err) {
	case meetingapi.ClassNone:
		return c.finish(ctx, outcome.Success(c.R.Request), nil)
	case meetingapi.ClassUnknownOutcome:
		return c.unanswered(ctx, err)
	case meetingapi.ClassTransient, meetingapi.ClassThrottled, meetingapi.ClassUnavailable, meetingapi.ClassServer,
		meetingapi.ClassCanceled, meetingapi.ClassNotStarted:
		return c.refusedForNow(ctx, err)
	case meetingapi.ClassNotFound, meetingapi.ClassEnded:
		return c.gone(ctx, err)
	default:
		return c.refused(ctx, err)
	}
}

// refused handles a refusal.
func (c *callRun) refused(ctx context.Context, cause error) error {
	class := meetingapi.ClassOf(cause)
	switch {
	case c.R.Unanswered > 0:
		return c.settle(ctx, refusedPrefix+class.String(), cause, lookGap)
	case class == meetingapi.ClassStarted:
		return c.started(ctx)
	case class == meetingapi.ClassBadRequest && c.R.Scope == cancellation.Occurrence:
		return c.datesRefused(ctx, cause)
	}
	return c.giveUp(ctx, cause)
}

// giveUp ends the request because the service refused the call for good. If another card's call may
// have removed the meeting, it is read first: the outcome must not say that it is unchanged.
func (c *callRun) giveUp(ctx context.Context, cause error) error {
	checking, cancel := afterTheCall(ctx)
	defer cancel()
	if doubt, err := outcome.OthersInDoubt(checking, c.Deps, c.R.Request); doubt || err != nil {
		return c.settle(ctx, refusedPrefix+step.ClassOf(cause), cause, lookGap)
	}
	return c.finish(ctx, outcomeOfRefusal(step.ClassOf(cause)), cause)
}

// datesRefused handles a refusal that blames the dates: one of them may be gone, or they may
// be the last.
func (c *callRun) datesRefused(ctx context.Context, cause error) error {
	now := c.readNow(ctx)
	switch {
	case !c.R.Meeting.SameAs(now):
		return c.askAgain(ctx, now, cancellation.AskAgainChanged)
	case cancellation.MayBeWholeSeries(c.R.Request):
		c.Logger(c.R.Request).WarnContext(ctx, "the last dates of a series were not cancelled", "error", cause)
		return c.conclude(ctx, cancellation.Refused, lastDates, meetingapi.RequestID(cause))
	}
	return c.giveUp(ctx, cause)
}

// gone handles an answer that there is nothing to cancel. Unless a reading confirms that, the
// meeting is watched for a while: the details may lag behind, or the service may be hiding what
// the bot's login may not cancel.
func (c *callRun) gone(ctx context.Context, cause error) error {
	if c.R.Unanswered > 0 {
		return c.settle(ctx, notDone, cause, lookGap)
	}
	m, err := c.Meetings.Meeting(ctx, meetingapi.ID(c.R.Meeting.ID))
	v, judging := outcome.Judge(ctx, c.Deps, c.R.Request, m, err)
	if judging == nil && v == (outcome.Verdict{}) {
		return c.settle(ctx, outcome.SaidGone, cause, lookGap)
	}
	return c.finish(ctx, cancellation.Gone, cause)
}

// lastDates is the reason recorded when the dates were all that the series had left. The
// service may refuse to cancel the last one other than with the series.
const lastDates = "last_dates"

// unanswered counts a call that got no answer, and has the request settled.
func (c *callRun) unanswered(ctx context.Context, cause error) error {
	c.Logger(c.R.Request).WarnContext(ctx, "the call was not answered; the meeting is read again", "error", cause)
	return c.settleWith(ctx, lookGap, func(r *store.Request, _ time.Time) {
		r.Unanswered++
		r.Reference = meetingapi.RequestID(cause)
	}, callFailed(c.R.Request, "not answered", cause))
}

// callFailed is the audit row for a call that failed or whose outcome is unknown.
func callFailed(r cancellation.Request, result string, cause error) store.AuditRow {
	return store.RequestRow(r, store.EventCallFailed, r.ConfirmedBy, map[string]string{
		"result": result, "why": step.ClassOf(cause), "reference": meetingapi.RequestID(cause),
	})
}

// settleWith records f's change and the audit rows, and has the request settled after a
// while.
func (c *callRun) settleWith(ctx context.Context, after time.Duration, f func(*store.Request, time.Time), rows ...store.AuditRow) error {
	ctx, cancel := afterTheCall(ctx)
	defer cancel()
	return step.Insist(ctx, func() error {
		r := c.R
		return c.Done(ctx, []jobs.Job{c.settleJob(after)}, func(tx *store.Tx) error {
			return errors.Join(step.Change(ctx, tx, &r, func(r *store.Request) error { f(r, tx.Now()); return nil }), tx.Audit(ctx, rows...))
		})
	})
}

// Results of a call that don't settle the request; see also [outcome.SaidGone].
const (
	notDone = "not done" // the service refused it for now

	// Followed by why the service refused it for good while an earlier call, or another card's, was
	// pending. If that call had no effect, this becomes the request's reason.
	refusedPrefix = "refused: "
)

// maxTries is how often to make a call that the service keeps refusing for now.
const maxTries = 5

// refusedForNow handles a call that changed nothing and may succeed later.
func (c *callRun) refusedForNow(ctx context.Context, cause error) error {
	tries := c.R.Effects[cancellation.CallEffect].Attempts
	after := max(meetingapi.RetryAfter(cause), time.Duration(tries)*lookGap)
	enough := tries >= maxTries && c.R.Unanswered == 0
	switch {
	case enough && tries < maxCalls && meetingapi.IsThrottled(cause): // there may be room in its next window
		return c.wait(ctx, step.ClassOf(cause), after, callFailed(c.R.Request, notDone, cause))
	case enough && (tries >= maxCalls || step.AskedToWait(cause, c.Store.Now()).IsZero()):
		return c.giveUp(ctx, cause)
	case c.tooLong(after):
		return c.wait(ctx, step.ClassOf(cause), after, callFailed(c.R.Request, notDone, cause))
	}
	return c.settle(ctx, notDone, cause, after)
}

// settle records the result of this call, and has the request settled after a while.
func (c *callRun) settle(ctx context.Context, result string, cause error, after time.Duration) error {
	return c.settleWith(ctx, after, func(r *store.Request, now time.Time) {
		r.EndEffect(cancellation.CallEffect, now, meetingapi.RequestID(cause), result)
	}, callFailed(c.R.Request, result, cause))
}

// started handles a refusal because the meeting has just begun: the card asks again, about
// the running meeting.
func (c *callRun) started(ctx context.Context) error {
	now := c.readNow(ctx)
	now.Running, now.StateKnown = true, now.Running // the service just said so; if the details disagree, the state isn't known
	return c.askAgain(ctx, now, cancellation.AskAgainChanged)
}

// readNow returns the meeting as it is now, or as it was last known if it can't be read.
func (c *callRun) readNow(ctx context.Context) cancellation.Meeting {
	m, err := c.Meetings.Meeting(ctx, meetingapi.ID(c.R.Meeting.ID))
	return factsOr(c.R.Meeting, m, err, c.Store.Now())
}

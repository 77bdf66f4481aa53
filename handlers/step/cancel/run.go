package cancel

import (
	"context"
	"errors"
	"time"

	"meetingbot/handlers/step"
	"meetingbot/handlers/step/outcome"
	"meetingbot/internal/cancellation"
	"meetingbot/internal/failpoint"
	"meetingbot/internal/jobs"
	"meetingbot/internal/store"
	"meetingbot/meetingapi"
)

// A run is one run of either step.
type run struct{ *step.Task }

// finish ends the run with an outcome and the answer that explains it.
func (t *run) finish(ctx context.Context, o cancellation.Outcome, cause error) error {
	why := ""
	if cause != nil {
		why = step.ClassOf(cause)
	}
	if !o.Removed() && o != cancellation.Gone {
		t.Logger(t.R.Request).WarnContext(ctx, "meeting not cancelled", "outcome", o, "error", cause)
	}
	return t.conclude(ctx, o, why, meetingapi.RequestID(cause))
}

// conclude ends the run with an outcome, or with Gone if another card has removed the meeting; the
// report follows in this process.
func (t *run) conclude(ctx context.Context, o cancellation.Outcome, why, reference string) error {
	ctx, cancel := afterTheCall(ctx)
	defer cancel()
	err := step.Insist(ctx, func() error {
		if o == cancellation.Failed || o == cancellation.Refused { // which says that the meeting is unchanged
			by, _, err := outcome.RemovedBy(ctx, t.Deps, t.R.Request)
			if err != nil {
				return err
			}
			if by.ID != "" {
				o, why, reference = cancellation.Gone, "", ""
			}
		}
		r := t.R
		return t.Done(ctx, []jobs.Job{step.ReportOutcome(&r)}, func(tx *store.Tx) error {
			step.ObserveAfter(tx, t.Observe.Question, string(o))
			return outcome.Conclude(ctx, tx, &r, o, why, reference, nil)
		})
	})
	failpoint.Here(failpoint.Concluded)
	if err == nil {
		t.Logger(t.R.Request).InfoContext(ctx, "outcome recorded", "outcome", o, "why", why, "reference", reference)
	}
	return step.IgnoreConflict(err) // someone else settled it first
}

// tooLong reports whether waiting would leave "Working…" on the card for longer than
// [step.LongestWait], earlier waits included.
func (t *run) tooLong(wait time.Duration) bool {
	return wait > 0 && t.Store.Now().Add(wait).Sub(t.R.CallFrom()) > step.LongestWait
}

// wait has the card say until when it waits, and why, and offer to stop; then the step runs again,
// or the call is settled if one was made. The rows go into the audit trail. It never waits for just
// a few seconds: if the service asked for that again and again, every waiting card would be redrawn
// each time, and Slack takes some fifty edits a minute, for all cards together.
func (t *run) wait(ctx context.Context, why string, after time.Duration, rows ...store.AuditRow) error {
	ctx, cancel := afterTheCall(ctx)
	defer cancel()
	after = min(max(after, minWait), maxWait)
	until := t.Store.Now().Add(after)
	due := until
	if t.R.Unanswered > 0 { // an earlier call may turn out to have worked
		due = t.Store.Now().Add(min(after, lookWhilePending))
	}
	return step.Insist(ctx, func() error {
		r := t.R
		return t.Done(ctx, nil, func(tx *store.Tx) error {
			err := step.Change(ctx, tx, &r, func(r *store.Request) error {
				if r.State.Final() {
					return store.ErrConflict
				}
				if r.StoppedBy == "" {
					r.WaitUntil, r.Why = until, why // a locked login is not a busy service
					t.Board.Announce(&r.Request, tx.Now())
				}
				if r.State == cancellation.Calling && !r.Effects[cancellation.CallEffect].Ended() { // else the service refused the call for good, or said gone
					r.EndEffect(cancellation.CallEffect, tx.Now(), "", notDone)
				}
				return nil
			})
			if err := errors.Join(err, tx.Audit(ctx, rows...)); err != nil {
				return err
			}
			return t.afterWait(ctx, tx, &r, due)
		})
	})
}

// afterWait enqueues what follows a wait, and the draw of the card that announces it. A request
// that someone has stopped doesn't wait, but is settled: its call may have had an effect all the same.
func (t *run) afterWait(ctx context.Context, tx *store.Tx, r *store.Request, due time.Time) error {
	next := jobs.Job{Step: step.SettleStep, Subject: string(r.ID), Due: due}
	switch {
	case r.StoppedBy != "":
		return t.Queue.Enqueue(ctx, tx, t.settleJob(0))
	case r.State == cancellation.Confirmed: // no call was made yet
		next.Step = step.CancelStep
	}
	err := t.Queue.Enqueue(ctx, tx, next)
	if r.Parent == "" { // a part has no card
		err = errors.Join(err, t.Queue.Enqueue(ctx, tx, step.Draw(r)))
	}
	return err
}

// awaitOthers ends the run if another card's call may have removed the meeting, and reports whether
// it did. As long as the meeting can't be read, no outcome may say that it is unchanged. The request
// waits, unless someone has stopped it or its confirmation is too old.
func (t *run) awaitOthers(ctx context.Context) (ended bool, err error) {
	doubt, err := outcome.OthersInDoubt(ctx, t.Deps, t.R.Request)
	switch {
	case err != nil || !doubt:
		return false, err
	case t.R.StoppedBy != "":
		return true, t.stop(ctx)
	case t.R.Stale(t.Store.Now(), t.Rules.ConfirmTTL):
		return true, t.conclude(ctx, cancellation.Failed, cancellation.WhyInDoubt, "")
	}
	return true, t.wait(ctx, cancellation.WhyInDoubt, minWait)
}

// stop ends a request that someone stopped while its call, which changed nothing, was under way.
func (t *run) stop(ctx context.Context) error {
	r := t.R
	err := t.Done(ctx, []jobs.Job{step.ReportOutcome(&r)}, func(tx *store.Tx) error {
		return outcome.Stop(ctx, t.Deps, tx, &r, r.StoppedBy, nil)
	})
	return step.IgnoreConflict(err) // someone else settled it first
}

// settleJob returns the job that settles the request after a while.
func (t *run) settleJob(after time.Duration) jobs.Job {
	return jobs.Job{Step: step.SettleStep, Subject: string(t.R.ID), Due: t.Store.Now().Add(after)}
}

// askAgain ends the run by replacing the request with a new one about the meeting as it is
// now.
func (t *run) askAgain(ctx context.Context, now cancellation.Meeting, why cancellation.AskAgain) error {
	err := outcome.Closing{Deps: t.Deps, End: t.Done}.AskAgain(ctx, t.R, t.R.ConfirmedBy, now, why)
	return step.IgnoreConflict(err) // it was undone or settled just now
}

// afterTheCall returns a context for recording the result of the call, whose answer may have
// used up the step's time.
func afterTheCall(ctx context.Context) (context.Context, context.CancelFunc) {
	until := time.Now().Add(step.AnswerTime)
	if d, limited := ctx.Deadline(); limited && d.After(until) {
		until = d
	}
	return context.WithDeadline(store.Urgent(context.WithoutCancel(ctx)), until)
}

// outcomeOfRefusal tells a refusal from a failure by its reason. Either way the meeting is unchanged.
func outcomeOfRefusal(why string) cancellation.Outcome {
	switch why {
	case meetingapi.ClassDenied.String(), meetingapi.ClassBadRequest.String(), meetingapi.ClassWrongSite.String(),
		meetingapi.ClassStarted.String(), meetingapi.ClassMeetingLocked.String(), notAllowed, lastDates:
		return cancellation.Refused
	default:
		return cancellation.Failed
	}
}

// factsOr returns the facts just read, or the known ones if reading failed.
func factsOr(known cancellation.Meeting, m meetingapi.Meeting, err error, now time.Time) cancellation.Meeting {
	if err != nil {
		return known
	}
	return step.Facts(m, now)
}

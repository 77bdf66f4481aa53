package cancel

import (
	"context"
	"errors"
	"time"

	"meetingbot/handlers/step"
	"meetingbot/internal/cancellation"
	"meetingbot/internal/failpoint"
	"meetingbot/internal/jobs"
	"meetingbot/internal/store"
	"meetingbot/meetingapi"
)

// Limits of the destructive step.
const (
	callTime = 5 * time.Second      // for the destructive call itself, within the step's own time
	maxWait  = 24 * time.Hour       // even if the service asks for more
	minWait  = step.LongestWait / 2 // the shortest wait that a card announces; also used if the service names none
)

// How often to try reading the meeting before the request ends with the meeting unchanged, and for
// how long each time: within [step.LongestWait] in all, pauses included.
const (
	readAttempts = 4
	readTime     = 8 * time.Second
)

// A Canceler removes meetings. Only Cancel is given one.
type Canceler interface {
	Cancel(ctx context.Context, m meetingapi.Single, o meetingapi.CancelOptions) error
	CancelSeries(ctx context.Context, m meetingapi.Recurring, o meetingapi.CancelOptions) error
	CancelOccurrences(ctx context.Context, m meetingapi.Recurring, ids []meetingapi.OccurrenceID, o meetingapi.CancelOptions) error
}

// Cancel returns the step of a confirmed request. It reads the meeting again, records that
// the call begins, has canceler make it, and judges the answer.
func Cancel(canceler Canceler) func(context.Context, *step.Task) error {
	return func(ctx context.Context, t *step.Task) error {
		return (&callRun{run: run{Task: t}, canceler: canceler}).start(ctx)
	}
}

// A callRun is one run of Cancel.
type callRun struct {
	run
	canceler Canceler
	reading  *step.Promise[meetingapi.Meeting] // of the meeting to remove
	held     bool                              // the call was held back, see sending
}

// start continues where the previous step, or an earlier run, has left off.
func (c *callRun) start(ctx context.Context) error {
	hand, handed := c.Carry.(*step.Handoff)
	if handed {
		c.reading = hand.Reading
	}
	switch {
	case handed && hand.Begun:
		return c.send(ctx)
	case handed && c.R.State != cancellation.Confirmed: // Settle has looked
		return c.begin(ctx)
	case c.R.State == cancellation.Confirmed:
		return c.checkAndBegin(ctx)
	case c.R.State == cancellation.Calling, c.R.IsUnknown():
		// An earlier run has begun the call: look before repeating it.
		return c.Done(ctx, []jobs.Job{{Step: step.SettleStep, Subject: c.Subject}}, nil)
	}
	return nil // undone, or finished by an earlier run
}

// checkAndBegin reads the meeting and begins the call, unless the meeting is no longer what
// the card showed.
func (c *callRun) checkAndBegin(ctx context.Context) error {
	if !c.R.UndoUntil.IsZero() || !c.R.WaitUntil.IsZero() {
		if err := c.closeUndoWindow(ctx); err != nil {
			return c.waitForUndo(ctx, err)
		}
		if c.R.State != cancellation.Confirmed {
			return nil // undone
		}
	}
	if c.reading = c.reading.Recent(); c.reading == nil {
		limited, cancel := context.WithTimeout(ctx, readTime)
		c.reading = step.Resolved(c.Meetings.Meeting(limited, meetingapi.ID(c.R.Meeting.ID)))
		cancel()
	}
	m, err := c.reading.Wait(ctx)
	switch {
	case step.IsGone(m, err):
		return c.finish(ctx, cancellation.Gone, err)
	case c.R.Stale(c.Store.Now(), c.Rules.ConfirmTTL):
		return c.askAgain(ctx, factsOr(c.R.Meeting, m, err, c.Store.Now()), cancellation.AskAgainStale)
	case c.tooLong(meetingapi.RetryAfter(err)):
		return c.wait(ctx, step.ClassOf(err), meetingapi.RetryAfter(err))
	case err != nil && !step.Permanent(err) && c.Attempt < readAttempts:
		return step.RetryLater(err)
	case meetingapi.IsThrottled(err):
		return c.wait(ctx, step.ClassOf(err), minWait)
	case err != nil:
		if ended, err := c.awaitOthers(ctx); ended || err != nil {
			return err
		}
		return c.finish(ctx, outcomeOfRefusal(step.ClassOf(err)), err)
	}
	if now := step.Facts(m, c.Store.Now()); !c.R.Meeting.SameAs(now) {
		return c.askAgain(ctx, now, cancellation.AskAgainChanged)
	}
	failpoint.Here(failpoint.BeforeCall)
	return c.begin(ctx)
}

// closeUndoWindow lets clicks stored before the undo window ended go first, and then has the
// card say that it is too late to undo. It reads the request again, because drawing the old
// one would hide an Undo.
func (c *callRun) closeUndoWindow(ctx context.Context) error {
	return c.Record(ctx, func(tx *store.Tx) error {
		if err := step.CheckNoPendingUndo(ctx, tx, c.R.Request, step.PendingWait); err != nil && !c.R.Stale(tx.Now(), c.Rules.ConfirmTTL) {
			return err // a stale confirmation needn't wait: it is asked again anyway
		}
		r, err := tx.Requests.Get(ctx, c.R.ID)
		if err != nil {
			return err
		}
		c.R = r
		// A part has no card; a card that says it is waiting can be stopped until the call
		// begins; and a response_url allows only five changes.
		if r.State != cancellation.Confirmed || r.Parent != "" || !r.WaitUntil.IsZero() || c.Attempt > 0 && r.Card.Way == cancellation.ByResponse {
			return nil
		}
		tx.AfterCommit(func() { c.Board.Show(c.R.Request) })
		return step.Change(ctx, tx, &c.R, func(r *store.Request) error { c.Board.Announce(&r.Request, tx.Now()); return nil })
	})
}

// begin records that the call begins and makes it, unless the request was undone.
func (c *callRun) begin(ctx context.Context) error {
	waited := !c.R.WaitUntil.IsZero() // as the card still says
	err := c.Record(store.Urgent(ctx), func(tx *store.Tx) error { return c.recordBegin(ctx, tx) })
	switch {
	case errors.Is(err, errRevoked):
		return c.revoked(ctx)
	case errors.Is(err, errStopped):
		return c.Done(ctx, []jobs.Job{c.settleJob(0)}, nil)
	case step.IsConflict(err):
		return nil
	case err != nil && !c.beginRecorded(ctx, err):
		return c.waitForUndo(ctx, err)
	}
	if waited {
		c.Board.Show(c.R.Request) // it no longer waits, and can't be stopped
	}
	return c.send(ctx)
}

// waitForUndo ends a run that has to wait for a stored Undo with a new job, so that the wait doesn't
// use up the attempts to read the meeting. It returns any other err.
func (c *callRun) waitForUndo(ctx context.Context, err error) error {
	later, waits := errors.AsType[*jobs.Later](err)
	if !waits {
		return err
	}
	return c.Done(ctx, []jobs.Job{{Step: step.CancelStep, Subject: c.Subject, Due: c.Store.Now().Add(later.After)}}, nil)
}

// recordBegin records that the call begins, unless it was undone or may no longer be made.
func (c *callRun) recordBegin(ctx context.Context, tx *store.Tx) error {
	pause := step.PendingWait
	if c.R.State == cancellation.Calling {
		pause = 2 * lookGap // the meeting is read again first
	}
	if err := step.CheckNoPendingUndo(ctx, tx, c.R.Request, pause); err != nil {
		return err
	}
	if err := c.checkDelegation(ctx, tx); err != nil {
		return err
	}
	err := step.Change(ctx, tx, &c.R, func(r *store.Request) error { return c.beginIn(r, tx.Now()) })
	if err != nil {
		return err
	}
	err = tx.Audit(ctx, step.Calling(c.R.Request))
	failpoint.Here(failpoint.CallWritten)
	return err
}

// errStopped keeps a call from being repeated.
var errStopped = errors.New("the request was stopped while its call was under way")

// beginIn puts into r that the call begins.
func (c *callRun) beginIn(r *store.Request, now time.Time) error {
	switch r.State {
	case cancellation.Confirmed:
		if err := r.Become(cancellation.Calling); err != nil {
			return err
		}
	case cancellation.Calling: // an earlier call seems to have had no effect, but still may
		if r.StoppedBy != "" {
			return errStopped
		}
		countLost(r)
	default:
		return store.ErrConflict // undone, or settled by a click on Check again
	}
	r.StopWaiting()
	c.Board.Announce(&r.Request, now)
	r.Begin(cancellation.CallEffect, now)
	return nil
}

// countLost counts the call of r that no run has recorded an answer of, because its process died.
func countLost(r *store.Request) {
	if cancellation.CallOpen(r.Request) {
		r.Unanswered = max(r.Unanswered, 1)
	}
}

// beginRecorded reports whether a commit whose answer was lost has recorded that the call
// begins. If so, this run must send it: a later run would assume that it was sent, and take
// someone else's removal for its own.
func (c *callRun) beginRecorded(ctx context.Context, err error) bool {
	if !errors.Is(err, store.ErrUnsettled) {
		return false
	}
	var stored store.Request
	err = step.Insist(ctx, func() (err error) { stored, err = c.Store.Requests.Get(ctx, c.R.ID); return err })
	return err == nil && stored.State == cancellation.Calling && stored.Same(c.R)
}

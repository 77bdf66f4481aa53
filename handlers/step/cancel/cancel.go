package cancel

import (
	"cmp"
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

// Times of the destructive step.
const (
	callTime   = 5 * time.Second      // for the destructive call itself, within the step's own time
	waitAtMost = 24 * time.Hour       // whatever the service asks for
	nextWindow = step.LongestWait / 2 // the shortest wait that a card tells, for a service that takes no more calls
)

// readAttempts is how often the meeting is tried to be read before a request is
// given up with the meeting unchanged.
const readAttempts = 4

// A Canceler removes meetings. Only Cancel is given one.
type Canceler interface {
	Cancel(ctx context.Context, m meetingapi.Single, o meetingapi.CancelOptions) error
	CancelSeries(ctx context.Context, m meetingapi.Recurring, o meetingapi.CancelOptions) error
	CancelOccurrences(ctx context.Context, m meetingapi.Recurring, ids []meetingapi.OccurrenceID, o meetingapi.CancelOptions) error
}

// Cancel is the step of a confirmed request: read the meeting again, record that
// the call begins, make it, and judge its answer.
type Cancel struct {
	*step.Deps
	Canceler Canceler
}

// A repeat is what [Settle] hands over when it has looked and the call is to be
// made once more.
type repeat struct {
	request store.Request
	reading *step.Promise[meetingapi.Meeting]
	died    bool // the process that made the last call died before it recorded the answer
}

// About is the request that is handed over.
func (h *repeat) About() store.Request { return h.request }

// A callRun is one run of Cancel.
type callRun struct {
	subject
	canceler Canceler
	reading  *step.Promise[meetingapi.Meeting] // of the meeting to be removed
	died     bool                              // see repeat
}

// Run is the function to pass to [step.OfRequest].
func (s Cancel) Run(ctx context.Context, run *jobs.Run, r store.Request) error {
	c := &callRun{subject: subject{Deps: s.Deps, run: run, r: r}, canceler: s.Canceler}
	switch hand := run.Carry.(type) {
	case *step.Confirmed:
		c.reading = hand.Reading
		if hand.Begun {
			return c.send(ctx)
		}
		return c.first(ctx)
	case *repeat:
		c.reading, c.died = hand.reading, hand.died
		return c.begin(ctx)
	}
	switch {
	case r.State == cancellation.Confirmed:
		return c.first(ctx)
	case r.State == cancellation.Calling, r.IsUnknown():
		// An earlier run has begun the call: look before it is repeated.
		return run.Done(ctx, []jobs.Job{{Step: step.SettleStep, Subject: run.Subject}}, nil)
	}
	return nil // undone, or finished by an earlier run
}

// first reads the meeting and begins the call, unless it is not what the card
// showed any more.
func (c *callRun) first(ctx context.Context) error {
	if !c.r.UndoUntil.IsZero() || !c.r.WaitUntil.IsZero() {
		if err := c.windowOver(ctx); err != nil {
			return err
		}
		if c.r.State != cancellation.Confirmed {
			return nil // undone meanwhile
		}
	}
	if c.reading = c.reading.Recent(); c.reading == nil {
		c.reading = step.Kept(c.Meetings.Meeting(ctx, meetingapi.ID(c.r.Meeting.ID)))
	}
	m, err := c.reading.Wait(ctx, nil)
	switch {
	case step.IsGone(m, err):
		return c.finish(ctx, cancellation.Gone, err)
	case c.r.Stale(c.Store.Now(), c.Rules.ConfirmTTL):
		return c.askAgain(ctx, factsOr(c.r.Meeting, m, err, c.Store.Now()), cancellation.AnewStale)
	case c.tooLong(meetingapi.RetryAfter(err)):
		return c.wait(ctx, err, meetingapi.RetryAfter(err), step.CancelStep)
	case err != nil && !step.Permanent(err) && c.run.Attempt < readAttempts:
		return step.RetryLater(err)
	case meetingapi.IsThrottled(err):
		return c.wait(ctx, err, nextWindow, step.CancelStep)
	case err != nil:
		return c.finish(ctx, outcomeOfRefusal(err), err)
	}
	if now := step.Facts(m, c.Store.Now()); !c.r.Meeting.SameAs(now) {
		return c.askAgain(ctx, now, cancellation.AnewChanged)
	}
	failpoint.Here(failpoint.BeforeCall)
	return c.begin(ctx)
}

// windowOver lets whatever was stored before the undo window ended go first, and then has
// the card say that it is too late to undo. It reads the request again: drawn as it was
// before an Undo, it would hide the Undo.
func (c *callRun) windowOver(ctx context.Context) error {
	err := c.run.Record(ctx, func(tx *store.Tx) error {
		if err := step.NotUndone(ctx, tx, cmp.Or(c.r.Parent, c.r.ID)); err != nil && !c.r.Stale(tx.Now(), c.Rules.ConfirmTTL) {
			return err // what is too old to be carried out waits for nobody: it is asked again
		}
		r, err := tx.Requests.Get(ctx, c.r.ID)
		if err != nil {
			return err
		}
		c.r = r
		// A part has no card, one that says that it waits can be stopped until the call begins, and
		// one that is changed through its response_url can be changed five times.
		if r.State != cancellation.Confirmed || r.Parent != "" || !r.WaitUntil.IsZero() || c.run.Attempt > 0 && r.Card.Way == cancellation.ByResponse {
			return nil
		}
		tx.AfterCommit(func() { c.Board.Show(c.r.Request) })
		return step.Change(ctx, tx, &c.r, func(r *store.Request) error { c.Board.Announce(&r.Request, tx.Now()); return nil })
	})
	return step.UndoFirst(err)
}

// begin records that the call begins, unless somebody has taken it back, and
// makes it.
func (c *callRun) begin(ctx context.Context) error {
	waited := false
	err := c.run.Record(store.Urgent(ctx), func(tx *store.Tx) error {
		if err := step.NotUndone(ctx, tx, cmp.Or(c.r.Parent, c.r.ID)); err != nil {
			return err
		}
		if err := c.stillLet(ctx, tx); err != nil {
			return err
		}
		err := step.Change(ctx, tx, &c.r, func(r *store.Request) error {
			switch r.State {
			case cancellation.Confirmed:
				if err := r.Become(cancellation.Calling); err != nil {
					return err
				}
			case cancellation.Calling: // an earlier call was evidently not carried out, and still may be
				if c.died {
					r.Unanswered++
				}
			default:
				return store.ErrConflict // undone meanwhile, or settled by a person who looked
			}
			waited = !r.WaitUntil.IsZero()
			r.StopWaiting()
			c.Board.Announce(&r.Request, tx.Now())
			r.Begin(cancellation.CallEffect, tx.Now())
			return nil
		})
		if err != nil {
			return err
		}
		err = tx.Audit(ctx, step.Calling(c.r.Request))
		failpoint.Here(failpoint.CallWritten)
		return err
	})
	switch {
	case errors.Is(err, errTakenBack):
		return c.conclude(ctx, cancellation.Refused, notAllowed, "")
	case step.IsConflict(err):
		return nil
	case err != nil && !c.begun(ctx, err):
		return step.UndoFirst(err)
	}
	if waited {
		c.Board.Show(c.r.Request) // there is nothing to wait for or to stop any more
	}
	return c.send(ctx)
}

// begun reports whether a commit that the database did not answer has recorded that the
// call begins. A call that this run knows not to have been sent must not be looked for
// later as if it had been: somebody else's removal would pass for it.
func (c *callRun) begun(ctx context.Context, err error) bool {
	if !errors.Is(err, store.ErrUnsettled) {
		return false
	}
	var stored store.Request
	err = step.Insist(ctx, func() (err error) { stored, err = c.Store.Requests.Get(ctx, c.r.ID); return err })
	return err == nil && stored.State == cancellation.Calling && stored.Same(c.r)
}

// notAllowed is why a request ends whose confirmation does not count any more.
const notAllowed = "not_allowed"

// errTakenBack ends a call that was not begun.
var errTakenBack = errors.New("the delegation by which this was confirmed was taken back before the call")

// stillLet fails if the request was confirmed by a delegation that was taken back since,
// in the undo window or while the service made the call wait. One that has
// expired since still counts: the click was in time.
func (c *callRun) stillLet(ctx context.Context, tx *store.Tx) error {
	if c.r.Delegation == "" {
		return nil
	}
	d, err := tx.Delegations.Get(ctx, c.r.Delegation)
	if errors.Is(err, store.ErrNotFound) || err == nil && !d.EndedAt.IsZero() && d.EndedAt.Before(d.Until) {
		return errTakenBack
	}
	return err
}

// errOutOfTime ends a run whose time was over before the call was sent.
var errOutOfTime = errors.New("the call was not sent: the step's time was over")

// errReadLongAgo is why a call is not made whose beginning took long to record.
var errReadLongAgo = errors.New("the meeting may have changed since it was read")

// send makes the call whose beginning is recorded. If that took long, the meeting is read
// again first: it may not be what the card showed any more.
func (c *callRun) send(ctx context.Context) error {
	failpoint.Here(failpoint.CallBegun)
	if c.run.Over() { // the process was frozen until now, and somebody else may have gone on
		return errOutOfTime
	}
	if c.reading.Recent() == nil {
		return c.settle(ctx, notDone, errReadLongAgo, 0)
	}
	var err error
	if c.m, err = c.reading.Wait(ctx, nil); err != nil {
		return err
	}
	err = c.call(ctx)
	failpoint.Here(failpoint.CallAnswered)
	return c.judge(ctx, err)
}

// call is the one destructive call that the request is about. It puts people out only if
// the card has said so: a meeting that starts at the last moment is refused by the service
// rather than ended.
func (c *callRun) call(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, callTime)
	defer cancel()
	r, o := c.r.Request, meetingapi.CancelOptions{End: c.r.Ending()}
	single, isSingle := c.m.Single()
	recurring, isRecurring := c.m.Recurring()
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

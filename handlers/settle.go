package handlers

import (
	"context"
	"errors"
	"slices"
	"time"

	"meetingbot/bot"
	"meetingbot/internal/cancellation"
	"meetingbot/internal/failpoint"
	"meetingbot/internal/jobs"
	"meetingbot/internal/store"
	"meetingbot/meetingapi"
)

// How a call is settled whose outcome is not known. The meeting service may lag
// behind its own answer, so a meeting that is still there is looked at for a
// while before the call is repeated.
const (
	soon          = time.Second      // between two looks
	patience      = 3 * time.Second  // after a call that a dying process may not even have sent
	longPatience  = 8 * time.Second  // after a call that was sent and not answered
	unknownAfter  = 12 * time.Second // without being able to look, the card says that it is not known
	maxUnanswered = 2                // calls that were sent and not answered, before it is given up
	maxCalls      = 8                // calls in all, whatever happened to them
	lookEvery     = time.Minute      // once the card says that it is not known
	lookFor       = 24 * time.Hour   // after that only a person asks again
)

// goOn is the call step of a request whose call began in an earlier run, maybe
// of a process that is dead now: look before it is repeated.
func (c *caller) goOn(ctx context.Context, l jobs.Lease, r store.Request) error {
	effects, err := c.store.Effects(ctx, r.ID)
	if err != nil {
		return err
	}
	if failpoint.Blind() {
		return c.firstCall(ctx, l, r)
	}
	e := effects[store.CallEffect]
	// An attempt that the service has refused for the moment is no open question,
	// but an earlier one that was not answered is.
	pending := e.Result != notDone || r.Unanswered > 0
	m, err := c.read(ctx, r.Meeting)
	since := time.Since(e.BegunAt)
	if isGone(m, err) && !pending {
		return c.conclude(ctx, l, r, cancellation.Gone, err)
	}
	if o, settled := c.verdict(r.Request, m, err); settled {
		return c.concludeMissing(ctx, l, r, o)
	}
	switch {
	case r.State == cancellation.Done:
		return c.keepLooking(ctx, l, r, m, err, since)
	case err != nil && !pending && e.Attempts < maxCalls:
		return retryLater(err)
	case err != nil && !pending:
		return c.conclude(ctx, l, r, outcomeOfRefusal(err), err)
	case err != nil && since < unknownAfter:
		return c.lookAgain(ctx, l, 2*soon)
	case err != nil:
		return c.unknown(ctx, l, r, err)
	case pending && r.Unanswered == 0 && since < patience, pending && r.Unanswered > 0 && since < longPatience:
		return c.lookAgain(ctx, l, soon) // also at a meeting that looks different: it may be half done
	case !r.Meeting.SameAs(facts(m, time.Now())):
		return c.concludeWhy(ctx, l, r, cancellation.Failed, "changed", "")
	case r.Unanswered >= maxUnanswered || e.Attempts >= maxCalls:
		return c.concludeWhy(ctx, l, r, cancellation.Failed, meetingapi.ClassUnknownOutcome.String(), "")
	}
	return c.perform(ctx, l, r, m, pending)
}

// verdict says whether what was read settles a call that may have been made:
// what is no longer there was removed. A date that is merely over was not, so the
// dates are those that were to come when it was confirmed.
func (h *Handlers) verdict(r cancellation.Request, m meetingapi.Meeting, err error) (cancellation.Outcome, bool) {
	removed := isGone(m, err) ||
		err == nil && r.Scope == cancellation.Occurrence && !stillThere(facts(m, r.ConfirmedAt), r.Chosen)
	if !removed {
		return cancellation.Unknown, false
	}
	return success(r), true
}

// concludeMissing concludes a request whose call was not answered and whose
// meeting is no longer there.
func (c *caller) concludeMissing(ctx context.Context, l jobs.Lease, r store.Request, o cancellation.Outcome) error {
	o, err := c.whoseDoing(ctx, r.Request, o)
	if err != nil {
		return err
	}
	return c.conclude(ctx, l, r, o, nil)
}

// whoseDoing tells a removal that was ours from one that another request was
// answered for in the meantime: its card says so already, and the owner knows.
func (h *Handlers) whoseDoing(ctx context.Context, r cancellation.Request, o cancellation.Outcome) (cancellation.Outcome, error) {
	if !o.Removed() {
		return o, nil
	}
	others, err := h.store.History(ctx, store.HistoryFilter{Meeting: r.Meeting.ID}, historyLength)
	if err != nil {
		return o, err
	}
	if slices.ContainsFunc(others, func(other cancellation.Request) bool { return other.DidFor(r) }) {
		return cancellation.Gone, nil
	}
	return o, nil
}

func isGone(m meetingapi.Meeting, err error) bool {
	return meetingapi.IsNotFound(err) || meetingapi.IsEnded(err) || err == nil && m.State == meetingapi.Ended
}

// keepLooking goes on in the background while the card says that the outcome is
// not known. A meeting that can be read and is still there was not cancelled.
func (c *caller) keepLooking(ctx context.Context, l jobs.Lease, r store.Request, m meetingapi.Meeting, err error, since time.Duration) error {
	switch {
	case err == nil:
		return c.concludeWhy(ctx, l, r, cancellation.Failed, meetingapi.ClassUnknownOutcome.String(), m.RequestID)
	case since < lookFor:
		return c.lookAgain(ctx, l, lookEvery)
	}
	return c.store.Do(ctx, func(tx *store.Tx) error { return c.queue.Finish(ctx, tx, l) })
}

// lookAgain has the step run once more after a while.
func (c *caller) lookAgain(ctx context.Context, l jobs.Lease, after time.Duration) error {
	return c.store.Do(ctx, func(tx *store.Tx) error { return c.queue.Again(ctx, tx, l, after) })
}

// unanswered counts a call whose answer never came, and looks.
func (c *caller) unanswered(ctx context.Context, l jobs.Lease, r store.Request, cause error) error {
	c.logger(r.Request).WarnContext(ctx, "the call was not answered; the meeting is read again", "error", cause)
	// The call may have used up the step's time; what it was must be kept.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), answerTime)
	defer cancel()
	_, err := c.store.Update(ctx, r.ID, func(tx *store.Tx, r *store.Request) error {
		r.Unanswered++
		r.Reference = meetingapi.RequestID(cause)
		return c.queue.Again(ctx, tx, l, soon)
	})
	return err
}

// notDone is the result of a call that the service has refused for the moment.
const notDone = "not done"

// refusedForNow is what happens when the call changed nothing and may work later.
func (c *caller) refusedForNow(ctx context.Context, l jobs.Lease, r store.Request, cause error) error {
	effects, err := c.store.Effects(ctx, r.ID)
	if err != nil {
		return err
	}
	if effects[store.CallEffect].Attempts >= maxTries {
		return c.conclude(ctx, l, r, outcomeOfRefusal(cause), cause)
	}
	after := max(meetingapi.RetryAfter(cause), time.Duration(effects[store.CallEffect].Attempts)*soon)
	return c.store.Do(ctx, func(tx *store.Tx) error {
		return errors.Join(
			tx.End(ctx, r.ID, store.CallEffect, meetingapi.RequestID(cause), notDone),
			c.queue.Again(ctx, tx, l, after),
		)
	})
}

// maxTries is how often a call is made that the service refuses for the moment.
const maxTries = 5

// started is what happens when the service refuses because the meeting has
// begun in the last moment: the card asks anew, with the facts as they are.
func (c *caller) started(ctx context.Context, l jobs.Lease, r store.Request) error {
	now := r.Meeting
	if m, err := c.read(ctx, r.Meeting); err == nil {
		now = facts(m, time.Now())
	}
	now.Running = true // the service has just said so, whatever the details say
	return c.supersede(ctx, l, r, now)
}

// unknown has the card say that the outcome is not known, and goes on looking.
func (c *caller) unknown(ctx context.Context, l jobs.Lease, r store.Request, cause error) error {
	_, err := c.store.Update(ctx, r.ID, func(tx *store.Tx, r *store.Request) error {
		return errors.Join(
			c.settle(ctx, tx, &r.Request, cancellation.Unknown, classOf(cause), meetingapi.RequestID(cause)),
			c.queue.Again(ctx, tx, l, lookEvery/6),
		)
	})
	if err == nil {
		c.observe.Question(string(cancellation.Unknown))
	}
	return err
}

// checkAgain is the button on a card whose outcome is not known. Looking
// changes nothing, so whoever may see the meeting's card may press it.
func (h *Handlers) checkAgain(ctx context.Context, l jobs.Lease, in *intake, r store.Request, p bot.Person) error {
	if r.State != cancellation.Done || r.Outcome != cancellation.Unknown {
		return h.closed(ctx, l, in, r, p, Answer{Kind: Settled, Request: r.Request})
	}
	a, err := h.admit(ctx, in, p, r.Channel)
	if a == nil && err == nil {
		a, err = h.tooMany(ctx, in)
	}
	if err != nil {
		return h.cannotServe(ctx, l, in, err)
	}
	if a != nil {
		return h.say(ctx, l, in, p.Locale, *a)
	}
	m, err := h.read(ctx, r.Meeting)
	o, settled := h.verdict(r.Request, m, err)
	o, lookErr := h.whoseDoing(ctx, r.Request, o)
	if lookErr != nil {
		return lookErr
	}
	why := ""
	if !settled && err == nil {
		o, settled, why = cancellation.Failed, true, meetingapi.ClassUnknownOutcome.String()
	}
	if !settled {
		a := Answer{Kind: StillUnknown, Request: r.Request, Class: classOf(err), Reference: meetingapi.RequestID(err)}
		return h.say(ctx, l, in, p.Locale, a)
	}
	now, err := h.store.Update(ctx, r.ID, func(tx *store.Tx, r *store.Request) error {
		if r.Outcome != cancellation.Unknown {
			return store.ErrConflict
		}
		h.fromClick(&r.Request, in, tx.Now())
		return errors.Join(h.settle(ctx, tx, &r.Request, o, why, ""), h.handled(ctx, tx, l, in.id))
	})
	if errors.Is(err, store.ErrConflict) {
		return h.say(ctx, l, in, p.Locale, Answer{Kind: Settled, Request: now.Request})
	}
	if err == nil {
		h.observe.Question(string(o))
	}
	return err
}

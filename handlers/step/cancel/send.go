package cancel

import (
	"context"
	"errors"
	"time"

	"meetingbot/handlers/step"
	"meetingbot/internal/cancellation"
	"meetingbot/internal/failpoint"
	"meetingbot/meetingapi"
)

// errOutOfTime ends a run that ran out of time before it sent the call.
var errOutOfTime = errors.New("the call was not sent: the step ran out of time")

// errStaleRead puts off a call whose beginning took long to record.
var errStaleRead = errors.New("the meeting may have changed since it was read")

// send makes the call, whose beginning is recorded. If recording it took long, the meeting
// is read again first, because it may no longer be what the card showed.
func (c *callRun) send(ctx context.Context) error {
	failpoint.Here(failpoint.CallBegun)
	if c.TimedOut() { // the process was frozen, and another replica may have taken over
		return errOutOfTime
	}
	if c.reading.Recent() == nil {
		return c.settle(ctx, notDone, errStaleRead, 0)
	}
	m, err := c.reading.Wait(ctx)
	if err != nil {
		return err
	}
	err = c.call(ctx, m)
	failpoint.Here(failpoint.CallAnswered)
	return c.judge(ctx, err)
}

// call makes the request's one destructive call, for the meeting as read. It ends a running
// meeting only if the card said so: otherwise the service refuses a meeting that has just started.
func (c *callRun) call(ctx context.Context, m meetingapi.Meeting) error {
	ctx, cancel := context.WithTimeout(ctx, callTime)
	defer cancel()
	r, o := c.R.Request, meetingapi.CancelOptions{End: c.R.Ending(), Sending: c.sending}
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

// promptly is how soon after its beginning was recorded a call is sent, unless something holds it up.
const promptly = 100 * time.Millisecond

// sending holds the call back if someone has pressed Undo or Stop while it waited for a login or
// the rate limit, or while the process was frozen.
func (c *callRun) sending(ctx context.Context) error {
	if c.Store.Now().Sub(c.R.Effects[cancellation.CallEffect].BegunAt) < promptly {
		return nil
	}
	r, err := c.Store.Requests.Get(ctx, c.R.ID)
	pressed := r.StoppedBy != ""
	if err == nil && !pressed {
		pressed, err = step.UndoPending(ctx, c.Store.Envelopes, c.R.Request, c.Store.Now())
	}
	if err == nil && pressed {
		err = errStopped
	}
	c.held = err != nil
	return err
}

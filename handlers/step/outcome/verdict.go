package outcome

import (
	"context"
	"slices"
	"time"

	"meetingbot/handlers/step"
	"meetingbot/internal/cancellation"
	"meetingbot/meetingapi"
)

// A Verdict is what a look at the meeting says about a call that may have taken effect.
// The zero Verdict says that the meeting still exists.
type Verdict struct {
	Settled bool
	Unclear bool // what was read does not say; not the same as "still there"
	Outcome cancellation.Outcome
	Why     string // of the outcome; or [cancellation.WhyOver] if no later reading can tell either
}

// othersRead is how many requests about the same meeting are looked at.
const othersRead = 10

// Judge decides whether a reading of the meeting settles a call that may have taken
// effect: what no longer exists was removed. A date that is listed was not, even if it is
// over; an answer without dates says nothing about them. Nor does a reading made after the
// meeting would have ended: it would be gone anyway.
func Judge(ctx context.Context, d *step.Deps, r cancellation.Request, m meetingapi.Meeting, err error) (Verdict, error) {
	gone := step.IsGone(m, err)
	now := step.Facts(m, time.Time{}) // with all dates that are listed
	byDates := !gone && err == nil && r.Scope == cancellation.Occurrence
	removed := func(r cancellation.Request) bool {
		return gone || byDates && r.Scope == cancellation.Occurrence && now.Removed(r.Chosen)
	}
	switch {
	case byDates && !now.DatesKnown:
		return Verdict{Unclear: true}, nil
	case !removed(r):
		return Verdict{}, nil
	}
	if v, err := another(ctx, d, r, removed); err != nil || v != (Verdict{}) {
		return v, err
	}
	if cancellation.EndKnown(r) && r.Over(d.Store.Now()) && !r.Over(r.ConfirmedAt) {
		return Verdict{Unclear: true, Why: cancellation.WhyOver}, nil
	}
	return Verdict{Settled: true, Outcome: Success(r)}, nil
}

// another says what another request means for r, whose meeting is gone. It may have been
// answered for the same removal: its card says so already, and the owner knows. Or its
// call has no outcome yet, or one that is not known, and it may be about to say so.
// removed tells whether all that a request is about is gone.
func another(ctx context.Context, d *step.Deps, r cancellation.Request, removed func(cancellation.Request) bool) (Verdict, error) {
	open, err := d.Store.Requests.OpenCards(ctx, r.Meeting.ID) // first: what ends meanwhile is in the history
	if err != nil {
		return Verdict{}, err
	}
	over, err := d.Store.Requests.Finished(ctx, r.Meeting.ID, othersRead)
	if err != nil {
		return Verdict{}, err
	}
	if cancellation.DidFor(over, r) {
		return Verdict{Settled: true, Outcome: cancellation.Gone}, nil
	}
	for _, other := range open {
		over = append(over, other.Request)
	}
	return Verdict{Unclear: slices.ContainsFunc(over, func(other cancellation.Request) bool {
		return removed(other) && cancellation.MayHaveDoneFor(other, r, d.Store.Now().Add(-openFor))
	})}, nil
}

// openFor is how long after its beginning a call that was not answered may still be
// carried out: the service, or a gateway in front of it, may have it under way.
const openFor = 30 * time.Second

// Open reports whether a call of r may still take effect that was not answered, or whose
// process died. Until it can't, a meeting that still exists proves nothing, and neither
// does the refusal of a later call.
func Open(r cancellation.Request, now time.Time) bool {
	call := r.Effects[cancellation.CallEffect]
	return (r.Unanswered > 0 || call.Begun() && !call.Ended()) && now.Before(call.BegunAt.Add(openFor))
}

// Stopped is the reason for an unknown outcome if somebody stopped a request for which
// WaitsInDoubt is true.
const Stopped = "stopped"

// WaitsInDoubt reports whether the service makes r wait after an earlier call went
// unanswered.
func WaitsInDoubt(r cancellation.Request) bool {
	return r.State == cancellation.Calling && !r.WaitUntil.IsZero() && r.Unanswered > 0
}

// Look reads the meeting of r once, for a person who wants to know how it ended. A
// meeting that can be read and still exists was not cancelled, unless a call is still
// [Open]. unread says why it could not be read.
func Look(ctx context.Context, d *step.Deps, r cancellation.Request) (v Verdict, unread, err error) {
	m, unread := d.Meetings.Meeting(ctx, meetingapi.ID(r.Meeting.ID))
	v, err = Judge(ctx, d, r, m, unread)
	if err == nil && !v.Settled && unread == nil && !v.Unclear && !Open(r, d.Store.Now()) {
		v = Verdict{Settled: true, Outcome: cancellation.Failed, Why: meetingapi.ClassUnknownOutcome.String()}
	}
	return v, unread, err
}

// Success is the outcome if the call of r took effect.
func Success(r cancellation.Request) cancellation.Outcome {
	if r.Ending() && r.Meeting.Running { // where nobody knows that it ran, nobody was put out for certain
		return cancellation.Ended
	}
	return cancellation.Cancelled
}

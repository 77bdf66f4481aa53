package outcome

import (
	"context"
	"slices"
	"time"

	"meetingbot/handlers/step"
	"meetingbot/internal/cancellation"
	"meetingbot/internal/store"
	"meetingbot/meetingapi"
)

// A Verdict says what a reading of the meeting means for a call that may have taken effect.
// The zero Verdict means that the meeting still exists.
type Verdict struct {
	Settled bool
	Unclear bool // the reading doesn't tell; not the same as "still there"
	Outcome cancellation.Outcome
	Why     string // the reason for Outcome; or [cancellation.WhyOver] if no later reading can tell either
}

// othersRead is how many requests about the same meeting are read.
const othersRead = 10

// Judge decides whether a reading of the meeting settles a call that may have taken effect:
// if the meeting is gone, the call removed it. A listed date was not removed, even if it is
// over; an answer without dates says nothing about them. Neither does a reading made after
// the meeting would have ended, when it would be gone anyway.
func Judge(ctx context.Context, d *step.Deps, r cancellation.Request, m meetingapi.Meeting, err error) (Verdict, error) {
	gone := step.IsGone(m, err)
	now := step.Facts(m, time.Time{}) // with all listed dates
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
	if v, err := verdictOfOthers(ctx, d, r, removed); err != nil || v != (Verdict{}) {
		return v, err
	}
	if cancellation.EndKnown(r) && r.Over(d.Store.Now()) && !r.Over(r.ConfirmedAt) {
		return Verdict{Unclear: true, Why: cancellation.WhyOver}, nil
	}
	return Verdict{Settled: true, Outcome: Success(r)}, nil
}

// verdictOfOthers says what other requests about the meeting, which is gone, mean for r. One
// may have been told already that it removed the meeting: its card says so, and the owner
// knows. Or the outcome of its call is still open or unknown, and it may yet turn out that
// it did. removed reports whether everything that a request is about is gone.
func verdictOfOthers(ctx context.Context, d *step.Deps, r cancellation.Request, removed func(cancellation.Request) bool) (Verdict, error) {
	others, err := othersAbout(ctx, d, r)
	if err != nil {
		return Verdict{}, err
	}
	others = slices.DeleteFunc(others, func(other cancellation.Request) bool { return !other.Outcome.Removed() && !removed(other) })
	if cancellation.RemovedBy(others, r, r.ConfirmedAt).ID != "" {
		return Verdict{Settled: true, Outcome: cancellation.Gone}, nil
	}
	return Verdict{Unclear: cancellation.MayHaveRemoved(others, r, d.Store.Now().Add(-pendingFor))}, nil
}

// pendingFor is how long after its start a call without an answer may still take effect: the
// service, or a gateway in front of it, may have it in progress.
const pendingFor = 30 * time.Second

// CallPending reports whether a call of r that got no answer, or whose process died, may still take
// effect. Until it can't, neither a meeting that still exists nor the refusal of a later
// call proves anything.
func CallPending(r cancellation.Request, now time.Time) bool {
	return cancellation.CallOpen(r) && now.Before(r.Effects[cancellation.CallEffect].BegunAt.Add(pendingFor))
}

// OtherCallPending is [CallPending] for the calls of other requests about the meeting of r.
func OtherCallPending(ctx context.Context, d *step.Deps, r cancellation.Request) (bool, error) {
	others, err := othersAbout(ctx, d, r)
	return slices.ContainsFunc(others, func(other cancellation.Request) bool {
		return other.ID != r.ID && CallPending(other, d.Store.Now())
	}), err
}

// OthersInDoubt reports whether other requests may have removed everything that r is about, and
// none is known to have: their calls got no answer yet, or their outcomes aren't known. Those that
// ended long before the card of r haven't: it was made from a reading that found the meeting.
func OthersInDoubt(ctx context.Context, d *step.Deps, r cancellation.Request) (bool, error) {
	others, err := othersAbout(ctx, d, r)
	return inDoubt(others, r, d.Store.Now()), err
}

// inDoubt is [OthersInDoubt] for others that have been read.
func inDoubt(others []cancellation.Request, r cancellation.Request, now time.Time) bool {
	lately := make([]cancellation.Request, 0, len(others))
	for _, other := range others {
		if !other.IsUnknown() || !endedBefore(other, r) {
			lately = append(lately, other)
		}
	}
	r.Effects = nil // r takes no credit, whichever call came later
	return cancellation.RemovedBy(lately, r, r.ConfirmedAt).ID == "" && cancellation.MayHaveRemoved(lately, r, now.Add(-pendingFor))
}

// othersAbout returns the requests about the meeting of r that are open or ended lately, r included.
func othersAbout(ctx context.Context, d *step.Deps, r cancellation.Request) ([]cancellation.Request, error) {
	open, err := d.Store.Requests.OpenCards(ctx, r.Meeting.ID) // read first: a request that ends in between is then among the finished ones
	if err != nil {
		return nil, err
	}
	all, err := d.Store.Requests.Finished(ctx, r.Meeting.ID, othersRead)
	return append(all, store.Plain(open)...), err
}

// Check reads the meeting of r once, for a person who wants to know how it ended. A meeting
// that still exists was not cancelled, unless a call is still [CallPending] or another card has
// removed it, which the service may show late. unread is the error if it could not be read.
func Check(ctx context.Context, d *step.Deps, r cancellation.Request) (v Verdict, unread, err error) {
	m, unread := d.Meetings.Meeting(ctx, meetingapi.ID(r.Meeting.ID))
	v, err = Judge(ctx, d, r, m, unread)
	if err != nil || unread != nil || v.Settled || v.Unclear || CallPending(r, d.Store.Now()) {
		return v, unread, err
	}
	switch by, _, err := RemovedBy(ctx, d, r); {
	case err != nil:
		return Verdict{}, nil, err
	case by.ID != "":
		return Verdict{Settled: true, Outcome: cancellation.Gone}, nil, nil
	}
	return Verdict{Settled: true, Outcome: cancellation.Failed, Why: WhyLeft(r, step.Facts(m, d.Store.Now()))}, nil, nil
}

// WhyLeft returns why r failed if no call of it can take effect any more and its meeting is still
// there. A meeting that has changed must not be called unchanged.
func WhyLeft(r cancellation.Request, now cancellation.Meeting) string {
	if !r.Meeting.SameAs(now) && !r.Meeting.Unlisted(now) {
		return cancellation.WhyChanged
	}
	return meetingapi.ClassUnknownOutcome.String()
}

// Success is the outcome of r if its call took effect.
func Success(r cancellation.Request) cancellation.Outcome {
	if r.Ending() && r.Meeting.Running { // if it isn't known to have run, nothing is known to have ended
		return cancellation.Ended
	}
	return cancellation.Cancelled
}

package cancel

import (
	"context"
	"strings"
	"time"

	"meetingbot/handlers/step"
	"meetingbot/handlers/step/outcome"
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
	soonAgain       = time.Second      // between two looks
	unsentPatience  = 3 * time.Second  // after a call that a dying process may not even have sent
	sentPatience    = 8 * time.Second  // after a call that was sent and not answered
	unknownAfter    = 12 * time.Second // without being able to look, the card says that it is not known
	maxUnanswered   = 2                // calls that were sent and not answered, before it is given up
	maxCalls        = 8                // calls in all, whatever happened to them
	lookEvery       = 30 * time.Second // once the card says that it is not known, or waits
	firstLookUnsure = lookEvery / 3    // right after it began to say so
	lookWhileOpen   = 5 * time.Second  // while a call may still be carried out
)

// Settle is the step for a call that was begun and whose outcome is unknown: it looks
// first, and only then may have the call repeated. It can't make a call itself.
type Settle struct{ *step.Deps }

// Run is the function to pass to [step.OfRequest].
func (s Settle) Run(ctx context.Context, run *jobs.Run, r store.Request) error {
	if r.State != cancellation.Calling && !r.IsUnknown() {
		return nil // settled meanwhile
	}
	m, err := s.Meetings.Meeting(ctx, meetingapi.ID(r.Meeting.ID))
	of := subject{Deps: s.Deps, run: run, r: r, m: m}
	return (&settling{subject: of, reading: step.Kept(m, err), err: err, found: step.Facts(m, s.Store.Now()), call: r.Effects[cancellation.CallEffect]}).decide(ctx)
}

// settling is one run of Settle, and what it has read.
type settling struct {
	subject
	reading *step.Promise[meetingapi.Meeting] // of m
	err     error
	found   cancellation.Meeting // what m says
	call    cancellation.Effect  // the last one
}

// pending reports whether a call may have been carried out: the last one, unless the
// service has refused it for now, or an earlier one that was not answered.
func (s *settling) pending() bool {
	return s.call.Result != notDone && s.call.Result != saidGone || s.r.Unanswered > 0
}

// since is how long ago the last call began.
func (s *settling) since() time.Duration { return s.Store.Now().Sub(s.call.BegunAt) }

func (s *settling) decide(ctx context.Context) error {
	if failpoint.Blind() {
		return s.blind(ctx)
	}
	pending := s.pending()
	if step.IsGone(s.m, s.err) && !pending {
		return s.finish(ctx, cancellation.Gone, s.err)
	}
	v, err := outcome.Judge(ctx, s.Deps, s.r.Request, s.m, s.err)
	if err != nil {
		return err
	}
	open := outcome.Open(s.r.Request, s.Store.Now())
	switch {
	case v.Settled && !pending: // dates that somebody else removed
		return s.finish(ctx, cancellation.Gone, s.err)
	case v.Settled:
		return s.conclude(ctx, v.Outcome, "", s.m.RequestID)
	case s.r.State == cancellation.Done:
		return s.keepLooking(ctx, v, open)
	case s.Store.Now().Before(s.r.WaitUntil): // for a repeat that an earlier call may have made needless
		return s.again(ctx, min(lookEvery, s.r.WaitUntil.Sub(s.Store.Now())))
	case s.call.Result == saidGone && !pending:
		return s.saidGone(ctx)
	case s.err != nil, v.Unclear:
		return s.cannotTell(ctx)
	case pending && s.since() < s.patience():
		return s.again(ctx, soonAgain) // also at a meeting that looks different: it may be half done
	case !pending && !s.asShown():
		return s.askAgain(ctx, s.found, cancellation.AnewChanged)
	case s.mayRepeat() && !pending && s.r.Stale(s.Store.Now(), s.Rules.ConfirmTTL):
		return s.askAgain(ctx, s.found, cancellation.AnewStale)
	case s.mayRepeat():
		return s.repeat(ctx)
	case open:
		return s.doubt(ctx)
	}
	return s.unchanged(ctx)
}

// blind takes what it finds for the first look at the meeting, as a run would that
// does not know of an earlier one. Only tests come here.
func (s *settling) blind(ctx context.Context) error {
	switch {
	case step.IsGone(s.m, s.err):
		return s.finish(ctx, cancellation.Gone, s.err)
	case s.err != nil:
		return step.RetryLater(s.err)
	}
	return s.repeat(ctx)
}

// patience is how long a meeting that is still there is looked at.
func (s *settling) patience() time.Duration {
	if s.r.Unanswered > 0 {
		return sentPatience
	}
	return unsentPatience
}

// saidGone looks a little longer at a meeting that the service said is gone. If that
// can't be read in the end, its word stands. Of several dates one may be gone, and the rest
// untouched.
func (s *settling) saidGone(ctx context.Context) error {
	switch {
	case s.err == nil && !s.asShown():
		return s.askAgain(ctx, s.found, cancellation.AnewChanged)
	case s.since() < sentPatience:
		return s.again(ctx, soonAgain)
	case s.err != nil:
		return s.finish(ctx, cancellation.Gone, s.err)
	}
	return s.conclude(ctx, cancellation.Failed, stillListed, s.m.RequestID)
}

// stillListed is why a request fails whose meeting the service lists, and says is gone.
const stillListed = "still_listed"

// cannotTell goes on while nothing can be read that would settle it.
func (s *settling) cannotTell(ctx context.Context) error {
	wait := meetingapi.RetryAfter(s.err)
	switch {
	case s.pending():
		return s.doubt(ctx)
	case s.tooLong(wait):
		return s.wait(ctx, s.err, wait, step.SettleStep)
	case s.call.Attempts < maxCalls && s.since() < step.LongestWait:
		return step.RetryLater(orUnclear(s.err))
	case meetingapi.IsThrottled(s.err) && !s.r.Stale(s.Store.Now(), s.Rules.ConfirmTTL):
		return s.wait(ctx, s.err, nextWindow, step.SettleStep)
	}
	// The service has refused the call, so the meeting is unchanged.
	return s.finish(ctx, outcomeOfRefusal(s.err), orUnclear(s.err))
}

// doubt looks for a moment longer before the card says that the outcome is not known.
func (s *settling) doubt(ctx context.Context) error {
	if s.since() < unknownAfter {
		return s.again(ctx, 2*soonAgain)
	}
	return s.unknown(ctx)
}

// asShown reports whether the meeting is still what the card showed.
func (s *settling) asShown() bool { return s.r.Meeting.SameAs(s.found) }

// mayRepeat reports whether a call that was evidently not carried out may be made once
// more: of the meeting that the card showed, and not too often.
func (s *settling) mayRepeat() bool {
	return s.asShown() && !strings.HasPrefix(s.call.Result, refusedPrefix) &&
		s.r.Unanswered < maxUnanswered && s.call.Attempts < maxCalls
}

// notSent is why a request fails whose calls were all given up before they were sent: the
// database took too long to record each.
const notSent = "not_sent"

// unchanged ends a request whose meeting is still there once no call is open any more.
func (s *settling) unchanged(ctx context.Context) error {
	refused, isRefused := strings.CutPrefix(s.call.Result, refusedPrefix)
	switch {
	case !s.asShown() && !s.r.Meeting.Unlisted(s.found):
		return s.conclude(ctx, cancellation.Failed, "changed", s.m.RequestID)
	case isRefused:
		return s.conclude(ctx, cancellation.Refused, refused, s.m.RequestID)
	case !s.pending(): // a call that the service refuses too often ends where it is refused
		return s.conclude(ctx, cancellation.Failed, notSent, s.m.RequestID)
	}
	return s.conclude(ctx, cancellation.Failed, meetingapi.ClassUnknownOutcome.String(), s.m.RequestID)
}

// repeat has the call made once more, of the meeting as it was just read.
func (s *settling) repeat(ctx context.Context) error {
	died := s.r.Unanswered == 0 && s.call.Result == ""
	next := jobs.Job{Step: step.CancelStep, Subject: string(s.r.ID), Carry: &repeat{request: s.r, reading: s.reading, died: died}}
	return s.run.Done(ctx, []jobs.Job{next}, nil)
}

// keepLooking goes on while the card says that the outcome is not known. A meeting that
// can be read and is still there was not cancelled, once no call is open any more.
func (s *settling) keepLooking(ctx context.Context, v outcome.Verdict, open bool) error {
	switch {
	case s.err == nil && !v.Unclear && !open:
		return s.unchanged(ctx)
	case open:
		return s.again(ctx, lookWhileOpen)
	case v.Why == cancellation.WhyOver:
		return nil
	case s.since() < step.LookFor:
		return s.again(ctx, lookEvery)
	}
	return nil
}

// again looks once more after a while.
func (s *settling) again(ctx context.Context, after time.Duration) error {
	return s.run.Done(ctx, []jobs.Job{s.settleJob(after)}, nil)
}

// unknown has the card say that the outcome is not known, and goes on looking.
func (s *settling) unknown(ctx context.Context) error {
	err := s.run.Done(ctx, []jobs.Job{step.Follow(&s.r), s.settleJob(firstLookUnsure)}, func(tx *store.Tx) error {
		step.ObserveAfter(tx, s.Observe.Question, string(cancellation.Unknown))
		return outcome.Conclude(ctx, tx, &s.r, cancellation.Unknown, step.ClassOf(s.err), meetingapi.RequestID(s.err), func(r *store.Request) {
			s.Board.Announce(&r.Request, tx.Now()) // another process may settle it, and this one die while it draws
		})
	})
	return step.IgnoreConflict(err)
}

package cancel

import (
	"cmp"
	"context"
	"errors"
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

// How a call with an unknown outcome is settled. The meeting service may lag behind its own
// answers, so a meeting that is still there is watched for a while before the call is
// repeated.
const (
	lookGap          = time.Second      // between two looks
	unsentPatience   = 3 * time.Second  // after a call that a dying process may not have sent
	sentPatience     = 8 * time.Second  // after a call that was sent but not answered
	unknownAfter     = 12 * time.Second // if the meeting can't be read, when the card says that the outcome is unknown
	maxUnanswered    = 2                // calls without an answer, before giving up
	maxCalls         = 8                // calls in all, whatever their results
	lookEvery        = 30 * time.Second // while the card says that the outcome is unknown, or that it waits
	firstLookUnsure  = lookEvery / 3    // the first of those looks
	lookWhilePending = 5 * time.Second  // while a call may still take effect
)

// Settle is the step for a call that was begun and whose outcome is unknown. It looks first,
// and only then may have the call repeated. It can't make a call itself.
func Settle(ctx context.Context, t *step.Task) error {
	r := t.R
	if r.State != cancellation.Calling && !r.IsUnknown() {
		return nil // already settled
	}
	m, err := t.Meetings.Meeting(ctx, meetingapi.ID(r.Meeting.ID))
	return (&settleRun{
		run: run{t}, m: m, err: err, reading: step.Resolved(m, err),
		found: step.Facts(m, t.Store.Now()), call: r.Effects[cancellation.CallEffect],
	}).decide(ctx)
}

// A settleRun is one run of Settle, and what it has read.
type settleRun struct {
	run
	m       meetingapi.Meeting
	err     error
	reading *step.Promise[meetingapi.Meeting] // m and err, for the call
	found   cancellation.Meeting              // the facts of m
	call    cancellation.Effect               // the last one
}

// refusalOf returns why the service refused a call for good, if it did.
func refusalOf(call cancellation.Effect) (why string, refused bool) {
	return strings.CutPrefix(call.Result, refusedPrefix)
}

// sinceCall returns how long ago the last call began.
func (s *settleRun) sinceCall() time.Duration { return s.Store.Now().Sub(s.call.BegunAt) }

func (s *settleRun) decide(ctx context.Context) error {
	if failpoint.Blind() {
		return s.blind(ctx)
	}
	open := cancellation.CallOpen(s.R.Request)
	if step.IsGone(s.m, s.err) && !open {
		return s.finish(ctx, cancellation.Gone, s.err)
	}
	v, err := outcome.Judge(ctx, s.Deps, s.R.Request, s.m, s.err)
	if err != nil {
		return err
	}
	pending := outcome.CallPending(s.R.Request, s.Store.Now())
	switch {
	case v.Settled && !open: // someone else removed the dates
		return s.finish(ctx, cancellation.Gone, s.err)
	case v.Settled:
		return s.conclude(ctx, v.Outcome, "", s.m.RequestID)
	case s.R.State == cancellation.Done:
		return s.keepLooking(ctx, v, pending)
	case s.R.StoppedBy != "" && s.call.Result == notDone && !open:
		return s.stop(ctx)
	case s.Store.Now().Before(s.R.WaitUntil): // to repeat a call, which an earlier one may have made unnecessary
		return s.lookAgain(ctx, min(lookEvery, s.R.WaitUntil.Sub(s.Store.Now())))
	case s.call.Result == outcome.SaidGone && s.R.WaitUntil.IsZero():
		return s.watchGone(ctx)
	case open && (s.err != nil || v.Unclear):
		return s.doubt(ctx)
	case s.err != nil, v.Unclear:
		return s.cannotTell(ctx)
	case open && s.sinceCall() < s.patience():
		return s.lookAgain(ctx, lookGap) // even if the meeting looks different: the call may be half done
	case !open && !s.matchesCard():
		return s.askAgain(ctx, s.found, cancellation.AskAgainChanged)
	case s.mayRepeat() && !open && s.R.Stale(s.Store.Now(), s.Rules.ConfirmTTL):
		return s.askAgain(ctx, s.found, cancellation.AskAgainStale)
	case s.mayRepeat():
		return s.repeat(ctx)
	case pending:
		return s.doubt(ctx)
	}
	return s.concludeUnchanged(ctx)
}

// blind acts like a run that doesn't know about an earlier call. Only tests get here.
func (s *settleRun) blind(ctx context.Context) error {
	switch {
	case step.IsGone(s.m, s.err):
		return s.finish(ctx, cancellation.Gone, s.err)
	case s.err != nil:
		return step.RetryLater(s.err)
	}
	return s.repeat(ctx)
}

// patience is how long to watch a meeting that is still there before repeating the call.
func (s *settleRun) patience() time.Duration {
	if s.R.Unanswered > 0 {
		return sentPatience
	}
	return unsentPatience
}

// watchGone keeps looking for a while at a meeting that the service said is gone, and for longer
// while it can't be read or another card's call may have removed it. If it can't be read in the
// end, the service's word counts. One of several dates may be gone and the rest untouched.
func (s *settleRun) watchGone(ctx context.Context) error {
	switch {
	case s.err == nil && !s.matchesCard():
		return s.askAgain(ctx, s.found, cancellation.AskAgainChanged)
	case s.sinceCall() < sentPatience:
		return s.lookAgain(ctx, lookGap)
	case s.R.StoppedBy == "" && s.tooLong(meetingapi.RetryAfter(s.err)):
		return s.wait(ctx, step.ClassOf(s.err), meetingapi.RetryAfter(s.err))
	case s.err != nil && s.sinceCall() < step.LongestWait:
		return s.lookAgain(ctx, 2*lookGap)
	case s.err != nil:
		return s.finish(ctx, cancellation.Gone, s.err)
	}
	return s.concludeUnchanged(ctx)
}

// stillListed is the reason recorded when the service says that a meeting is gone but keeps
// listing it.
const stillListed = "still_listed"

// cannotTell decides what to do while a reading says too little about the meeting, which this
// request's calls have not changed.
func (s *settleRun) cannotTell(ctx context.Context) error {
	wait := meetingapi.RetryAfter(s.err)
	why, refused := refusalOf(s.call)
	switch {
	case refused: // only another card's call matters
	case s.tooLong(wait):
		return s.wait(ctx, step.ClassOf(s.err), wait)
	case s.call.Attempts < maxCalls && s.sinceCall() < step.LongestWait:
		return step.RetryLater(cmp.Or(s.err, errUnclear))
	case meetingapi.IsThrottled(s.err) && !s.R.Stale(s.Store.Now(), s.Rules.ConfirmTTL):
		return s.wait(ctx, step.ClassOf(s.err), minWait)
	}
	switch ended, err := s.awaitOthers(ctx); {
	case ended, err != nil:
		return err
	case refused:
		return s.conclude(ctx, outcomeOfRefusal(why), why, meetingapi.RequestID(s.err))
	}
	return s.finish(ctx, outcomeOfRefusal(step.ClassOf(s.err)), cmp.Or(s.err, errUnclear))
}

// errUnclear is why a step is retried when a reading says too little.
var errUnclear = errors.New("the meeting service's answer leaves the outcome open")

// doubt looks a little longer before the card says that the outcome is unknown.
func (s *settleRun) doubt(ctx context.Context) error {
	if s.sinceCall() < unknownAfter {
		return s.lookAgain(ctx, 2*lookGap)
	}
	return s.unknown(ctx)
}

// matchesCard reports whether the meeting is still what the card showed.
func (s *settleRun) matchesCard() bool { return s.R.Meeting.SameAs(s.found) }

// mayRepeat reports whether a call that seems to have had no effect may be made once more:
// the meeting must still be what the card showed, and there must not have been too many
// calls, or anyone who stopped it.
func (s *settleRun) mayRepeat() bool {
	_, refused := refusalOf(s.call)
	return s.R.StoppedBy == "" && s.matchesCard() && !refused && s.R.Unanswered < maxUnanswered && s.call.Attempts < maxCalls
}

// notSent is the reason recorded when every call was given up before it was sent, because
// the database took too long to record it.
const notSent = "not_sent"

// concludeUnchanged ends a request whose meeting is still there once no call can take effect
// any more, not even another card's.
func (s *settleRun) concludeUnchanged(ctx context.Context) error {
	switch others, err := outcome.OtherCallPending(ctx, s.Deps, s.R.Request); {
	case err != nil:
		return err
	case others && s.sinceCall() < step.LongestWait:
		return s.lookAgain(ctx, 2*lookGap)
	}
	left := outcome.WhyLeft(s.R.Request, s.found)
	why, refused := refusalOf(s.call)
	switch {
	case s.call.Result == outcome.SaidGone:
		return s.conclude(ctx, cancellation.Failed, stillListed, s.m.RequestID)
	case left == cancellation.WhyChanged:
		return s.conclude(ctx, cancellation.Failed, left, s.m.RequestID)
	case refused:
		return s.conclude(ctx, outcomeOfRefusal(why), why, s.m.RequestID)
	case !cancellation.CallOpen(s.R.Request): // too many refusals end the request in refusedForNow, so nothing was sent
		return s.conclude(ctx, cancellation.Failed, notSent, s.m.RequestID)
	}
	return s.conclude(ctx, cancellation.Failed, left, s.m.RequestID)
}

// repeat has the call made once more, for the meeting just read.
func (s *settleRun) repeat(ctx context.Context) error {
	next := jobs.Job{Step: step.CancelStep, Subject: string(s.R.ID), Carry: &step.Handoff{Request: s.R, Reading: s.reading}}
	return s.Done(ctx, []jobs.Job{next}, nil)
}

// keepLooking continues while the card says that the outcome is unknown. A meeting that is
// still there once no call can take effect any more was not cancelled.
func (s *settleRun) keepLooking(ctx context.Context, v outcome.Verdict, pending bool) error {
	switch {
	case s.err == nil && !v.Unclear && !pending:
		return s.concludeUnchanged(ctx)
	case pending:
		return s.lookAgain(ctx, lookWhilePending)
	case v.Why != cancellation.WhyOver && s.sinceCall() < step.SettleFor:
		return s.lookAgain(ctx, lookEvery)
	}
	return nil
}

// lookAgain looks once more after a while.
func (s *settleRun) lookAgain(ctx context.Context, after time.Duration) error {
	return s.Done(ctx, []jobs.Job{s.settleJob(after)}, nil)
}

// unknown has the card say that the outcome is unknown, and keeps looking.
func (s *settleRun) unknown(ctx context.Context) error {
	err := s.Done(ctx, []jobs.Job{step.ReportOutcome(&s.R), s.settleJob(firstLookUnsure)}, func(tx *store.Tx) error {
		step.ObserveAfter(tx, s.Observe.Question, string(cancellation.Unknown))
		return outcome.Conclude(ctx, tx, &s.R, cancellation.Unknown, step.ClassOf(s.err), meetingapi.RequestID(s.err), func(r *cancellation.Request) {
			s.Board.Announce(r, tx.Now()) // another process may settle it while this one dies drawing
		})
	})
	return step.IgnoreConflict(err)
}

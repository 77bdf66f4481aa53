package invited

import (
	"context"
	"errors"
	"math/rand/v2"
	"strconv"
	"time"

	"meetingbot/bot"
	"meetingbot/handlers/card"
	"meetingbot/handlers/step"
	"meetingbot/handlers/step/report"
	"meetingbot/handlers/view/batch"
	"meetingbot/handlers/view/notice"
	"meetingbot/internal/background"
	"meetingbot/internal/cancellation"
	"meetingbot/internal/failpoint"
	"meetingbot/internal/jobs"
	"meetingbot/internal/store"
)

// How invited people are told.
const (
	tellPause   = time.Second            // between two people
	maxTold     = 50                     // people who get a message, for all meetings of a card together
	maxTurnWait = 250 * time.Millisecond // the longest that a run waits for its turn
)

// The results of telling a person. Others come from access.WhyNotMember.
const (
	toldSent     = "sent"
	toldOwner    = "owner"     // gets a message of their own
	toldDoer     = "did_it"    // confirmed it, and knows
	toldAsker    = "asker"     // asked the owner, and gets a message of their own
	toldTwice    = "duplicate" // told under another address as well
	toldNotFound = "not_found" // not in Slack under this address
	toldRefused  = "refused"   // Slack doesn't let the bot write to them
	toldUnsure   = "unsure"    // the same, but an earlier message to them, whose answer was lost, may have arrived
)

// TellInvited is the step that follows a cancellation whose invited people are to be told.
// Each run tells one of them and schedules the next one a second later; the last one says in
// the thread how many were told. It waits until the request is settled, and deletes the
// addresses whatever the outcome.
func TellInvited(ctx context.Context, task *step.Task) error {
	r := task.R
	t := &tellRun{Task: task, list: list(r, r.Telling.Waves), kind: cancellation.InvitedEffect}
	if t.list != r.ID {
		t.kind += cancellation.EffectKind("/" + strconv.Itoa(r.Telling.Waves)) // distinct from earlier waves
	}
	switch {
	case r.Parent != "":
		return nil // the people of all parts are told together
	case r.Batch != nil:
		return t.next(ctx)
	}
	open, over := !r.State.Final() || r.Outcome == cancellation.Unknown, r.Over(t.Store.Now())
	switch {
	case open && !over && t.Store.Now().Sub(r.ConfirmedAt) < 2*step.SettleFor:
		return &jobs.Later{After: backoff(t.Attempt)}
	case open, !r.Outcome.Removed():
		return t.Done(ctx, nil, func(tx *store.Tx) error { return tx.Invited.Forget(ctx, lists(r)...) })
	case over, !t.isRecent():
		return t.finish(ctx) // nobody needs to know any more
	}
	return t.next(ctx)
}

// A tellRun is one run of TellInvited.
type tellRun struct {
	*step.Task
	list   cancellation.ID         // of the people to tell
	kind   cancellation.EffectKind // of their messages
	turn   bool                    // the run has its turn to write to someone
	to     store.Invitee
	person bot.Person             // who that is; zero before find
	about  []cancellation.Request // the meetings to tell them about
}

// next tells the next person, or says how many were told.
func (t *tellRun) next(ctx context.Context) error {
	if !t.isRecent() {
		return t.finish(ctx)
	}
	have, err := t.maybeTold(ctx)
	if err != nil {
		return err
	}
	t.to, err = t.Store.Invited.Next(ctx, t.list, have >= maxTold)
	switch {
	case errors.Is(err, store.ErrNotFound):
		return t.finish(ctx)
	case err != nil:
		return err
	}
	return t.tell(ctx)
}

// maybeTold returns how many people got a message or may have: if Slack's answer was lost,
// the message may have arrived. A person who is retried keeps their place.
func (t *tellRun) maybeTold(ctx context.Context) (int, error) {
	results, err := t.Store.Invited.Results(ctx, lists(t.R)...)
	if err != nil {
		return 0, err
	}
	pending, err := t.Store.Invited.Pending(ctx, t.list)
	return results[toldSent] + results[toldUnsure] + pending, err
}

// isRecent reports whether it is still worth trying to tell anyone.
func (t *tellRun) isRecent() bool { return t.Store.Now().Sub(t.R.ClosedAt) < report.GiveUpAfter }

// backoff returns the delay before attempt n: a second, doubling up to eight.
func backoff(n int) time.Duration { return tellPause << min(n, 3) }

// tell tells one person, or records why they are not told.
func (t *tellRun) tell(ctx context.Context) error {
	why, err := t.find(ctx)
	if err == nil && why == "" {
		why, err = t.leaveOutTold(ctx)
	}
	switch {
	case err != nil:
		return t.postpone(ctx, err)
	case why != "":
		return t.ended(ctx, why, t.person.ID)
	}
	if t.to.Begun() {
		_, found, err := t.Board.Find(ctx, card.Direct(t.person.ID), t.R.ID, t.kind, t.to.BegunAt)
		if err != nil {
			return t.postpone(ctx, err)
		}
		if found {
			return t.ended(ctx, toldSent, t.person.ID)
		}
	}
	if err := t.begin(ctx); err != nil {
		return err
	}
	return t.write(ctx)
}

// begin records that the person is about to be written to, once it is this run's turn.
func (t *tellRun) begin(ctx context.Context) error {
	for {
		wait, err := t.takeTurn(ctx)
		switch {
		case !errors.Is(err, errTurn):
			return err
		case wait > maxTurnWait:
			return &jobs.Later{After: wait + rand.N(backoff(t.Attempt))} // #nosec G404 -- so that they don't all come at once
		}
		if err := background.Sleep(ctx, wait); err != nil {
			return err
		}
	}
}

// errTurn means that someone else is being written to, or was a moment ago.
var errTurn = errors.New("it is another run's turn")

// takeTurn is one attempt of begin. With errTurn, wait is how long the turn is taken.
func (t *tellRun) takeTurn(ctx context.Context) (wait time.Duration, err error) {
	err = t.Record(ctx, func(tx *store.Tx) (err error) {
		if wait, err = tx.Invited.TakeTurn(ctx); err == nil && wait > 0 {
			err = errTurn
		}
		if err == nil {
			err = tx.Invited.Begin(ctx, t.list, t.to.N, string(t.person.ID))
		}
		return err
	})
	t.turn = err == nil
	return wait, err
}

// write sends the message, whose beginning is recorded.
func (t *tellRun) write(ctx context.Context) error {
	var m bot.Message
	if len(t.about) == 1 {
		m = notice.Invited(t.Views.Person(t.person.Locale), t.about[0])
	} else {
		m = batch.InvitedNotice(t.Views.Person(t.person.Locale), t.R.Request, ids(t.about))
	}
	_, err := t.Board.DM(ctx, t.person.ID, card.Mark(m, t.R.ID, t.kind))
	switch {
	case err == nil:
		failpoint.Here(failpoint.InvitedTold)
		return t.ended(ctx, toldSent, t.person.ID)
	case bot.Permanent(err):
		return t.refused(ctx, t.person.ID)
	}
	return t.later(err)
}

// refused records that Slack doesn't let the bot write to the person. An earlier message may
// have reached them.
func (t *tellRun) refused(ctx context.Context, who bot.UserID) error {
	if !t.to.Begun() {
		return t.ended(ctx, toldRefused, who)
	}
	return t.ended(ctx, toldUnsure, who)
}

// postpone leaves the person for later; others come first. If Slack throttled the look-up, it
// doesn't count as an attempt.
func (t *tellRun) postpone(ctx context.Context, cause error) error {
	if bot.Permanent(cause) {
		return t.refused(ctx, "")
	}
	if !errors.Is(cause, bot.ErrThrottled) && t.to.Person == "" {
		if err := t.Record(ctx, func(tx *store.Tx) error { return tx.Invited.Begin(ctx, t.list, t.to.N, "") }); err != nil {
			return err
		}
	}
	return t.later(cause)
}

// later retries, for as long as a report is retried.
func (t *tellRun) later(cause error) error {
	if e, ok := errors.AsType[*bot.Error](cause); ok && e.RetryAfter > 0 {
		return &jobs.Later{Err: cause, After: max(e.RetryAfter, tellPause)}
	}
	return &jobs.Later{Err: cause, After: backoff(t.Attempt)}
}

// ended records the result of telling the person and schedules the next one. who is empty if
// unknown.
func (t *tellRun) ended(ctx context.Context, result string, who bot.UserID) error {
	free := t.Store.Now().Add(tellPause)
	return step.Insist(ctx, func() error {
		return t.Done(ctx, nil, func(tx *store.Tx) error {
			step.ObserveAfter(tx, t.Observe.Invited, result)
			err := tx.Invited.End(ctx, t.list, t.to.N, result, string(who))
			if err == nil && t.turn {
				err = tx.Invited.EndTurn(ctx, free)
			}
			if err != nil {
				return err
			}
			due, err := tx.Invited.NextLookup(ctx, free)
			if err != nil {
				return err
			}
			return t.Queue.Enqueue(ctx, tx, jobs.Job{Step: step.TellInvitedStep, Subject: t.Subject, Due: due})
		})
	})
}

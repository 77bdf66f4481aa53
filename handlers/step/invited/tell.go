package invited

import (
	"context"
	"errors"
	"strconv"
	"time"

	"meetingbot/bot"
	"meetingbot/handlers/access"
	"meetingbot/handlers/card"
	"meetingbot/handlers/step"
	"meetingbot/handlers/step/report"
	"meetingbot/internal/cancellation"
	"meetingbot/internal/failpoint"
	"meetingbot/internal/jobs"
	"meetingbot/internal/store"
)

// How those invited are told.
const (
	tellPause  = time.Second // between two people
	tellAtMost = 50          // people who get a message
)

// How telling one of those invited may end. The others are those of access.Colleague.
const (
	toldSent     = "sent"
	toldOwner    = "owner"     // has a message of their own
	toldDoer     = "did_it"    // knows
	toldAsker    = "asker"     // has had the owner asked, and has a message of their own
	toldTwice    = "duplicate" // was invited under another address as well
	toldNotFound = "not_found" // nobody here has this address
	toldRefused  = "refused"   // Slack does not let the bot write to them
)

// Addresses finds people by their addresses.
type Addresses interface {
	PersonByEmail(ctx context.Context, email string) (bot.Person, error)
}

// TellInvited is the step that follows a cancellation where those invited are to be
// told: a run tells one of them and makes room for the next, a second later, until
// nobody is left; the last one says in the thread how many were told. It waits
// until the request is settled, and forgets the addresses whatever it comes to.
type TellInvited struct {
	*step.Deps
	Addresses Addresses
	Pace      *Pace
}

// A tellRun is one run of TellInvited.
type tellRun struct {
	TellInvited
	run *jobs.Run
	r   store.Request
}

// Run is what [step.OfRequest] makes a step of.
func (s TellInvited) Run(ctx context.Context, run *jobs.Run, r store.Request) error {
	t := &tellRun{TellInvited: s, run: run, r: r}
	switch {
	case r.Parent != "":
		return nil // its people are told together with those of the other parts
	case r.Batch != nil:
		return t.next(ctx)
	}
	open, over := !r.State.Final() || r.Outcome == cancellation.Unknown, r.Over(s.Store.Now())
	switch {
	case open && !over && s.Store.Now().Sub(r.ConfirmedAt) < 2*step.LookFor:
		return &jobs.Later{After: backoff(run.Attempt)}
	case open, !r.Outcome.Removed():
		return t.forget(ctx)
	case over, !t.young():
		return t.finish(ctx) // nobody needs to be told any more
	}
	return t.next(ctx)
}

// next tells the next of them, or says how many were told.
func (t *tellRun) next(ctx context.Context) error {
	r, s := t.r, t.TellInvited
	if !t.young() {
		return t.finish(ctx)
	}
	results, err := s.Store.Invited.Results(ctx, r.ID)
	if err != nil {
		return err
	}
	i, err := s.Store.Invited.Next(ctx, r.ID)
	switch {
	case errors.Is(err, store.ErrNotFound), results[toldSent] >= tellAtMost*t.meetings():
		return t.finish(ctx)
	case err != nil:
		return err
	}
	return t.tell(ctx, i)
}

// meetings is how many meetings were removed.
func (t *tellRun) meetings() int {
	if t.r.Batch == nil {
		return 1
	}
	return max(t.r.Batch.Tally().Cancelled, 1)
}

// young reports whether it is still worth trying to tell anybody.
func (t *tellRun) young() bool { return t.Store.Now().Sub(t.r.ClosedAt) < report.GiveUpAfter }

// backoff before the nth look: a second, doubling up to half a minute.
func backoff(n int) time.Duration { return tellPause << min(n, 5) }

// tell tells one person, or records why they are not told.
func (t *tellRun) tell(ctx context.Context, i store.Invitee) error {
	p, about, why, err := t.find(ctx, i)
	switch {
	case err != nil:
		return t.postpone(ctx, i, err)
	case why != "":
		return t.ended(ctx, i, why)
	}
	if i.Begun() {
		_, found, err := t.PostedTo(ctx, p.ID, t.r.ID, cancellation.InvitedEffect, i.BegunAt)
		if err != nil {
			return t.postpone(ctx, i, err)
		}
		if found {
			return t.ended(ctx, i, toldSent)
		}
	}
	if err := t.Pace.Wait(ctx); err != nil {
		return err
	}
	err = t.run.Record(ctx, func(tx *store.Tx) error { return tx.Invited.Begin(ctx, t.r.ID, i.N, string(p.ID)) })
	switch {
	case errors.Is(err, store.ErrDuplicate):
		return t.ended(ctx, i, toldTwice)
	case err != nil:
		return err
	}
	return t.write(ctx, i, p, about)
}

// write sends the message whose beginning is recorded.
func (t *tellRun) write(ctx context.Context, i store.Invitee, p bot.Person, about []cancellation.Request) error {
	var m bot.Message
	if len(about) == 1 {
		m = t.Views.InvitedNotice(p.Locale, about[0])
	} else {
		m = t.Views.ManyInvitedNotice(p.Locale, t.r.Request, idsOf(about))
	}
	_, err := t.Board.DM(ctx, p.ID, card.Mark(m, t.r.ID, cancellation.InvitedEffect))
	switch {
	case err == nil:
		failpoint.Here(failpoint.InvitedTold)
		return t.ended(ctx, i, toldSent)
	case bot.Permanent(err):
		return t.ended(ctx, i, toldRefused)
	}
	return t.later(err)
}

func idsOf(all []cancellation.Request) []cancellation.ID {
	ids := make([]cancellation.ID, len(all))
	for i, r := range all {
		ids[i] = r.ID
	}
	return ids
}

// postpone leaves a person for later; the others come first. Who could not be looked
// up because Slack asks everybody to wait is not counted as tried.
func (t *tellRun) postpone(ctx context.Context, i store.Invitee, cause error) error {
	if bot.Permanent(cause) {
		return t.ended(ctx, i, toldRefused)
	}
	if !errors.Is(cause, bot.ErrThrottled) && i.Person == "" {
		if err := t.run.Record(ctx, func(tx *store.Tx) error { return tx.Invited.Begin(ctx, t.r.ID, i.N, "") }); err != nil {
			return err
		}
	}
	return t.later(cause)
}

// later tries on, for as long as a report is tried.
func (t *tellRun) later(cause error) error {
	if e, ok := errors.AsType[*bot.Error](cause); ok && e.RetryAfter > 0 {
		return &jobs.Later{Err: cause, After: max(e.RetryAfter, tellPause)}
	}
	return &jobs.Later{Err: cause, After: backoff(t.run.Attempt)}
}

// ended records what became of telling a person, and makes room for the next.
func (t *tellRun) ended(ctx context.Context, i store.Invitee, result string) error {
	next := jobs.Job{Step: step.TellInvitedStep, Subject: t.run.Subject, Due: t.Store.Now().Add(tellPause)}
	err := step.Insist(ctx, func() error {
		return t.run.Done(ctx, []jobs.Job{next}, func(tx *store.Tx) error { return tx.Invited.End(ctx, t.r.ID, i.N, result) })
	})
	if err == nil {
		step.Observe(t.Observe.Invited, result)
	}
	return err
}

// forget ends the step with nobody told: the meeting was not removed by this request.
func (t *tellRun) forget(ctx context.Context) error {
	return t.run.Done(ctx, nil, func(tx *store.Tx) error { return tx.Invited.Forget(ctx, t.r.ID) })
}

// errReplyFirst keeps the number back until there is a reply to say it in.
var errReplyFirst = errors.New("the reply in the thread is not there yet")

// finish says in the thread how many were told, and forgets who they were.
func (t *tellRun) finish(ctx context.Context) error {
	reply := t.r.Effects[cancellation.ThreadEffect]
	if t.young() && (!reply.Ended() || reply.Result == report.Early) {
		return &jobs.Later{Err: errReplyFirst, After: backoff(t.run.Attempt)}
	}
	results, err := t.Store.Invited.Results(ctx, t.r.ID)
	if err != nil {
		return err
	}
	if err := t.count(ctx, results); err != nil {
		return err
	}
	if reply.Ended() && reply.Result == report.Sent {
		m := card.Mark(t.Views.ThreadReply(t.r.Request), t.r.ID, cancellation.ThreadEffect)
		err := t.Slack.Update(ctx, report.RefOf(reply.Ref), m)
		if err != nil && !bot.Permanent(err) && t.young() {
			return step.RetryLater(err)
		}
		if err != nil {
			t.Logger(t.r.Request).WarnContext(ctx, "the reply in the thread can't say how many were told", "error", err)
		}
	}
	return t.run.Done(ctx, nil, func(tx *store.Tx) error {
		err := step.Change(ctx, tx, &t.r, func(r *store.Request) error {
			r.EndEffect(cancellation.InvitedEffect, tx.Now(), "", string(r.Telling.Result))
			return nil
		})
		return errors.Join(err, tx.Invited.Forget(ctx, t.r.ID), tx.Audit(ctx, toldLine(t.r.Request, results)))
	})
}

// count puts the numbers into the request before the thread says them. The owner
// who has a message of their own, and the person who did it, count as told.
func (t *tellRun) count(ctx context.Context, results map[string]int) error {
	if t.r.Telling.Result != "" {
		return nil // an earlier run has
	}
	return t.run.Record(ctx, func(tx *store.Tx) error {
		return step.Change(ctx, tx, &t.r, func(r *store.Request) error {
			r.Telling.Told = results[toldSent] + results[toldDoer] + results[toldAsker] + min(results[toldOwner], ownersWhoKnow(r.Request))
			r.Telling.Result = cancellation.TellDone
			r.Telling.People = max(r.Telling.People, r.Telling.Told)
			r.Begin(cancellation.InvitedEffect, tx.Now())
			return nil
		})
	})
}

// ownersWhoKnow is how many owners have a message.
func ownersWhoKnow(r cancellation.Request) int {
	if r.Batch == nil {
		if r.Owner.Result == cancellation.NoticeSent {
			return 1
		}
		return 0
	}
	know := map[string]bool{}
	for _, o := range r.Batch.Owners {
		if o.Result == cancellation.NoticeSent {
			know[o.User] = true
		}
	}
	return len(know)
}

// toldLine is the line of how many were told. It names nobody.
func toldLine(r cancellation.Request, results map[string]int) store.AuditRow {
	detail := map[string]string{"people": strconv.Itoa(r.Telling.People), "told": strconv.Itoa(r.Telling.Told)}
	for _, why := range []string{toldNotFound, toldRefused, access.NotHere, access.NotFull, access.NotAlive} {
		if n := results[why]; n > 0 {
			detail[why] = strconv.Itoa(n)
		}
	}
	return store.Line(r, store.EventInvited, "", detail)
}

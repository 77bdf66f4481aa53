package press

import (
	"context"
	"errors"
	"time"

	"meetingbot/bot"
	"meetingbot/handlers/access"
	"meetingbot/handlers/step"
	"meetingbot/handlers/view/action"
	"meetingbot/handlers/view/answer"
	"meetingbot/internal/cancellation"
	"meetingbot/internal/failpoint"
	"meetingbot/internal/jobs"
	"meetingbot/internal/store"
	"meetingbot/meetingapi"
)

// soon is how long a confirmation waits for the meeting that is being read
// meanwhile: what is read by then becomes a call in the commit that confirms.
const soon = 10 * time.Millisecond

// Confirm lets one click win: the request becomes confirmed if it is still asked, and
// the same commit starts the call. Everybody else, on any replica, is told who was
// first.
func Confirm() Verb {
	return Verb{Prefetch: ReadAhead, Late: Late, Would: decide, Needs: new(access.Confirm), Do: confirm}
}

// ReadAhead starts reading the meeting, and whatever gives somebody who isn't listed
// the right to confirm, while the bot finds out who the person is: the call then waits
// for the slowest of them rather than for their sum. It doesn't read the meeting for
// people who probably may not confirm.
func ReadAhead(ctx context.Context, c *Click) {
	if Late(c) != nil {
		return
	}
	who := bot.UserID(c.In.Person)
	if c.Access.Likely(who, c.R.Request) {
		c.Meeting = c.reread()
	}
	c.Access.Prepare(ctx, who, c.R.Request)
}

// decide sets what would be confirmed.
func decide(c *Click) {
	d, no := decision(c.In, c.R.Request)
	if c.refusal = no; no != nil {
		return
	}
	c.Would = c.R.Decided(d, c.In.At)
	c.Would.Telling.Wanted = c.Rules.TellsInvited(c.In, c.R.Meeting)
}

// decision is what a button, and the ticks beside it, say about how much is to
// be cancelled. The ticks are positions in the stored list, checked against it.
func decision(in *step.Envelope, r cancellation.Request) (cancellation.Decision, *answer.Answer) {
	d := cancellation.Decision{Scope: cancellation.Whole, End: in.Action == action.End}
	switch {
	case in.Action == action.CancelSeries && r.Meeting.Recurring:
		d.Scope = cancellation.Series
		d.End = r.Meeting.Running // the button has said so
	case in.Action == action.CancelOccurrences && r.Scope == cancellation.Occurrence:
		d.Scope, d.Chosen = r.Scope, r.Chosen
	case in.Action == action.CancelOccurrences && r.Meeting.Recurring:
		d.Scope, d.Chosen = cancellation.Occurrence, ticked(in, r.Meeting)
		if len(d.Chosen) == 0 {
			return d, &answer.Answer{Kind: answer.PickFirst, Request: r}
		}
	case in.Action == action.End && r.Meeting.Recurring && r.Scope != cancellation.Undecided:
		d.Scope, d.Chosen = r.Scope, r.Chosen // what was typed has chosen already
	case r.Meeting.Recurring:
		// A recurring meeting has no plain button; a card that shows one is not ours.
		return d, &answer.Answer{Kind: answer.UnknownButton, Request: r}
	}
	return d, nil
}

// confirm has the person who may confirm win, unless the click decides nothing or is
// too old to be carried out.
func confirm(ctx context.Context, c *Click) error {
	switch {
	case c.refusal != nil:
		return c.Say(ctx, *c.refusal)
	case c.Store.Now().After(c.In.At.Add(c.Rules.ConfirmTTL)):
		return c.AskAgain(ctx, c.R.Meeting, cancellation.AnewStale)
	}
	w := &winning{Click: c, hand: &step.Confirmed{Reading: c.reread()}, then: step.AfterConfirming(c.Would)}
	return w.win(ctx)
}

// A winning is a click that decides.
type winning struct {
	*Click
	hand *step.Confirmed // to the step that follows
	then jobs.Step
}

// win records that this click decided. Where the meeting is known to be what the card
// showed, and nothing is to be waited for, the call begins in the same commit.
func (w *winning) win(ctx context.Context) error {
	w.beginsNow(ctx)
	owner := w.LetBy(ctx, w.Would)
	w.R.OfferLet = w.offerLet(ctx, w.Would)
	if w.hand.Begun {
		failpoint.Here(failpoint.BeforeCall)
	}
	next := jobs.Job{Step: w.then, Subject: string(w.R.ID), Carry: w.hand}
	if w.Rules.UndoWindow > 0 {
		next.Due = w.In.Received().Add(w.Rules.UndoWindow + step.UndoGrace)
	}
	err := w.Done(store.Urgent(ctx), []jobs.Job{next}, func(tx *store.Tx) error { return w.record(ctx, tx, owner) })
	if err != nil {
		return w.NotWon(ctx, err, "")
	}
	if w.R.Delegation != "" {
		step.Observe(w.Observe.Delegation, string(store.EventDelegationUsed))
	}
	failpoint.Here(failpoint.Confirmed)
	return nil
}

// NotWon answers a click that was to decide and did not; err is why. other is the answer if
// the request is still waiting after all.
func (c *Click) NotWon(ctx context.Context, err error, other answer.Kind) error {
	switch {
	case errors.Is(err, ErrTakenBack):
		return c.takenBack(ctx, err)
	case errors.Is(err, errKeepStored):
		return &jobs.Later{Err: err, After: step.Turn}
	case step.IsConflict(err):
		return c.LostRace(ctx, other)
	}
	return err
}

// reread is the reading of the meeting that the click has begun, or one that
// begins now. With an undo window it would be too old when it is needed.
func (c *Click) reread() *step.Promise[meetingapi.Meeting] {
	if c.Rules.UndoWindow > 0 {
		return nil
	}
	if had := c.Meeting.Recent(); had != nil {
		return had
	}
	id := meetingapi.ID(c.R.Meeting.ID) // read now: the request is changed while the reading is under way
	return step.Begin(c.Background, func(ctx context.Context) (meetingapi.Meeting, error) { return c.Meetings.Meeting(ctx, id) })
}

// beginsNow settles whether the call can begin in the commit that confirms.
func (w *winning) beginsNow(ctx context.Context) {
	if w.Rules.UndoWindow > 0 || w.then != step.CancelStep || !w.hand.Reading.Within(soon) {
		return
	}
	m, err := w.hand.Reading.Wait(ctx, nil)
	w.hand.Begun = err == nil && !step.IsGone(m, nil) && w.R.Meeting.SameAs(step.Facts(m, w.Store.Now()))
	w.hand.Meeting = m
}

// record makes the changes of a click that decides.
func (w *winning) record(ctx context.Context, tx *store.Tx, owner string) error {
	if err := w.NotKept(ctx, tx); err != nil {
		return err
	}
	by, err := w.Delegation(ctx, tx, owner)
	if err != nil {
		return err
	}
	err = step.Change(ctx, tx, &w.R, func(r *store.Request) error {
		if r.State != cancellation.Asked || !w.In.At.Before(r.ExpiresAt) {
			return store.ErrConflict
		}
		r.Request = r.Decided(cancellation.Decision{Scope: w.Would.Scope, Chosen: w.Would.Chosen, End: w.Would.End}, w.In.At)
		r.Delegation, r.Telling.Wanted = by.ID, w.Would.Telling.Wanted
		return w.confirmed(&r.Request, tx.Now())
	})
	if err != nil {
		return err
	}
	w.hand.Request = w.R
	lines := []store.AuditRow{store.Line(w.R.Request, store.EventConfirmed, w.In.Person, map[string]string{
		"button": w.In.Action, "scope": string(w.R.Scope), "asker": w.R.Asker, "tell_invited": step.Yes(w.R.Telling.Wanted),
	})}
	if by.ID != "" {
		lines = append(lines, DelegationUsed(by, w.R.Request))
	}
	if w.hand.Begun {
		lines = append(lines, step.Calling(w.R.Request))
	}
	r := w.R.Request
	tx.AfterCommit(func() { w.draw(r) })
	err = errors.Join(step.KeepUndo(ctx, tx, w.Run, r), tx.Audit(ctx, lines...))
	if w.hand.Begun {
		failpoint.Here(failpoint.CallWritten)
	}
	return err
}

// confirmed has r confirmed by this click, and its call begun if it can.
func (w *winning) confirmed(r *cancellation.Request, now time.Time) error {
	if err := r.Become(cancellation.Confirmed); err != nil {
		return errors.Join(store.ErrConflict, err)
	}
	r.ConfirmedBy, r.ConfirmedAt = w.In.Person, w.In.Received()
	w.FromClick(r)
	drawnUntil := now
	if w.Rules.UndoWindow > 0 {
		r.UndoUntil = w.In.Received().Add(w.Rules.UndoWindow)
		drawnUntil = r.UndoUntil
	}
	w.Board.Announce(r, drawnUntil)
	if !w.hand.Begun {
		return nil
	}
	r.Begin(cancellation.CallEffect, now)
	return r.Become(cancellation.Calling)
}

// draw shows that the click was taken.
func (w *winning) draw(r cancellation.Request) {
	if w.Rules.UndoWindow > 0 {
		w.Board.CountDown(r)
		return
	}
	w.Board.Show(r)
}

// errKeepStored makes a click wait for an earlier one that keeps the meeting.
var errKeepStored = errors.New("the meeting was kept before, and that is still being worked on")

// NotKept fails while an earlier click that keeps the meeting has yet to be handled.
func (c *Click) NotKept(ctx context.Context, tx *store.Tx) error {
	kept, err := tx.Envelopes.Pending(ctx, c.R.ID, c.In.At, action.Keep)
	if err == nil && kept {
		return errKeepStored
	}
	return err
}

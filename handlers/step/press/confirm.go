package press

import (
	"context"
	"errors"
	"maps"
	"slices"
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
var Confirm = Verb{Prefetch: ReadAhead, Late: Late, Would: decide, Needs: new(access.Confirm), Do: Win}

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

// Win has the person who may confirm win, unless the click decides nothing or is too old
// to be carried out.
func Win(ctx context.Context, c *Click) error {
	switch {
	case c.refusal != nil:
		return c.Say(ctx, *c.refusal)
	case c.Store.Now().After(c.In.At.Add(c.Rules.ConfirmTTL)):
		return c.AskAgain(ctx, c.R.Meeting, cancellation.AnewStale)
	}
	c.Would.Telling.Wanted = c.Rules.TellsInvited(c.In, c.R.Meeting)
	w := &winning{Click: c, hand: &step.Confirmed{Reading: c.reread()}, then: step.AfterConfirming(c.Would)}
	if c.R.Batch != nil {
		w.then, w.revision = step.ManyStep, c.R.Batch.Revision
	}
	return w.win(ctx)
}

// A winning is a click that decides.
type winning struct {
	*Click
	hand     *step.Confirmed // to the step that follows
	then     jobs.Step
	revision int                                // of the page of a card with several meetings that the click was made on
	used     map[string]cancellation.Delegation // by which the person may, by the owners of the meetings
}

// manyUndo is the shortest time in which several meetings can be undone.
const manyUndo = 10 * time.Second

// window is for how long a confirmation can be undone.
func (c *Click) window() time.Duration {
	if c.R.Batch != nil {
		return max(c.Rules.UndoWindow, manyUndo)
	}
	return c.Rules.UndoWindow
}

// win records that this click decided. Where the meeting is known to be what the card
// showed, and nothing is to be waited for, the call begins in the same commit.
func (w *winning) win(ctx context.Context) error {
	w.beginsNow(ctx)
	w.Would.OfferLet = w.offerLet(ctx, w.Would)
	if w.hand.Begun {
		failpoint.Here(failpoint.BeforeCall)
	}
	next := jobs.Job{Step: w.then, Subject: string(w.R.ID), Carry: w.hand}
	if window := w.window(); window > 0 {
		next.Due = w.In.Received().Add(window + step.UndoGrace)
	}
	err := w.Done(store.Urgent(ctx), []jobs.Job{next}, func(tx *store.Tx) error { return w.record(ctx, tx) })
	if err != nil {
		return w.notWon(ctx, err)
	}
	failpoint.Here(failpoint.Confirmed)
	return nil
}

// notWon answers a click that was to decide and did not; err is why.
func (w *winning) notWon(ctx context.Context, err error) error {
	switch {
	case errors.Is(err, ErrTakenBack):
		return w.takenBack(ctx, err)
	case errors.Is(err, errKeepStored):
		return &jobs.Later{Err: err, After: step.Turn}
	case step.IsConflict(err) && w.R.Batch != nil:
		return w.cameSecond(ctx, answer.PageTurned) // to another click, or to another page
	}
	return w.AnswerConflict(ctx, err)
}

// reread is the reading of the meeting that the click has begun, or one that
// begins now. With an undo window it would be too old when it is needed.
func (c *Click) reread() *step.Promise[meetingapi.Meeting] {
	if c.window() > 0 {
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
	if w.window() > 0 || w.then != step.CancelStep || w.hand.Reading.Recent() == nil {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, soon)
	defer cancel()
	m, err := w.hand.Reading.Wait(ctx, nil)
	w.hand.Begun = err == nil && !step.IsGone(m, nil) && w.R.Meeting.SameAs(step.Facts(m, w.Store.Now()))
}

// record makes the changes of a click that decides.
func (w *winning) record(ctx context.Context, tx *store.Tx) error {
	err := w.notKept(ctx, tx)
	if err != nil {
		return err
	}
	if w.used, err = w.delegations(ctx, tx); err != nil {
		return err
	}
	err = step.ChangeAsked(ctx, tx, &w.R, func(r *store.Request) error {
		if !w.In.At.Before(r.ExpiresAt) || r.Batch != nil && r.Batch.Revision != w.revision {
			return store.ErrConflict
		}
		if r.Batch == nil {
			r.Request = r.Decided(cancellation.Decision{Scope: w.Would.Scope, Chosen: w.Would.Chosen, End: w.Would.End}, w.In.At)
			r.Delegation = w.used[r.Meeting.OwnerUUID].ID
		} else {
			r.Batch = w.ofOwners(r.Batch)
		}
		r.Telling.Wanted, r.OfferLet = w.Would.Telling.Wanted, w.Would.OfferLet
		return w.confirmed(&r.Request, tx.Now())
	})
	if err != nil {
		return err
	}
	w.hand.Request = w.R
	r := w.R.Request
	tx.AfterCommit(func() { w.draw(r) })
	for range w.used {
		step.ObserveAfter(tx, w.Observe.Delegation, string(store.EventDelegationUsed))
	}
	err = errors.Join(step.KeepUndo(ctx, tx, w.Run, r), tx.Audit(ctx, w.lines()...))
	if w.hand.Begun {
		failpoint.Here(failpoint.CallWritten)
	}
	return err
}

// lines are those of a click that decided.
func (w *winning) lines() []store.AuditRow {
	scope := string(w.R.Scope)
	if w.R.Batch != nil {
		scope = ScopeSeveral
	}
	lines := []store.AuditRow{store.Line(w.R.Request, store.EventConfirmed, w.In.Person, map[string]string{
		"button": w.In.Action, "scope": scope, "asker": w.R.Asker, "tell_invited": step.Yes(w.R.Telling.Wanted),
	})}
	for _, uuid := range slices.Sorted(maps.Keys(w.used)) {
		lines = append(lines, delegationUsed(w.used[uuid], w.R.Request))
	}
	if w.hand.Begun {
		lines = append(lines, step.Calling(w.R.Request))
	}
	return lines
}

// ScopeSeveral is what the trail calls a card with several meetings.
const ScopeSeveral = "several"

// ofOwners is the batch with the owners of what is ticked, and the delegations by which it
// was confirmed.
func (w *winning) ofOwners(b *cancellation.Batch) *cancellation.Batch {
	owners := b.TickedOwners()
	for i, o := range owners {
		if known := slices.IndexFunc(b.Owners, func(k cancellation.Owner) bool { return k.UUID == o.UUID }); known >= 0 {
			owners[i] = b.Owners[known]
		}
		owners[i].By = w.used[o.UUID].ID
	}
	return b.WithOwners(owners)
}

// confirmed has r confirmed by this click, and its call begun if it can.
func (w *winning) confirmed(r *cancellation.Request, now time.Time) error {
	if err := r.Become(cancellation.Confirmed); err != nil {
		return errors.Join(store.ErrConflict, err)
	}
	r.ConfirmedBy, r.ConfirmedAt = w.In.Person, w.In.Received()
	w.In.Reveal(r)
	drawnUntil := now
	if window := w.window(); window > 0 {
		r.UndoUntil = w.In.Received().Add(window)
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
	if w.window() > 0 {
		w.Board.CountDown(r)
		return
	}
	w.Board.Show(r)
}

// errKeepStored makes a click wait for an earlier one that keeps the meeting.
var errKeepStored = errors.New("the meeting was kept before, and that is still being worked on")

// notKept fails while an earlier click that keeps the meeting has yet to be handled.
func (w *winning) notKept(ctx context.Context, tx *store.Tx) error {
	kept, err := tx.Envelopes.Pending(ctx, w.R.ID, w.In.At, action.Keep)
	if err == nil && kept {
		return errKeepStored
	}
	return err
}

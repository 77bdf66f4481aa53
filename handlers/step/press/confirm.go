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

// readingGrace is how long a confirmation waits for the reading of the meeting. If it is
// there by then, the call begins in the commit that confirms.
const readingGrace = 10 * time.Millisecond

// Confirm lets one click win: the request becomes confirmed if it is still asked, and the
// same commit starts the call. Everyone else who clicks, on any replica, is told who was
// first.
var Confirm = Button{Prefetch: ReadAhead, Late: Late, Apply: decide, Needs: access.Confirm, Do: confirm}

// ReadAhead starts reading the meeting, and what the access policy needs for a person who
// isn't on an allow list, while the bot looks up the person. The call then waits for the
// slowest of these rather than for their sum. It doesn't read the meeting for people who
// probably may not confirm.
func ReadAhead(ctx context.Context, c *Click) {
	if Late(c) != nil {
		return
	}
	who := bot.UserID(c.In.Person)
	if c.Access.Likely(who, c.R.Request) {
		c.Reading = c.reread()
	}
	c.Access.Prepare(ctx, who, c.R.Request)
	c.PrepareLink() // for the owner's message
}

// decide sets c.After to what the click would confirm, or c.undecided.
func decide(c *Click) {
	d, undecided := decision(c.In, c.R.Request)
	if c.undecided = undecided; undecided == nil {
		c.After = c.R.Decided(d, c.In.At)
	}
}

// decision returns how much to cancel, according to the button and the ticks sent with it, or
// the answer to a click that decides nothing. The ticks are positions in the stored list,
// checked against it.
func decision(in *step.Envelope, r cancellation.Request) (_ cancellation.Decision, undecided *answer.Answer) {
	d := cancellation.Decision{Scope: cancellation.Whole, End: in.Action == action.End}
	switch {
	case in.Action == action.CancelSeries && r.Meeting.Recurring:
		d.Scope = cancellation.Series
		d.End = r.Meeting.Running // as the button says
	case in.Action == action.CancelOccurrences && r.Scope == cancellation.Occurrence:
		d.Scope, d.Chosen = r.Scope, r.Chosen
	case in.Action == action.CancelOccurrences && r.Meeting.Recurring:
		d.Scope, d.Chosen = cancellation.Occurrence, ticked(in, r.Meeting)
		if len(d.Chosen) == 0 {
			return d, &answer.Answer{Kind: answer.PickFirst, Request: r}
		}
	case in.Action == action.End && r.Meeting.Recurring && r.Scope != cancellation.Undecided:
		d.Scope, d.Chosen = r.Scope, r.Chosen // the command has chosen already
	case r.Meeting.Recurring:
		// The card of a recurring meeting has no plain button.
		return d, &answer.Answer{Kind: answer.UnknownButton, Request: r}
	}
	return d, nil
}

// confirm confirms the request for a person who may. A click that decides nothing is answered
// with why; one that is too old asks again.
func confirm(ctx context.Context, c *Click) error {
	switch {
	case c.undecided != nil:
		return c.Say(ctx, *c.undecided)
	case c.Store.Now().After(c.In.At.Add(c.Rules.ConfirmTTL)):
		return c.AskAgain(ctx, c.R.Meeting, cancellation.AskAgainStale)
	}
	c.After.Telling.Wanted = c.Rules.TellsInvited(c.In, c.R.Meeting)
	cf := &confirmation{Click: c, handoff: &step.Handoff{Reading: c.reread()}, next: step.AfterConfirming(c.After)}
	if c.R.Batch != nil {
		cf.next, cf.revision = step.ManyStep, c.R.Batch.Revision
	}
	return cf.commit(ctx)
}

// A confirmation is a click that may confirm.
type confirmation struct {
	*Click
	handoff  *step.Handoff // for the next step
	next     jobs.Step
	revision int                                // of the page that was clicked, on a card about several meetings
	used     map[string]cancellation.Delegation // that allow the click, by the UUID of the meetings' owner
}

// manyUndo is the shortest undo window for several meetings.
const manyUndo = 10 * time.Second

// window returns how long a confirmation can be undone.
func (c *Click) window() time.Duration {
	if c.R.Batch != nil {
		return max(c.Rules.UndoWindow, manyUndo)
	}
	return c.Rules.UndoWindow
}

// commit records the confirmation. If the meeting is already known to match the card and
// there is no undo window, the call begins in the same commit.
func (cf *confirmation) commit(ctx context.Context) error {
	cf.tryBegin(ctx)
	cf.After.OfferDelegationTo = cf.delegationCandidate(ctx, cf.After)
	if cf.handoff.Begun {
		failpoint.Here(failpoint.BeforeCall)
	}
	job := jobs.Job{Step: cf.next, Subject: string(cf.R.ID), Carry: cf.handoff}
	if window := cf.window(); window > 0 {
		job.Due = cf.In.Received().Add(window + step.UndoGrace)
	}
	err := cf.Done(store.Urgent(ctx), []jobs.Job{job}, func(tx *store.Tx) error { return cf.record(ctx, tx) })
	if err != nil {
		return cf.failed(ctx, err)
	}
	failpoint.Here(failpoint.Confirmed)
	return nil
}

// failed answers a click that could not confirm because of err.
func (cf *confirmation) failed(ctx context.Context, err error) error {
	switch {
	case errors.Is(err, errRevoked):
		return cf.revoked(ctx, err)
	case step.IsConflict(err) && cf.R.Batch != nil:
		return cf.sayWhoWasFirst(ctx, answer.PageTurned) // another click won, or turned the page
	}
	return cf.AnswerConflict(ctx, err)
}

// reread returns the reading of the meeting that the click has started, or starts one. With
// an undo window it returns nil, because the reading would be too old by the time of the call.
func (c *Click) reread() *step.Promise[meetingapi.Meeting] {
	if c.window() > 0 {
		return nil
	}
	if begun := c.Reading.Recent(); begun != nil {
		return begun
	}
	id := meetingapi.ID(c.R.Meeting.ID) // copied: the request is changed while the reading is under way
	return step.Begin(c.Background, func(ctx context.Context) (meetingapi.Meeting, error) { return c.Meetings.Meeting(ctx, id) })
}

// tryBegin sets whether the call can begin in the commit that confirms.
func (cf *confirmation) tryBegin(ctx context.Context) {
	if cf.next != step.CancelStep || cf.handoff.Reading.Recent() == nil {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, readingGrace)
	defer cancel()
	m, err := cf.handoff.Reading.Wait(ctx)
	cf.handoff.Begun = err == nil && !step.IsGone(m, nil) && cf.R.Meeting.SameAs(step.Facts(m, cf.Store.Now()))
}

// record makes the confirmation's changes in tx.
func (cf *confirmation) record(ctx context.Context, tx *store.Tx) error {
	err := cf.checkNoPendingKeep(ctx, tx)
	if err != nil {
		return err
	}
	if cf.used, err = cf.delegations(ctx, tx); err != nil {
		return err
	}
	err = step.ChangeAsked(ctx, tx, &cf.R, func(r *store.Request) error {
		if !cf.In.At.Before(r.ExpiresAt) || r.Batch != nil && r.Batch.Revision != cf.revision {
			return store.ErrConflict
		}
		if r.Batch == nil {
			r.Request = r.Decided(cancellation.Decision{Scope: cf.After.Scope, Chosen: cf.After.Chosen, End: cf.After.End}, cf.In.At)
			r.Delegation = cf.used[r.Meeting.OwnerUUID].ID
		} else {
			r.Batch = cf.withOwners(r.Batch)
		}
		r.Telling.Wanted, r.OfferDelegationTo = cf.After.Telling.Wanted, cf.After.OfferDelegationTo
		return cf.apply(&r.Request, tx.Now())
	})
	if err != nil {
		return err
	}
	cf.handoff.Request = cf.R
	r := cf.R.Request
	tx.AfterCommit(func() { cf.draw(r) })
	for range cf.used {
		step.ObserveAfter(tx, cf.Observe.Delegation, string(store.EventDelegationUsed))
	}
	err = errors.Join(cf.EnsureCountdown(ctx, tx, r), tx.Audit(ctx, cf.auditRows()...))
	if cf.handoff.Begun {
		failpoint.Here(failpoint.CallWritten)
	}
	return err
}

// auditRows returns the audit rows of the confirmation.
func (cf *confirmation) auditRows() []store.AuditRow {
	scope := string(cf.R.Scope)
	if cf.R.Batch != nil {
		scope = ScopeSeveral
	}
	rows := []store.AuditRow{store.RequestRow(cf.R.Request, store.EventConfirmed, cf.In.Person, map[string]string{
		"button": cf.In.Action, "scope": scope, "asker": cf.R.Asker, "tell_invited": step.Yes(cf.R.Telling.Wanted),
	})}
	for _, uuid := range slices.Sorted(maps.Keys(cf.used)) {
		rows = append(rows, delegationUsed(cf.used[uuid], cf.R.Request))
	}
	if cf.handoff.Begun {
		rows = append(rows, step.Calling(cf.R.Request))
	}
	return rows
}

// ScopeSeveral is the scope of a card about several meetings in the audit trail.
const ScopeSeveral = "several"

// withOwners returns b with the owners of the ticked meetings and the delegations used.
func (cf *confirmation) withOwners(b *cancellation.Batch) *cancellation.Batch {
	owners := b.TickedOwners()
	for i, o := range owners {
		if known := slices.IndexFunc(b.Owners, func(k cancellation.Owner) bool { return k.UUID == o.UUID }); known >= 0 {
			owners[i] = b.Owners[known]
		}
		owners[i].By = cf.used[o.UUID].ID
	}
	return b.WithOwners(owners)
}

// apply makes r confirmed by this click, and calling if the call begins now.
func (cf *confirmation) apply(r *cancellation.Request, now time.Time) error {
	cf.In.Reveal(r) // while it is asked
	if err := r.Become(cancellation.Confirmed); err != nil {
		return errors.Join(store.ErrConflict, err)
	}
	r.ConfirmedBy, r.ConfirmedAt = cf.In.Person, cf.In.Received()
	drawnUntil := now
	if window := cf.window(); window > 0 {
		r.UndoUntil = cf.In.Received().Add(window)
		drawnUntil = r.UndoUntil
	}
	cf.Board.Announce(r, drawnUntil)
	if !cf.handoff.Begun {
		return nil
	}
	r.Begin(cancellation.CallEffect, now)
	return r.Become(cancellation.Calling)
}

// draw shows the confirmation on the card.
func (cf *confirmation) draw(r cancellation.Request) {
	if cf.window() > 0 {
		cf.Board.CountDown(r)
		return
	}
	cf.Board.Show(r)
}

// errKeepPending makes a click wait for an earlier one that keeps the meeting.
var errKeepPending = errors.New("an earlier click keeps the meeting, and is still being handled")

// checkNoPendingKeep returns an error that has the run tried again soon, while an earlier click that
// keeps the meeting isn't handled yet.
func (cf *confirmation) checkNoPendingKeep(ctx context.Context, tx *store.Tx) error {
	pending, err := tx.Envelopes.Pending(ctx, cf.R.ID, cf.In.At, action.Keep)
	if err == nil && pending {
		return &jobs.Later{Err: errKeepPending, After: step.PendingWait}
	}
	return err
}

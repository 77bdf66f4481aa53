package many

import (
	"context"
	"maps"
	"slices"
	"time"

	"meetingbot/bot"
	"meetingbot/handlers/access"
	"meetingbot/handlers/step"
	"meetingbot/handlers/step/outcome"
	"meetingbot/handlers/step/press"
	"meetingbot/handlers/view/action"
	"meetingbot/handlers/view/answer"
	"meetingbot/internal/cancellation"
	"meetingbot/internal/failpoint"
	"meetingbot/internal/jobs"
	"meetingbot/internal/store"
)

// Confirm lets one click win, if it was made on the current page: what was not shown is
// not confirmed.
func Confirm() press.Verb {
	return press.Verb{Prefetch: prepare, Late: press.Late, Do: func(ctx context.Context, c *press.Click) error {
		if !c.R.Batch.Review || action.RevisionOf(c.In.Block) != c.R.Batch.Revision {
			return pageTurned(ctx, c)
		}
		return press.Verb{Would: clicked, Needs: new(access.Confirm), Do: win}.Press(ctx, c)
	}}
}

// prepare begins to find out by whose leave the person may, of each meeting.
func prepare(ctx context.Context, c *press.Click) {
	if press.Late(c) == nil && len(c.R.Batch.Ticked()) > 0 {
		c.Access.Prepare(ctx, bot.UserID(c.In.Person), c.R.Parts()...)
	}
}

// clicked sets the request as it would be once this click has confirmed it: which date
// of a series runs, and so is ended, depends on the time.
func clicked(c *press.Click) { c.Would.ConfirmedAt = c.In.At }

// win records that this click decided. The parts begin when it can't be undone
// any more.
func win(ctx context.Context, c *press.Click) error {
	if c.Store.Now().After(c.In.At.Add(c.Rules.ConfirmTTL)) {
		return c.AskAgain(ctx, c.R.Meeting, cancellation.AnewStale)
	}
	window := max(c.Rules.UndoWindow, manyUndo)
	next := jobs.Job{Step: step.ManyStep, Subject: string(c.R.ID), Due: c.In.Received().Add(window + step.UndoGrace)}
	revision := c.R.Batch.Revision
	var used map[string]cancellation.Delegation
	err := c.Done(store.Urgent(ctx), []jobs.Job{next}, func(tx *store.Tx) (err error) {
		used, err = record(ctx, c, tx, revision, window)
		return err
	})
	if err != nil {
		return c.NotWon(ctx, err, answer.PageTurned) // to another click, or to another page
	}
	for range used {
		step.Observe(c.Observe.Delegation, string(store.EventDelegationUsed))
	}
	failpoint.Here(failpoint.Confirmed)
	return nil
}

// record makes the changes of a click that decides, if it was made on this revision of the
// card, and returns the delegations by which it could.
func record(ctx context.Context, c *press.Click, tx *store.Tx, revision int, window time.Duration) (map[string]cancellation.Delegation, error) {
	if err := c.NotKept(ctx, tx); err != nil {
		return nil, err
	}
	used, err := delegations(ctx, c, tx)
	if err != nil {
		return nil, err
	}
	err = step.Change(ctx, tx, &c.R, func(r *store.Request) error {
		if r.State != cancellation.Asked || !c.In.At.Before(r.ExpiresAt) || r.Batch.Revision != revision {
			return store.ErrConflict
		}
		if err := r.Become(cancellation.Confirmed); err != nil {
			return err
		}
		r.Batch, r.Telling.Wanted = confirmedBy(r.Batch, used), c.Rules.TellsInvited(c.In, cancellation.Meeting{})
		r.ConfirmedBy, r.ConfirmedAt, r.UndoUntil = c.In.Person, c.In.Received(), c.In.Received().Add(window)
		c.FromClick(&r.Request)
		c.Board.Announce(&r.Request, r.UndoUntil)
		return nil
	})
	if err != nil {
		return nil, err
	}
	tx.AfterCommit(func() { c.Board.CountDown(c.R.Request) })
	if err := step.KeepUndo(ctx, tx, c.Run, c.R.Request); err != nil {
		return nil, err
	}
	lines := []store.AuditRow{store.Line(c.R.Request, store.EventConfirmed, c.In.Person, map[string]string{
		"button": c.In.Action, "scope": scopeMany, "asker": c.R.Asker, "tell_invited": step.Yes(c.R.Telling.Wanted),
	})}
	for _, uuid := range slices.Sorted(maps.Keys(used)) {
		lines = append(lines, press.DelegationUsed(used[uuid], c.R.Request))
	}
	return used, tx.Audit(ctx, lines...)
}

// delegations reads, in the commit that confirms, those by which the person may,
// by the owners of the meetings.
func delegations(ctx context.Context, c *press.Click, tx *store.Tx) (map[string]cancellation.Delegation, error) {
	used := make(map[string]cancellation.Delegation, len(c.Lets))
	for uuid, owner := range c.Lets {
		d, err := c.Delegation(ctx, tx, owner)
		if err != nil {
			return nil, err
		}
		used[uuid] = d
	}
	return used, nil
}

// confirmedBy is the batch with the owners of what is ticked, and the delegations by
// which it was confirmed.
func confirmedBy(b *cancellation.Batch, used map[string]cancellation.Delegation) *cancellation.Batch {
	owners := b.TickedOwners()
	for i, o := range owners {
		if known := slices.IndexFunc(b.Owners, func(k cancellation.Owner) bool { return k.UUID == o.UUID }); known >= 0 {
			owners[i] = b.Owners[known]
		}
		owners[i].By = used[o.UUID].ID
	}
	return b.WithOwners(owners)
}

// Stop keeps the meetings whose calls have not begun, while the service makes some of
// them wait.
func Stop() press.Verb {
	return press.Verb{Needs: new(access.Undo), Do: func(ctx context.Context, c *press.Click) error {
		stopped := 0
		next := jobs.Job{Step: step.PartStep, Subject: string(c.R.ID)}
		err := c.Done(ctx, []jobs.Job{next}, func(tx *store.Tx) (err error) {
			stopped, err = stopParts(ctx, c, tx)
			return err
		})
		if step.IsConflict(err) {
			return c.UndoTooLate(ctx)
		}
		if err != nil {
			return err
		}
		for range stopped {
			step.Observe(c.Observe.Question, string(store.EventUndone))
		}
		return nil
	}}
}

// stopParts declines the parts that can be kept, and returns how many; of one that waits
// in doubt it is not known how it ended. It returns [store.ErrConflict] if there are
// neither.
func stopParts(ctx context.Context, c *press.Click, tx *store.Tx) (int, error) {
	parts, err := tx.Requests.Parts(ctx, c.R.ID)
	if err != nil {
		return 0, err
	}
	var lines []store.AuditRow
	doubted := 0
	for _, p := range parts {
		if outcome.WaitsInDoubt(p.Request) {
			if err := outcome.Conclude(ctx, tx, &p, cancellation.Unknown, outcome.Stopped, "", nil); err != nil {
				return 0, err
			}
			doubted++
		}
		if !stoppable(p.Request) {
			continue
		}
		if err := p.Become(cancellation.Declined); err != nil {
			return 0, err
		}
		p.ClosedBy, p.ClosedAt = c.In.Person, tx.Now()
		p.StopWaiting()
		if err := tx.Requests.Save(ctx, &p); err != nil {
			return 0, err
		}
		lines = append(lines, store.Line(p.Request, store.EventUndone, c.In.Person, nil))
	}
	if len(lines)+doubted == 0 {
		return 0, store.ErrConflict
	}
	return len(lines), tx.Audit(ctx, lines...)
}

// stoppable reports whether a part can be kept: its call was not made, or was
// refused and waits.
func stoppable(p cancellation.Request) bool {
	return p.State == cancellation.Confirmed || p.State == cancellation.Calling && !p.WaitUntil.IsZero() && p.Unanswered == 0
}

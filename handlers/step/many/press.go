package many

import (
	"context"
	"errors"

	"meetingbot/bot"
	"meetingbot/handlers/access"
	"meetingbot/handlers/step"
	"meetingbot/handlers/step/outcome"
	"meetingbot/handlers/step/press"
	"meetingbot/handlers/view/action"
	"meetingbot/handlers/view/answer"
	"meetingbot/internal/cancellation"
	"meetingbot/internal/jobs"
	"meetingbot/internal/store"
)

// Confirm lets one click win if it was made on the current page: a page that wasn't shown
// can't be confirmed.
var Confirm = press.Button{Prefetch: prepare, Late: press.Late, Do: func(ctx context.Context, c *press.Click) error {
	if !c.R.Batch.Review || action.RevisionOf(c.In.Block) != c.R.Batch.Revision {
		return pageTurned(ctx, c)
	}
	late := func(c *press.Click) *answer.Answer { return tooMany(c, c.R.Batch) }
	return press.Button{Late: late, Apply: applyClick, Needs: access.Confirm, Do: press.Confirm.Do}.Press(ctx, c)
}}

// prepare starts looking up the person's right to cancel each meeting.
func prepare(ctx context.Context, c *press.Click) {
	if press.Late(c) == nil && len(c.R.Batch.Ticked()) > 0 {
		c.Access.Prepare(ctx, bot.UserID(c.In.Person), c.R.Parts()...)
		c.PrepareLink() // for the owners' messages
	}
}

// applyClick sets c.After to the request as this click would confirm it. The time decides
// which date of a series is running, and so would be ended.
func applyClick(c *press.Click) { c.After.ConfirmedAt = c.In.At }

// Stop is Undo and Stop: it takes back the confirmation. Once the meetings are being cancelled, it keeps
// those whose calls haven't begun or wait, and the other calls aren't repeated.
var Stop = press.Button{Needs: access.Undo, Do: func(ctx context.Context, c *press.Click) error {
	err := c.Undo(ctx)
	if step.IsConflict(err) {
		return stop(ctx, c)
	}
	return err
}}

func stop(ctx context.Context, c *press.Click) error {
	next := jobs.Job{Step: step.PartStep, Subject: string(c.R.ID)}
	err := c.Done(ctx, []jobs.Job{next}, func(tx *store.Tx) error {
		stopped, err := stopParts(ctx, c, tx)
		if err == nil && stopped == 0 {
			return store.ErrConflict
		}
		return errors.Join(err, step.Change(ctx, tx, &c.R, func(r *store.Request) error { c.In.Reveal(&r.Request); return nil }))
	})
	if step.IsConflict(err) {
		return c.UndoTooLate(ctx, func(tx *store.Tx) error {
			_, err := stopParts(ctx, c, tx)
			return errors.Join(err, outcome.DontRepeat(ctx, c.Deps, tx, &c.R, c.In.Person))
		})
	}
	return err
}

// stopParts stops the parts that can be stopped and returns how many that are. The calls that are
// under way aren't repeated.
func stopParts(ctx context.Context, c *press.Click, tx *store.Tx) (stopped int, err error) {
	parts, err := tx.Requests.Parts(ctx, c.R.ID)
	for i := range parts {
		switch p := &parts[i]; {
		case err != nil:
		case outcome.CanStop(p.Request):
			stopped++
			err = outcome.Stop(ctx, c.Deps, tx, p, c.In.Person, nil)
		case p.State == cancellation.Calling:
			err = outcome.DontRepeat(ctx, c.Deps, tx, p, c.In.Person)
		}
	}
	return stopped, err
}

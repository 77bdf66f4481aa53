package report

import (
	"context"

	"meetingbot/bot"
	"meetingbot/handlers/step"
	"meetingbot/internal/cancellation"
	"meetingbot/internal/jobs"
	"meetingbot/internal/store"
)

// Draw is the step that redraws a card that stays open: what it waits for, or what changed
// about its meeting. It also draws the end on a copy that [Report] didn't know of. Nobody
// needs to be told, and whatever ends the request has the card drawn by Report.
func Draw(ctx context.Context, t *step.Task) error {
	r := &t.R
	over := r.State.Final()
	if r.State == cancellation.Superseded || over && len(r.Copies) == 0 {
		return nil
	}
	if cancellation.CanUndo(r.Request, t.Store.Now()) && t.Board.Drawing(r.Request) && len(r.Copies) == 0 {
		return nil // it counts down; a copy may be too new for that, so with copies the countdown starts over
	}
	// Announce the draw, unless the change did; or the request is over, and nothing is drawn
	// after it; or this run draws over an earlier draw, and announcing that would call for yet
	// another one. What a process that has died announced covers only its own draws.
	announced := t.Attempt > 0 && (t.Board.Drawing(r.Request) || r.Drawing.By == cancellation.Several)
	if t.Carry == nil && !over && !announced {
		if err := announce(ctx, t); err != nil {
			return step.IgnoreConflict(err)
		}
	}
	if cancellation.CanUndo(r.Request, t.Store.Now()) {
		t.Board.CountDown(r.Request)
		return nil
	}
	at, err := t.Board.Draw(ctx, r.Request)
	switch {
	case bot.Permanent(err):
		t.Logger(r.Request).InfoContext(ctx, "card not drawn", "state", r.State, "error", err)
		return nil
	case err != nil:
		return step.RetryLater(err)
	case at.Again > 0:
		return &jobs.Later{Err: errDrawAgain, After: at.Again}
	}
	return nil
}

// announce announces the draw in the stored request. Then t.R is the stored one.
func announce(ctx context.Context, t *step.Task) error {
	return t.Record(ctx, func(tx *store.Tx) error {
		return step.Change(ctx, tx, &t.R, func(r *store.Request) error {
			if r.State.Final() {
				return store.ErrConflict
			}
			until := tx.Now()
			if cancellation.CanUndo(r.Request, until) {
				until = r.UndoUntil
			}
			t.Board.Announce(&r.Request, until)
			return nil
		})
	})
}

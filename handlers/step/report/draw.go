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
type Draw struct{ *step.Deps }

// Run is the function to pass to [step.OfRequest].
func (s Draw) Run(ctx context.Context, run *jobs.Run, r store.Request) error {
	over := r.State.Final()
	if r.State == cancellation.Superseded || over && len(r.Copies) == 0 {
		return nil
	}
	if cancellation.CanUndo(r.Request, s.Store.Now()) && s.Board.Drawing(r.Request) {
		return nil // it counts down
	}
	// The draw was announced with the change; or the request is over, and nothing is drawn
	// after it; or this run draws over an earlier draw, and announcing that would call for
	// yet another draw over it. A process that has died announced only its own draws.
	announced := run.Attempt > 0 && (s.Board.Drawing(r.Request) || r.Drawing.By == cancellation.Several)
	if run.Carry == nil && !over && !announced {
		err := run.Record(ctx, func(tx *store.Tx) error {
			return step.Change(ctx, tx, &r, func(r *store.Request) error {
				if r.State.Final() {
					return store.ErrConflict
				}
				until := tx.Now()
				if cancellation.CanUndo(r.Request, until) {
					until = r.UndoUntil
				}
				s.Board.Announce(&r.Request, until)
				return nil
			})
		})
		if err != nil {
			return step.IgnoreConflict(err)
		}
	}
	if cancellation.CanUndo(r.Request, s.Store.Now()) {
		s.Board.CountDown(r.Request)
		return nil
	}
	again, err := s.Board.Draw(ctx, r.Request)
	switch {
	case bot.Permanent(err):
		s.Logger(r.Request).InfoContext(ctx, "card not drawn", "state", r.State, "error", err)
		return nil
	case err != nil:
		return step.RetryLater(err)
	case again > 0:
		return &jobs.Later{Err: errDrawAgain, After: again}
	}
	return nil
}

package step

import (
	"cmp"
	"context"
	"errors"
	"time"

	"meetingbot/handlers/view/action"
	"meetingbot/internal/cancellation"
	"meetingbot/internal/jobs"
	"meetingbot/internal/store"
)

// UndoGrace is how late an Undo pressed within the window may reach us. The call waits that
// long after the window.
const UndoGrace = 200 * time.Millisecond

// countdownCheck is how long after the confirmation a job checks whether the process that
// draws the countdown has died, and takes over if it has.
const countdownCheck = 5 * time.Second

// EnsureCountdown makes the card of r count down its undo window even if this process dies. It
// skips a card that only a response_url reaches: that takes five answers in all, and this
// isn't worth one.
func (d *Deps) EnsureCountdown(ctx context.Context, tx *store.Tx, r cancellation.Request) error {
	due := tx.Now().Add(countdownCheck)
	if r.Card.Way == cancellation.ByResponse || !due.Before(r.UndoUntil) {
		return nil
	}
	return d.Queue.Enqueue(ctx, tx, jobs.Job{Step: DrawStep, Subject: string(r.ID), Due: due})
}

// PendingWait is how long a run waits for an earlier click that is still being handled.
const PendingWait = time.Second / 4

// errUndoStored makes a call wait for an Undo that was stored before it.
var errUndoStored = errors.New("an Undo was stored before the call and is being handled")

// UndoPending reports whether an Undo or Stop is stored that isn't handled yet: of r, or of the card
// that r is a part of.
func UndoPending(ctx context.Context, es store.Envelopes, r cancellation.Request, now time.Time) (bool, error) {
	return es.Pending(ctx, cmp.Or(r.Parent, r.ID), now, action.Undo, action.Stop)
}

// CheckNoPendingUndo returns an error that has the run tried again after a while, as long as
// [UndoPending] is true.
func CheckNoPendingUndo(ctx context.Context, tx *store.Tx, r cancellation.Request, after time.Duration) error {
	pending, err := UndoPending(ctx, tx.Envelopes.Envelopes, r, tx.Now())
	if err == nil && pending {
		return &jobs.Later{Err: errUndoStored, After: after}
	}
	return err
}

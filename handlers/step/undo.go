package step

import (
	"context"
	"errors"
	"time"

	"meetingbot/handlers/view/action"
	"meetingbot/internal/cancellation"
	"meetingbot/internal/jobs"
	"meetingbot/internal/store"
)

// UndoGrace is how long after the window an Undo pressed within it may reach us. The
// call waits that long.
const UndoGrace = 200 * time.Millisecond

// countsOn is when a step checks whether the process that counts down has died, and takes over
// if it has.
const countsOn = 5 * time.Second

// KeepUndo makes the card of r, which can be undone from now on, count down even if this
// process dies. A card that only a response_url reaches is not worth one of its five answers.
func KeepUndo(ctx context.Context, tx *store.Tx, run *jobs.Run, r cancellation.Request) error {
	due := tx.Now().Add(countsOn)
	if r.Card.Way == cancellation.ByResponse || !due.Before(r.UndoUntil) {
		return nil
	}
	return run.Enqueue(ctx, tx, jobs.Job{Step: DrawStep, Subject: string(r.ID), Due: due})
}

// Turn is how long a run waits for an earlier click that is still being handled.
const Turn = time.Second / 4

// errUndoStored has a call wait for an Undo that was stored before it.
var errUndoStored = errors.New("an Undo was stored before the call and is being worked on")

// NotUndone fails while a stored Undo of the request has not been handled yet.
func NotUndone(ctx context.Context, tx *store.Tx, id cancellation.ID) error {
	pending, err := tx.Envelopes.Pending(ctx, id, tx.Now(), action.Undo, action.Stop)
	if err == nil && pending {
		return errUndoStored
	}
	return err
}

// UndoFirst makes a run that waits for an Undo run again soon. It returns any other
// error unchanged.
func UndoFirst(err error) error {
	if errors.Is(err, errUndoStored) {
		return &jobs.Later{Err: err, After: Turn}
	}
	return err
}

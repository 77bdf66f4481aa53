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

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

// UndoGrace is how long after the window an Undo may reach us that was pressed
// inside it. The call waits as long.
const UndoGrace = 200 * time.Millisecond

// Turn is how long a run waits for what was pressed before it, and is being worked on.
const Turn = time.Second / 4

// errUndoStored has a call wait for an Undo that was stored before it.
var errUndoStored = errors.New("an Undo was stored before the call and is being worked on")

// NotUndone fails while an Undo of a request is stored and not worked on yet.
func NotUndone(ctx context.Context, tx *store.Tx, id cancellation.ID) error {
	pending, err := tx.Envelopes.Pending(ctx, id, tx.Now(), action.Undo, action.Stop)
	if err == nil && pending {
		return errUndoStored
	}
	return err
}

// UndoFirst has a run tried again soon that waits for an Undo. It returns any other
// error as it is.
func UndoFirst(err error) error {
	if errors.Is(err, errUndoStored) {
		return &jobs.Later{Err: err, After: Turn}
	}
	return err
}

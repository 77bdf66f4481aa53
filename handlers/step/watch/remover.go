package watch

import (
	"context"

	"meetingbot/handlers/step/outcome"
	"meetingbot/internal/cancellation"
	"meetingbot/internal/store"
)

// removedBy returns the request that removed the meeting, or a date of it, while the card of
// r was open. It returns the zero Request if the bot didn't, and [errClickFirst] while
// another request may be removing it.
func (w *watching) removedBy(ctx context.Context, r store.Request, date string) (cancellation.Request, error) {
	open, err := w.Store.Requests.OpenCards(ctx, w.run.Subject)
	if err != nil {
		return cancellation.Request{}, err
	}
	for _, other := range open {
		if mayBeRemoving(other.Request) {
			return cancellation.Request{}, errClickFirst
		}
	}
	by, unsure, err := outcome.RemovedBy(ctx, w.Deps, r.Request, w.run.Subject, date)
	if unsure {
		err = errClickFirst
	}
	return by, err
}

// mayBeRemoving reports whether a call of r may have removed the meeting. A call that the
// service refused for now hasn't, and neither has a card with several meetings, whose parts
// make the calls.
func mayBeRemoving(r cancellation.Request) bool {
	waits := !r.WaitUntil.IsZero() && r.Unanswered == 0
	return r.State == cancellation.Calling && r.Batch == nil && !waits
}

package watch

import (
	"context"

	"meetingbot/handlers/step/outcome"
	"meetingbot/internal/cancellation"
	"meetingbot/internal/store"
)

// ours returns the request that removed the meeting, or a date of it, while the card of r
// was open, or the zero Request if it was not one of ours. It returns [errPressed] while
// one of them may be removing it this very moment.
func (w *watching) ours(ctx context.Context, r store.Request, date string) (cancellation.Request, error) {
	open, err := w.Store.Requests.OpenCards(ctx, w.run.Subject)
	if err != nil {
		return cancellation.Request{}, err
	}
	for _, other := range open {
		if mayBeRemoving(other.Request) {
			return cancellation.Request{}, errPressed
		}
	}
	by, unsure, err := outcome.RemovedBy(ctx, w.Deps, w.run.Subject, date, r.CreatedAt)
	if unsure {
		err = errPressed
	}
	return by, err
}

// mayBeRemoving reports whether a call of r may have removed the meeting. One that the service
// has refused for now has not, nor has a card with several meetings: its parts make the calls.
func mayBeRemoving(r cancellation.Request) bool {
	waits := !r.WaitUntil.IsZero() && r.Unanswered == 0
	return r.State == cancellation.Calling && r.Batch == nil && !waits
}

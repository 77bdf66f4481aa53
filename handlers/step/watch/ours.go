package watch

import (
	"context"
	"slices"
	"time"

	"meetingbot/internal/cancellation"
	"meetingbot/internal/store"
)

// othersRead is how many other requests about a meeting are looked at.
const othersRead = 10

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
	others, err := w.Store.Requests.History(ctx, store.HistoryFilter{Meeting: w.run.Subject}, othersRead)
	for _, other := range others {
		switch {
		case other.Meeting.ID != w.run.Subject, other.ClosedAt.Before(r.CreatedAt):
		case other.Outcome.Removed() && (other.Scope == cancellation.Whole || other.WholeSeries() || slices.Contains(other.Chosen, date)):
			return other, err
		case other.Outcome == cancellation.Unknown && w.Store.Now().Sub(other.ClosedAt) < settled:
			return cancellation.Request{}, errPressed
		}
	}
	return cancellation.Request{}, err
}

// mayBeRemoving reports whether a call of r may have removed the meeting. One that the service
// has refused for now has not, nor has a card with several meetings: its parts make the calls.
func mayBeRemoving(r cancellation.Request) bool {
	waits := !r.WaitUntil.IsZero() && r.Unanswered == 0
	return r.State == cancellation.Calling && r.Batch == nil && !waits
}

// settled is when a request whose outcome was not known has been settled by reading the
// meeting, as this package just has.
const settled = 2 * time.Minute

package step

import (
	"context"

	"meetingbot/internal/cancellation"
	"meetingbot/internal/store"
)

// Successor returns the open request that now owns the card of r, following the chain of
// requests that took it over. It returns [store.ErrNotFound] if there is none.
func Successor(ctx context.Context, rs store.Requests, r store.Request) (store.Request, error) {
	shown, err := Shown(ctx, rs, r)
	if err == nil && shown.State.Final() {
		return store.Request{}, store.ErrNotFound
	}
	return shown, err
}

// Shown returns the request that the card of r shows now: r, or the last of those that took
// the card over, which may be over as well.
func Shown(ctx context.Context, rs store.Requests, r store.Request) (shown store.Request, err error) {
	for err == nil && r.Successor != "" {
		r, err = rs.Get(ctx, r.Successor)
	}
	return r, err
}

// ShownNow returns a function that reads a request by id and applies [Shown] to it.
func ShownNow(rs store.Requests) func(context.Context, cancellation.ID) (cancellation.Request, error) {
	return func(ctx context.Context, id cancellation.ID) (cancellation.Request, error) {
		r, err := rs.Get(ctx, id)
		if err == nil {
			r, err = Shown(ctx, rs, r)
		}
		return r.Request, err
	}
}

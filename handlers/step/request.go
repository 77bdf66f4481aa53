package step

import (
	"context"

	"meetingbot/bot"
	"meetingbot/internal/cancellation"
	"meetingbot/internal/jobs"
	"meetingbot/internal/store"
)

// OfRequest makes a step of a function that works on a request. The function gets the
// request as it was handed over, or else as it is stored, and a context that tells
// Slack which workspace it is about. All steps of requests are made here, so none can
// forget either.
func OfRequest(d *Deps, do func(context.Context, *jobs.Run, store.Request) error) jobs.Func {
	return func(ctx context.Context, run *jobs.Run) error {
		var r store.Request
		switch hand := run.Carry.(type) {
		case *store.Request:
			r = *hand
		case interface{ About() store.Request }:
			r = hand.About()
		default:
			var err error
			if r, err = d.Store.Requests.Get(ctx, cancellation.ID(run.Subject)); err != nil {
				return err
			}
		}
		return do(InTeamOf(ctx, r.Request), run, r)
	}
}

// InTeamOf returns a context whose calls are about the workspace in which r was asked.
func InTeamOf(ctx context.Context, r cancellation.Request) context.Context {
	return bot.WithTeam(ctx, bot.TeamID(r.Team))
}

// Successor returns the open request that has taken over the card of r, directly or after
// others, or [store.ErrNotFound].
func Successor(ctx context.Context, rs store.Requests, r store.Request) (store.Request, error) {
	shown, err := Shown(ctx, rs, r)
	if err == nil && shown.State.Final() {
		return store.Request{}, store.ErrNotFound
	}
	return shown, err
}

// Shown returns what the card of r shows now: r, or the last of the requests that have
// taken it over one after the other, which may be over as well.
func Shown(ctx context.Context, rs store.Requests, r store.Request) (shown store.Request, err error) {
	for err == nil && r.Successor != "" {
		r, err = rs.Get(ctx, r.Successor)
	}
	return r, err
}

// ShownNow returns a function that reads the request which the card of another shows now.
func ShownNow(rs store.Requests) func(context.Context, cancellation.ID) (cancellation.Request, error) {
	return func(ctx context.Context, id cancellation.ID) (cancellation.Request, error) {
		r, err := rs.Get(ctx, id)
		if err == nil {
			r, err = Shown(ctx, rs, r)
		}
		return r.Request, err
	}
}

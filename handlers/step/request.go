package step

import (
	"context"
	"errors"
	"slices"

	"meetingbot/bot"
	"meetingbot/handlers/card"
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
func Successor(ctx context.Context, rs store.Requests, r cancellation.Request) (store.Request, error) {
	meeting := r.Meeting.ID
	if r.Batch != nil && len(r.Batch.Meetings) > 0 {
		meeting = r.Batch.Meetings[0].ID
	}
	open, err := rs.OpenCards(ctx, meeting)
	if err != nil {
		return store.Request{}, err
	}
	i := slices.IndexFunc(open, func(o store.Request) bool {
		return o.Supersedes == r.ID || o.Supersedes != "" && o.Card.TS != "" && card.RefOf(o.Card) == card.RefOf(r.Card)
	})
	if i < 0 {
		return store.Request{}, store.ErrNotFound
	}
	return open[i], nil
}

// ShownNow returns a function that reads the request which the card of another shows by now:
// that one, or the open one that has taken over its card.
func ShownNow(rs store.Requests) func(context.Context, cancellation.ID) (cancellation.Request, error) {
	return func(ctx context.Context, id cancellation.ID) (cancellation.Request, error) {
		r, err := rs.Get(ctx, id)
		if err != nil || r.State != cancellation.Superseded {
			return r.Request, err
		}
		fresh, err := Successor(ctx, rs, r.Request)
		if errors.Is(err, store.ErrNotFound) {
			return r.Request, nil
		}
		return fresh.Request, err
	}
}

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
		if hand, ok := run.Carry.(interface{ About() store.Request }); ok {
			r = hand.About()
		} else {
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

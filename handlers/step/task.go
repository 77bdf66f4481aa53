package step

import (
	"context"

	"meetingbot/bot"
	"meetingbot/internal/cancellation"
	"meetingbot/internal/jobs"
	"meetingbot/internal/store"
)

// A Task is one run of a step that works on a request.
type Task struct {
	*Deps
	*jobs.Run
	R store.Request // as handed over, or else as stored
}

// OfRequest makes a step of a function that works on a request. The function's context names
// the Slack workspace.
func OfRequest(d *Deps, do func(context.Context, *Task) error) jobs.Func {
	return func(ctx context.Context, run *jobs.Run) error {
		var r store.Request
		switch hand := run.Carry.(type) {
		case *store.Request:
			r = *hand
		case *Handoff:
			r = hand.Request
		default:
			var err error
			if r, err = d.Store.Requests.Get(ctx, cancellation.ID(run.Subject)); err != nil {
				return err
			}
		}
		return do(InTeamOf(ctx, r.Request), &Task{Deps: d, Run: run, R: r})
	}
}

// InTeamOf returns a context whose calls are about the workspace in which r was asked.
func InTeamOf(ctx context.Context, r cancellation.Request) context.Context {
	return bot.WithTeam(ctx, bot.TeamID(r.Team))
}

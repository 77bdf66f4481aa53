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

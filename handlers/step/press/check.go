package press

import (
	"cmp"
	"context"

	"meetingbot/handlers/access"
	"meetingbot/handlers/step"
	"meetingbot/handlers/step/outcome"
	"meetingbot/handlers/view/answer"
	"meetingbot/internal/jobs"
	"meetingbot/internal/store"
	"meetingbot/meetingapi"
)

// CheckAgain is the button on a card with an unknown outcome; look finds the outcome.
// Looking changes nothing, so everybody who can see the card may press it, but no more
// often than they may type a command.
func CheckAgain(look func(context.Context, *Click) error) Verb {
	return Verb{AnyAge: true, Late: settled, Needs: new(access.CheckAgain), Do: func(ctx context.Context, c *Click) error {
		if a, err := c.TooMany(ctx); err != nil {
			return c.CannotServe(ctx, err)
		} else if a != nil {
			return c.Say(ctx, *a)
		}
		return look(ctx, c)
	}}
}

// settled says that the outcome is known.
func settled(c *Click) *answer.Answer {
	if !c.R.IsUnknown() {
		return &answer.Answer{Kind: answer.Settled, Request: c.R.Request}
	}
	return nil
}

// LookAgain looks at the meeting once, and records what that settles.
func LookAgain(ctx context.Context, c *Click) error {
	found, unread, err := outcome.Look(ctx, c.Deps, c.R.Request)
	if err != nil {
		return err
	}
	if !found.Settled {
		return c.Say(ctx, answer.Answer{
			Kind: answer.StillUnknown, Request: c.R.Request, Class: cmp.Or(found.Why, step.ClassOf(unread)), Reference: meetingapi.RequestID(unread),
			Until: step.AskedToWait(unread, c.Store.Now()),
		})
	}
	err = c.Done(ctx, []jobs.Job{step.Report(&c.R)}, func(tx *store.Tx) error {
		return outcome.Conclude(ctx, tx, &c.R, found.Outcome, found.Why, "", func(r *store.Request) { c.FromClick(&r.Request) })
	})
	if step.IsConflict(err) {
		r, err := c.Store.Requests.Get(ctx, c.R.ID)
		if err != nil {
			return err
		}
		return c.Say(ctx, answer.Answer{Kind: answer.Settled, Request: r.Request})
	}
	if err == nil {
		step.Observe(c.Observe.Question, string(found.Outcome))
	}
	return err
}

package press

import (
	"context"
	"errors"
	"slices"

	"meetingbot/handlers/access"
	"meetingbot/handlers/step"
	"meetingbot/handlers/step/outcome"
	"meetingbot/handlers/view/answer"
	"meetingbot/internal/cancellation"
	"meetingbot/internal/jobs"
	"meetingbot/internal/store"
	"meetingbot/meetingapi"
)

// CheckAgain is the button on a card with an unknown outcome. Looking changes nothing, so
// everybody who can see the card may press it, but no more often than they may type a
// command.
var CheckAgain = Verb{AnyAge: true, Late: settled, Needs: new(access.CheckAgain), Do: func(ctx context.Context, c *Click) error {
	if a, err := c.TooMany(ctx); err != nil {
		return c.CannotServe(ctx, err)
	} else if a != nil {
		return c.Say(ctx, *a)
	}
	return lookAgain(ctx, c)
}}

// settled says that the outcome is known.
func settled(c *Click) *answer.Answer {
	if !c.R.IsUnknown() {
		return &answer.Answer{Kind: answer.Settled, Request: c.R.Request}
	}
	return nil
}

// A look is one reading of a meeting whose request has an unknown outcome.
type look struct {
	of     *store.Request
	found  outcome.Verdict
	unread error
}

// lookAgain looks at the meeting once, or at each of several whose outcome is unknown, and
// records what that settles.
func lookAgain(ctx context.Context, c *Click) error {
	unknown, next := []*store.Request{&c.R}, step.Report(&c.R)
	if c.R.Batch != nil {
		parts, err := c.Store.Requests.Parts(ctx, c.R.ID)
		if err != nil {
			return err
		}
		unknown = nil
		for i := range parts {
			if parts[i].IsUnknown() {
				unknown = append(unknown, &parts[i])
			}
		}
		next = jobs.Job{Step: step.PartStep, Subject: string(c.R.ID)}
	}
	looks, errs := step.Map(unknown, func(r *store.Request) (look, error) {
		found, unread, err := outcome.Look(ctx, c.Deps, r.Request)
		return look{r, found, unread}, err
	})
	if err := errors.Join(errs...); err != nil {
		return err
	}
	known := slices.DeleteFunc(slices.Clone(looks), func(l look) bool { return !l.found.Settled })
	switch {
	case len(looks) == 0:
		return c.knownByNow(ctx)
	case len(known) == 0:
		return c.Say(ctx, stillUnknown(c, looks))
	}
	err := c.Done(ctx, []jobs.Job{next}, func(tx *store.Tx) error {
		for _, l := range known {
			step.ObserveAfter(tx, c.Observe.Question, string(l.found.Outcome))
			if err := outcome.Conclude(ctx, tx, l.of, l.found.Outcome, l.found.Why, "", nil); err != nil {
				return err
			}
		}
		return step.Change(ctx, tx, &c.R, func(r *store.Request) error { c.In.Reveal(&r.Request); return nil })
	})
	if step.IsConflict(err) {
		return c.knownByNow(ctx)
	}
	return err
}

// errNotTakenUp makes a click wait until its card knows what the parts have come to.
var errNotTakenUp = errors.New("somebody else has just found out more, and the card does not say so yet")

// knownByNow answers a click whose outcome somebody else who looked was first to find.
func (c *Click) knownByNow(ctx context.Context) error {
	r, err := c.Store.Requests.Get(ctx, c.R.ID)
	switch {
	case err != nil:
		return err
	case r.IsUnknown():
		return &jobs.Later{Err: errNotTakenUp, After: step.Turn}
	}
	return c.Say(ctx, answer.Answer{Kind: answer.Settled, Request: r.Request})
}

// stillUnknown says why looking again has settled nothing.
func stillUnknown(c *Click, looks []look) answer.Answer {
	a := answer.Answer{Kind: answer.StillUnknown, Request: c.R.Request, Class: cancellation.WhyOver}
	i := slices.IndexFunc(looks, func(l look) bool { return l.found.Why != cancellation.WhyOver })
	unread := looks[max(i, 0)].unread
	if i >= 0 {
		a.Class = step.ClassOf(unread)
	}
	a.Reference, a.Until = meetingapi.RequestID(unread), step.AskedToWait(unread, c.Store.Now())
	return a
}

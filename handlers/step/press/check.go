package press

import (
	"context"
	"errors"
	"slices"
	"time"

	"meetingbot/handlers/access"
	"meetingbot/handlers/step"
	"meetingbot/handlers/step/outcome"
	"meetingbot/handlers/view/answer"
	"meetingbot/internal/cancellation"
	"meetingbot/internal/jobs"
	"meetingbot/internal/store"
	"meetingbot/meetingapi"
)

// CheckAgain is the button on a card with an unknown outcome. It only reads, so anyone who
// sees the card may press it, within the rate limit for commands.
var CheckAgain = Button{AnyAge: true, Late: settled, Needs: access.CheckAgain, Do: checkAgain}

// settled returns the answer that the outcome is known; nil if it isn't.
func settled(c *Click) *answer.Answer {
	if !c.R.IsUnknown() {
		return &answer.Answer{Kind: answer.Settled, Request: c.R.Request}
	}
	return nil
}

// A reading is one reading of a meeting whose request has an unknown outcome.
type reading struct {
	of      *store.Request
	verdict outcome.Verdict
	err     error
}

// checkAgain reads the meeting once, or each of several whose outcome is unknown, and
// records the outcomes that settles.
func checkAgain(ctx context.Context, c *Click) error {
	if a, err := c.TooMany(ctx); err != nil {
		return c.CannotServe(ctx, err)
	} else if a != nil {
		return c.Say(ctx, *a)
	}
	unknown, about, next := []*store.Request{&c.R}, c.R.Request, step.Report(&c.R)
	if c.R.Batch != nil {
		var err error
		if unknown, about.Batch, err = unknownParts(ctx, c); err != nil {
			return err
		}
		next = jobs.Job{Step: step.PartStep, Subject: string(c.R.ID)}
	}
	readings, errs := step.Map(unknown, func(r *store.Request) (reading, error) {
		verdict, unread, err := outcome.Check(ctx, c.Deps, r.Request)
		return reading{r, verdict, unread}, err
	})
	if err := errors.Join(errs...); err != nil {
		return err
	}
	known := slices.DeleteFunc(slices.Clone(readings), func(r reading) bool { return !r.verdict.Settled })
	switch {
	case len(readings) == 0:
		return c.saySettled(ctx)
	case len(known) == 0:
		return c.Say(ctx, stillUnknown(about, readings, c.Store.Now()))
	}
	err := c.Done(ctx, []jobs.Job{next}, func(tx *store.Tx) error {
		for _, r := range known {
			step.ObserveAfter(tx, c.Observe.Question, string(r.verdict.Outcome))
			if err := outcome.Conclude(ctx, tx, r.of, r.verdict.Outcome, r.verdict.Why, "", nil); err != nil {
				return err
			}
		}
		return step.Change(ctx, tx, &c.R, func(r *store.Request) error { c.revealFound(&r.Request); return nil })
	})
	if step.IsConflict(err) {
		return c.saySettled(ctx)
	}
	return err
}

// unknownParts returns the parts whose outcome is unknown, and the batch with all parts as they
// are now: the stored batch may not show yet that some have been settled.
func unknownParts(ctx context.Context, c *Click) (unknown []*store.Request, now *cancellation.Batch, err error) {
	parts, err := c.Store.Requests.Parts(ctx, c.R.ID)
	for i := range parts {
		if parts[i].IsUnknown() {
			unknown = append(unknown, &parts[i])
		}
	}
	now, _ = c.R.Batch.WithParts(store.Plain(parts))
	return unknown, now, err
}

// revealFound copies into r what the click reveals, and that it has found out the outcome.
func (c *Click) revealFound(r *cancellation.Request) {
	c.In.Reveal(r)
	r.FoundBy = c.In.Person
}

// errCardBehind makes a click wait until its card shows the outcomes of its parts.
var errCardBehind = errors.New("another check has settled the outcome, and the card does not show it yet")

// saySettled answers a click when another check has already settled the outcome.
func (c *Click) saySettled(ctx context.Context) error {
	r, err := c.Store.Requests.Get(ctx, c.R.ID)
	switch {
	case err != nil:
		return err
	case r.IsUnknown():
		return &jobs.Later{Err: errCardBehind, After: step.PendingWait}
	}
	return c.Say(ctx, answer.Answer{Kind: answer.Settled, Request: r.Request})
}

// stillUnknown returns the answer that says why checking r again has settled nothing.
func stillUnknown(r cancellation.Request, readings []reading, now time.Time) answer.Answer {
	a := answer.Answer{Kind: answer.StillUnknown, Request: r, Class: cancellation.WhyOver}
	i := slices.IndexFunc(readings, func(r reading) bool { return r.verdict.Why != cancellation.WhyOver })
	err := readings[max(i, 0)].err
	if i >= 0 {
		a.Class = step.ClassOf(err)
	}
	a.Reference, a.Until = meetingapi.RequestID(err), step.AskedToWait(err, now)
	return a
}

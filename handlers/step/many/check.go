package many

import (
	"context"
	"errors"

	"meetingbot/handlers/step"
	"meetingbot/handlers/step/outcome"
	"meetingbot/handlers/step/press"
	"meetingbot/handlers/view/answer"
	"meetingbot/internal/cancellation"
	"meetingbot/internal/jobs"
	"meetingbot/internal/store"
)

// LookAgain looks again at the parts with an unknown outcome, and records what that
// settles; then the card is redrawn.
func LookAgain(ctx context.Context, c *press.Click) error {
	parts, err := c.Store.Requests.Parts(ctx, c.R.ID)
	if err != nil {
		return err
	}
	verdicts, errs := step.Map(parts, func(p store.Request) (outcome.Verdict, error) {
		if !p.IsUnknown() {
			return outcome.Verdict{}, nil
		}
		v, _, err := outcome.Look(ctx, c.Deps, p.Request)
		return v, err
	})
	if err := errors.Join(errs...); err != nil {
		return err
	}
	err = c.Done(ctx, []jobs.Job{{Step: step.PartStep, Subject: string(c.R.ID)}}, func(tx *store.Tx) error {
		known := 0
		for i, p := range parts {
			if !verdicts[i].Settled {
				continue
			}
			if err := outcome.Conclude(ctx, tx, &p, verdicts[i].Outcome, verdicts[i].Why, "", nil); err != nil {
				return err
			}
			known++
		}
		if known == 0 {
			return errNothingNew
		}
		return step.Change(ctx, tx, &c.R, func(r *store.Request) error { c.FromClick(&r.Request); return nil })
	})
	switch {
	case errors.Is(err, errNothingNew):
		return c.Say(ctx, answer.Answer{Kind: answer.StillUnknown, Request: c.R.Request, Class: whyUnclear(parts, verdicts)})
	case step.IsConflict(err):
		return c.Say(ctx, answer.Answer{Kind: answer.Settled, Request: c.R.Request}) // somebody who looked was first
	case err == nil:
		for _, v := range verdicts {
			if v.Settled {
				step.Observe(c.Observe.Question, string(v.Outcome))
			}
		}
	}
	return err
}

// whyUnclear is why looking again has settled none of the parts, if that is the same for
// all that are unknown.
func whyUnclear(parts []store.Request, found []outcome.Verdict) string {
	for i, p := range parts {
		if p.IsUnknown() && found[i].Why != cancellation.WhyOver {
			return ""
		}
	}
	return cancellation.WhyOver
}

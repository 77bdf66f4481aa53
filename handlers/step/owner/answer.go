package owner

import (
	"context"
	"errors"
	"time"

	"meetingbot/handlers/access"
	"meetingbot/handlers/step"
	"meetingbot/handlers/step/outcome"
	"meetingbot/handlers/step/press"
	"meetingbot/internal/cancellation"
	"meetingbot/internal/jobs"
	"meetingbot/internal/store"
	"meetingbot/meetingapi"
)

// Keep is the owner's button that keeps the meeting.
var Keep = press.Button{Ready: press.RecordPlace, Late: press.Late, Do: ifStillOwner(press.Keep.Press)}

// Confirm is the owner's button that cancels. The meeting is read before the click is
// accepted, not after: if it can't be read, the click is refused and the question stays
// open.
var Confirm = press.Button{Prefetch: press.ReadAhead, Ready: press.RecordPlace, Late: press.Late, Do: ifStillOwner(confirmQuestion)}

// ifStillOwner calls next if the person who was asked still owns the meeting. If that can't
// be looked up, the click is refused and the buttons stay.
func ifStillOwner(next func(context.Context, *press.Click) error) func(context.Context, *press.Click) error {
	return func(ctx context.Context, c *press.Click) error {
		q := c.Query(access.Keep, c.R.Request)
		limited, cancel := c.Within(ctx, step.RightsTime)
		_, refusal, err := c.Access.May(limited, q)
		cancel()
		switch {
		case err != nil:
			return c.CannotServe(ctx, err)
		case access.Disowned(q, refusal):
			return c.AnswerConflict(ctx, c.Closing().Refuse(ctx, c.R, outcome.NotOwner))
		case refusal != nil:
			return c.Say(ctx, *refusal)
		}
		return next(ctx, c)
	}
}

func confirmQuestion(ctx context.Context, c *press.Click) error {
	limited, cancel := c.Within(ctx, step.LookUpTime)
	if c.Reading = c.Reading.Recent(); c.Reading == nil {
		c.Reading = step.Resolved(c.Meetings.Meeting(limited, meetingapi.ID(c.R.Meeting.ID)))
	}
	m, err := c.Reading.Wait(limited)
	cancel()
	switch now := step.Facts(m, c.Store.Now()); {
	case step.IsGone(m, err): // the call will find out
	case err != nil:
		return c.CannotServe(ctx, err)
	case !c.R.Meeting.SameAs(now):
		return c.AskAgain(ctx, now, cancellation.AskAgainChanged)
	}
	return press.Confirm.Press(ctx, c)
}

// Mute keeps the meeting and stops the asker from asking this owner for a while.
var Mute = press.Button{Late: press.Late, Needs: access.Mute, Do: func(ctx context.Context, c *press.Click) error {
	until := c.In.At.Add(cancellation.MuteLife)
	err := c.Done(ctx, []jobs.Job{step.Report(&c.R)}, func(tx *store.Tx) error {
		err := step.ChangeAsked(ctx, tx, &c.R, func(r *store.Request) error {
			if err := outcome.Decline(&r.Request, c.In.Person, false, tx.Now()); err != nil {
				return err
			}
			r.MutedUntil = until
			c.In.Reveal(&r.Request)
			r.BeginReport(tx.Now())
			return nil
		})
		if err != nil {
			return err
		}
		step.ObserveAfter(tx, c.Observe.Question, string(store.EventMuted))
		return errors.Join(
			tx.Questions.Mute(ctx, c.In.Person, c.R.Asker, until),
			tx.Audit(ctx, store.RequestRow(c.R.Request, store.EventDeclined, c.In.Person, nil),
				store.RequestRow(c.R.Request, store.EventMuted, c.In.Person, map[string]string{"asker": c.R.Asker, "until": until.UTC().Format(time.RFC3339)})),
		)
	})
	return c.AnswerConflict(ctx, err)
}}

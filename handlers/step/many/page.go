package many

import (
	"context"
	"errors"
	"slices"

	"meetingbot/bot"
	"meetingbot/handlers/access"
	"meetingbot/handlers/step"
	"meetingbot/handlers/step/press"
	"meetingbot/handlers/view/action"
	"meetingbot/handlers/view/answer"
	"meetingbot/internal/cancellation"
	"meetingbot/internal/store"
)

// Review turns the card to its second page, which lists what is ticked. If two clicks come
// at once, the second is judged by the page that the first one left.
var Review = press.Button{Do: func(ctx context.Context, c *press.Click) error {
	pressed := press.Button{Late: press.Late, Do: review}
	err := pressed.Press(ctx, c)
	if !errors.Is(err, errTurned) {
		return err
	}
	if c.R, err = c.Store.Requests.Get(ctx, c.R.ID); err != nil {
		return err
	}
	return pressed.Press(ctx, c)
}}

// review turns the page that was clicked, if it is still the current one.
func review(ctx context.Context, c *press.Click) error {
	now, pressed := c.R.Batch, action.RevisionOf(c.In.Block)
	switch {
	case now.Review && slices.Equal(now.Ticked(), action.PickedMany(c.In.Selected)):
		return showPage(ctx, c) // clicked twice, or turned by an earlier run
	case pressed == now.Revision:
		return press.Button{Late: wrongTicks, Apply: applyTicks, Needs: access.Reason, Do: turnToReview}.Press(ctx, c)
	}
	return pageTurned(ctx, c)
}

func turnToReview(ctx context.Context, c *press.Click) error {
	revision := c.R.Batch.Revision
	owners, needed := ownersToTell(ctx, c), timeNeeded(c.Deps, c.After.Parts())
	return turn(ctx, c, func(now *cancellation.Batch) (*cancellation.Batch, error) {
		if now.Revision != revision {
			return nil, errTurned
		}
		now = now.WithTicks(action.PickedMany(c.In.Selected)).OnPage(true).WithOwners(owners)
		now.Takes = needed
		return now, nil
	})
}

// errTurned means that the page was turned, or its list changed, since the card was read.
// Ticks are positions in that list.
var errTurned = errors.New("the clicked page is no longer the current one")

// pageTurned redraws the card and says that the button was on an earlier page, whose ticks
// are positions in a list that may have changed.
func pageTurned(ctx context.Context, c *press.Click) error {
	if err := reload(ctx, c); err != nil {
		return err
	}
	if _, err := c.Board.Draw(ctx, c.R.Request); err != nil && !bot.Permanent(err) {
		return step.RetryLater(err)
	}
	return c.Say(ctx, answer.Answer{Kind: answer.PageTurned, Request: c.R.Request})
}

// showPage redraws the card and ends the run.
func showPage(ctx context.Context, c *press.Click) error {
	if err := reload(ctx, c); err != nil {
		return err
	}
	return c.Draw(ctx, answer.Busy)
}

// reload reads the request as it is stored now, to be drawn. If only a response_url reaches
// the card, the click's own is used: otherwise a few such clicks would use up the URL that the
// card needs at its end.
func reload(ctx context.Context, c *press.Click) (err error) {
	if c.R, err = c.Store.Requests.Get(ctx, c.R.ID); err == nil {
		c.In.Reveal(&c.R.Request)
	}
	return err
}

// wrongTicks answers a click for which nothing is ticked, or too much.
func wrongTicks(c *press.Click) *answer.Answer {
	b := c.R.Batch.WithTicks(action.PickedMany(c.In.Selected))
	if len(b.Ticked()) == 0 {
		return &answer.Answer{Kind: answer.NoneTicked, Request: c.R.Request}
	}
	return tooMany(c, b)
}

// tooMany answers a click for which more is ticked than one card may cancel: MANY_MAX was lowered
// since the card was asked.
func tooMany(c *press.Click, b *cancellation.Batch) *answer.Answer {
	if most := max(c.Rules.ManyMax, 1); len(b.Ticked()) > most {
		return &answer.Answer{Kind: answer.TooManyTicked, Request: c.R.Request, Count: most}
	}
	return nil
}

// applyTicks sets c.After to the request with the click's ticks.
func applyTicks(c *press.Click) {
	c.After.Batch = c.R.Batch.WithTicks(action.PickedMany(c.In.Selected)).OnPage(true)
}

// Back returns the card to its first page.
var Back = press.Button{Late: press.Late, Needs: access.Reason, Do: func(ctx context.Context, c *press.Click) error {
	if c.Run.Attempt > 0 && action.RevisionOf(c.In.Block) != c.R.Batch.Revision { // turned by an earlier run
		return showPage(ctx, c)
	}
	return turn(ctx, c, func(now *cancellation.Batch) (*cancellation.Batch, error) { return now.OnPage(false), nil })
}}

// turn records another page of the card and draws it.
func turn(ctx context.Context, c *press.Click, page func(*cancellation.Batch) (*cancellation.Batch, error)) error {
	err := c.Run.Record(ctx, func(tx *store.Tx) error {
		return step.ChangeAsked(ctx, tx, &c.R, func(r *store.Request) error {
			turned, err := page(r.Batch)
			if err != nil {
				return err
			}
			r.Batch = turned
			if c.In.At.After(r.TickedAt) {
				r.TickedAt = c.In.At // earlier ticks are on the page, or were left behind with it
			}
			c.Board.Announce(&r.Request, tx.Now())
			c.In.Reveal(&r.Request)
			return nil
		})
	})
	if err != nil {
		return c.AnswerConflict(ctx, err)
	}
	return c.Draw(ctx, answer.Busy)
}

// ownersToTell returns the owners of the ticked meetings, as far as they are found quickly;
// the rest are looked up again when they are to be told. If an owner turns the page and may
// confirm it, they probably will, and then don't need to be told.
func ownersToTell(ctx context.Context, c *press.Click) []cancellation.Owner {
	would := c.After
	would.ConfirmedAt = c.In.At
	refusal, err := c.May(ctx, access.Confirm, would)
	confirms := err == nil && refusal == nil
	ctx, cancel := context.WithTimeout(ctx, step.AnswerTime)
	defer cancel()
	owners, _ := step.Map(c.After.Batch.TickedOwners(), func(o cancellation.Owner) (cancellation.Owner, error) {
		o = findOwner(ctx, c.Deps, c.After.Batch, o)
		if confirms && o.User == c.In.Person {
			o.Result = cancellation.NoticeOwnAction
		}
		return o, nil
	})
	return owners
}

// findOwner looks up an owner in Slack.
func findOwner(ctx context.Context, d *step.Deps, b *cancellation.Batch, o cancellation.Owner) cancellation.Owner {
	at := slices.IndexFunc(b.Meetings, func(m cancellation.Meeting) bool { return m.OwnerUUID == o.UUID })
	if at < 0 {
		return o
	}
	found, err := d.Owners.Of(ctx, b.Meetings[at])
	switch {
	case err == nil && found.Found:
		o.User = string(found.Person.ID)
	case err == nil:
		o.Result = cancellation.NoticeNotFound
	}
	return o
}

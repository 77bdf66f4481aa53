package home

import (
	"cmp"
	"context"
	"errors"
	"slices"

	"meetingbot/bot"
	"meetingbot/handlers/access"
	"meetingbot/handlers/card"
	"meetingbot/handlers/step"
	"meetingbot/handlers/step/ask"
	"meetingbot/handlers/step/press"
	"meetingbot/handlers/view/action"
	"meetingbot/handlers/view/answer"
	"meetingbot/internal/cancellation"
	"meetingbot/internal/jobs"
	"meetingbot/internal/store"
)

// Press is the step that handles a click in Home that leads to a card, which is a direct
// message from the bot.
type Press struct {
	Asks  ask.Ask // asks about a listed meeting
	Offer press.Offer
}

// Run is the function to pass to [step.OfEnvelope].
func (s Press) Run(ctx context.Context, v *step.Visit) error {
	if err := v.Identify(ctx); err != nil {
		return v.CannotServe(ctx, err)
	}
	h, err := v.Store.Homes.Get(ctx, v.In.Person)
	if errors.Is(err, store.ErrNotFound) {
		return v.Say(ctx, answer.Answer{Kind: answer.UnknownButton})
	}
	if err != nil {
		return err
	}
	p := pressRun{Visit: v, press: s, home: h}
	if v.In.Action == action.HomeMeeting {
		return p.ask(ctx)
	}
	return p.show(ctx)
}

// A pressRun is one run of Press.
type pressRun struct {
	*step.Visit
	press Press
	home  store.Home
}

// ask asks about a listed meeting, as if its number had been typed in the direct messages.
func (p pressRun) ask(ctx context.Context) error {
	r, err := p.Store.Requests.Get(ctx, p.In.Started)
	if errors.Is(err, store.ErrNotFound) { // else an earlier run has begun
		i := slices.IndexFunc(p.home.Listed, func(l store.Listed) bool { return l.ID == p.In.Request })
		if i < 0 {
			return p.Say(ctx, answer.Answer{Kind: answer.HomeStale})
		}
		switch refusal, err := p.TooMany(ctx); {
		case err != nil:
			return p.CannotServe(ctx, err)
		case refusal != nil:
			return p.Say(ctx, *refusal)
		}
		fresh := *p.In
		fresh.Channel = cmp.Or(p.home.Channel, p.In.Person) // Slack accepts a user id for the direct messages
		fresh.Command.Number = p.home.Listed[i].Meeting
		r, err = p.Start(ctx, fresh, nil)
	}
	if err != nil {
		return err
	}
	return p.press.Asks.AskAbout(ctx, p.Visit, r)
}

// show posts the person a copy of a card that is elsewhere and waits for them. The copy ends
// in the same state.
func (p pressRun) show(ctx context.Context) error {
	switch earlier, err := p.Store.Envelopes.Pending(ctx, p.In.Request, p.In.At, action.HomeCard); {
	case err != nil:
		return err
	case earlier:
		return &jobs.Later{Err: errCopyPending, After: step.PendingWait}
	}
	r, err := p.Store.Requests.Get(ctx, p.In.Request)
	if errors.Is(err, store.ErrNotFound) || err == nil && r.IsQuestion() && r.For != p.In.Person { // a question is for the owner alone
		return p.Say(ctx, answer.Answer{Kind: answer.UnknownButton})
	}
	if err != nil {
		return err
	}
	c := &press.Click{Visit: p.Visit, R: r, After: r.Request, Offer: p.press.Offer}
	return press.Button{Late: press.Late, Needs: access.Confirm, Do: p.copy}.Press(ctx, c)
}

// errCopyPending makes a click wait for an earlier one, which may be posting the same copy.
var errCopyPending = errors.New("an earlier click asks for the same card, and is still being handled")

// copy posts the copy, unless there is one already or an earlier run has posted it.
func (p pressRun) copy(ctx context.Context, c *press.Click) error {
	r := c.R
	if at := copyIn(r.Request, p.home.Channel); at.TS != "" {
		return c.Say(ctx, answer.Answer{Kind: answer.OpenCard, Request: r.Request, Link: c.Board.Permalink(ctx, card.RefOf(at))})
	}
	theirs := cancellation.Card{Way: cancellation.ByDirect, Locale: c.Person.Locale}
	shown := c.Views.Card(r.On(theirs), c.Store.Now())
	ref, err := c.DMOnce(ctx, c.Run, bot.UserID(c.In.Person), shown, r.ID, cancellation.CardEffect, c.In.At)
	if err != nil && !bot.Permanent(err) {
		return step.RetryLater(err)
	}
	if err != nil {
		c.Logger(r.Request).WarnContext(ctx, "a card could not be copied", "user", c.In.Person, "error", err)
		return c.Done(ctx, nil, nil)
	}
	theirs.Channel, theirs.TS = string(ref.Channel), ref.TS
	return step.Insist(ctx, func() error { return recordCopy(ctx, c, theirs) })
}

// copyIn returns the card, or its copy, in a channel; zero if there is none.
func copyIn(r cancellation.Request, channel string) cancellation.Card {
	for _, c := range append([]cancellation.Card{r.Card}, r.Copies...) {
		if channel != "" && c.Channel == channel {
			return c
		}
	}
	return cancellation.Card{}
}

// recordCopy records that a card is a copy, and ends the run.
func recordCopy(ctx context.Context, c *press.Click, theirs cancellation.Card) error {
	stored := c.R
	return c.Done(ctx, nil, func(tx *store.Tx) error {
		err := step.Change(ctx, tx, &stored, func(r *store.Request) error {
			same := func(c cancellation.Card) bool { return card.RefOf(c) == card.RefOf(theirs) } // revealed by an early click
			r.Copies = append(slices.DeleteFunc(slices.Clone(r.Copies), same), theirs)
			if r.State != cancellation.Asked {
				c.Board.Announce(&r.Request, tx.Now())
			}
			return nil
		})
		switch {
		case err != nil || stored.State == cancellation.Asked:
			return err
		case stored.State == cancellation.Superseded:
			return giveToSuccessor(ctx, c, tx, stored, theirs)
		}
		return c.Queue.Enqueue(ctx, tx, step.Draw(&stored)) // it was answered while the copy was being posted
	})
}

// giveToSuccessor adds a copy to the request that took over the card of r while the copy was
// being posted. If that request is over too, the copy says that there is a newer card.
func giveToSuccessor(ctx context.Context, c *press.Click, tx *store.Tx, r store.Request, theirs cancellation.Card) error {
	fresh, err := step.Successor(ctx, tx.Requests.Requests, r)
	switch {
	case errors.Is(err, store.ErrNotFound):
		tx.AfterCommit(func() { c.Board.DrawElsewhere(r.Request, card.RefOf(theirs), cancellation.ResponseURL{}) })
		return nil
	case err != nil:
		return err
	}
	err = step.Change(ctx, tx, &fresh, func(r *store.Request) error {
		r.Copies = append(slices.Clone(r.Copies), theirs)
		c.Board.Announce(&r.Request, tx.Now())
		return nil
	})
	if err != nil {
		return err
	}
	return c.Queue.Enqueue(ctx, tx, step.Draw(&fresh))
}

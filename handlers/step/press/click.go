package press

import (
	"context"
	"errors"
	"time"

	"meetingbot/bot"
	"meetingbot/handlers/card"
	"meetingbot/handlers/step"
	"meetingbot/handlers/step/outcome"
	"meetingbot/handlers/view/answer"
	"meetingbot/internal/cancellation"
	"meetingbot/internal/jobs"
	"meetingbot/internal/store"
	"meetingbot/meetingapi"
)

// A Click is the press of a button, or the submission of a modal.
type Click struct {
	*step.Visit
	R       store.Request                     // the request it is about
	After   cancellation.Request              // R as it would be after the click
	Reading *step.Promise[meetingapi.Meeting] // of the meeting; nil: none was started
	Offer   Offer

	undecided *answer.Answer // to a click on a button that confirms, if it decides nothing
}

// Late returns the answer for a click made after the request was answered or had expired;
// nil if the click is in time.
func Late(c *Click) *answer.Answer { return late(c.R.Request, c.In.At) }

func late(r cancellation.Request, clicked time.Time) *answer.Answer {
	switch r.State {
	case cancellation.Asked:
		if clicked.Before(r.ExpiresAt) {
			return nil
		}
		return &answer.Answer{Kind: answer.CardExpired, Request: r}
	case cancellation.Expired:
		return &answer.Answer{Kind: answer.CardExpired, Request: r}
	case cancellation.Superseded:
		return &answer.Answer{Kind: answer.CardReplaced, Request: r}
	case cancellation.Received, cancellation.Confirmed, cancellation.Calling, cancellation.Done, cancellation.Declined:
	}
	return &answer.Answer{Kind: answer.AlreadyAnswered, Request: r, Who: r.ConfirmedBy}
}

// refuse tells the person why the click does nothing. If the card is over, it also redraws the
// message that was clicked, which may be a second copy or have missed its last draw.
func (c *Click) refuse(ctx context.Context, a answer.Answer) error {
	if c.R.State == cancellation.Asked && !c.Store.Now().Before(c.R.ExpiresAt) {
		err := c.Run.Record(ctx, func(tx *store.Tx) error { return outcome.ExpireIfDue(ctx, c.Deps, tx, c.R.ID) })
		if err != nil {
			return err
		}
	}
	switch {
	case !c.In.OnCard():
	case c.R.State == cancellation.Superseded:
		if err := c.drawSuccessor(ctx); err != nil {
			return err
		}
	case c.R.State.Final():
		c.Board.DrawElsewhere(c.R.Request, c.In.Message, c.In.ResponseURL())
	}
	return c.Say(ctx, a)
}

// drawSuccessor draws the request that took over this card. If the bot has left the channel,
// only the click's response_url can still edit the card.
func (c *Click) drawSuccessor(ctx context.Context) error {
	shown, err := step.Shown(ctx, c.Store.Requests, c.R)
	switch {
	case err != nil, shown.State == cancellation.Superseded: // the new request has a card of its own
		return err
	case shown.State.Final():
		c.Board.DrawElsewhere(shown.Request, c.In.Message, c.In.ResponseURL())
	}
	return c.Run.Record(ctx, func(tx *store.Tx) error { return c.follow(ctx, tx, &shown) })
}

// follow stores in r, which owns the card now, what the click reveals, and has the message drawn
// that was clicked if it is behind: a copy that shows a question that has been answered, or a
// card or copy that shows a question that r has taken over.
func (c *Click) follow(ctx context.Context, tx *store.Tx, r *store.Request) error {
	behind := false
	err := step.Change(ctx, tx, r, func(r *store.Request) error {
		copied := onCopy(c.In.Message, r.Request)
		behind = r.State != cancellation.Superseded && (copied || !r.State.Final()) && !cancellation.Blanked(r.Request)
		if !behind {
			return nil
		}
		c.In.Reveal(&r.Request)
		if behind = r.ID != c.R.ID || copied && r.State != cancellation.Asked; behind {
			c.Board.Announce(&r.Request, tx.Now())
		}
		return nil
	})
	if err != nil || !behind {
		return err
	}
	return c.Queue.Enqueue(ctx, tx, step.Draw(r))
}

// AnswerConflict tells the person who was first if err is a conflict. It returns any other
// error unchanged.
func (c *Click) AnswerConflict(ctx context.Context, err error) error {
	if !step.IsConflict(err) {
		return err
	}
	return c.sayWhoWasFirst(ctx, "")
}

// sayWhoWasFirst tells the person who was first. other is the answer if the request is still
// open after all.
func (c *Click) sayWhoWasFirst(ctx context.Context, other answer.Kind) error {
	r, err := c.Store.Requests.Get(ctx, c.R.ID)
	if err != nil {
		return err
	}
	a := late(r.Request, c.In.At)
	switch {
	case a == nil && other == "":
		return errors.New("conflict on a request that is still open")
	case a == nil:
		a = &answer.Answer{Kind: other, Request: r.Request}
	}
	return c.Say(ctx, *a)
}

// Draw draws the card and ends the run. Unless the person is certain to see the draw, they are
// told otherwise.
func (c *Click) Draw(ctx context.Context, otherwise answer.Kind) error {
	switch at, err := c.Board.Draw(ctx, c.R.Request); {
	case err != nil && !bot.Permanent(err):
		return step.RetryLater(err)
	case err == nil && (at.Shows(c.In.Person) || card.IsCopy(c.R.Request, c.In.Message)):
		return c.Done(ctx, nil, nil)
	}
	return c.Say(ctx, answer.Answer{Kind: otherwise, Request: c.R.Request})
}

// Closing returns what ends requests without a call, and the run with them. The request that keeps
// the card gets what the click reveals, and who has found out.
func (c *Click) Closing() outcome.Closing {
	return outcome.Closing{Deps: c.Deps, End: c.Done, Also: c.revealFound}
}

// AskAgain asks again about the meeting as it is now instead of doing what was clicked.
func (c *Click) AskAgain(ctx context.Context, now cancellation.Meeting, why cancellation.AskAgain) error {
	err := c.Closing().AskAgain(ctx, c.R, c.In.Person, now, why)
	return c.AnswerConflict(ctx, err)
}

// CannotServe is [step.Visit.CannotServe], but never gives up an Undo that the call is
// waiting for. It keeps checking whether the person may undo until the confirmation is too
// old, because giving up would let the call go out after an Undo.
func (c *Click) CannotServe(ctx context.Context, cause error) error {
	if c.GivesUp(cause) {
		switch waits, err := c.callIsWaiting(ctx); {
		case err != nil:
			return err
		case waits:
			return &jobs.Later{Err: cause, After: undoRetry}
		}
	}
	return c.Visit.CannotServe(ctx, cause)
}

// PrepareLink fetches in the background the address of the card, which reports will need. The
// click itself may reveal where the card is.
func (c *Click) PrepareLink() {
	r := c.R.Request
	c.In.Reveal(&r)
	c.Board.PrepareLink(r)
}

// isPlaced reports whether the bot knows the message that was clicked, and can edit it without
// a response_url. Such a click reveals nothing.
func (c *Click) isPlaced() bool {
	if c.R.Card.Way == cancellation.ByResponse && c.R.Card.Channel == string(c.In.Message.Channel) {
		return false
	}
	return card.RefOf(c.R.Card) == c.In.Message || card.IsCopy(c.R.Request, c.In.Message)
}

// onCopy reports whether the message that was clicked is a copy of r's card.
func onCopy(clicked bot.MessageRef, r cancellation.Request) bool {
	return r.Card.TS != "" && card.RefOf(r.Card) != clicked
}

// Say answers the person with one sentence and ends the run: the click is handled. It also
// stores what the click reveals about a card that was posted through a response_url, that
// isn't recorded yet, or that Slack posted twice.
func (c *Click) Say(ctx context.Context, a answer.Answer) error {
	if !c.In.OnCard() || c.isPlaced() || c.R.State.Final() && !onCopy(c.In.Message, c.R.Request) {
		return c.Visit.Say(ctx, a)
	}
	return c.Answer(ctx, c.Sentence(a), func(tx *store.Tx) error { return c.follow(ctx, tx, &c.R) })
}

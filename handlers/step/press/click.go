package press

import (
	"context"
	"errors"
	"time"

	"meetingbot/bot"
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
	R       store.Request                     // which it is about
	Would   cancellation.Request              // R, as it would stand afterwards
	Meeting *step.Promise[meetingapi.Meeting] // the meeting, where it is being read, or was; may be nil

	// Offer is what is said to a person who may not confirm; nil: only that.
	Offer   func(context.Context, *Click, answer.Answer) (answer.Answer, error)
	refusal *answer.Answer // why a button that the person may press decides nothing
}

// Late says why the request was no longer waiting for an answer when the click was
// made; nil if it was.
func Late(c *Click) *answer.Answer { return late(c.R.Request, c.In.At) }

func late(r cancellation.Request, done time.Time) *answer.Answer {
	switch r.State {
	case cancellation.Asked:
		if done.Before(r.ExpiresAt) {
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

// tooLate answers a click that came too late, and repairs the card that was clicked:
// it may be a second copy, or have missed its last change.
func (c *Click) tooLate(ctx context.Context, a answer.Answer) error {
	if c.R.State == cancellation.Asked && !c.Store.Now().Before(c.R.ExpiresAt) {
		err := c.Run.Record(ctx, func(tx *store.Tx) error { return outcome.ExpireIfDue(ctx, c.Deps, tx, c.R.ID, c.Run.Enqueue) })
		if err != nil {
			return err
		}
	}
	switch {
	case c.In.Message.IsZero(), c.In.Ephemeral:
	case c.R.State == cancellation.Superseded:
		if err := c.drawSuccessor(ctx); err != nil {
			return err
		}
	case c.R.State.Final():
		c.Board.DrawElsewhere(c.R.Request, c.In.Message, c.In.ResponseURL())
	}
	return c.Say(ctx, a)
}

// drawSuccessor has the card drawn that took this one's place: where the bot is no member any
// more only a click lets it be seen.
func (c *Click) drawSuccessor(ctx context.Context) error {
	shown, err := step.Shown(ctx, c.Store.Requests, c.R)
	switch {
	case err != nil, shown.State == cancellation.Superseded: // by a card of its own
		return err
	case shown.State.Final():
		c.Board.DrawElsewhere(shown.Request, c.In.Message, c.In.ResponseURL())
		return nil
	}
	err = c.Run.Record(ctx, func(tx *store.Tx) error {
		err := step.ChangeAsked(ctx, tx, &shown, func(r *store.Request) error {
			c.In.Reveal(&r.Request)
			c.Board.Announce(&r.Request, tx.Now())
			return nil
		})
		return errors.Join(err, c.Run.Enqueue(ctx, tx, step.Draw(&shown)))
	})
	return step.IgnoreConflict(err) // answered this very moment
}

// AnswerConflict returns err, except that it answers a click that came second: the person
// is told who was first.
func (c *Click) AnswerConflict(ctx context.Context, err error) error {
	if !step.IsConflict(err) {
		return err
	}
	return c.cameSecond(ctx, "")
}

// cameSecond tells the person who was first. other is the answer if the request is still waiting after all.
func (c *Click) cameSecond(ctx context.Context, other answer.Kind) error {
	r, err := c.Store.Requests.Get(ctx, c.R.ID)
	if err != nil {
		return err
	}
	a := late(r.Request, c.In.At)
	switch {
	case a == nil && other == "":
		return errors.New("a click lost against nobody")
	case a == nil:
		a = &answer.Answer{Kind: other, Request: r.Request}
	}
	return c.Say(ctx, *a)
}

// Draw draws the card and ends the run. Where Slack does not take the card any more, the
// person gets the answer otherwise instead.
func (c *Click) Draw(ctx context.Context, otherwise answer.Kind) error {
	switch _, err := c.Board.Draw(ctx, c.R.Request); {
	case bot.Permanent(err):
		return c.Say(ctx, answer.Answer{Kind: otherwise, Request: c.R.Request})
	case err != nil:
		return step.RetryLater(err)
	}
	return c.Done(ctx, nil, nil)
}

// AskAgain asks again about the meeting as it is now, in the place of what the click wants.
func (c *Click) AskAgain(ctx context.Context, now cancellation.Meeting, why cancellation.Anew) error {
	return outcome.Closing{Deps: c.Deps, End: c.Done, Learn: c.In.Reveal}.AskAgain(ctx, c.R, c.In.Person, now, why)
}

// CannotServe is [step.Visit.CannotServe], but never gives up an Undo that the call is
// waiting for. It keeps trying to find out whether the person may undo until the
// confirmation is too old: giving up would mean carrying out what was undone.
func (c *Click) CannotServe(ctx context.Context, cause error) error {
	if c.GivesUp(cause) {
		switch waits, err := c.callWaits(ctx); {
		case err != nil:
			return err
		case waits:
			return &jobs.Later{Err: cause, After: undoAgain}
		}
	}
	return c.Visit.CannotServe(ctx, cause)
}

// placed reports whether the bot knows where a card is and can change it there by itself: a
// click on it reveals nothing then.
func placed(c cancellation.Card) bool { return c.TS != "" && c.Way != cancellation.ByResponse }

// Say answers the person with one sentence: the click is handled. It keeps what the click
// reveals of a card that was posted through a response_url, or whose way is not known yet.
func (c *Click) Say(ctx context.Context, a answer.Answer) error {
	if c.In.Message.IsZero() || c.R.State.Final() || placed(c.R.Card) {
		return c.Visit.Say(ctx, a)
	}
	return c.Answer(ctx, c.Sentence(a), func(tx *store.Tx) error {
		return step.Change(ctx, tx, &c.R, func(r *store.Request) error {
			if !r.State.Final() {
				c.In.Reveal(&r.Request)
			}
			return nil
		})
	})
}

package press

import (
	"context"
	"errors"
	"time"

	"meetingbot/bot"
	"meetingbot/handlers/access"
	"meetingbot/handlers/step"
	"meetingbot/handlers/view/answer"
	"meetingbot/handlers/view/modal"
	"meetingbot/internal/cancellation"
	"meetingbot/internal/store"
)

// reasonTime limits the access check of a click that opens a modal. It is enough for what is
// cached or stored, or answered right away.
const reasonTime = 100 * time.Millisecond

// AddReason opens the modal that takes a reason. Whether the person may give one is checked
// when it is submitted, because the trigger_id expires in seconds. A person who certainly
// may not is told right away.
var AddReason = Button{Do: func(ctx context.Context, c *Click) error {
	c.Recall()
	if a := Late(c); a != nil {
		return c.Say(ctx, *a)
	}
	if !c.Access.Likely(bot.UserID(c.In.Person), c.R.Request) {
		if refused := c.quickCheck(ctx); refused != nil {
			return c.Say(ctx, *refused)
		}
	}
	// Before the modal opens, because its submission redraws the card.
	if err := RecordPlace(ctx, c); err != nil {
		return err
	}
	return c.OpenModal(ctx, modal.Reason(c.Page(), c.R.Request))
}}

// RecordPlace records what the click reveals about an open card: where it is, if it was or may
// have been posted through a response_url, or if the click was quicker than the run that
// posted it. Later draws then find it, rather than post a second one.
func RecordPlace(ctx context.Context, c *Click) error {
	if c.R.State != cancellation.Asked || c.isPlaced() {
		return nil
	}
	err := c.Run.Record(ctx, func(tx *store.Tx) error {
		return step.Change(ctx, tx, &c.R, func(r *store.Request) error {
			if r.State == cancellation.Asked {
				c.In.Reveal(&r.Request)
			}
			return nil
		})
	})
	c.After = c.R.Request
	return err
}

// quickCheck returns why the person may not give a reason; nil if they may, or if that can't
// be found out at once.
func (c *Click) quickCheck(ctx context.Context) *answer.Answer {
	ctx, cancel := context.WithTimeout(ctx, reasonTime)
	defer cancel()
	if c.Identify(ctx) != nil {
		return nil
	}
	refused, _ := c.May(ctx, access.Reason, c.R.Request)
	return refused
}

// SaveReason puts the reason on the card. A repeated run only redraws the card, because
// storing the reason again could overwrite a later one.
var SaveReason = Button{Do: func(ctx context.Context, c *Click) error {
	if err := c.followCard(ctx); err != nil {
		return err
	}
	c.In.Channel = c.R.Card.Channel // a modal has no channel of its own
	if c.In.Kind == step.KindReason {
		return c.drawReason(ctx)
	}
	return Button{Late: Late, Needs: access.Reason, Do: recordReason}.Press(ctx, c)
}}

// followCard switches to the request that took over the card while the modal was open,
// because the reason is meant for the card as it is now.
func (c *Click) followCard(ctx context.Context) error {
	if c.R.State != cancellation.Superseded {
		return nil
	}
	r, err := step.Successor(ctx, c.Store.Requests, c.R)
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	if err == nil {
		c.R, c.After = r, r.Request
	}
	return err
}

func recordReason(ctx context.Context, c *Click) error {
	err := c.Run.Record(ctx, func(tx *store.Tx) error {
		err := step.ChangeAsked(ctx, tx, &c.R, func(r *store.Request) error {
			r.Reason = c.In.ShortReason()
			if r.Batch != nil && !r.Batch.Review {
				r.Batch = r.Batch.OnPage(false) // so that everyone sees the ticks
			}
			c.Board.Announce(&r.Request, tx.Now())
			return nil
		})
		if err != nil {
			return err
		}
		if err := tx.Envelopes.Relabel(ctx, c.In.ID, step.KindReason); err != nil {
			return err
		}
		return tx.Audit(ctx, store.RequestRow(c.R.Request, store.EventReason, c.In.Person, map[string]string{"reason": c.R.Reason}))
	})
	if err != nil {
		return c.AnswerConflict(ctx, err)
	}
	c.In.Kind = step.KindReason
	return c.drawReason(ctx)
}

// drawReason draws the card with the latest reason.
func (c *Click) drawReason(ctx context.Context) error {
	if c.R.State != cancellation.Asked {
		return c.Done(ctx, nil, nil)
	}
	return c.Draw(ctx, answer.ReasonSaved) // the reason counts even if the card can't show it
}

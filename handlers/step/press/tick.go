package press

import (
	"context"

	"meetingbot/handlers/access"
	"meetingbot/handlers/step"
	"meetingbot/handlers/view/action"
	"meetingbot/internal/cancellation"
	"meetingbot/internal/store"
)

// Tick stores a tick so that a redrawn card shows it again. It decides nothing, because
// every button sends the ticks with it. Ticks by people who may not press the buttons are
// dropped. A tick gets no answer.
var Tick = Button{AnyAge: true, Do: tick}

func tick(ctx context.Context, c *Click) error {
	if c.R.State != cancellation.Asked {
		return c.Done(ctx, nil, nil)
	}
	refused, err := c.May(ctx, access.Tick, c.R.Request)
	if err != nil && c.Run.Attempt < 2 {
		return step.RetryLater(err)
	}
	if err != nil || refused != nil {
		return c.Done(ctx, nil, nil)
	}
	err = c.Done(ctx, nil, func(tx *store.Tx) error {
		return step.ChangeAsked(ctx, tx, &c.R, func(r *store.Request) error {
			if r.TickedAt.After(c.In.At) {
				return store.ErrConflict
			}
			c.storeTicks(&r.Request)
			return nil
		})
	})
	if step.IsConflict(err) {
		return c.Done(ctx, nil, nil)
	}
	return err
}

// storeTicks stores the ticks of the click. On a card about several meetings it skips those
// on an older page, because a tick is a position in that page's list.
func (c *Click) storeTicks(r *cancellation.Request) {
	if r.Batch != nil && c.In.Action != action.InputTell { // only its first page has other boxes
		if !r.Batch.Review && action.RevisionOf(c.In.Block) == r.Batch.Revision {
			r.Batch, r.TickedAt = r.Batch.WithTicks(action.PickedMany(c.In.Selected)), c.In.At
		}
		return
	}
	r.TickedAt = c.In.At
	if c.Rules.TellInvited == cancellation.TellAsk {
		r.Telling.Wanted = action.TellTicked(c.In.Selected)
	}
	if r.Meeting.Recurring && r.Scope == cancellation.Undecided {
		r.Chosen = ticked(c.In, r.Meeting)
	}
}

// ticked returns the ids of the ticked dates. A tick is a position in the stored list,
// checked against it.
func ticked(in *step.Envelope, m cancellation.Meeting) (ids []string) {
	for _, i := range action.Picked(in.Selected) {
		if i < len(m.Occurrences) {
			ids = append(ids, m.Occurrences[i].ID)
		}
	}
	return ids
}

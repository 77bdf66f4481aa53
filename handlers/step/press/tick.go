package press

import (
	"context"

	"meetingbot/handlers/access"
	"meetingbot/handlers/step"
	"meetingbot/handlers/view/action"
	"meetingbot/internal/cancellation"
	"meetingbot/internal/store"
)

// Tick stores what somebody has ticked, so that a redrawn card shows it again. It
// decides nothing: what counts is sent with the button that is pressed. Ticks by people
// who may not press are not stored, and nobody is told about a tick.
var Tick = Verb{AnyAge: true, Do: tick}

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
			c.keepTicks(&r.Request)
			return nil
		})
	})
	if step.IsConflict(err) {
		return c.Done(ctx, nil, nil)
	}
	return err
}

func (c *Click) keepTicks(r *cancellation.Request) {
	if r.Batch != nil && c.In.Action != action.InputTell { // its first page, which has no other boxes
		if c.keepFirstPage(r) {
			r.TickedAt = c.In.At
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

// keepFirstPage keeps what is ticked on the first page of a card with several meetings, if
// that is the current page: a tick is a position in its list.
func (c *Click) keepFirstPage(r *cancellation.Request) bool {
	if r.Batch.Review || action.RevisionOf(c.In.Block) != r.Batch.Revision {
		return false
	}
	r.Batch = r.Batch.WithTicks(action.PickedMany(c.In.Selected))
	return true
}

// ticked are the ids of the dates that are ticked. A tick is a position in the
// stored list, checked against it.
func ticked(in *step.Envelope, m cancellation.Meeting) (ids []string) {
	for _, i := range action.Picked(in.Selected) {
		if i < len(m.Occurrences) {
			ids = append(ids, m.Occurrences[i].ID)
		}
	}
	return ids
}

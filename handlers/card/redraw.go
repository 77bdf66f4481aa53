package card

import (
	"context"
	"reflect"
	"time"

	"meetingbot/bot"
	"meetingbot/internal/background"
	"meetingbot/internal/cancellation"
)

// redrawDelays is when a card is redrawn, counted from the draw that had to wait for an
// unanswered one. Slack hardly ever applies a draw that late, but if it did, the old state
// would stay forever.
var redrawDelays = []time.Duration{30 * time.Second, 90 * time.Second, 4 * time.Minute}

// While the database or Slack is down, a redraw is retried every few seconds, and given up
// after an hour: by then, operators are reading the log.
const (
	redrawGap  = 5 * time.Second
	redrawTime = time.Hour
)

// redrawStored draws the stored state of a request, with retries. If drawn is not nil, it was
// just drawn, and nothing happens unless the stored state looks different.
func (b *Board) redrawStored(id cancellation.ID, drawn *cancellation.Request) {
	b.inBackground(redrawTime, func(ctx context.Context) {
		for {
			err := b.redrawLatest(ctx, id, drawn)
			if err == nil {
				return
			}
			b.log.WarnContext(ctx, "card not redrawn after a late draw", "request", id, "error", err)
			if bot.Permanent(err) {
				return
			}
			if background.Sleep(ctx, redrawGap) != nil {
				return
			}
		}
	})
}

// redrawLatest draws the stored state of a request if the card will stay like that and doesn't
// show it already.
func (b *Board) redrawLatest(ctx context.Context, id cancellation.ID, drawn *cancellation.Request) error {
	ctx, cancel := context.WithTimeout(ctx, drawTime)
	defer cancel()
	r, err := b.latest(ctx, id)
	if err != nil || !isStable(r) || drawn != nil && b.looksSame(r, *drawn) {
		return err
	}
	_, err = b.Draw(ctx, r)
	return err
}

// looksSame reports whether two requests look the same on a card.
func (b *Board) looksSame(r, other cancellation.Request) bool {
	now := b.now()
	return reflect.DeepEqual(b.views.Card(r, now), b.views.Card(other, now))
}

// isStable reports whether the card of r stays as it is for now. A card in progress will be
// redrawn anyway.
func isStable(r cancellation.Request) bool {
	return r.State.Final() && r.State != cancellation.Superseded || r.State == cancellation.Asked || !r.WaitUntil.IsZero()
}

// redrawLater redraws a card after each of the redrawDelays, if this process lives that long.
func (b *Board) redrawLater(d *draws, id cancellation.ID) {
	draws := b.inBackground(redrawDelays[len(redrawDelays)-1]+drawTime, func(ctx context.Context) {
		defer d.redrawing.Store(false)
		begun := time.Now()
		for _, after := range redrawDelays {
			if background.Sleep(ctx, after-time.Since(begun)) != nil {
				return
			}
			b.redrawStored(id, nil)
		}
	})
	if !draws {
		d.redrawing.Store(false)
	}
}

// isStored reports whether the stored state is the one that r is in; false if it can't be
// read.
func (b *Board) isStored(ctx context.Context, r cancellation.Request) bool {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	stored, err := b.latest(ctx, r.ID)
	return err == nil && stateOf(stored) == stateOf(r)
}

package card

import (
	"context"
	"reflect"
	"time"

	"meetingbot/bot"
	"meetingbot/internal/cancellation"
)

// muchLater is when a card is drawn over once more, counted from the draw that had to wait
// for an unanswered one. Slack hardly ever carries out a draw that late, but one that it does
// would stay for good.
var muchLater = []time.Duration{30 * time.Second, 90 * time.Second, 4 * time.Minute}

// While the database or Slack is away, drawing over is tried every few seconds, and given up
// after so long: by then, people look after what the log complains of.
const (
	overGap  = 5 * time.Second
	overTime = time.Hour
)

// drawOver draws a request as it is stored, and keeps trying. If drawn is not nil, it was
// just drawn, and only what differs from it is drawn over it.
func (b *Board) drawOver(id cancellation.ID, drawn *cancellation.Request) {
	b.inBackground(overTime, func(ctx context.Context) {
		for {
			err := drawLatest(ctx, b, id, drawn)
			if err == nil {
				return
			}
			b.log.WarnContext(ctx, "a late drawing could not be drawn over", "request", id, "error", err)
			if bot.Permanent(err) {
				return
			}
			select {
			case <-ctx.Done():
				return
			case <-time.After(overGap):
			}
		}
	})
}

// drawLatest draws a request as it is stored, if its card is to stay like that and does not
// show it already.
func drawLatest(ctx context.Context, b *Board, id cancellation.ID, drawn *cancellation.Request) error {
	ctx, cancel := context.WithTimeout(ctx, drawTime)
	defer cancel()
	r, err := b.latest(ctx, id)
	if err != nil || !stays(r) || drawn != nil && alike(b.views, r, *drawn, b.now()) {
		return err
	}
	_, err = b.Draw(ctx, r)
	return err
}

// alike reports whether two requests look the same on a card.
func alike(v Renderer, r, other cancellation.Request, now time.Time) bool {
	return reflect.DeepEqual(v.Card(r, now), v.Card(other, now))
}

// stays reports whether the card of r is to stay as it is. A card in progress will be redrawn
// anyway.
func stays(r cancellation.Request) bool {
	return r.State.Final() && r.State != cancellation.Superseded || r.State == cancellation.Asked || !r.WaitUntil.IsZero()
}

// drawOverLater draws a card over, [muchLater], while this process lives.
func (b *Board) drawOverLater(d *drawing, id cancellation.ID) {
	draws := b.inBackground(muchLater[len(muchLater)-1]+drawTime, func(ctx context.Context) {
		defer d.later.Store(false)
		begun := time.Now()
		for _, after := range muchLater {
			select {
			case <-ctx.Done():
				return
			case <-time.After(after - time.Since(begun)):
				b.drawOver(id, nil)
			}
		}
	})
	if !draws {
		d.later.Store(false)
	}
}

package card

import (
	"cmp"
	"context"

	"meetingbot/bot"
	"meetingbot/internal/cancellation"
)

// changeAll draws r on its card and on the card's copies. A copy that can be drawn later keeps the
// draw of a final state open even if the card can't be changed any more. A question doesn't
// wait for that: a copy that is out of date is redrawn when it is pressed.
func (b *Board) changeAll(ctx context.Context, d *draws, r cancellation.Request) (at Landing, err error) {
	at, shown := d.takeLanding(r)
	if !shown {
		at, err = b.change(ctx, d, r)
	}
	var behind error
	for _, c := range r.Copies {
		if e := b.slack.Update(ctx, RefOf(c), b.marked(r.On(c))); e != nil && !bot.Permanent(e) {
			behind = cmp.Or(behind, e)
		}
	}
	switch {
	case behind == nil, err != nil && (!bot.Permanent(err) || !r.State.Final()):
		return at, err
	case err == nil && r.State.Final():
		b.keepLanding(d, r, at)
	}
	return at, behind
}

// landed is a state that a card shows through a response_url, and to whom.
type landed struct {
	state, url string
	at         Landing
}

// keepLanding remembers that the card of r shows its state, so that drawing the copies again
// doesn't use up the answers of its response_url. It doesn't while an earlier draw may still
// replace this one.
func (b *Board) keepLanding(d *draws, r cancellation.Request, at Landing) {
	if r.Card.Way != cancellation.ByResponse || b.replaceableFor(d, r) > 0 {
		return
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.open) <= 1 { // only this draw
		d.landed = &landed{stateOf(r), r.Response.URL, at}
	}
}

// takeLanding returns where the card of r landed if it already shows this state. It says so
// once.
func (d *draws) takeLanding(r cancellation.Request) (Landing, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	l := d.landed
	d.landed = nil
	if l == nil || l.state != stateOf(r) || l.url != r.Response.URL {
		return Landing{}, false
	}
	return l.at, true
}

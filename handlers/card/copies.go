package card

import (
	"cmp"
	"context"
	"time"

	"meetingbot/bot"
	"meetingbot/internal/cancellation"
)

// show draws r on its card and on the card's copies. A copy that can be drawn later keeps the
// draw of a final state open even if the card can't be changed any more. A question doesn't
// wait for that: a copy that is out of date is redrawn when it is pressed.
func (b *Board) show(ctx context.Context, d *draws, r cancellation.Request) (at Landing, err error) {
	at, shown := d.takeLanding(r, b.now())
	if !shown {
		at, err = b.change(ctx, d, r)
	}
	var behind error
	for _, c := range r.Copies {
		if e := b.slack.Update(ctx, RefOf(c), b.marked(r.On(c))); e != nil && !bot.Permanent(e) {
			behind = cmp.Or(behind, e)
		}
	}
	if err == nil && at.Again == 0 && isKnownEnd(r) {
		b.keepLanding(d, r, at, behind != nil)
	}
	if behind == nil || err != nil && (!bot.Permanent(err) || !r.State.Final()) {
		return at, err
	}
	return at, behind
}

// landed is a state that a card shows through a response_url, and to whom.
type landed struct {
	state, url string
	at         Landing
	until      time.Time // until when an earlier draw may replace it; zero if none can
}

// keepLanding remembers that the card of r shows its end, so that it isn't drawn again for
// nothing: that would use up the answers of its response_url. If an earlier draw may still
// replace this one, once more is enough, when it can't any longer; if a copy is behind, only
// the copies are left to draw.
func (b *Board) keepLanding(d *draws, r cancellation.Request, at Landing, behind bool) {
	l := &landed{state: stateOf(r), url: r.Response.URL, at: at}
	if until := b.replaceableUntil(d, r); until.After(b.now()) {
		l.until = until
	} else if !behind {
		return
	}
	if !d.usesResponseURL(r) {
		return
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.open) <= 1 { // only this draw
		d.landed = l
	}
}

// takeLanding returns where the card of r landed if it shows this state and needn't be drawn
// now. That only the copies are left to draw, it says once.
func (d *draws) takeLanding(r cancellation.Request, now time.Time) (Landing, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	l := d.landed
	fits := l != nil && l.state == stateOf(r) && l.url == r.Response.URL
	if fits && now.Before(l.until) {
		return Landing{Again: l.until.Sub(now), Only: l.at.Only}, true
	}
	d.landed = nil
	if !fits || !l.until.IsZero() {
		return Landing{}, false
	}
	return l.at, true
}

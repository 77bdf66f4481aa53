package socket

import (
	"context"
	"math/rand/v2"
	"sync"
	"time"

	"meetingbot/internal/background"
)

const (
	openEvery    = time.Second            // minimum time between calls of apps.connections.open, except the first ones
	backoffFirst = 500 * time.Millisecond // longest pause after one failure
	backoffMost  = 15 * time.Second       // longest pause after many
	stableAfter  = 30 * time.Second       // a connection that lived this long resets the failure count to 0
	usableAfter  = 5 * time.Second        // one that lived this long resets it to 1
)

// pacer spaces the bot's attempts to connect, however they fail: refused, hanging, closed at once. Slack limits those
// calls per app, and must not be hit by many bots reconnecting at the same moment.
type pacer struct {
	mu       sync.Mutex
	free     int       // attempts that needn't wait: initially one per connection
	next     time.Time // no new attempt before this
	held     time.Time // no attempt before this, not even one that has waited for its turn
	failures int       // in a row
}

func (p *pacer) wait(ctx context.Context) error {
	for {
		if err := background.Sleep(ctx, p.reserve()); err != nil {
			return err
		}
		if !p.isHeld() { // a 429 may have come while the caller slept
			return nil
		}
	}
}

// reserve takes the next slot and returns how far off it is.
func (p *pacer) reserve() time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := time.Now()
	at := later(now, p.next)
	if p.free > 0 && !p.next.After(now) {
		p.free--
		return 0
	}
	p.next = at.Add(openEvery)
	return at.Sub(now)
}

// ended records that a connection ended after the given time, or failed if lived is zero. It returns how long the next
// attempt has to wait.
func (p *pacer) ended(lived time.Duration) time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case lived >= stableAfter:
		p.failures = 0
		return 0
	case lived >= usableAfter:
		p.failures = 1
	default:
		p.failures++
	}
	pause := backoffMost
	if shift := p.failures - 1; shift < 10 {
		pause = min(pause, backoffFirst<<shift)
	}
	pause = pause/2 + rand.N(pause/2) // #nosec G404 -- jitter
	p.next = later(p.next, time.Now().Add(pause))
	return pause
}

// hold delays every attempt by d, as a 429 asks.
func (p *pacer) hold(d time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.free = 0
	p.held = later(p.held, time.Now().Add(d))
	p.next = later(p.next, p.held)
}

func (p *pacer) isHeld() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return time.Now().Before(p.held)
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

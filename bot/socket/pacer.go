package socket

import (
	"context"
	"math/rand/v2"
	"sync"
	"time"
)

const (
	openEvery    = time.Second            // minimum time between calls of apps.connections.open, except the first ones
	backoffFirst = 500 * time.Millisecond // longest pause after the first failure in a row
	backoffMost  = 15 * time.Second       // longest pause after many
	livedWell    = 30 * time.Second       // a connection that lived this long ends the row of failures
	livedAWhile  = 5 * time.Second        // and one that lived this long restarts it
)

// pacer spaces the attempts to open a connection over the whole bot, whatever goes wrong with them: refused, hanging,
// accepted and closed, told to go away at once. Slack counts those calls per app, and many bots reconnecting at the
// same moment are the last thing it needs.
type pacer struct {
	mu       sync.Mutex
	free     int       // attempts that need not wait: one per connection, at the start
	next     time.Time // no attempt before
	held     time.Time // no attempt before, not even one whose turn has come
	failures int       // in a row
}

func newPacer(free int) *pacer { return &pacer{free: free} }

func (p *pacer) wait(ctx context.Context) error {
	for {
		if err := sleep(ctx, p.reserve(time.Now())); err != nil {
			return err
		}
		if !p.isHeld(time.Now()) { // a 429 may have come while the caller slept
			return nil
		}
	}
}

// reserve takes the next attempt and returns how far off it is.
func (p *pacer) reserve(now time.Time) time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	at := later(now, p.next)
	if p.free > 0 && !p.next.After(now) {
		p.free--
		return 0
	}
	p.next = at.Add(openEvery)
	return at.Sub(now)
}

// ended reports that a connection ended after living for the given time, zero if it was never made. It returns how long
// the next attempt has to wait.
func (p *pacer) ended(now time.Time, lived time.Duration) time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case lived >= livedWell:
		p.failures = 0
		return 0
	case lived >= livedAWhile:
		p.failures = 1
	default:
		p.failures++
	}
	pause := backoffMost
	if shift := p.failures - 1; shift < 10 {
		pause = min(pause, backoffFirst<<shift)
	}
	pause = pause/2 + rand.N(pause/2) // #nosec G404 -- jitter
	p.next = later(p.next, now.Add(pause))
	return pause
}

// hold keeps every attempt back for d, as a 429 asks.
func (p *pacer) hold(now time.Time, d time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.free = 0
	p.held = later(p.held, now.Add(d))
	p.next = later(p.next, p.held)
}

func (p *pacer) isHeld(now time.Time) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return now.Before(p.held)
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// sleep waits for d, or less if ctx ends.
func sleep(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return ctx.Err()
	}
	select {
	case <-time.After(d):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

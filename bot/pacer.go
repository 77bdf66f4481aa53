package bot

import (
	"context"
	"math/rand/v2"
	"sync"
	"time"
)

const (
	openEvery    = time.Second            // no more than one apps.connections.open in that time, the first ones excepted
	backoffFirst = 500 * time.Millisecond // the pause after the first failure in a row, at most
	backoffMost  = 15 * time.Second       // and after many
	livedWell    = 30 * time.Second       // a connection that lived so long ends the row
	livedAWhile  = 5 * time.Second        // and one that lived so long begins it anew
)

// pacer spaces the attempts to open a connection over the whole bot, whatever goes wrong with them: refused, hanging,
// accepted and closed, told to go away at once. Slack counts those calls per app, and a crowd of bots that come back at
// the same moment is the last thing it needs.
type pacer struct {
	mu       sync.Mutex
	free     int       // attempts that need not wait: one a connection, at the start
	next     time.Time // no attempt before
	held     time.Time // no attempt before, not even one that has its turn
	failures int       // in a row
}

func newPacer(free int) *pacer { return &pacer{free: free} }

// wait returns when the caller may try.
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

// ended reports that a connection is over after it lived so long; zero for one that never came about. It returns the pause
// that the next attempt is held back by.
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

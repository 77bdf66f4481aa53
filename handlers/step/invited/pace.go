package invited

import (
	"context"
	"sync"
	"time"

	"meetingbot/internal/jobs"
)

// A Pace lets one through at a time, with a pause after each. Make it with [NewPace].
type Pace struct {
	pause time.Duration

	mu   sync.Mutex
	next time.Time
}

// NewPace returns a pace with this pause.
func NewPace(pause time.Duration) *Pace { return &Pace{pause: pause} }

// patience is how long a run waits for its turn, at most: it has other things to do
// within its time. A run that would have to wait longer comes again later.
const patience = 3 * time.Second

// Wait waits for the caller's turn. Its error is a [*jobs.Later] if that is too far off.
func (p *Pace) Wait(ctx context.Context) error {
	p.mu.Lock()
	now := time.Now()
	wait := max(p.next.Sub(now), 0)
	if wait <= patience {
		p.next = now.Add(wait + p.pause)
	}
	p.mu.Unlock()
	if wait > patience {
		return &jobs.Later{After: wait - patience/2}
	}
	t := time.NewTimer(wait)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

package jobs

import (
	"context"
	"sync"
	"time"
)

// An alarm ends the loop's sleep early, when a job is known to be due before the next
// tick.
type alarm struct {
	mu    sync.Mutex
	at    time.Time     // by this machine's clock; zero for none
	moved chan struct{} // holds one element if at may have been moved
}

func newAlarm() alarm { return alarm{moved: make(chan struct{}, 1)} }

// set makes the alarm ring at the given time, unless it rings earlier anyway.
func (a *alarm) set(at time.Time) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if !a.at.IsZero() && !at.Before(a.at) {
		return
	}
	a.at = at
	select {
	case a.moved <- struct{}{}:
	default:
	}
}

// clear forgets the time: the loop is awake.
func (a *alarm) clear() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.at = time.Time{}
}

// earlier returns the given time, or the alarm's if that comes first.
func (a *alarm) earlier(than time.Time) time.Time {
	a.mu.Lock()
	defer a.mu.Unlock()
	if !a.at.IsZero() && a.at.Before(than) {
		return a.at
	}
	return than
}

// sleep waits until the given time, the alarm, or the end of ctx.
func (a *alarm) sleep(ctx context.Context, until time.Time) {
	for {
		select {
		case <-time.After(time.Until(a.earlier(until))):
			return
		case <-ctx.Done():
			return
		case <-a.moved:
		}
	}
}

package bot

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"time"

	"golang.org/x/sync/semaphore"
)

// patience is how long a call without a deadline of its own waits for Slack's limits.
const patience = 30 * time.Second

// lanes hold back the calls that Slack asked to be patient with: one lane a method, for messages one a conversation, as
// Slack counts them. A lane is open until a 429 closes it. Then its calls stand in line, first come first served, and go
// one at a time until the line is empty: a crowd let loose at once would only earn the next 429.
// The zero value is ready.
type lanes struct {
	mu     sync.Mutex
	closed map[laneKey]*lane
}

type laneKey struct{ method, place string }

// lane is a closed one. It is forgotten when nobody stands in it and its time is over.
type lane struct {
	turn  *semaphore.Weighted // of weight 1 and first in, first out: whose turn it is
	until time.Time           // no call before; guarded by lanes.mu, like users
	users int
}

// through runs do when its lane is open, again after each 429, as long as the wait fits into ctx's deadline; else it
// returns ErrThrottled with the time that is left. A request answered so was not acted on: repeating it can't double
// anything.
func (l *lanes) through(ctx context.Context, method, place string, do func() error) error {
	key := laneKey{method, place}
	ln := l.join(key, nil)
	if ln == nil {
		err := do()
		wait, limited := retryAfter(err)
		if !limited {
			return err
		}
		ln = l.join(key, &wait)
		if !fits(ctx, wait) {
			l.quit(key, ln)
			return err
		}
	}
	defer l.quit(key, ln)
	if wait := l.remaining(ln); !fits(ctx, wait) {
		return standing(method, wait, nil)
	}
	if err := ln.turn.Acquire(ctx, 1); err != nil {
		return standing(method, l.remaining(ln), err)
	}
	defer ln.turn.Release(1)
	return l.first(ctx, method, ln, do)
}

// first runs do for the one whose turn it is, who keeps the turn through further refusals.
func (l *lanes) first(ctx context.Context, method string, ln *lane, do func() error) error {
	for {
		wait := l.remaining(ln)
		if !fits(ctx, wait) {
			return standing(method, wait, nil)
		}
		if err := sleep(ctx, wait); err != nil {
			return standing(method, l.remaining(ln), err)
		}
		err := do()
		wait, limited := retryAfter(err)
		if !limited {
			return err
		}
		l.extend(ln, wait)
		if !fits(ctx, wait) {
			return err
		}
	}
}

// join returns the closed lane of that key with the caller counted in, nil if it is open. With shut it closes the lane.
func (l *lanes) join(key laneKey, shut *time.Duration) *lane {
	l.mu.Lock()
	defer l.mu.Unlock()
	ln := l.closed[key]
	if ln != nil && ln.users == 0 && !time.Now().Before(ln.until) && shut == nil {
		delete(l.closed, key)
		return nil
	}
	if ln == nil {
		if shut == nil {
			return nil
		}
		if l.closed == nil {
			l.closed = make(map[laneKey]*lane)
		}
		l.sweep()
		ln = &lane{turn: semaphore.NewWeighted(1)}
		l.closed[key] = ln
	}
	if shut != nil {
		ln.until = later(ln.until, time.Now().Add(*shut))
	}
	ln.users++
	return ln
}

// sweep forgets lanes whose time is over and that nobody came back to.
func (l *lanes) sweep() {
	for key, ln := range l.closed {
		if ln.users == 0 && !time.Now().Before(ln.until) {
			delete(l.closed, key)
		}
	}
}

func (l *lanes) quit(key laneKey, ln *lane) {
	l.mu.Lock()
	defer l.mu.Unlock()
	ln.users--
	if ln.users == 0 && !time.Now().Before(ln.until) {
		delete(l.closed, key)
	}
}

func (l *lanes) remaining(ln *lane) time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	return max(0, time.Until(ln.until))
}

func (l *lanes) extend(ln *lane, wait time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	ln.until = later(ln.until, time.Now().Add(wait))
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// fits reports whether ctx allows to wait so long.
func fits(ctx context.Context, wait time.Duration) bool {
	deadline, ok := ctx.Deadline()
	if !ok {
		return wait <= patience
	}
	return wait == 0 || time.Until(deadline) > wait
}

// standing is the error of a call that never got its turn.
func standing(method string, wait time.Duration, cause error) error {
	return &Error{Method: method, Status: http.StatusTooManyRequests, RetryAfter: wait, class: ErrThrottled, notSent: true, cause: cause}
}

// retryAfter returns how long err asks to wait, if that is what it asks.
func retryAfter(err error) (time.Duration, bool) {
	e, ok := errors.AsType[*Error](err)
	if !ok || !errors.Is(e.class, ErrThrottled) {
		return 0, false
	}
	return e.RetryAfter, true
}

// sleep waits for d, or less if ctx ends.
func sleep(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return ctx.Err()
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

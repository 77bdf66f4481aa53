package bot

import (
	"context"
	"errors"
	"maps"
	"net/http"
	"sync"
	"time"
)

const (
	// patience is how long a call without a deadline waits for Slack's limits.
	patience = 30 * time.Second
	// Calls that waited are spaced out, since sending all at once would only earn the next 429. Slack takes about one
	// message a second per conversation; other methods are limited per minute.
	spacingInConversation = time.Second
	spacing               = 100 * time.Millisecond
)

// throttle delays calls after a 429, per method and, for messages, per conversation, as Slack counts them. A call takes
// the next free slot and waits for it; if that exceeds its deadline, it fails at once with the time to wait, and the
// caller retries later. The zero value is ready to use.
type throttle struct {
	mu    sync.Mutex
	gates map[gateKey]gate
}

type gateKey struct{ method, place string }

// gate delays the calls of one key. It is dropped once both times have passed.
type gate struct {
	held time.Time // Slack's Retry-After: no call before this
	next time.Time // the next free slot
}

// do makes the call once its slot is free, and again after each 429, as long as the wait fits ctx's deadline; otherwise it
// returns ErrThrottled with the time left. Slack doesn't act on a request it answers with 429, so repeating it is safe.
func (t *throttle) do(ctx context.Context, method, place string, call func() error) error {
	key := gateKey{method, place}
	for {
		wait, ok := t.reserve(ctx, key)
		if !ok {
			return throttledError(method, wait, nil)
		}
		if wait > 0 {
			select {
			case <-time.After(wait):
			case <-ctx.Done():
				return throttledError(method, t.remaining(key), ctx.Err())
			}
			if t.remaining(key) > 0 {
				continue // another call got a 429 while this one waited
			}
		}
		err := call()
		wait, limited := retryAfter(err)
		if !limited {
			return err
		}
		t.hold(key, wait)
		if !fits(ctx, wait) {
			return err
		}
	}
}

// reserve takes the next free slot if the wait for it fits ctx, and returns the wait.
func (t *throttle) reserve(ctx context.Context, key gateKey) (time.Duration, bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	g := t.gates[key]
	wait := time.Until(g.next)
	if wait <= 0 {
		delete(t.gates, key)
		return 0, true
	}
	if !fits(ctx, wait) {
		return wait, false
	}
	apart := spacing
	if key.place != "" {
		apart = spacingInConversation
	}
	g.next = g.next.Add(apart)
	t.gates[key] = g
	return wait, true
}

func (t *throttle) hold(key gateKey, wait time.Duration) {
	t.mu.Lock()
	defer t.mu.Unlock()
	now := time.Now()
	if t.gates == nil {
		t.gates = make(map[gateKey]gate)
	}
	maps.DeleteFunc(t.gates, func(_ gateKey, g gate) bool { return !g.next.After(now) })
	g := t.gates[key]
	g.held = later(g.held, now.Add(wait))
	g.next = later(g.next, g.held)
	t.gates[key] = g
}

// remaining returns how much of Slack's Retry-After is left.
func (t *throttle) remaining(key gateKey) time.Duration {
	t.mu.Lock()
	defer t.mu.Unlock()
	return max(0, time.Until(t.gates[key].held))
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// fits reports whether ctx's deadline allows that wait.
func fits(ctx context.Context, wait time.Duration) bool {
	deadline, ok := ctx.Deadline()
	if !ok {
		return wait <= patience
	}
	return wait == 0 || time.Until(deadline) > wait
}

// throttledError is the error of a call that was never sent.
func throttledError(method string, wait time.Duration, cause error) error {
	return &Error{Method: method, Status: http.StatusTooManyRequests, RetryAfter: wait, class: ErrThrottled, notSent: true, cause: cause}
}

func retryAfter(err error) (time.Duration, bool) {
	e, ok := errors.AsType[*Error](err)
	if !ok || !errors.Is(e.class, ErrThrottled) {
		return 0, false
	}
	return e.RetryAfter, true
}

package wire

import (
	"context"
	"errors"
	"net/http"
	"regexp"
	"strconv"
	"sync"
	"time"
)

// window keeps an operation under the rate limit announced in the service's answers. The
// service counts in fixed windows and doesn't say when they start; ours starts when the
// remaining count jumps up, so at worst it ends a little late.
type window struct {
	mu       sync.Mutex
	limit    int // 0: not announced
	left     int
	period   time.Duration
	began    time.Time
	inFlight int           // calls in flight, which the service may not have counted yet
	paused   time.Time     // until when, after "too many requests"
	changed  chan struct{} // closed and replaced when a slot may be free
}

// acquire waits for a slot within ctx's deadline, and at most maxWait. Release the slot
// with release.
func (w *window) acquire(ctx context.Context, maxWait time.Duration) *NoAnswer {
	began := time.Now()
	for {
		wait := w.try()
		if wait.most <= 0 {
			return nil
		}
		usedUp := &NoAnswer{Why: UsedUp, Final: true, After: wait.most}
		patience := maxWait - time.Since(began)
		hopeless := patience <= 0 || wait.certain && (wait.most > patience || exceedsDeadline(ctx, wait.most))
		if hopeless && ctx.Err() == nil { // otherwise ctx's error is the reason
			return usedUp
		}
		select {
		case <-time.After(min(wait.most, patience)):
		case <-wait.changed:
		case <-ctx.Done():
			if errors.Is(ctx.Err(), context.Canceled) {
				return NothingSent(ctx.Err())
			}
			return usedUp
		}
	}
}

// wait is how long it may take until a slot is free. Unless it is certain, the answer to
// a call in flight may free one sooner.
type wait struct {
	most    time.Duration // 0: a slot was taken
	certain bool
	changed <-chan struct{}
}

// try takes a slot, or returns how long to wait for one.
func (w *window) try() wait {
	w.mu.Lock()
	defer w.mu.Unlock()
	now := time.Now()
	if rest := w.paused.Sub(now); rest > 0 {
		return wait{rest, true, w.changed}
	}
	if w.limit > 0 && !now.Before(w.began.Add(w.period)) {
		w.began, w.left = now, w.limit
	}
	switch over := w.began.Add(w.period).Sub(now); {
	case w.limit <= 0:
	case w.left <= 0:
		return wait{over, true, w.changed}
	case w.left <= w.inFlight:
		return wait{over, false, w.changed}
	}
	w.inFlight++
	return wait{}
}

// room returns what is left of the limit.
func (w *window) room() (r Room, known bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	now := time.Now()
	r = Room{Limit: w.limit, Period: w.period}
	if w.paused.After(now) {
		r.Until = w.paused
		return r, true
	}
	if w.limit <= 0 {
		return Room{}, false
	}
	if r.Until = w.began.Add(w.period); !now.Before(r.Until) {
		r.Left, r.Until = w.limit, now.Add(w.period)
		return r, true
	}
	r.Left = max(w.left-w.inFlight, 0)
	return r, true
}

// release gives a slot back, with the answer's header (nil if there was none) and how
// long the operation should pause.
func (w *window) release(h http.Header, rest time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.inFlight--
	now := time.Now()
	if left, limit, period, ok := rateHeader(h); ok {
		// The count rose by more than the calls in flight: a new window.
		if w.limit == 0 || left > w.left+w.inFlight+1 {
			w.began = now
		}
		w.left, w.limit, w.period = left, limit, period
	}
	if until := now.Add(rest); rest > 0 && until.After(w.paused) {
		w.paused = until
	}
	close(w.changed)
	w.changed = make(chan struct{})
}

var ratePattern = regexp.MustCompile(`^\s*remain:\s*(\d{1,9})\s*,\s*limit:\s*(\d{1,9})\s*,\s*time:\s*(\d{1,6})\s*(second|minute|hour|day)s?\s*$`)

// rateHeader returns the tightest of the announced limits: the API's and the caller's.
// It ignores the limit of the whole environment, which is per second and shared by all
// customers.
func rateHeader(h http.Header) (left, limit int, period time.Duration, ok bool) {
	for _, of := range []string{"Api", "User", "App", "Ip"} {
		if l, m, p, good := rate(h.Get("X-Apig-Ratelimit-" + of)); good && (!ok || l < left) {
			left, limit, period, ok = l, m, p, true
		}
	}
	return left, limit, period, ok
}

// rate reads "remain:99,limit:100,time:1 minute".
func rate(value string) (left, limit int, period time.Duration, ok bool) {
	m := ratePattern.FindStringSubmatch(value)
	if m == nil {
		return 0, 0, 0, false
	}
	left, _ = strconv.Atoi(m[1])
	limit, _ = strconv.Atoi(m[2])
	n, _ := strconv.Atoi(m[3])
	unit := map[string]time.Duration{"second": time.Second, "minute": time.Minute, "hour": time.Hour, "day": 24 * time.Hour}[m[4]]
	if limit == 0 || n == 0 {
		return 0, 0, 0, false
	}
	return left, limit, time.Duration(n) * unit, true
}

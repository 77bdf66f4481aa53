package meetingapi

import (
	"context"
	"errors"
	"net/http"
	"regexp"
	"strconv"
	"sync"
	"time"
)

// budgets keeps each operation under its rate limit: the one the service
// announces with its answers, or before that the Client's Budget.
type budgets struct {
	perMinute int
	mu        sync.Mutex
	windows   map[Operation]*window
}

// window is one operation's limit and how much of it is left. The service
// counts in fixed windows whose start it does not tell; ours begins when its
// count is seen to jump up, so it ends at worst a little late.
type window struct {
	announced bool // left is the service's number, and not our own count
	limit     int  // 0: none known
	left      int
	period    time.Duration
	began     time.Time
	flying    int           // sent and not answered: the service may not have counted them
	paused    time.Time     // after "too many requests", until here
	changed   chan struct{} // closed and replaced when a place may be free
}

// acquire waits for a place within ctx's deadline. The function it returns
// must be called with the answer's header (nil if there was none) and how long
// the operation should rest.
func (b *budgets) acquire(ctx context.Context, r call) (func(http.Header, time.Duration), error) {
	for {
		w := b.try(r.op)
		if w.most <= 0 {
			return func(h http.Header, rest time.Duration) { b.release(r.op, h, rest) }, nil
		}
		usedUp := &Error{
			Op: r.op, Target: r.target, Class: ClassThrottled, final: true,
			Message: "rate limit used up; nothing was sent", RetryAfter: w.most,
		}
		if w.certain && ctx.Err() == nil && beyond(ctx, w.most) {
			return nil, usedUp
		}
		timer := time.NewTimer(w.most)
		select {
		case <-timer.C:
		case <-w.changed:
			timer.Stop()
		case <-ctx.Done():
			timer.Stop()
			if errors.Is(ctx.Err(), context.Canceled) {
				return nil, notSent(r.op, r.target, ctx.Err())
			}
			return nil, usedUp
		}
	}
}

// wait is how long a place may take to come free. Unless that is certain, an
// answer to a call under way may bring one sooner.
type wait struct {
	most    time.Duration // 0: the place is taken
	certain bool
	changed <-chan struct{}
}

// try takes a place, or says how long to wait for one.
func (b *budgets) try(op Operation) wait {
	b.mu.Lock()
	defer b.mu.Unlock()
	now := time.Now()
	w := b.windows[op]
	if w == nil {
		if b.windows == nil {
			b.windows = map[Operation]*window{}
		}
		w = &window{limit: b.perMinute, left: b.perMinute, period: time.Minute, began: now, changed: make(chan struct{})}
		b.windows[op] = w
	}
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
	case !w.announced:
		w.left--
	case w.left <= w.flying:
		return wait{over, false, w.changed}
	}
	w.flying++
	return wait{}
}

func (b *budgets) release(op Operation, h http.Header, rest time.Duration) {
	b.mu.Lock()
	defer b.mu.Unlock()
	w := b.windows[op]
	w.flying--
	now := time.Now()
	if left, limit, period, ok := rateHeader(h); ok {
		// A count that rose by more than what was under way is a new window.
		if !w.announced || left > w.left+w.flying+1 {
			w.began = now
		}
		w.announced, w.left, w.limit, w.period = true, left, limit, period
	}
	if until := now.Add(rest); rest > 0 && until.After(w.paused) {
		w.paused = until
	}
	close(w.changed)
	w.changed = make(chan struct{})
}

var ratePattern = regexp.MustCompile(`^\s*remain:\s*(\d{1,9})\s*,\s*limit:\s*(\d{1,9})\s*,\s*time:\s*(\d{1,6})\s*(second|minute|hour|day)s?\s*$`)

// rateHeader reads "remain:99,limit:100,time:1 minute".
func rateHeader(h http.Header) (left, limit int, period time.Duration, ok bool) {
	m := ratePattern.FindStringSubmatch(h.Get("X-Apig-Ratelimit-Api"))
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

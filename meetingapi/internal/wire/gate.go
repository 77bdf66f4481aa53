package wire

import (
	"context"
	"net/http"
	"sync"
	"time"
)

// Gate decides when a call may be made: each operation has its own rate limit.
type Gate struct {
	maxWait time.Duration

	mu      sync.Mutex
	windows map[string]*window // by operation
}

// NewGate returns a Gate. maxWait is the longest to wait for a slot.
func NewGate(maxWait time.Duration) *Gate {
	return &Gate{maxWait: maxWait, windows: map[string]*window{}}
}

func (g *Gate) window(op string) *window {
	g.mu.Lock()
	defer g.mu.Unlock()
	w := g.windows[op]
	if w == nil {
		w = &window{changed: make(chan struct{})}
		g.windows[op] = w
	}
	return w
}

// Enter waits for a slot under the operation's rate limit, until answerTime before the
// context's deadline at most.
func (g *Gate) Enter(ctx context.Context, op string, answerTime time.Duration) *NoAnswer {
	if deadline, ok := ctx.Deadline(); ok {
		var cancel context.CancelFunc
		ctx, cancel = context.WithDeadline(ctx, deadline.Add(-answerTime))
		defer cancel()
	}
	return g.window(op).acquire(ctx, g.maxWait)
}

// Leave ends a call with the answer's header (nil if there was none) and how long the
// operation should pause.
func (g *Gate) Leave(op string, h http.Header, pause time.Duration) { g.window(op).release(h, pause) }

// Room is what is left of an operation's rate limit.
type Room struct {
	Left, Limit int
	Period      time.Duration
	Until       time.Time
}

// Left returns what is left of an operation's rate limit, and false if no limit is known.
func (g *Gate) Left(op string) (Room, bool) { return g.window(op).room() }

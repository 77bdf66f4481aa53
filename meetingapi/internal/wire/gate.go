package wire

import (
	"context"
	"net/http"
	"sync"
	"time"
)

// Gate decides when a call may be made. Each operation has its own rate limit and
// circuit, so that a failing directory doesn't prevent cancellations.
type Gate struct {
	maxWait  time.Duration
	failures int

	mu  sync.Mutex
	ops map[string]*operation
}

// operation is the state of one operation.
type operation struct {
	window  window
	circuit circuit
}

// NewGate returns a Gate. maxWait is the longest to wait for a slot. failures is how many
// consecutive failures make an operation count as down: 8 if 0, never if negative.
func NewGate(maxWait time.Duration, failures int) *Gate {
	return &Gate{maxWait: maxWait, failures: failures, ops: map[string]*operation{}}
}

func (g *Gate) operation(op string) *operation {
	g.mu.Lock()
	defer g.mu.Unlock()
	o := g.ops[op]
	if o == nil {
		o = &operation{window: window{changed: make(chan struct{})}, circuit: newCircuit(g.failures)}
		g.ops[op] = o
	}
	return o
}

// Pass is the permission to make one call. Call Leave when it is done.
type Pass struct{ op *operation }

// Enter waits for a slot under the operation's rate limit, within the context's deadline,
// and fails if the operation is down.
func (g *Gate) Enter(ctx context.Context, op string) (Pass, *NoAnswer) {
	o := g.operation(op)
	if n := o.window.acquire(ctx, g.maxWait); n != nil {
		return Pass{}, n
	}
	if n := o.circuit.allow(); n != nil {
		o.window.release(nil, 0)
		return Pass{}, n
	}
	return Pass{o}, nil
}

// Leave ends the call with the answer's header (nil if there was none), the service's
// health, and how long the operation should pause. It reports whether the call brought
// the operation back up.
func (p Pass) Leave(h http.Header, health Health, pause time.Duration) (up bool) {
	p.op.window.release(h, pause)
	return p.op.circuit.record(health)
}

// Room is what is left of an operation's rate limit.
type Room struct {
	Left, Limit int
	Period      time.Duration
	Until       time.Time
}

// Left returns what is left of an operation's rate limit, and false if no limit is known.
func (g *Gate) Left(op string) (Room, bool) { return g.operation(op).window.room() }

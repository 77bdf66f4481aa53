package wire

import (
	"context"
	"net/http"
	"time"

	"github.com/failsafe-go/failsafe-go/circuitbreaker"
)

// Gate decides when a call may be made. Each operation has a limit and a circuit of its
// own, so that a failing directory doesn't stop anybody from cancelling a meeting.
type Gate struct {
	budgets  budgets
	breakers breakers
}

// NewGate returns a Gate that has seen no call yet. maxWait is the longest to wait for a
// slot, and failures how many in a row make an operation count as down: 8 if 0, never if
// negative.
func NewGate(maxWait time.Duration, failures int) *Gate {
	return &Gate{
		budgets:  budgets{maxWait: maxWait, windows: map[string]*window{}},
		breakers: breakers{failures: failures, circuits: map[string]circuitbreaker.CircuitBreaker[any]{}},
	}
}

// Pass is one call that was let through. It must be handed back.
type Pass struct {
	gate *Gate
	op   string
}

// Enter waits for a slot under the operation's limit, within the context's deadline,
// and asks whether the operation is down.
func (g *Gate) Enter(ctx context.Context, op string) (Pass, *NoAnswer) {
	if n := g.budgets.acquire(ctx, op); n != nil {
		return Pass{}, n
	}
	if n := g.breakers.allow(op); n != nil {
		g.budgets.release(op, nil, 0)
		return Pass{}, n
	}
	return Pass{g, op}, nil
}

// Leave hands the pass back with what the call has revealed: the answer's header (nil
// if there was none), the service's health, and how long the operation should pause.
func (p Pass) Leave(h http.Header, health Health, pause time.Duration) {
	p.gate.breakers.record(p.op, health)
	p.gate.budgets.release(p.op, h, pause)
}

// Room is what is left of an operation's limit.
type Room struct {
	Left, Limit int
	Period      time.Duration
	Until       time.Time
}

// Left returns what is left of an operation's limit, and false if no limit is known.
func (g *Gate) Left(op string) (Room, bool) { return g.budgets.left(op) }

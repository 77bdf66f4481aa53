package meetingapi

import (
	"cmp"
	"sync"
	"time"

	"github.com/failsafe-go/failsafe-go/circuitbreaker"
)

// Breaker says when an operation of the service counts as down: then its calls
// fail at once with ClassUnavailable and nothing is sent, until one is let
// through to see. Each operation has its own, so that a directory that fails
// does not keep anybody from cancelling a meeting.
type Breaker struct {
	// Failures in a row (no connection, no answer, 5xx) that open it: 8 if 0,
	// never if negative.
	Failures int
	// Rest is how long it stays open before the one call: 3 s if 0.
	Rest time.Duration
}

// breakers holds one circuit for each operation that was ever called.
type breakers struct {
	Breaker
	mu       sync.Mutex
	circuits map[Operation]circuitbreaker.CircuitBreaker[any]
}

// of returns the operation's circuit, or nil if none ever opens.
func (b *breakers) of(op Operation) circuitbreaker.CircuitBreaker[any] {
	if b.Failures < 0 {
		return nil
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	circuit := b.circuits[op]
	if circuit == nil {
		if b.circuits == nil {
			b.circuits = map[Operation]circuitbreaker.CircuitBreaker[any]{}
		}
		circuit = circuitbreaker.NewBuilder[any]().
			WithFailureThreshold(uint(cmp.Or(b.Failures, 8))).
			WithSuccessThreshold(1).
			WithDelay(cmp.Or(b.Rest, 3*time.Second)).
			Build()
		b.circuits[op] = circuit
	}
	return circuit
}

// allow says no while the operation counts as down.
func (b *breakers) allow(r call) error {
	circuit := b.of(r.op)
	if circuit == nil || circuit.TryAcquirePermit() {
		return nil
	}
	return &Error{
		Op: r.op, Target: r.target, Class: ClassUnavailable, final: true,
		Message: "the service has been failing; nothing was sent", RetryAfter: circuit.RemainingDelay(),
	}
}

// record counts what a call told about the service. Every allowed call must
// come here, or the one probe would never be given back. A call that its
// caller cut short says nothing, unless the service had time enough.
func (b *breakers) record(op Operation, class Class, cutShort bool) {
	circuit := b.of(op)
	if circuit == nil {
		return
	}
	switch {
	case class == ClassCanceled || cutShort:
		if circuit.IsHalfOpen() {
			circuit.RecordFailure()
		}
	case class == ClassServer || class == ClassUnavailable || class == ClassUnknownOutcome:
		circuit.RecordFailure()
	default:
		circuit.RecordSuccess()
	}
}

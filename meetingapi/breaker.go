package meetingapi

import (
	"cmp"
	"sync"
	"time"

	"github.com/failsafe-go/failsafe-go/circuitbreaker"
)

// Breaker says when an operation counts as down. Its calls then fail at once with
// ClassUnavailable and send nothing, until one is let through as a probe. Each
// operation has its own circuit, so that a failing directory doesn't stop anybody
// from cancelling a meeting.
type Breaker struct {
	// Failures is how many failures in a row (no connection, no answer, 5xx) open it:
	// 8 if 0, never if negative.
	Failures int
	// Rest is how long it stays open before the probe: 3 s if 0.
	Rest time.Duration
}

// breakers holds a circuit for each operation that has been called.
type breakers struct {
	Breaker
	mu       sync.Mutex
	circuits map[Operation]circuitbreaker.CircuitBreaker[any]
}

// of returns the operation's circuit, or nil if breakers are off.
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

// allow returns an error while the operation counts as down.
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

// record counts what a call revealed about the service. Every allowed call must end
// up here, or the probe would never be released. A call that its caller cut short
// says nothing, unless the service had enough time.
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

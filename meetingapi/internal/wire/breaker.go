package wire

import (
	"cmp"
	"sync"
	"time"

	"github.com/failsafe-go/failsafe-go/circuitbreaker"
)

// downFor is how long an operation counts as down before one call is let through as a
// probe.
const downFor = 3 * time.Second

type breakers struct {
	failures int
	mu       sync.Mutex
	circuits map[string]circuitbreaker.CircuitBreaker[any]
}

// of returns the operation's circuit, or nil if breakers are off.
func (b *breakers) of(op string) circuitbreaker.CircuitBreaker[any] {
	if b.failures < 0 {
		return nil
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	circuit := b.circuits[op]
	if circuit == nil {
		circuit = circuitbreaker.NewBuilder[any]().
			WithFailureThreshold(uint(cmp.Or(b.failures, 8))).
			WithSuccessThreshold(1).
			WithDelay(downFor).
			Build()
		b.circuits[op] = circuit
	}
	return circuit
}

func (b *breakers) allow(op string) *NoAnswer {
	circuit := b.of(op)
	if circuit == nil || circuit.TryAcquirePermit() {
		return nil
	}
	return &NoAnswer{Why: Down, Final: true, After: circuit.RemainingDelay()}
}

// Health is what a call has revealed about the service.
type Health int

// The three kinds of it. A service that refuses is working.
const (
	Working Health = iota
	Failing
	Unknown // the call was cut short before the service had enough time
)

// record counts what a call revealed about the service. Every allowed call must end
// up here, or the probe would never be released. One that was cut short says nothing,
// unless it was the probe.
func (b *breakers) record(op string, health Health) {
	circuit := b.of(op)
	if circuit == nil {
		return
	}
	switch {
	case health == Working:
		circuit.RecordSuccess()
	case health == Failing, circuit.IsHalfOpen():
		circuit.RecordFailure()
	}
}

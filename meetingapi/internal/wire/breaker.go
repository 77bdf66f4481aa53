package wire

import (
	"cmp"
	"time"

	"github.com/failsafe-go/failsafe-go/circuitbreaker"
)

// downFor is how long an operation counts as down before one call goes through as a
// probe.
const downFor = 3 * time.Second

// circuit tracks whether an operation is down. A zero circuit never is.
type circuit struct {
	breaker circuitbreaker.CircuitBreaker[any]
}

func newCircuit(failures int) circuit {
	if failures < 0 {
		return circuit{}
	}
	return circuit{circuitbreaker.NewBuilder[any]().
		WithFailureThreshold(uint(cmp.Or(failures, 8))).
		WithSuccessThreshold(1).
		WithDelay(downFor).
		Build()}
}

func (c circuit) allow() *NoAnswer {
	if c.breaker == nil || c.breaker.TryAcquirePermit() {
		return nil
	}
	return &NoAnswer{Why: Down, Final: true, After: c.breaker.RemainingDelay()}
}

// Health is what a call revealed about the service.
type Health int

// The values of Health. A service that refuses a call is working.
const (
	Working Health = iota
	Failing
	Unknown // the call was cut short before the service had enough time
)

// record records what a call revealed about the service, and reports whether it brought
// the operation back up. Every allowed call must be recorded, or the probe would never be
// released; that is why a probe that was cut short counts as a failure.
func (c circuit) record(health Health) (up bool) {
	switch {
	case c.breaker == nil:
	case health == Working:
		down := !c.breaker.IsClosed()
		c.breaker.RecordSuccess()
		return down && c.breaker.IsClosed()
	case health == Failing, c.breaker.IsHalfOpen():
		c.breaker.RecordFailure()
	}
	return false
}

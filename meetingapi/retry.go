package meetingapi

import (
	"cmp"
	"context"
	"errors"
	"math/rand/v2"
	"time"

	"github.com/failsafe-go/failsafe-go"
	"github.com/failsafe-go/failsafe-go/circuitbreaker"
	"github.com/failsafe-go/failsafe-go/retrypolicy"
)

// Retry says how often and after which waits a read is tried again.
type Retry struct {
	// More is how many tries may follow the first: 2 if 0, none if negative.
	More int
	// Wait comes before the second try, doubled before each later one, give or
	// take a quarter; MaxWait bounds it. 200 ms and 2 s if 0.
	Wait, MaxWait time.Duration
}

// maxRest is the longest wait that a read sits out. Beyond it the caller is
// told how long to stay away.
const maxRest = 30 * time.Second

// again runs f, and again if its error may pass, within ctx's deadline: a wait
// that would end after it is not begun. The error is that of the last try.
func (c *Client) again(ctx context.Context, f func() error) error {
	var (
		last  error
		tries int
		wait  time.Duration
	)
	policy := retrypolicy.NewBuilder[any]().
		HandleIf(func(_ any, err error) bool {
			wait = max(RetryAfter(err), c.ReadRetry.wait(tries))
			return passing(err) && !beyond(ctx, wait)
		}).
		WithMaxRetries(c.ReadRetry.more()).
		WithDelayFunc(func(failsafe.ExecutionAttempt[any]) time.Duration { return wait }).
		ReturnLastFailure().
		Build()
	err := failsafe.With[any](policy).WithContext(ctx).Run(func() error {
		last = f()
		tries++
		return last
	})
	// failsafe reports the context's end instead of what it cut short. What f
	// said last is worth more, a success most of all.
	if tries > 0 {
		return last
	}
	return err
}

// passing reports whether err may be gone at the next try.
func passing(err error) bool {
	var e *Error
	if !errors.As(err, &e) || e.final {
		return false
	}
	switch e.Class {
	case ClassThrottled, ClassTransient, ClassServer, ClassUnavailable:
		return true
	default:
		return false
	}
}

// beyond reports whether a wait of d is not worth beginning.
func beyond(ctx context.Context, d time.Duration) bool {
	if ctx.Err() != nil || d > maxRest {
		return true
	}
	deadline, ok := ctx.Deadline()
	return ok && time.Until(deadline) <= d
}

func (r Retry) more() int {
	switch {
	case r.More < 0:
		return 0
	case r.More == 0:
		return 2
	default:
		return r.More
	}
}

// wait returns the back-off after so many tries.
func (r Retry) wait(tries int) time.Duration {
	wait, most := cmp.Or(r.Wait, 200*time.Millisecond), cmp.Or(r.MaxWait, 2*time.Second)
	for range min(tries-1, 20) {
		wait *= 2
	}
	wait = max(0, min(wait, most))
	return wait*3/4 + rand.N(wait/2+1)
}

// Breaker says when the service counts as down: then calls fail at once with
// ClassUnavailable and nothing is sent, until one call is let through to see.
type Breaker struct {
	// Failures in a row (no connection, no answer, 5xx) that open it: 8 if 0,
	// never if negative.
	Failures int
	// Rest is how long it stays open before the one call: 3 s if 0.
	Rest time.Duration
}

type breaker struct {
	circuit circuitbreaker.CircuitBreaker[any] // nil: never opens
}

func newBreaker(b Breaker) breaker {
	if b.Failures < 0 {
		return breaker{}
	}
	if b.Failures == 0 {
		b.Failures = 8
	}
	if b.Rest <= 0 {
		b.Rest = 3 * time.Second
	}
	return breaker{circuitbreaker.NewBuilder[any]().
		WithFailureThreshold(uint(b.Failures)).
		WithSuccessThreshold(1).
		WithDelay(b.Rest).
		Build()}
}

// allow says no while the service counts as down.
func (b breaker) allow(r call) error {
	if b.circuit == nil || b.circuit.TryAcquirePermit() {
		return nil
	}
	return &Error{
		Op: r.op, Target: r.target, Class: ClassUnavailable, final: true,
		Message: "the service has been failing; nothing was sent", RetryAfter: b.circuit.RemainingDelay(),
	}
}

// record counts what a call told about the service. Every allowed call must
// come here, or the one probe would never be given back. A call that its
// caller cut short says nothing, unless the service had time enough.
func (b breaker) record(class Class, cutShort bool) {
	if b.circuit == nil {
		return
	}
	switch {
	case class == ClassCanceled || cutShort:
		if b.circuit.IsHalfOpen() {
			b.circuit.RecordFailure()
		}
	case class == ClassServer || class == ClassUnavailable || class == ClassUnknownOutcome:
		b.circuit.RecordFailure()
	default:
		b.circuit.RecordSuccess()
	}
}

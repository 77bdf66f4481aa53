package meetingapi

import (
	"cmp"
	"context"
	"errors"
	"math/rand/v2"
	"time"

	"github.com/failsafe-go/failsafe-go"
	"github.com/failsafe-go/failsafe-go/retrypolicy"
)

// Retry says how often and after what waits a read is retried.
type Retry struct {
	// More is how many tries may follow the first: 2 if 0, none if negative.
	More int
	// Wait is the pause before the second try. It doubles before each later one, plus
	// or minus a quarter, up to MaxWait. 200 ms and 2 s if 0.
	Wait, MaxWait time.Duration
}

// again runs f, and runs it again if its error may be temporary, within ctx's
// deadline. It doesn't start a wait that would end after the deadline, or one of more
// than MaxWait that the service asks for. It returns the error of the last try.
func (s *session) again(ctx context.Context, f func() error) error {
	var (
		last  error
		tries int
		wait  time.Duration
	)
	policy := retrypolicy.NewBuilder[any]().
		HandleIf(func(_ any, err error) bool {
			asked := RetryAfter(err)
			wait = max(asked, s.ReadRetry.wait(tries))
			return passing(err) && asked <= s.MaxWait && !beyond(ctx, wait)
		}).
		WithMaxRetries(s.ReadRetry.more()).
		WithDelayFunc(func(failsafe.ExecutionAttempt[any]) time.Duration { return wait }).
		ReturnLastFailure().
		Build()
	err := failsafe.With[any](policy).WithContext(ctx).Run(func() error {
		last = f()
		tries++
		return last
	})
	// failsafe reports the context's end instead of what it cut short. f's last
	// result is worth more, especially a success.
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

// beyond reports whether ctx ends before a wait of d.
func beyond(ctx context.Context, d time.Duration) bool {
	if ctx.Err() != nil {
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

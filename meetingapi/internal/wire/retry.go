package wire

import (
	"cmp"
	"context"
	"math/rand/v2"
	"time"
)

// Retry says how often and after what waits a call is tried again.
type Retry struct {
	More     int           // after the first: 2 if 0, none if negative
	Wait     time.Duration // before the second; doubles before each later one: 200 ms if 0
	Most     time.Duration // how far: 2 s if 0
	Patience time.Duration // the longest wait that the service may ask for
}

// Do runs f, and runs it again while its error may be temporary, within ctx's deadline.
// It doesn't start a wait that would end after the deadline, or one of more than
// Patience that the service asks for. It returns the error of the last try.
func (r Retry) Do(ctx context.Context, temporary func(error) (may bool, asked time.Duration), f func() error) error {
	more := max(cmp.Or(r.More, 2), 0)
	for tries := 1; ; tries++ {
		err := f()
		may, asked := temporary(err)
		wait := max(asked, r.wait(tries))
		if !may || tries > more || asked > r.Patience || beyond(ctx, wait) {
			return err
		}
		select {
		case <-time.After(wait):
		case <-ctx.Done():
			return err
		}
	}
}

func beyond(ctx context.Context, d time.Duration) bool {
	if ctx.Err() != nil {
		return true
	}
	deadline, ok := ctx.Deadline()
	return ok && time.Until(deadline) <= d
}

// wait returns the back-off after so many tries.
func (r Retry) wait(tries int) time.Duration {
	wait := cmp.Or(r.Wait, 200*time.Millisecond) << min(tries-1, 20)
	wait = max(0, min(wait, cmp.Or(r.Most, 2*time.Second)))
	return wait*3/4 + rand.N(wait/2+1)
}

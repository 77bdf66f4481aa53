package wire

import (
	"cmp"
	"context"
	"math/rand/v2"
	"time"
)

// Retry says how often a call is retried, and after what waits.
type Retry struct {
	More    int           // the number of retries: 2 if 0, none if negative
	Wait    time.Duration // before the first retry; doubles with each: 200 ms if 0
	MaxWait time.Duration // the longest wait of our own: 2 s if 0
}

// Do runs f, and runs it again while its error may be temporary. It doesn't start a wait
// that would end after ctx's deadline, or one of more than patience that the service asks
// for. It returns the error of the last attempt.
func (r Retry) Do(ctx context.Context, patience time.Duration, temporary func(error) (retry bool, after time.Duration), f func() error) error {
	more := max(cmp.Or(r.More, 2), 0)
	for tries := 1; ; tries++ {
		err := f()
		retry, after := temporary(err)
		wait := max(after, r.wait(tries))
		if !retry || tries > more || after > max(patience, 0) || exceedsDeadline(ctx, wait) {
			return err
		}
		select {
		case <-time.After(wait):
		case <-ctx.Done():
			return err
		}
	}
}

func exceedsDeadline(ctx context.Context, d time.Duration) bool {
	if ctx.Err() != nil {
		return true
	}
	deadline, ok := ctx.Deadline()
	return ok && time.Until(deadline) <= d
}

// wait returns the backoff after that many attempts.
func (r Retry) wait(tries int) time.Duration {
	wait := cmp.Or(r.Wait, 200*time.Millisecond) << min(tries-1, 20)
	wait = max(0, min(wait, cmp.Or(r.MaxWait, 2*time.Second)))
	return wait*3/4 + rand.N(wait/2+1)
}

package bot

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

func limitedFor(d time.Duration) error {
	return &Error{Method: "m", class: ErrThrottled, RetryAfter: d}
}

func TestThrottleKeepsOrder(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var l throttle
		var mu sync.Mutex
		var order []int
		start := time.Now()
		var at []time.Duration
		refusals := 2 // the first call is refused twice
		var wg sync.WaitGroup
		for i := range 4 {
			wg.Go(func() {
				err := l.do(t.Context(), "m", "", func() error {
					mu.Lock()
					defer mu.Unlock()
					if i == 0 && refusals > 0 {
						refusals--
						return limitedFor(3 * time.Second)
					}
					order = append(order, i)
					at = append(at, time.Since(start).Round(time.Second))
					return nil
				})
				if err != nil {
					t.Errorf("call %d = %v, want nil", i, err)
				}
			})
			time.Sleep(time.Millisecond)
		}
		wg.Wait()
		if diff := cmp.Diff([]int{0, 1, 2, 3}, order); diff != "" {
			t.Errorf("order (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff([]time.Duration{6 * time.Second, 6 * time.Second, 6 * time.Second, 6 * time.Second}, at); diff != "" {
			t.Errorf("times (-want +got):\n%s", diff)
		}
		time.Sleep(time.Second)
		_ = l.do(t.Context(), "m", "", func() error { return nil })
		if len(l.gates) != 0 {
			t.Errorf("gates left = %d, want none", len(l.gates))
		}
	})
}

// TestThrottleSpacesWaiters: calls that waited go out one by one, and later calls don't wait at all.
func TestThrottleSpacesWaiters(t *testing.T) {
	t.Parallel()
	for place, apart := range map[string]time.Duration{"": spacing, "C1": spacingInConversation} {
		synctest.Test(t, func(t *testing.T) {
			var l throttle
			refused := func() error { return limitedFor(time.Second) }
			if err := l.do(deadline(t, time.Millisecond), "m", place, refused); !errors.Is(err, ErrThrottled) {
				t.Fatalf("first call = %v, want ErrThrottled", err)
			}
			start := time.Now()
			var mu sync.Mutex
			var at []time.Duration
			record := func() error {
				mu.Lock()
				defer mu.Unlock()
				at = append(at, time.Since(start))
				return nil
			}
			var wg sync.WaitGroup
			for range 4 {
				wg.Go(func() { _ = l.do(t.Context(), "m", place, record) })
			}
			wg.Wait()
			want := []time.Duration{time.Second, time.Second + apart, time.Second + 2*apart, time.Second + 3*apart}
			if diff := cmp.Diff(want, at); diff != "" {
				t.Errorf("in %q (-want +got):\n%s", place, diff)
			}
			time.Sleep(apart)
			at, start = nil, time.Now()
			for range 5 {
				wg.Go(func() { _ = l.do(t.Context(), "m", place, record) })
			}
			wg.Wait()
			if diff := cmp.Diff(make([]time.Duration, 5), at); diff != "" {
				t.Errorf("in %q, after the wait (-want +got):\n%s", place, diff)
			}
		})
	}
}

func TestThrottleObeysSecond429(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var l throttle
		_ = l.do(deadline(t, time.Millisecond), "m", "C1", func() error { return limitedFor(2 * time.Second) })
		start := time.Now()
		var wg sync.WaitGroup
		wg.Go(func() { // goes first, and its next 429 outlasts the second call's wait
			refusals := 1
			_ = l.do(t.Context(), "m", "C1", func() error {
				if refusals--; refusals == 0 {
					return limitedFor(10 * time.Second)
				}
				return nil
			})
		})
		synctest.Wait()
		wg.Go(func() {
			_ = l.do(t.Context(), "m", "C1", func() error {
				if waited := time.Since(start); waited < 12*time.Second {
					t.Errorf("called after %s, want it held for the 12 s that Slack asked for", waited)
				}
				return nil
			})
		})
		wg.Wait()
	})
}

func TestThrottleFailsFast(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var l throttle
		ran := 0
		_ = l.do(deadline(t, time.Second), "m", "", func() error { ran++; return limitedFor(10 * time.Second) })
		time.Sleep(4 * time.Second)

		start := time.Now()
		err := l.do(deadline(t, 5*time.Second), "m", "", func() error { ran++; return nil })
		e, ok := errors.AsType[*Error](err)
		if !ok || !errors.Is(err, ErrThrottled) || !errors.Is(err, ErrNotSent) || e.RetryAfter != 6*time.Second || time.Since(start) != 0 {
			t.Errorf("with 5 s left of 6 = %v after %s, want ErrThrottled for 6 s, at once", err, time.Since(start))
		}
		if err := l.do(deadline(t, 7*time.Second), "m", "", func() error { ran++; return nil }); err != nil {
			t.Errorf("with 7 s left of 6 = %v, want nil", err)
		}
		if ran != 2 {
			t.Errorf("calls = %d, want 2", ran)
		}
		err = l.do(context.Background(), "m", "", func() error { return limitedFor(time.Hour) })
		if !errors.Is(err, ErrThrottled) {
			t.Errorf("an hour without a deadline = %v, want ErrThrottled at once", err)
		}
	})
}

func TestThrottleWaitEndsWithContext(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var l throttle
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(2*time.Second, cancel)
		err := l.do(ctx, "m", "", func() error { return limitedFor(20 * time.Second) })
		if !errors.Is(err, ErrThrottled) || !errors.Is(err, ErrNotSent) || !errors.Is(err, context.Canceled) {
			t.Errorf("cancelled while waiting = %v, want ErrThrottled, ErrNotSent and the cancellation", err)
		}
	})
}

func deadline(t *testing.T, d time.Duration) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), d)
	t.Cleanup(cancel)
	return ctx
}

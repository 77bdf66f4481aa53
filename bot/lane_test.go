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

func TestLaneIsFirstComeFirstServed(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var l lanes
		var mu sync.Mutex
		var order []int
		start := time.Now()
		var at []time.Duration
		refusals := 2 // the first call is refused twice
		var wg sync.WaitGroup
		for i := range 4 {
			wg.Go(func() {
				err := l.through(t.Context(), "m", "", func() error {
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
		if len(l.closed) != 0 {
			t.Errorf("lanes left = %d, want none", len(l.closed))
		}
	})
}

func TestLaneLetsOneThroughAtATimeWhileThereIsALine(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var l lanes
		if err := l.through(deadline(t, time.Millisecond), "m", "", func() error { return limitedFor(time.Second) }); !errors.Is(err, ErrThrottled) {
			t.Fatalf("first call = %v, want ErrThrottled", err)
		}
		var mu sync.Mutex
		inside, most, most2 := 0, 0, 0
		var wg sync.WaitGroup
		call := func(most *int) func() error {
			return func() error {
				mu.Lock()
				inside++
				*most = max(*most, inside)
				mu.Unlock()
				time.Sleep(100 * time.Millisecond)
				mu.Lock()
				inside--
				mu.Unlock()
				return nil
			}
		}
		for range 5 {
			wg.Go(func() { _ = l.through(t.Context(), "m", "", call(&most)) })
		}
		wg.Wait()
		for range 5 { // the line is gone: open again
			wg.Go(func() { _ = l.through(t.Context(), "m", "", call(&most2)) })
		}
		wg.Wait()
		if most != 1 || most2 != 5 {
			t.Errorf("calls at once = %d in the line, %d afterwards, want 1, 5", most, most2)
		}
	})
}

func TestLaneGivesUpWhatCannotFit(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var l lanes
		ran := 0
		_ = l.through(deadline(t, time.Second), "m", "", func() error { ran++; return limitedFor(10 * time.Second) })
		time.Sleep(4 * time.Second)

		start := time.Now()
		err := l.through(deadline(t, 5*time.Second), "m", "", func() error { ran++; return nil })
		e, ok := errors.AsType[*Error](err)
		if !ok || !errors.Is(err, ErrThrottled) || !errors.Is(err, ErrNotSent) || e.RetryAfter != 6*time.Second || time.Since(start) != 0 {
			t.Errorf("with 5 s left of 6 = %v after %s, want ErrThrottled for 6 s, at once", err, time.Since(start))
		}
		if err := l.through(deadline(t, 7*time.Second), "m", "", func() error { ran++; return nil }); err != nil {
			t.Errorf("with 7 s left of 6 = %v, want nil", err)
		}
		if ran != 2 {
			t.Errorf("calls = %d, want 2", ran)
		}
		err = l.through(context.Background(), "m", "", func() error { return limitedFor(time.Hour) })
		if !errors.Is(err, ErrThrottled) {
			t.Errorf("an hour without a deadline = %v, want ErrThrottled at once", err)
		}
	})
}

func TestLaneWaitingEndsWithTheContext(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var l lanes
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(2*time.Second, cancel)
		err := l.through(ctx, "m", "", func() error { return limitedFor(20 * time.Second) })
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

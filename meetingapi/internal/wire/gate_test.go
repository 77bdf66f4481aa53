package wire

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"
)

func TestGatePause(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := NewGate(time.Second)
		_ = g.Enter(t.Context(), "a", 0)
		g.Leave("a", nil, 2*time.Second)
		if n := g.Enter(t.Context(), "a", 0); n == nil || n.Why != UsedUp || n.After != 2*time.Second {
			t.Errorf("Enter() during a pause = %+v, want %v for 2s", n, UsedUp)
		}
		<-time.After(1500 * time.Millisecond)
		gone, leave := context.WithCancel(t.Context())
		time.AfterFunc(100*time.Millisecond, leave)
		if n := g.Enter(gone, "a", 0); n == nil || n.Why != NotSent || !n.Canceled {
			t.Errorf("canceled Enter() = %+v, want %v", n, NotSent)
		}
		began := time.Now()
		if n := g.Enter(t.Context(), "a", 0); n != nil || time.Since(began) != 400*time.Millisecond {
			t.Errorf("Enter() at the end of a pause = %+v after %v, want to pass after 400ms", n, time.Since(began))
		}
	})
}

func TestRetry(t *testing.T) {
	t.Parallel()
	broken := errors.New("broken")
	for _, tt := range []struct {
		desc      string
		retry     Retry
		patience  time.Duration
		after     time.Duration
		temporary bool
		tries     int
	}{
		{"default", Retry{}, 0, 0, true, 3},
		{"no retries", Retry{More: -1}, 0, 0, true, 1},
		{"permanent error", Retry{}, 0, 0, false, 1},
		{"wait within patience", Retry{More: 1}, time.Second, time.Second, true, 2},
		{"wait beyond patience", Retry{More: 1}, time.Second, 2 * time.Second, true, 1},
		{"no wait and no patience", Retry{}, -1, 0, true, 3},
		{"wait without patience", Retry{}, -1, time.Second, true, 1},
		{"wait beyond deadline", Retry{}, time.Hour, time.Minute, true, 1},
	} {
		synctest.Test(t, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
			defer cancel()
			tries := 0
			err := tt.retry.Do(ctx, tt.patience, func(error) (bool, time.Duration) { return tt.temporary, tt.after }, func() error {
				tries++
				return broken
			})
			if !errors.Is(err, broken) || tries != tt.tries {
				t.Errorf("%s: %v after %d tries, want %v after %d", tt.desc, err, tries, broken, tt.tries)
			}
		})
	}
}

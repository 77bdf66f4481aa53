package background_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"meetingbot/internal/background"
)

type key struct{}

// TestGroup: a function has its limit and the values of its caller's context, outlives that
// context, and ends with the group, which waits for it.
func TestGroup(t *testing.T) {
	t.Parallel()
	for name, closes := range map[string]bool{"limit": false, "close": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				g, start := background.New(), time.Now()
				var ended time.Duration
				var cause error
				ctx, cancel := context.WithCancel(context.WithValue(t.Context(), key{}, "T1"))
				started := g.Go(ctx, time.Hour, func(ctx context.Context) {
					<-ctx.Done()
					ended, cause = time.Since(start), ctx.Err()
					if ctx.Value(key{}) != "T1" {
						t.Error("the context's values are lost")
					}
				})
				cancel()
				<-time.After(time.Minute)
				synctest.Wait()
				want, why := time.Minute, context.Canceled
				if !closes {
					<-time.After(2 * time.Hour)
					want, why = time.Hour, context.DeadlineExceeded
				}
				g.Close()
				if !started || ended != want || !errors.Is(cause, why) {
					t.Errorf("started: %t, ended after %s: %v; want %s, %v", started, ended, cause, want, why)
				}
				if g.Go(ctx, time.Hour, func(context.Context) { t.Error("a function runs after Close") }) {
					t.Error("Go() after Close() = true, want false")
				}
				g.Close()
			})
		})
	}
}

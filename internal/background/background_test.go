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

// TestGroup: what runs has its limit, the values of where it was begun and not its end, and
// ends with the group, which waits for it.
func TestGroup(t *testing.T) {
	t.Parallel()
	for name, closes := range map[string]bool{"its limit": false, "its owner": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				g, begun := background.New(), time.Now()
				var ended time.Duration
				var cause error
				ctx, cancel := context.WithCancel(context.WithValue(t.Context(), key{}, "T1"))
				runs := g.Go(ctx, time.Hour, func(ctx context.Context) {
					<-ctx.Done()
					ended, cause = time.Since(begun), ctx.Err()
					if ctx.Value(key{}) != "T1" {
						t.Error("the values are lost")
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
				if !runs || ended != want || !errors.Is(cause, why) {
					t.Errorf("it runs: %t, ended after %s: %v; want %s, %v", runs, ended, cause, want, why)
				}
				if g.Go(ctx, time.Hour, func(context.Context) { t.Error("it runs after Close") }) {
					t.Error("a closed group starts something")
				}
				g.Close()
			})
		})
	}
}

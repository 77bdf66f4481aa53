package handlers

import (
	"context"
	"log/slog"
	"testing"
	"testing/synctest"
	"time"
)

// TestReadings has readings begun, handed on, taken and forgotten: each is taken
// once, and what was not read is told from what was.
func TestReadings(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := &Handlers{log: slog.New(slog.DiscardHandler)}
		h.life, h.end = context.WithCancel(t.Context())
		defer h.Close()
		var r readings[int]
		begin := func(key string, n int, ok bool) {
			readBeside(h, &r, key, func(context.Context) (int, bool) { return n, ok })
			synctest.Wait()
		}
		begin("click", 1, true)
		if !r.handOn("click", "request") {
			t.Error("handOn(click, request) = false, want true: it was read")
		}
		if got, ok := await(t.Context(), r.take("request")); got != 1 || !ok {
			t.Errorf("take(request) = %d, %t, want 1, true", got, ok)
		}
		if made := r.take("request"); made != nil {
			t.Error("take(request) = a reading, want nil: it was taken")
		}
		if r.has("request") {
			t.Error("has(request) = true, want false: it was taken")
		}
		begin("refused", 2, false)
		if r.handOn("refused", "request") {
			t.Error("handOn(refused, request) = true, want false: nothing was read")
		}
		if _, ok := await(t.Context(), r.take("never begun")); ok {
			t.Error("await(take(never begun)) = true, want false")
		}
		begin("nobody takes it", 3, true)
		begin("again", 4, true)
		begin("again", 5, true) // the timer of the first must not take the second
		if got, _ := await(t.Context(), r.take("again")); got != 5 {
			t.Errorf("take(again) = %d, want 5", got)
		}
		<-time.After(2 * lookUpTime)
		synctest.Wait()
		if n := len(r.made); n != 0 {
			t.Errorf("%d readings are kept after their time, want none", n)
		}
	})
}

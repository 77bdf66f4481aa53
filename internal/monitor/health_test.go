package monitor_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"meetingbot/internal/monitor"
)

// TestHealthOfWrites asserts that a failed write counts until one succeeds.
func TestHealthOfWrites(t *testing.T) {
	t.Parallel()
	full := errors.New("the disk is full")
	h := &monitor.Health{}
	for i, step := range []struct{ wrote, want error }{
		{nil, nil},
		{full, full},
		{fmt.Errorf("insert: %w", context.Canceled), full}, // the caller gave up
		{fmt.Errorf("insert: %w", context.DeadlineExceeded), context.DeadlineExceeded},
		{nil, nil},
		{context.Canceled, nil},
	} {
		h.Wrote(step.wrote)
		if got := h.Check(); !errors.Is(got, step.want) || (got == nil) != (step.want == nil) {
			t.Errorf("step %d: Check() after Wrote(%v) = %v, want %v", i, step.wrote, got, step.want)
		}
	}
}

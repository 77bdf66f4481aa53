package report

import (
	"testing"
	"time"

	"meetingbot/internal/cancellation"
)

// TestFinalEditWaits: the last edit of a card also comes at least two seconds after the one
// before.
func TestFinalEditWaits(t *testing.T) {
	t.Parallel()
	now := time.Now()
	if again := untilDrawable(&cancellation.Batch{DrawnAt: now}, now); again != ProgressGap {
		t.Errorf("right after a draw: drawable in %v, want %v", again, ProgressGap)
	}
}

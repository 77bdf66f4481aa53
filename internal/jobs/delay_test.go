package jobs

import (
	"errors"
	"testing"
	"time"
)

func TestDelay(t *testing.T) {
	t.Parallel()
	for attempt, want := range map[int]time.Duration{
		0: time.Second, 1: 2 * time.Second, 2: 4 * time.Second, 5: 32 * time.Second,
		6: 32 * time.Second, 1 << 30: 32 * time.Second,
	} {
		if got := delay(attempt); got != want {
			t.Errorf("delay(%d) = %v, want %v", attempt, got, want)
		}
	}
}

// TestLaterIsItsError: wrapping when to try again hides nothing of what failed.
func TestLaterIsItsError(t *testing.T) {
	t.Parallel()
	cause := errors.New("slack is busy")
	var err error = &Later{Err: cause, After: time.Second}
	if !errors.Is(err, cause) || err.Error() != cause.Error() {
		t.Errorf("Later = %q, want it to be and to read as %q", err, cause)
	}
	if got := (&Later{After: time.Second}).Error(); got == "" {
		t.Error("Later without an error says nothing")
	}
}

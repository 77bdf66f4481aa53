package jobs

import (
	"errors"
	"log/slog"
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

// TestLogLevel: a step that fails for an hour is logged at once and then regularly, but
// doesn't fill the log.
func TestLogLevel(t *testing.T) {
	t.Parallel()
	quiet, longest, logged := time.Duration(0), time.Duration(0), 0
	for attempt, at := 0, time.Duration(0); at < time.Hour; attempt++ {
		if logLevel(attempt) >= slog.LevelInfo {
			logged, quiet = logged+1, 0
		}
		at, quiet = at+delay(attempt), quiet+delay(attempt)
		longest = max(longest, quiet)
	}
	if logLevel(0) < slog.LevelWarn || logged > 15 || longest > 10*time.Minute {
		t.Errorf("in an hour a failing step was logged %d times, with gaps up to %v; want at most 15 times, and every ten minutes", logged, longest)
	}
}

// TestLater: a Later reads like the error that it wraps.
func TestLater(t *testing.T) {
	t.Parallel()
	cause := errors.New("slack is busy")
	var err error = &Later{Err: cause, After: time.Second}
	if !errors.Is(err, cause) || err.Error() != cause.Error() {
		t.Errorf("Later = %q, want it to wrap and read like %q", err, cause)
	}
	if got := (&Later{After: time.Second}).Error(); got == "" {
		t.Error("Later without an error has no text")
	}
}

// TestCeilMillis: due times are stored in milliseconds, rounded up.
func TestCeilMillis(t *testing.T) {
	t.Parallel()
	whole := time.UnixMilli(1_700_000_000_000)
	for _, tt := range []struct {
		after time.Duration
		want  int64
	}{
		{0, 1_700_000_000_000},
		{1, 1_700_000_000_001},
		{time.Microsecond, 1_700_000_000_001},
		{time.Millisecond - 1, 1_700_000_000_001},
		{time.Millisecond, 1_700_000_000_001},
		{-1, 1_700_000_000_000},
	} {
		if got := ceilMillis(whole.Add(tt.after)); got != tt.want {
			t.Errorf("ceilMillis(%v later) = %d, want %d", tt.after, got, tt.want)
		}
	}
}

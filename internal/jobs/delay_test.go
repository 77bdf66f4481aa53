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

// TestOutageInTheLog: a step that fails for an hour says so at once, goes on saying so, and
// does not fill the log.
func TestOutageInTheLog(t *testing.T) {
	t.Parallel()
	quiet, most, said := time.Duration(0), time.Duration(0), 0
	for attempt, at := 0, time.Duration(0); at < time.Hour; attempt++ {
		if howLoud(attempt) >= slog.LevelInfo {
			said, quiet = said+1, 0
		}
		at, quiet = at+delay(attempt), quiet+delay(attempt)
		most = max(most, quiet)
	}
	if howLoud(0) < slog.LevelWarn || said > 15 || most > 10*time.Minute {
		t.Errorf("in an hour a failing step was logged %d times, and not for %v; want 15 times at most, and every ten minutes", said, most)
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

// TestNotBefore: a job is stored as due to the millisecond, and never a moment too early.
func TestNotBefore(t *testing.T) {
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
		if got := notBefore(whole.Add(tt.after)); got != tt.want {
			t.Errorf("notBefore(%v later) = %d, want %d", tt.after, got, tt.want)
		}
	}
}

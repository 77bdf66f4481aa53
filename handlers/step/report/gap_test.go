package report

import (
	"testing"
	"time"

	"meetingbot/handlers/step"
	"meetingbot/internal/cancellation"
	"meetingbot/internal/store"
)

// TestFinalEditWaits: the last edit of a card also comes at least two seconds after the one
// before.
func TestFinalEditWaits(t *testing.T) {
	t.Parallel()
	now := time.Now()
	s, err := store.Open(t.Context(), "sqlite:"+t.TempDir()+"/m.db", store.Options{Now: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	p := &reporting{Task: &step.Task{Deps: &step.Deps{Store: s}}}
	p.R.Batch = &cancellation.Batch{DrawnAt: s.Now()}
	if again := p.untilDrawable(); again != ProgressGap {
		t.Errorf("right after a draw: drawable in %v, want %v", again, ProgressGap)
	}
}

package many

import (
	"testing"
	"time"

	"meetingbot/handlers/step"
	"meetingbot/internal/cancellation"
	"meetingbot/internal/store"
)

// TestFinalEditWaits: also the last edit of a card comes no sooner than two seconds after
// the one before it.
func TestFinalEditWaits(t *testing.T) {
	t.Parallel()
	s, err := store.Open(t.Context(), "sqlite:"+t.TempDir()+"/m.db", store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	p := &reporting{Deps: &step.Deps{Store: s}} // without a board, nothing can be drawn
	p.r.Batch = &cancellation.Batch{DrawnAt: s.Now()}
	again, err := p.card(t.Context())
	if err != nil || again <= progressGap-time.Second || again > progressGap {
		t.Errorf("right after a drawing: again in %v (%v), want some %v", again, err, progressGap)
	}
}

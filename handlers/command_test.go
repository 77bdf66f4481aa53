package handlers

import (
	"path/filepath"
	"testing"
	"time"

	"meetingbot/internal/store"
)

// TestTooMany: what starts a request counts for a minute, what was refused for
// it does not, and the wait that is told is the one until there is room.
func TestTooMany(t *testing.T) {
	t.Parallel()
	begin := time.Date(2026, 12, 1, 10, 0, 0, 0, time.UTC)
	now := begin
	s, err := store.Open(t.Context(), "sqlite:"+filepath.Join(t.TempDir(), "m.db"), func() time.Time { return now })
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	h := &Handlers{store: s, rules: Rules{PerMinute: 2}}
	for _, step := range []struct {
		id, person, kind string
		at               time.Duration
		wait             time.Duration // 0 is not refused
	}{
		{"a1", "U0ANA", kindStart, 0, 0},
		{"a2", "U0ANA", kindCommand, time.Second, 0},
		{"a3", "U0ANA", kindClick, 2 * time.Second, 0},
		{"a4", "U0ANA", kindStart, 20 * time.Second, 0},
		{"b1", "U0BOB", kindStart, 25 * time.Second, 0},
		{"a5", "U0ANA", kindStart, 30 * time.Second, 30 * time.Second},
		{"a6", "U0ANA", kindStart, 40 * time.Second, 20 * time.Second},
		{"a7", "U0ANA", kindStart, 50 * time.Second, 10 * time.Second},
		{"a8", "U0ANA", kindStart, 60 * time.Second, 0}, // a1 has left; those that were refused are not in the way
		{"a9", "U0ANA", kindStart, 61 * time.Second, 19 * time.Second},
		{"b2", "U0BOB", kindStart, 62 * time.Second, 0}, // three at the same moment: two have room
		{"b4", "U0BOB", kindStart, 62 * time.Second, 23 * time.Second},
		{"b5", "U0BOB", kindStart, 62 * time.Second, 23 * time.Second},
	} {
		now = begin.Add(step.at)
		err := s.Do(t.Context(), func(tx *store.Tx) error {
			return tx.Receive(t.Context(), store.Envelope{ID: step.id, Kind: step.kind, Person: step.person, Body: "{}"})
		})
		if err != nil {
			t.Fatal(err)
		}
		if step.kind != kindStart {
			continue
		}
		for range 2 { // a step may run twice
			a, err := h.tooMany(t.Context(), &intake{id: step.id, person: step.person, at: now})
			var got time.Duration
			if a != nil {
				got = a.Wait
			}
			if err != nil || got != step.wait {
				t.Errorf("tooMany(%s) = a wait of %v, %v, want %v", step.id, got, err, step.wait)
			}
		}
	}
}

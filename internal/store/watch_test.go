package store_test

import (
	"context"
	"errors"
	"testing"

	"meetingbot/internal/store"
)

// TestWatch: one job watches a meeting for all its cards, and doesn't stop if a card was
// added in the meantime.
func TestWatch(t *testing.T) {
	t.Parallel()
	eachDatabase(t, func(t *testing.T, url string) {
		s := openStore(t, url)
		watch := func() (begin bool) {
			do(t, s, func(ctx context.Context, tx *store.Tx) (err error) {
				begin, err = tx.Watches.Add(ctx, "914")
				return err
			})
			return begin
		}
		if !watch() || watch() {
			t.Error("Watches.Add() must report the first card and no other")
		}
		cards, err := s.Watches.Cards(t.Context(), "914")
		if err != nil || cards != 2 {
			t.Fatalf("Watches.Cards() = %d, %v, want 2", cards, err)
		}
		watch()
		unwatch := func(cards int64) error {
			return s.Do(t.Context(), func(tx *store.Tx) error { return tx.Watches.End(t.Context(), "914", cards) })
		}
		if err := unwatch(cards); !errors.Is(err, store.ErrConflict) {
			t.Errorf("Watches.End() after another card was added = %v, want ErrConflict", err)
		}
		if err := unwatch(cards + 1); err != nil {
			t.Errorf("Watches.End() = %v", err)
		}
		if !watch() {
			t.Error("Watches.Add() doesn't report that the meeting is no longer watched")
		}
	})
}

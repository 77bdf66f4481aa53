package watch_test

import (
	"context"
	"log/slog"
	"sync/atomic"
	"testing"
	"time"

	"meetingbot/handlers/step"
	"meetingbot/handlers/step/watch"
	"meetingbot/internal/cancellation"
	"meetingbot/internal/pgtest"
	"meetingbot/internal/store"
)

// TestSweepUsesDatabaseClock: a machine whose clock was just set an hour ahead closes no
// question, because replicas go by the database's clock and measure the difference first.
func TestSweepUsesDatabaseClock(t *testing.T) {
	t.Parallel()
	var ahead atomic.Int64
	s, err := store.Open(t.Context(), pgtest.URL(t), store.Options{Now: func() time.Time { return time.Now().Add(time.Duration(ahead.Load())) }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	if err := s.SyncClock(t.Context()); err != nil {
		t.Fatal(err)
	}
	r := cancellation.Request{
		ID: cancellation.NewID(), State: cancellation.Asked, Asker: "U0ANA", Channel: "C0GENERAL",
		CreatedAt: s.Now(), ExpiresAt: s.Now().Add(15 * time.Minute),
	}
	err = s.Do(t.Context(), func(tx *store.Tx) error {
		_, err := tx.Requests.Insert(t.Context(), r)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	sweeper := &watch.Sweeper{
		Deps: &step.Deps{Store: s, Log: slog.New(slog.DiscardHandler)},
		Also: func(context.Context) error { return nil },
	}
	for _, by := range []time.Duration{time.Hour, 0, -time.Hour} {
		ahead.Store(int64(by))
		sweeper.Round(t.Context())
		if stored, err := s.Requests.Get(t.Context(), r.ID); err != nil || stored.State != cancellation.Asked {
			t.Fatalf("with the machine's clock set to %v ahead the question is %s, %v; want asked", by, stored.State, err)
		}
	}
}

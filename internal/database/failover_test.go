package database_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"meetingbot/internal/database"
	"meetingbot/internal/pgtest"
)

// TestDemotedServer: connections to a server that has become a standby are closed, so that
// new ones lead to the new primary.
func TestDemotedServer(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	s := open(t, pgtest.URL(t), database.Options{})
	// Only the sessions that are open now behave like a standby's.
	demote(ctx, t, s)
	if err := s.Check(ctx); !errors.Is(err, database.ErrServerReadOnly) {
		t.Errorf("Check() at a standby = %v, want %v", err, database.ErrServerReadOnly)
	}
	for range 20 { // more than the pool holds
		if err := s.Check(ctx); err != nil {
			t.Fatalf("Check() = %v: a connection to the standby was kept", err)
		}
	}
}

// demote makes every open connection refuse writes.
func demote(ctx context.Context, t *testing.T, s *database.DB) {
	t.Helper()
	for range 16 { // as many as the pool opens
		c, err := s.DB().Conn(ctx)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = c.Close() }()
		if _, err := c.ExecContext(ctx, `SET default_transaction_read_only = on`); err != nil {
			t.Fatal(err)
		}
	}
}

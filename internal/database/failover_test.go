package database_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"meetingbot/internal/database"
	"meetingbot/internal/pgtest"
)

// TestDemotedServer: connections to a server that has become a standby are given up, so
// that the next ones lead to the new primary.
func TestDemotedServer(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	s := open(t, pgtest.URL(t), database.Options{})
	// The sessions that are open, and no later ones, are those of a standby.
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

// demote has every open connection refuse to write.
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

package database_test

import (
	"errors"
	"testing"

	"meetingbot/internal/database"
	"meetingbot/internal/pgtest"
)

// TestDemotedServer: connections to a server that has become a standby are given up, so
// that the next ones lead to the new primary.
func TestDemotedServer(t *testing.T) {
	t.Parallel()
	s := open(t, pgtest.URL(t), database.Options{})
	s.Warm(t.Context())
	// The sessions that are open, and no later ones, are those of a standby.
	demote(t, s)
	if err := s.Check(t.Context()); !errors.Is(err, database.ErrServerReadOnly) {
		t.Errorf("Check() at a standby = %v, want %v", err, database.ErrServerReadOnly)
	}
	for range 20 { // more than the pool holds
		if err := s.Check(t.Context()); err != nil {
			t.Fatalf("Check() = %v: a connection to the standby was kept", err)
		}
	}
}

// demote has every open connection refuse to write.
func demote(t *testing.T, s *database.DB) {
	t.Helper()
	for range 8 { // as many as are opened in advance
		c, err := s.DB().Conn(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = c.Close() }()
		if _, err := c.ExecContext(t.Context(), `SET default_transaction_read_only = on`); err != nil {
			t.Fatal(err)
		}
	}
}

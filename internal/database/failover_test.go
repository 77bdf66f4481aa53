package database_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

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
	for range s.DB().Stats().MaxOpenConnections {
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

// TestClosedConnections: when the server has just closed every pooled connection, as in a
// failover, the next transaction gets a new one instead of failing.
func TestClosedConnections(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	url := pgtest.URL(t)
	s := open(t, url, database.Options{})
	killer, err := pgx.Connect(ctx, url)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = killer.Close(ctx) }()
	pids := sessions(ctx, t, s)
	if _, err := killer.Exec(ctx, `SELECT pg_terminate_backend(pid) FROM unnest($1::int[]) AS pid`, pids); err != nil {
		t.Fatal(err)
	}
	for left := -1; left != 0; { // at once: the driver checks a connection that has been idle for a second
		if err := killer.QueryRow(ctx, `SELECT count(*) FROM pg_stat_activity WHERE pid = ANY($1)`, pids).Scan(&left); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Check(ctx); err != nil {
		t.Errorf("Check() after the server closed %d connections = %v", len(pids), err)
	}
}

// sessions opens as many connections as the pool may and returns their process ids.
func sessions(ctx context.Context, t *testing.T, s *database.DB) []int32 {
	t.Helper()
	var pids []int32
	for range s.DB().Stats().MaxOpenConnections {
		c, err := s.DB().Conn(ctx)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = c.Close() }()
		var pid int32
		if err := c.QueryRowContext(ctx, `SELECT pg_backend_pid()`).Scan(&pid); err != nil {
			t.Fatal(err)
		}
		pids = append(pids, pid)
	}
	return pids
}

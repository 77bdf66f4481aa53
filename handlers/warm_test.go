package handlers

import (
	"strings"
	"testing"

	"meetingbot/internal/pgtest"
	"meetingbot/internal/store"
)

// TestWarm: warming up stores nothing, but the server has prepared all that a command
// stores.
func TestWarm(t *testing.T) {
	t.Parallel()
	h := newFixture(t, false)
	s, err := store.Open(t.Context(), pgtest.URL(t), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	h.deps.Store = s
	if err := h.Warm(t.Context()); err != nil {
		t.Fatal(err)
	}
	var prepared []string
	err = s.Query(t.Context(), `SELECT statement FROM pg_prepared_statements`, func(row store.Row) error {
		var statement string
		err := row.Scan(&statement)
		prepared = append(prepared, statement)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, table := range []string{"envelope", "request", "job"} {
		if !strings.Contains(strings.Join(prepared, "\n"), "INSERT INTO "+table+" ") {
			t.Errorf("no INSERT INTO %s is prepared, only %q", table, prepared)
		}
		var n int
		if err := s.DB().QueryRowContext(t.Context(), `SELECT count(*) FROM `+table).Scan(&n); err != nil || n != 0 {
			t.Errorf("%s has %d rows, %v", table, n, err)
		}
	}
}

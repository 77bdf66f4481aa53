package database_test

import (
	"testing"

	"meetingbot/internal/database"
	"meetingbot/internal/pgtest"
)

// TestReadsCommitted: a conditional update shows who was first, even if PostgreSQL's
// administrator has changed the default isolation level.
func TestReadsCommitted(t *testing.T) {
	t.Parallel()
	s := open(t, pgtest.URL(t)+"&default_transaction_isolation=serializable", database.Options{})
	if err := add(t, s, "one"); err != nil {
		t.Fatal(err)
	}
	const claim = `UPDATE note SET author = $1 WHERE text = 'one' AND author = ''`
	err := s.Do(t.Context(), func(tx *database.Tx) error {
		if err := tx.Query(t.Context(), `SELECT text FROM note`, func(database.Row) error { return nil }); err != nil {
			return err
		}
		first := s.Do(t.Context(), func(tx *database.Tx) error {
			_, err := tx.Exec(t.Context(), claim, "first")
			return err
		})
		if first != nil {
			t.Errorf("the first: %v", first)
		}
		n, err := tx.Exec(t.Context(), claim, "second")
		if err == nil && n != 0 {
			t.Error("both were first")
		}
		return err
	})
	if err != nil {
		t.Errorf("the second: %v, want no error, only that no row was updated", err)
	}
}

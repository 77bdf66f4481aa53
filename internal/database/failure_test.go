package database_test

import (
	"errors"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"meetingbot/internal/database"
	"meetingbot/internal/pgtest"
)

// TestNothingAfterFailure: SQLite rolls back a transaction when the disk is full, and would
// commit each later statement on its own. A caller that goes on must change nothing.
func TestNothingAfterFailure(t *testing.T) {
	t.Parallel()
	s := open(t, "sqlite:"+filepath.Join(t.TempDir(), "m.db"), database.Options{})
	if _, err := s.DB().ExecContext(t.Context(), `PRAGMA max_page_count = 1`); err != nil { // it can't grow any more
		t.Fatal(err)
	}
	err := s.Do(t.Context(), func(tx *database.Tx) error {
		return errors.Join(insert(t, tx, "one"), insert(t, tx, strings.Repeat("too long ", 10_000)), insert(t, tx, "two"))
	})
	if !errors.Is(err, database.ErrFull) {
		t.Errorf("Do() = %v, want %v", err, database.ErrFull)
	}
	if got := notes(t, s); len(got) > 0 {
		t.Errorf("the notes are %q, want none", got)
	}
}

// TestFirstFailureCounts: PostgreSQL's errors for statements after a failed one say nothing
// about its health.
func TestFirstFailureCounts(t *testing.T) {
	t.Parallel()
	var h health
	s := open(t, pgtest.URL(t), database.Options{OnWrite: h.note})
	before, _ := h.state()
	err := s.Do(t.Context(), func(tx *database.Tx) error {
		_, deadlock := tx.Exec(t.Context(), `DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '40P01'; END $$`)
		return errors.Join(deadlock, insert(t, tx, "one"))
	})
	if err == nil {
		t.Error("Do() = nil, want the deadlock")
	}
	if now, last := h.state(); now != before {
		t.Errorf("OnWrite got %v", last)
	}
}

// TestAfterFailedCommit checks that a commit that SQLite refuses changes nothing, and that the
// next transaction isn't part of it.
func TestAfterFailedCommit(t *testing.T) {
	t.Parallel()
	d := open(t, "sqlite:"+filepath.Join(t.TempDir(), "m.db"), database.Options{})
	try := func(statements ...string) error {
		return d.Do(t.Context(), func(tx *database.Tx) (err error) {
			for _, s := range statements {
				_, failed := tx.Exec(t.Context(), s)
				err = errors.Join(err, failed)
			}
			return err
		})
	}
	if err := try(`CREATE TABLE child (note TEXT REFERENCES note (text) DEFERRABLE INITIALLY DEFERRED)`); err != nil {
		t.Fatal(err)
	}
	if err := try(`INSERT INTO note (text) VALUES ('lost')`, `INSERT INTO child VALUES ('missing')`); err == nil {
		t.Error("a child without its note was committed")
	}
	if err := add(t, d, "kept"); err != nil {
		t.Errorf("the next transaction: %v", err)
	}
	if got := notes(t, d); !slices.Equal(got, []string{"kept"}) {
		t.Errorf("notes %q, want only kept", got)
	}
}

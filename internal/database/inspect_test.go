package database

import (
	"errors"
	"testing"
)

func TestNoFolder(t *testing.T) {
	t.Parallel()
	if _, err := (Schema{}).Inspect(t.Context(), "sqlite:/no such folder/m.db"); !errors.Is(err, ErrAddress) {
		t.Errorf("Inspect() = %v, want %v", err, ErrAddress)
	}
}

func TestDialects(t *testing.T) {
	t.Parallel()
	if got := SQLite.String() + PostgreSQL.String() + Dialect(0).String(); got != "SQLitePostgreSQLunknown" {
		t.Errorf("names of the dialects = %q", got)
	}
}

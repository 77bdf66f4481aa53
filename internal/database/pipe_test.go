//go:build unix

package database_test

import (
	"errors"
	"path/filepath"
	"syscall"
	"testing"

	"meetingbot/internal/database"
)

// TestPipe asserts that a pipe in the place of the database is refused: opening it would wait
// for its other end.
func TestPipe(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "m.db")
	if err := syscall.Mkfifo(path, 0o600); err != nil {
		t.Skipf("no pipes here: %v", err)
	}
	if _, err := schema().Open(t.Context(), "sqlite:"+path, database.Options{}); !errors.Is(err, database.ErrAddress) {
		t.Errorf("Open() = %v, want %v", err, database.ErrAddress)
	}
	if _, err := schema().OpenReadOnly(t.Context(), "sqlite:"+path); !errors.Is(err, database.ErrAddress) {
		t.Errorf("OpenReadOnly() = %v, want %v", err, database.ErrAddress)
	}
	if _, err := schema().Inspect(t.Context(), "sqlite:"+path); !errors.Is(err, database.ErrAddress) {
		t.Errorf("Inspect() = %v, want %v", err, database.ErrAddress)
	}
}

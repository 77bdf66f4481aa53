// Package sqlitetest gives each test its own SQLite database, with our tables in it.
//
// A process migrates only one, and copies it for every test, because the migrations take
// longer than most tests. The files are in memory where the system has a folder for that.
//
// It is for tests only; release builds don't import it.
package sqlitetest

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"meetingbot/internal/store"
)

// URL makes a database and returns its DATABASE_URL. The file is removed at the end of the
// test.
func URL(t testing.TB) string {
	t.Helper()
	empty, err := Template()
	if err != nil {
		t.Fatal(err)
	}
	dir, err := os.MkdirTemp(Memory(), "meetingbot-test-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	path := filepath.Join(dir, "m.db")
	if err := os.WriteFile(path, empty, 0o600); err != nil {
		t.Fatal(err)
	}
	return "sqlite:" + path
}

// Template returns the file of a database with our tables, made once. Call it outside a
// synctest bubble first.
var Template = sync.OnceValues(func() ([]byte, error) {
	dir, err := os.MkdirTemp(Memory(), "meetingbot-test-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "m.db")
	s, err := store.Open(context.Background(), "sqlite:"+path, store.Options{})
	if err != nil {
		return nil, err
	}
	if err := s.Close(); err != nil {
		return nil, err
	}
	if info, err := os.Stat(path + "-wal"); err == nil && info.Size() > 0 {
		return nil, fmt.Errorf("the template still has a WAL of %d bytes", info.Size())
	}
	return os.ReadFile(path) //nolint:gosec // its own path
})

// Memory returns a folder in memory, or "" if there is none.
func Memory() string {
	if info, err := os.Stat("/dev/shm"); err == nil && info.IsDir() {
		return "/dev/shm"
	}
	return ""
}

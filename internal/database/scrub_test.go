package database_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"meetingbot/internal/database"
)

// TestScrub: afterwards deleted data is nowhere on the disk, not even in the log, and the
// rest is still there.
func TestScrub(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "notes.db")
	d := open(t, "sqlite:"+path, database.Options{})
	for _, text := range []string{"to be forgotten", "to be kept"} {
		if err := add(t, d, text); err != nil {
			t.Fatal(err)
		}
	}
	err := d.Do(t.Context(), func(tx *database.Tx) error {
		_, err := tx.Exec(t.Context(), `DELETE FROM note WHERE text = 'to be forgotten'`)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if found := onDisk(t, path, "to be forgotten"); !found {
		t.Fatal("the log had nothing to scrub: this test proves nothing")
	}
	if err := d.Scrub(t.Context()); err != nil {
		t.Fatal(err)
	}
	if onDisk(t, path, "to be forgotten") {
		t.Error("a deleted note is still on the disk")
	}
	if !onDisk(t, path, "to be kept") {
		t.Error("a note that was not deleted is missing")
	}
	if err := add(t, d, "after it"); err != nil {
		t.Errorf("a write after scrubbing: %v", err)
	}
}

// TestScrubDoesNotWait: scrubbing gives up while there is a reader, and succeeds later.
func TestScrubDoesNotWait(t *testing.T) {
	t.Parallel()
	d := open(t, "sqlite:"+filepath.Join(t.TempDir(), "notes.db"), database.Options{})
	if err := add(t, d, "one"); err != nil {
		t.Fatal(err)
	}
	err := d.Query(t.Context(), `SELECT text FROM note`, func(database.Row) error {
		if err := add(t, d, "two"); err != nil {
			return err
		}
		return d.Scrub(t.Context())
	})
	if !errors.Is(err, database.ErrLocked) {
		t.Errorf("scrubbing under a reader = %v, want ErrLocked", err)
	}
	if err := d.Scrub(t.Context()); err != nil {
		t.Error(err)
	}
}

// TestScrubCutShort: whenever scrubbing is cut short, its connection waits for locks afterwards as it did before.
func TestScrubCutShort(t *testing.T) {
	t.Parallel()
	d := open(t, "sqlite:"+filepath.Join(t.TempDir(), "notes.db"), database.Options{})
	for limit := time.Duration(0); limit < time.Millisecond; limit += 10 * time.Microsecond {
		ctx, cancel := context.WithTimeout(t.Context(), limit)
		scrubbed := d.Scrub(ctx)
		cancel()
		waits := 0
		err := d.Query(t.Context(), `PRAGMA busy_timeout`, func(row database.Row) error { return row.Scan(&waits) })
		if err != nil || waits == 0 {
			t.Fatalf("after Scrub() = %v within %s, the connection waits %d ms for a lock, %v", scrubbed, limit, waits, err)
		}
	}
}

func TestScrubDoesNothingOnPostgreSQL(t *testing.T) {
	t.Parallel()
	eachDatabase(t, func(t *testing.T, url string) {
		d := open(t, url, database.Options{})
		if err := d.Scrub(context.WithoutCancel(t.Context())); err != nil {
			t.Error(err)
		}
	})
}

// onDisk reports whether the database's files contain a text.
func onDisk(t *testing.T, path, text string) bool {
	t.Helper()
	for _, name := range []string{path, path + "-wal"} {
		content, err := os.ReadFile(name)
		if err != nil && !errors.Is(err, os.ErrNotExist) {
			t.Fatal(err)
		}
		if bytes.Contains(content, []byte(text)) {
			return true
		}
	}
	return false
}

// TestNoTemporaryFile: pages that a savepoint may have to restore stay in memory, however
// many there are.
func TestNoTemporaryFile(t *testing.T) {
	t.Parallel()
	if _, err := os.Stat("/proc/self/fd"); err != nil {
		t.Skip("this system doesn't list open files under /proc")
	}
	d := open(t, "sqlite:"+filepath.Join(t.TempDir(), "notes.db"), database.Options{})
	for i := range 100 {
		if err := add(t, d, strings.Repeat("response address ", 300+i)); err != nil {
			t.Fatal(err)
		}
	}
	err := d.Do(t.Context(), func(tx *database.Tx) error {
		for _, statement := range []string{`SAVEPOINT one`, `UPDATE note SET text = upper(text)`} {
			if _, err := tx.Exec(t.Context(), statement); err != nil {
				return err
			}
		}
		open, err := filepath.Glob("/proc/self/fd/*")
		for _, fd := range open {
			if file, _ := os.Readlink(fd); strings.Contains(file, "/#") || strings.Contains(file, "etilqs") {
				t.Errorf("SQLite opened the temporary file %s", file)
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

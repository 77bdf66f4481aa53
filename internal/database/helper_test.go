package database_test

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"meetingbot/internal/database"
	"meetingbot/internal/pgtest"
)

// schema returns a table of unique notes.
func schema() database.Schema {
	return database.Schema{Migrations: os.DirFS("testdata"), Tables: []string{"note", "probe"}}
}

// eachDatabase runs a test on a fresh database of either kind.
func eachDatabase(t *testing.T, test func(t *testing.T, url string)) {
	t.Helper()
	t.Run("SQLite", func(t *testing.T) {
		t.Parallel()
		name := "a file % with?odd#name.db"
		if runtime.GOOS == "windows" { // no question marks in file names there
			name = strings.Replace(name, "?", "&", 1)
		}
		test(t, "sqlite:"+filepath.Join(t.TempDir(), name))
	})
	t.Run("PostgreSQL", func(t *testing.T) {
		t.Parallel()
		test(t, pgtest.URL(t))
	})
}

// open opens a database and closes it with the test.
func open(t *testing.T, url string, o database.Options) *database.DB {
	t.Helper()
	d, err := schema().Open(t.Context(), url, o)
	if err != nil {
		t.Fatalf("Open() = %v", err)
	}
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	})
	return d
}

// running opens the database as the bot does, until the test ends, and writes one note.
func running(t *testing.T, url string) *database.DB {
	t.Helper()
	d, err := schema().Open(t.Context(), url, database.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.Close() }) // many tests close it themselves
	if err := add(t, d, "first"); err != nil {
		t.Fatal(err)
	}
	return d
}

// add writes a note in a transaction of its own.
func add(t *testing.T, d *database.DB, note string) error {
	t.Helper()
	return d.Do(t.Context(), func(tx *database.Tx) error { return insert(t, tx, note) })
}

func insert(t *testing.T, tx *database.Tx, note string) error {
	t.Helper()
	_, err := tx.Exec(t.Context(), `INSERT INTO note (text) VALUES ($1)`, note)
	return err
}

// notes reads all notes.
func notes(t *testing.T, d *database.DB) (all []string) {
	t.Helper()
	err := d.Query(t.Context(), `SELECT text FROM note ORDER BY text`, func(row database.Row) error {
		all = append(all, "")
		return row.Scan(&all[len(all)-1])
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

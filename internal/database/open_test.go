package database_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"testing/fstest"

	"modernc.org/sqlite"

	"meetingbot/internal/database"
)

func TestNewerVersionIsRefused(t *testing.T) {
	t.Parallel()
	eachDatabase(t, func(t *testing.T, url string) {
		s, err := schema().Open(t.Context(), url, database.Options{})
		if err != nil {
			t.Fatal(err)
		}
		_, err = s.DB().ExecContext(t.Context(), `INSERT INTO goose_db_version (version_id, is_applied) VALUES ($1, $2)`, 999, true)
		if err := errors.Join(err, s.Close()); err != nil {
			t.Fatal(err)
		}
		if s, err := schema().Open(t.Context(), url, database.Options{}); !errors.Is(err, database.ErrNewerVersion) {
			t.Errorf("Open() = %v, %v, want %v", s, err, database.ErrNewerVersion)
		}
	})
}

func TestFileBelongsToOneProcess(t *testing.T) {
	t.Parallel()
	url := "sqlite:" + filepath.Join(t.TempDir(), "m.db")
	s, err := schema().Open(t.Context(), url, database.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if other, err := schema().Open(t.Context(), url, database.Options{}); !errors.Is(err, database.ErrInUse) {
		t.Errorf("Open() of a file in use = %v, %v, want %v", other, err, database.ErrInUse)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	open(t, url, database.Options{})
}

// TestFdatasync checks that a commit doesn't wait for the file's times, which no one needs.
func TestFdatasync(t *testing.T) {
	t.Parallel()
	if runtime.GOOS != "linux" {
		t.Skip("not on every system")
	}
	open(t, "sqlite:"+filepath.Join(t.TempDir(), "m.db"), database.Options{})
	if !sqlite.FdatasyncEnabled() {
		t.Error("commits use fsync")
	}
}

func TestReadCreatesNoFile(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("an open file can't be removed on Windows")
	}
	path := filepath.Join(t.TempDir(), "m.db")
	s := open(t, "sqlite:"+path, database.Options{})
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	// The error doesn't matter: an open connection may know that there are no notes.
	_ = s.Query(t.Context(), `SELECT text FROM note`, func(database.Row) error { return nil })
	if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("Stat() = %v, want %v: a connection has created a file", err, fs.ErrNotExist)
	}
}

// TestForeignTables: tables that another program keeps with goose, some under our names, are not
// mistaken for another version of ours, and are left alone.
func TestForeignTables(t *testing.T) {
	t.Parallel()
	for _, version := range []string{"0001", "20260101"} {
		t.Run(version, func(t *testing.T) {
			t.Parallel()
			foreign := database.Schema{Migrations: fstest.MapFS{}, Tables: []string{"probe"}}
			for _, kind := range []string{"sqlite", "postgres"} {
				foreign.Migrations.(fstest.MapFS)["migration/"+kind+"/"+version+"_theirs.sql"] = &fstest.MapFile{
					Data: []byte("-- +goose Up\nCREATE TABLE probe (theirs TEXT);"),
				}
			}
			eachDatabase(t, func(t *testing.T, url string) {
				d, err := foreign.Open(t.Context(), url, database.Options{})
				if err != nil {
					t.Fatal(err)
				}
				if err := d.Close(); err != nil {
					t.Fatal(err)
				}
				_, inspectErr := schema().Inspect(t.Context(), url)
				_, readErr := schema().OpenReadOnly(t.Context(), url)
				_, openErr := schema().Open(t.Context(), url, database.Options{})
				for what, err := range map[string]error{"Inspect": inspectErr, "OpenReadOnly": readErr, "Open": openErr} {
					if !errors.Is(err, database.ErrAddress) {
						t.Errorf("%s() = %v, want %v", what, err, database.ErrAddress)
					}
				}
				if d, err = foreign.OpenReadOnly(t.Context(), url); err != nil {
					t.Fatalf("the other program's OpenReadOnly() afterwards = %v", err)
				}
				_ = d.Close()
			})
		})
	}
}

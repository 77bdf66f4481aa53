package database_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"meetingbot/internal/database"
	"meetingbot/internal/pgtest"
)

// TestOpenReadOnlyWhileBotRuns reads while the bot holds the database, and can't write.
func TestOpenReadOnlyWhileBotRuns(t *testing.T) {
	t.Parallel()
	eachDatabase(t, func(t *testing.T, url string) {
		owner := running(t, url)
		s, err := schema().OpenReadOnly(t.Context(), url)
		if err != nil {
			t.Fatalf("OpenReadOnly() while the bot runs = %v", err)
		}
		defer func() { _ = s.Close() }()
		if diff := cmp.Diff([]string{"first"}, notes(t, s)); diff != "" {
			t.Errorf("the notes (-want +got)\n%s", diff)
		}
		if err := add(t, s, "second"); !errors.Is(err, database.ErrReadOnly) {
			t.Errorf("writing through OpenReadOnly = %v, want %v", err, database.ErrReadOnly)
		}
		if diff := cmp.Diff([]string{"first"}, notes(t, owner)); diff != "" {
			t.Errorf("the owner's notes (-want +got)\n%s", diff)
		}
	})
}

func TestOpenReadOnlyWithoutDatabase(t *testing.T) {
	t.Parallel()
	eachDatabase(t, func(t *testing.T, url string) {
		s, err := schema().OpenReadOnly(t.Context(), url)
		if !errors.Is(err, database.ErrNoDatabase) {
			t.Fatalf("OpenReadOnly() of nothing = %v, %v, want %v", s, err, database.ErrNoDatabase)
		}
		if path, ok := strings.CutPrefix(url, "sqlite:"); ok {
			if left, _ := filepath.Glob(filepath.Dir(path) + "/*"); len(left) > 0 {
				t.Errorf("OpenReadOnly() created %q", left)
			}
		}
	})
}

// TestOpenReadOnlyAfterBot reads a file that the bot has closed.
func TestOpenReadOnlyAfterBot(t *testing.T) {
	t.Parallel()
	url := "sqlite:" + filepath.Join(t.TempDir(), "m.db")
	if err := running(t, url).Close(); err != nil {
		t.Fatal(err)
	}
	s, err := schema().OpenReadOnly(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	if got := notes(t, s); len(got) != 1 {
		t.Errorf("the notes = %q, want one", got)
	}
	if err := add(t, s, "second"); !errors.Is(err, database.ErrReadOnly) {
		t.Errorf("writing through OpenReadOnly = %v, want %v", err, database.ErrReadOnly)
	}
}

// TestOpenReadOnlyLeavesNothing reads a backup: it stays as it is, and no file appears next to
// it. A bot that starts meanwhile is not disturbed.
func TestOpenReadOnlyLeavesNothing(t *testing.T) {
	t.Parallel()
	for _, starts := range []bool{false, true} {
		path := filepath.Join(t.TempDir(), "m.db")
		_ = running(t, "sqlite:"+path).Close()
		before, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		s, err := schema().OpenReadOnly(t.Context(), "sqlite:"+path)
		if err != nil {
			t.Fatal(err)
		}
		if got := notes(t, s); len(got) != 1 {
			t.Errorf("the notes = %q, want one", got)
		}
		var bot *database.DB
		want := []string{path, path + ".lock"}
		if starts {
			bot = open(t, "sqlite:"+path, database.Options{})
			if err := add(t, bot, "second"); err != nil {
				t.Error(err)
			}
			if got := notes(t, s); len(got) != 2 {
				t.Errorf("the notes = %q, want both", got)
			}
			want = append(want, path+"-shm", path+"-wal")
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
		slices.Sort(want)
		if got, _ := filepath.Glob(path + "*"); !slices.Equal(got, want) {
			t.Errorf("the files afterwards = %q, want %q", got, want)
		}
		if starts {
			if err := add(t, bot, "third"); err != nil {
				t.Errorf("writing after the reader has closed = %v", err)
			}
			continue
		}
		if after, err := os.ReadFile(path); err != nil || !bytes.Equal(before, after) {
			t.Errorf("the file has changed (%v)", err)
		}
	}
}

func TestInspect(t *testing.T) {
	t.Parallel()
	eachDatabase(t, func(t *testing.T, url string) {
		before, err := schema().Inspect(t.Context(), url)
		if err != nil || before.Exists {
			t.Fatalf("Inspect() of nothing = %+v, %v, want no tables and no error", before, err)
		}
		if s, err := schema().OpenReadOnly(t.Context(), url); !errors.Is(err, database.ErrNoDatabase) {
			t.Fatalf("OpenReadOnly() after Inspect() = %v, %v, want %v", s, err, database.ErrNoDatabase)
		}
		s := running(t, url)
		got, err := schema().Inspect(t.Context(), url)
		if err != nil {
			t.Fatalf("Inspect() while the bot runs = %v", err)
		}
		if got.Server == "" || (got.Name == "") != (s.Dialect() == database.SQLite) {
			t.Errorf("Inspect() while the bot runs has the server %q and the name %q", got.Server, got.Name)
		}
		got.Server, got.Name = "", ""
		want := database.Inspection{Dialect: s.Dialect(), Exists: true, Owned: s.Dialect() == database.SQLite, Version: got.Newest, Newest: got.Newest}
		if diff := cmp.Diff(want, got); diff != "" || got.Newest == 0 {
			t.Errorf("Inspect() while the bot runs (-want +got)\n%s", diff)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		if got, err := schema().Inspect(t.Context(), url); err != nil || got.Owned {
			t.Errorf("Inspect() after the bot = %+v, %v, want it not owned", got, err)
		}
		if diff := cmp.Diff([]string{"first"}, notes(t, open(t, url, database.Options{}))); diff != "" {
			t.Errorf("the notes after Inspect() (-want +got)\n%s", diff)
		}
	})
}

// TestOlderTables: an older version's tables are not read, and Inspect returns both
// versions.
func TestOlderTables(t *testing.T) {
	t.Parallel()
	eachDatabase(t, func(t *testing.T, url string) {
		older := fstest.MapFS{}
		for _, dir := range []string{"sqlite", "postgres"} {
			name := "migration/" + dir + "/0001_first.sql"
			text, err := os.ReadFile(filepath.Join("testdata", name))
			if err != nil {
				t.Fatal(err)
			}
			older[name] = &fstest.MapFile{Data: text}
		}
		d, err := database.Schema{Migrations: older, Tables: []string{"note", "probe"}}.Open(t.Context(), url, database.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if err := d.Close(); err != nil {
			t.Fatal(err)
		}
		if _, err := schema().OpenReadOnly(t.Context(), url); !errors.Is(err, database.ErrOlderVersion) {
			t.Errorf("OpenReadOnly() = %v, want %v", err, database.ErrOlderVersion)
		}
		if got, err := schema().Inspect(t.Context(), url); err != nil || !got.Exists || got.Version != 1 || got.Newest != 2 {
			t.Errorf("Inspect() = %+v, %v, want version 1 of 2", got, err)
		}
	})
}

func TestInspectFaults(t *testing.T) {
	t.Parallel()
	newer := func(t *testing.T, url string) {
		s := running(t, url)
		if _, err := s.DB().ExecContext(t.Context(), `INSERT INTO goose_db_version (version_id, is_applied) VALUES (999, TRUE)`); err != nil {
			t.Fatal(err)
		}
		_ = s.Close()
	}
	t.Run("newer", func(t *testing.T) {
		t.Parallel()
		eachDatabase(t, func(t *testing.T, url string) {
			newer(t, url)
			if got, err := schema().Inspect(t.Context(), url); !errors.Is(err, database.ErrNewerVersion) {
				t.Errorf("Inspect() = %+v, %v, want %v", got, err, database.ErrNewerVersion)
			}
			if _, err := schema().OpenReadOnly(t.Context(), url); !errors.Is(err, database.ErrNewerVersion) {
				t.Errorf("OpenReadOnly() = %v, want %v", err, database.ErrNewerVersion)
			}
		})
	})
	t.Run("read-only file", func(t *testing.T) {
		t.Parallel()
		path := filepath.Join(t.TempDir(), "m.db")
		_ = running(t, "sqlite:"+path).Close()
		writeByte(t, path, 18, 3) // a write version that SQLite does not know: it opens such a file for reading only
		if got, err := schema().Inspect(t.Context(), "sqlite:"+path); !errors.Is(err, database.ErrReadOnly) {
			t.Errorf("Inspect() = %+v, %v, want %v", got, err, database.ErrReadOnly)
		}
	})
	t.Run("read-only folder", func(t *testing.T) {
		t.Parallel()
		if got, err := schema().Inspect(t.Context(), "sqlite:/proc/meetingbot.db"); err == nil {
			t.Errorf("Inspect() = %+v, nil, want an error", got)
		}
	})
	t.Run("a folder", func(t *testing.T) {
		t.Parallel()
		folder := filepath.Join(t.TempDir(), "data")
		if err := os.Mkdir(folder, 0o700); err != nil {
			t.Fatal(err)
		}
		if got, err := schema().Inspect(t.Context(), "sqlite:"+folder); !errors.Is(err, database.ErrAddress) {
			t.Errorf("Inspect() = %+v, %v, want %v: no backup would help", got, err, database.ErrAddress)
		}
		if _, err := schema().OpenReadOnly(t.Context(), "sqlite:"+folder); !errors.Is(err, database.ErrAddress) {
			t.Errorf("OpenReadOnly() = %v, want %v", err, database.ErrAddress)
		}
		if _, err := schema().Open(t.Context(), "sqlite:"+folder, database.Options{}); !errors.Is(err, database.ErrAddress) {
			t.Errorf("Open() = %v, want %v", err, database.ErrAddress)
		}
		if _, err := os.Stat(folder + ".lock"); err == nil {
			t.Error("Open() leaves a lock next to the folder")
		}
	})
	t.Run("no database", func(t *testing.T) {
		t.Parallel()
		path := filepath.Join(t.TempDir(), "m.db")
		if err := os.WriteFile(path, []byte(strings.Repeat("no database ", 100)), 0o600); err != nil {
			t.Fatal(err)
		}
		if got, err := schema().Inspect(t.Context(), "sqlite:"+path); !errors.Is(err, database.ErrCorrupt) {
			t.Errorf("Inspect() = %+v, %v, want %v", got, err, database.ErrCorrupt)
		}
	})
	t.Run("read-only server", func(t *testing.T) {
		t.Parallel()
		url := pgtest.URL(t)
		_ = running(t, url).Close()
		sep := "?"
		if strings.Contains(url, "?") {
			sep = "&"
		}
		if got, err := schema().Inspect(t.Context(), url+sep+"default_transaction_read_only=on"); !errors.Is(err, database.ErrReadOnly) {
			t.Errorf("Inspect() = %+v, %v, want %v", got, err, database.ErrReadOnly)
		}
	})
}

func writeByte(t *testing.T, path string, at int64, b byte) {
	t.Helper()
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.WriteAt([]byte{b}, at); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
}

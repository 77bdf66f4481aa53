package store_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"meetingbot/internal/cancellation"
	"meetingbot/internal/pgtest"
	"meetingbot/internal/store"
)

// eachDatabase runs a test on a fresh database of both kinds.
func eachDatabase(t *testing.T, test func(t *testing.T, url string)) {
	t.Helper()
	t.Run("SQLite", func(t *testing.T) {
		t.Parallel()
		test(t, "sqlite:"+filepath.Join(t.TempDir(), "a file % with?odd#name.db"))
	})
	t.Run("PostgreSQL", func(t *testing.T) {
		t.Parallel()
		test(t, pgtest.URL(t))
	})
}

// running opens the database as the bot does, for the length of the test, and
// writes one audit row.
func running(t *testing.T, url string) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), url, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	row := cancellation.Request{ID: "r1", Number: "914087436"}
	err = s.Do(t.Context(), func(tx *store.Tx) error {
		return tx.Audit(t.Context(), row, store.EventRequested, "U1", nil)
	})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func events(t *testing.T, s *store.Store) (all []string) {
	t.Helper()
	err := s.AuditTrail(t.Context(), store.AuditFilter{}, func(r store.AuditRow) error {
		all = append(all, string(r.Event)+" "+r.Actor)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// TestOpenReadOnlyBesideTheBot reads while the bot holds the database, and can't
// write.
func TestOpenReadOnlyBesideTheBot(t *testing.T) {
	t.Parallel()
	eachDatabase(t, func(t *testing.T, url string) {
		owner := running(t, url)
		s, err := store.OpenReadOnly(t.Context(), url)
		if err != nil {
			t.Fatalf("OpenReadOnly() = %v beside the bot", err)
		}
		defer func() { _ = s.Close() }()
		if diff := cmp.Diff([]string{"requested U1"}, events(t, s)); diff != "" {
			t.Errorf("AuditTrail() (-want +got)\n%s", diff)
		}
		err = s.Do(t.Context(), func(tx *store.Tx) error {
			return tx.Audit(t.Context(), cancellation.Request{ID: "r2"}, store.EventRequested, "U2", nil)
		})
		if !errors.Is(err, store.ErrReadOnly) {
			t.Errorf("writing through OpenReadOnly = %v, want %v", err, store.ErrReadOnly)
		}
		if diff := cmp.Diff([]string{"requested U1"}, events(t, owner)); diff != "" {
			t.Errorf("the owner's AuditTrail() (-want +got)\n%s", diff)
		}
	})
}

// TestAuditIsAppendOnly asks the database itself to change and to delete a row.
func TestAuditIsAppendOnly(t *testing.T) {
	t.Parallel()
	eachDatabase(t, func(t *testing.T, url string) {
		s := running(t, url)
		statements := []string{`UPDATE audit SET actor = 'U9'`, `DELETE FROM audit`, `UPDATE audit SET actor = 'U9' WHERE seq = 1`, `DELETE FROM audit WHERE seq = 1`}
		if s.Dialect() == store.PostgreSQL {
			statements = append(statements, `TRUNCATE audit`)
		}
		for _, q := range statements {
			if _, err := s.DB().ExecContext(t.Context(), q); err == nil {
				t.Errorf("%s = nil, want a refusal", q)
			}
		}
		if diff := cmp.Diff([]string{"requested U1"}, events(t, s)); diff != "" {
			t.Errorf("AuditTrail() after the attempts (-want +got)\n%s", diff)
		}
	})
}

func TestOpenReadOnlyWithoutDatabase(t *testing.T) {
	t.Parallel()
	eachDatabase(t, func(t *testing.T, url string) {
		s, err := store.OpenReadOnly(t.Context(), url)
		if !errors.Is(err, store.ErrNoDatabase) {
			t.Fatalf("OpenReadOnly() = %v, %v of an empty place, want %v", s, err, store.ErrNoDatabase)
		}
		if path, ok := strings.CutPrefix(url, "sqlite:"); ok {
			if left, _ := filepath.Glob(filepath.Dir(path) + "/*"); len(left) > 0 {
				t.Errorf("OpenReadOnly() has made %q", left)
			}
		}
	})
}

// TestOpenReadOnlyAfterTheBot reads a file whose owner was killed, and one whose
// owner stopped in good order.
func TestOpenReadOnlyAfterTheBot(t *testing.T) {
	t.Parallel()
	url := "sqlite:" + filepath.Join(t.TempDir(), "m.db")
	if err := running(t, url).Close(); err != nil {
		t.Fatal(err)
	}
	s, err := store.OpenReadOnly(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	if got := events(t, s); len(got) != 1 {
		t.Errorf("AuditTrail() = %q, want one row", got)
	}
}

func TestInspect(t *testing.T) {
	t.Parallel()
	eachDatabase(t, func(t *testing.T, url string) {
		before, err := store.Inspect(t.Context(), url)
		if err != nil || before.Exists {
			t.Fatalf("Inspect() = %+v, %v of an empty place, want nothing there and no fault", before, err)
		}
		if s, err := store.OpenReadOnly(t.Context(), url); !errors.Is(err, store.ErrNoDatabase) {
			t.Fatalf("after Inspect(), OpenReadOnly() = %v, %v: it has made something", s, err)
		}
		s := running(t, url)
		got, err := store.Inspect(t.Context(), url)
		if err != nil {
			t.Fatalf("Inspect() = %v beside the bot", err)
		}
		if got.Server == "" {
			t.Error("Inspect().Server is empty")
		}
		got.Server = ""
		want := store.Inspection{Dialect: s.Dialect(), Exists: true, Owned: s.Dialect() == store.SQLite, Version: got.Newest, Newest: got.Newest}
		if diff := cmp.Diff(want, got); diff != "" || got.Newest == 0 {
			t.Errorf("Inspect() beside the bot (-want +got)\n%s", diff)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		if got, err := store.Inspect(t.Context(), url); err != nil || got.Owned {
			t.Errorf("Inspect() = %+v, %v after the bot, want it not owned", got, err)
		}
		if diff := cmp.Diff([]string{"requested U1"}, events(t, reopened(t, url))); diff != "" {
			t.Errorf("AuditTrail() after Inspect() (-want +got)\n%s", diff)
		}
	})
}

// reopened opens the database again and adds nothing.
func reopened(t *testing.T, url string) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), url, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
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
			if got, err := store.Inspect(t.Context(), url); !errors.Is(err, store.ErrNewerVersion) {
				t.Errorf("Inspect() = %+v, %v, want %v", got, err, store.ErrNewerVersion)
			}
		})
	})
	t.Run("read-only file", func(t *testing.T) {
		t.Parallel()
		path := filepath.Join(t.TempDir(), "m.db")
		_ = running(t, "sqlite:"+path).Close()
		writeByte(t, path, 18, 3) // a write version that SQLite does not know: it opens such a file for reading only
		if got, err := store.Inspect(t.Context(), "sqlite:"+path); !errors.Is(err, store.ErrReadOnly) {
			t.Errorf("Inspect() = %+v, %v, want %v", got, err, store.ErrReadOnly)
		}
	})
	t.Run("read-only folder", func(t *testing.T) {
		t.Parallel()
		if got, err := store.Inspect(t.Context(), "sqlite:/proc/meetingbot.db"); err == nil {
			t.Errorf("Inspect() = %+v, nil of a folder that takes no file, want a fault", got)
		}
	})
	t.Run("no database", func(t *testing.T) {
		t.Parallel()
		path := filepath.Join(t.TempDir(), "m.db")
		if err := os.WriteFile(path, []byte(strings.Repeat("no database ", 100)), 0o600); err != nil {
			t.Fatal(err)
		}
		if got, err := store.Inspect(t.Context(), "sqlite:"+path); !errors.Is(err, store.ErrCorrupt) {
			t.Errorf("Inspect() = %+v, %v, want %v", got, err, store.ErrCorrupt)
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
		if got, err := store.Inspect(t.Context(), url+sep+"default_transaction_read_only=on"); !errors.Is(err, store.ErrReadOnly) {
			t.Errorf("Inspect() = %+v, %v, want %v", got, err, store.ErrReadOnly)
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

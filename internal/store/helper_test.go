package store_test

import (
	"context"
	"database/sql"
	"path/filepath"
	"testing"
	"time"

	"meetingbot/internal/cancellation"
	"meetingbot/internal/dbfault"
	"meetingbot/internal/pgtest"
	"meetingbot/internal/store"
)

// eachDatabase runs a test on a fresh database of either kind.
func eachDatabase(t *testing.T, test func(t *testing.T, url string)) {
	t.Helper()
	t.Run("SQLite", func(t *testing.T) {
		t.Parallel()
		test(t, "sqlite:"+filepath.Join(t.TempDir(), "a file % with&odd#name.db"))
	})
	t.Run("PostgreSQL", func(t *testing.T) {
		t.Parallel()
		test(t, pgtest.URL(t))
	})
}

// openStore opens a store and closes it with the test.
func openStore(t *testing.T, url string) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), url, store.Options{})
	if err != nil {
		t.Fatalf("Open() = %v", err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// traced opens a store that reports its statements, and another connection to its file.
func traced(t *testing.T, onStatement func(text string)) (*store.Store, *sql.DB) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "m.db")
	driver := dbfault.Driver{Around: func(_ context.Context, text string, run func() error) error {
		if text != dbfault.Connect {
			onStatement(text)
		}
		return run()
	}}
	s, err := store.Open(t.Context(), "sqlite:"+path, store.Options{Connect: driver.Connect})
	if err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _, _ = db.Close(), s.Close() })
	return s, db
}

// asking returns a request whose card is open.
func asking(id cancellation.ID, channel, meeting string) cancellation.Request {
	now := time.Now()
	return cancellation.Request{
		ID: id, State: cancellation.Asked, Asker: "U1", Channel: channel, Number: meeting,
		Meeting: cancellation.Meeting{ID: meeting}, CreatedAt: now, ExpiresAt: now.Add(time.Hour),
	}
}

func insert(t *testing.T, s *store.Store, r cancellation.Request) (stored store.Request, err error) {
	t.Helper()
	err = s.Do(t.Context(), func(tx *store.Tx) (err error) {
		stored, err = tx.Requests.Insert(t.Context(), r)
		return err
	})
	return stored, err
}

// update reads a request, lets f change it and saves it, in one transaction.
func update(t *testing.T, s *store.Store, id cancellation.ID, f func(*store.Tx, *store.Request) error) (r store.Request, err error) {
	t.Helper()
	err = s.Do(t.Context(), func(tx *store.Tx) error {
		if r, err = tx.Requests.Get(t.Context(), id); err != nil {
			return err
		}
		if err := f(tx, &r); err != nil {
			return err
		}
		return tx.Requests.Save(t.Context(), &r)
	})
	return r, err
}

// running opens the database as the bot does, until the test ends, and writes one audit
// row.
func running(t *testing.T, url string) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), url, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	row := cancellation.Request{ID: "r1", Number: "914087436"}
	err = s.Do(t.Context(), func(tx *store.Tx) error {
		return tx.Audit(t.Context(), store.RequestRow(row, store.EventRequested, "U1", nil))
	})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func events(t *testing.T, s *store.Store) (all []string) {
	t.Helper()
	err := s.Trail.Read(t.Context(), store.AuditFilter{}, func(r store.AuditRow) error {
		all = append(all, string(r.Event)+" "+r.Actor)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

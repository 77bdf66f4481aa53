package store_test

import (
	"database/sql"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"meetingbot/internal/cancellation"
	"meetingbot/internal/database"
	"meetingbot/internal/pgtest"
	"meetingbot/internal/store"
)

// eachOldDatabase runs a test on a database that version 3 left behind, the last version
// with River's tables.
func eachOldDatabase(t *testing.T, test func(t *testing.T, url string)) {
	t.Helper()
	fill := func(t *testing.T, driver, source, name string) {
		t.Helper()
		script, err := os.ReadFile(filepath.Join("testdata", name))
		if err != nil {
			t.Fatal(err)
		}
		raw(t, driver, source, func(exec func(string, ...any)) { exec(string(script)) })
	}
	t.Run("SQLite", func(t *testing.T) {
		t.Parallel()
		path := filepath.Join(t.TempDir(), "m.db")
		fill(t, "sqlite", path, "version3.sqlite.sql")
		test(t, "sqlite:"+path)
	})
	t.Run("PostgreSQL", func(t *testing.T) {
		t.Parallel()
		url := pgtest.URL(t)
		sep := "?"
		if strings.Contains(url, "?") {
			sep = "&"
		}
		fill(t, "pgx", url+sep+"default_query_exec_mode=simple_protocol", "version3.postgres.sql")
		test(t, url)
	})
}

// raw runs statements on a database without the store.
func raw(t *testing.T, driver, source string, f func(exec func(statement string, args ...any))) {
	t.Helper()
	db, err := sql.Open(driver, source)
	if err != nil {
		t.Fatal(err)
	}
	f(func(statement string, args ...any) {
		t.Helper()
		if _, err := db.ExecContext(t.Context(), statement, args...); err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
	})
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestMigrationFromRiver(t *testing.T) {
	t.Parallel()
	eachOldDatabase(t, func(t *testing.T, url string) {
		s := openStore(t, url)
		begin := time.Date(2026, 11, 23, 18, 0, 0, 123e6, time.UTC)
		type job struct {
			Step, Subject string
			Due           time.Duration // after the beginning
			Tries, Leased int
		}
		var jobs []job
		err := s.Query(t.Context(), `SELECT step, subject, due_at, tries, leased FROM job ORDER BY subject`, func(row store.Row) error {
			var j job
			var due int64
			err := row.Scan(&j.Step, &j.Subject, &due, &j.Tries, &j.Leased)
			j.Due = time.UnixMilli(due).Sub(begin)
			jobs = append(jobs, j)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		want := []job{
			{"click", "available", 6*time.Minute + 11*time.Second, 2, 0},
			{"cancel", "calling4", 3 * time.Minute, 1, 0}, // whose job was lost
			{"command", "leased", 6*time.Minute + 11*time.Second, 1, 1},
			{"report", "running", 11 * time.Second, 3, 1},
			{"cancel", "timed", time.Hour, 0, 0},
		}
		if diff := cmp.Diff(want, jobs); diff != "" {
			t.Errorf("jobs (-want +got)\n%s", diff)
		}

		moment := begin.Add(6 * time.Minute)
		carded := cancellation.Effect{BegunAt: moment, EndedAt: moment, Attempts: 1, Ref: "C1/1.1", Result: "message"}
		for id, want := range map[cancellation.ID]map[cancellation.EffectKind]cancellation.Effect{
			"received1": nil,
			"asked2":    {cancellation.CardEffect: carded},
			"calling4":  {cancellation.CardEffect: carded, cancellation.CallEffect: {BegunAt: moment, Attempts: 2}},
			"done5": {cancellation.CardEffect: carded, cancellation.OwnerEffect: {
				BegunAt: moment, EndedAt: moment, Attempts: 1, Ref: "D2/2.1", Result: "sent",
			}},
		} {
			r, err := s.Requests.Get(t.Context(), id)
			if diff := cmp.Diff(want, r.Effects); err != nil || diff != "" {
				t.Errorf("Requests.Get(%s).Effects error %v (-want +got)\n%s", id, err, diff)
			}
			if want := "a\x00b \\u0000 \"quoted\" ü"; r.Meeting.Subject != want {
				t.Errorf("Requests.Get(%s).Meeting.Subject = %q, want %q", id, r.Meeting.Subject, want)
			}
		}
		history, err := s.Requests.History(t.Context(), store.HistoryFilter{}, 9)
		if err != nil || len(history) != 1 || history[0].ID != "done5" {
			t.Errorf("Requests.History() = %v, %v, want the finished one with a card", history, err)
		}
		// A card in a direct message doesn't block the channel.
		if _, err := insert(t, s, asking("new", "C1", "914087436")); err != nil {
			t.Errorf("Requests.Insert() with a card in a direct message = %v", err)
		}
		if _, err := insert(t, s, asking("newer", "C1", "914087426")); err == nil {
			t.Error("Requests.Insert() with an open card in the channel = nil")
		}
		if e, err := s.Envelopes.Get(t.Context(), "e1"); err != nil || e.Body != `{"text":"914087436"}` {
			t.Errorf("Envelopes.Get() = %+v, %v, want the unhandled envelope", e, err)
		}
		if diff := cmp.Diff([]string{"requested U1", "requested U1", "requested U1", "requested U1", "requested U1", "requested U1", "chained "}, events(t, s)); diff != "" {
			t.Errorf("audit trail (-want +got)\n%s", diff)
		}
		noTables(t, s, "river%")
		noTables(t, s, "effect")
	})
}

// noTables checks that no table or index has a name like this.
func noTables(t *testing.T, s *store.Store, like string) {
	t.Helper()
	query := `SELECT count(*) FROM sqlite_master WHERE name LIKE $1`
	if s.Dialect() == database.PostgreSQL {
		query = `SELECT count(*) FROM pg_class JOIN pg_namespace n ON n.oid = relnamespace WHERE nspname = 'public' AND relname LIKE $1`
	}
	var n int
	if err := s.Query(t.Context(), query, func(row store.Row) error { return row.Scan(&n) }, like); err != nil || n != 0 {
		t.Errorf("%d tables and indexes are named like %s (%v), want none", n, like, err)
	}
}

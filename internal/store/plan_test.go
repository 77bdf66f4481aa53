package store_test

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"path/filepath"
	"regexp"
	"testing"
	"time"

	"meetingbot/internal/store"
)

// A reader is a driver whose connections tell what they are asked to read.
type reader struct {
	driver.Connector
	asked func(query string)
}

func (r reader) Connect(ctx context.Context) (driver.Conn, error) {
	c, err := r.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	return listening{c.(connection), r.asked}, nil
}

type connection interface {
	driver.Conn
	driver.ConnPrepareContext
	driver.ConnBeginTx
	driver.ExecerContext
	driver.QueryerContext
	driver.Pinger
	driver.SessionResetter
}

type listening struct {
	connection
	asked func(query string)
}

func (l listening) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	l.asked(query)
	return l.connection.QueryContext(ctx, query, args)
}

// TestReadsByIndex: what is read for every command, Home, minute and click does not get slower
// with the number of requests there ever were.
func TestReadsByIndex(t *testing.T) {
	t.Parallel()
	path, query := filepath.Join(t.TempDir(), "m.db"), ""
	s, err := store.Open(t.Context(), "sqlite:"+path, store.Options{Connect: func(c driver.Connector) driver.Connector {
		return reader{c, func(asked string) { query = asked }}
	}})
	if err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _, _ = db.Close(), s.Close() })
	for name, read := range map[string]func() error{
		"Waiting":     func() error { _, err := s.Requests.Waiting(t.Context(), "U1", 9); return err },
		"Due":         func() error { _, err := s.Requests.Due(t.Context(), time.Now(), 9); return err },
		"OpenCards":   func() error { _, err := s.Requests.OpenCards(t.Context(), "914087436"); return err },
		"CancelledOf": func() error { _, err := s.Requests.CancelledOf(t.Context(), "U1", time.Now(), 9); return err },
		"Parts":       func() error { _, err := s.Requests.Parts(t.Context(), "r1"); return err },
		"Limits":      func() error { _, err := s.Questions.Limits(t.Context(), "U1", "U2", "914087436"); return err },
		"Pending":     func() error { _, err := s.Envelopes.Pending(t.Context(), "r1", time.Now()); return err },
	} {
		if err := read(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if plan := planOf(t, db, query); regexp.MustCompile(`(?m)^SCAN (request|envelope|audit)`).MatchString(plan) {
			t.Errorf("%s reads a whole table:\n%s", name, plan)
		}
	}
}

// planOf is how SQLite would answer a query.
func planOf(t *testing.T, db *sql.DB, query string) (plan string) {
	t.Helper()
	args := make([]any, len(regexp.MustCompile(`\$\d`).FindAllString(query, -1)))
	rows, err := db.QueryContext(t.Context(), `EXPLAIN QUERY PLAN `+query, args...)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var id, parent, unused int
		var line string
		if err := rows.Scan(&id, &parent, &unused, &line); err != nil {
			t.Fatal(err)
		}
		plan += line + "\n"
	}
	if err := rows.Err(); err != nil || plan == "" {
		t.Fatalf("no plan of %s: %v", query, err)
	}
	return plan
}

package database_test

import (
	"context"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"meetingbot/internal/database"
	"meetingbot/internal/pgtest"
)

var errNoRow = errors.New("no row")

// oneRow is a check for ExecLater.
func oneRow(rows int64, err error) error {
	if err == nil && rows != 1 {
		err = errNoRow
	}
	return err
}

const (
	addNote    = `INSERT INTO note (text) VALUES ($1)`
	removeNote = `DELETE FROM note WHERE text = $1`
)

// later runs a statement with ExecLater.
func later(ctx context.Context, tx *database.Tx, check func(int64, error) error, query, note string) error {
	return tx.ExecLater(ctx, check, query, note)
}

// TestRoundTrips: what a transaction sends without waiting for answers takes as few round
// trips as its checks allow.
func TestRoundTrips(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name  string
		f     func(context.Context, *database.Tx) error
		trips int
	}{
		{"only writes, and BEGIN", func(ctx context.Context, tx *database.Tx) error {
			return errors.Join(later(ctx, tx, nil, addNote, "a"), later(ctx, tx, nil, removeNote, "a"))
		}, 2},
		{"writes that are checked", func(ctx context.Context, tx *database.Tx) error {
			return errors.Join(later(ctx, tx, oneRow, addNote, "a"), later(ctx, tx, oneRow, removeNote, "a"))
		}, 2},
		{"and one that goes with the commit", func(ctx context.Context, tx *database.Tx) error {
			return errors.Join(later(ctx, tx, oneRow, addNote, "a"), tx.ExecLast(ctx, removeNote, "a"))
		}, 2},
		{"with a query", func(ctx context.Context, tx *database.Tx) error {
			return errors.Join(later(ctx, tx, oneRow, addNote, "a"),
				tx.Query(ctx, removeNote+` RETURNING text`, func(database.Row) error { return nil }, "a"))
		}, 2},
		{"with a statement that must answer", func(ctx context.Context, tx *database.Tx) error {
			err := later(ctx, tx, oneRow, addNote, "a")
			n, execErr := tx.Exec(ctx, removeNote, "a")
			return errors.Join(err, oneRow(n, execErr), tx.ExecLast(ctx, removeNote, "b"))
		}, 2},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			valve, url := pgtest.NewValve(t, pgtest.URL(t))
			s := open(t, url, database.Options{})
			before := 0
			for range 2 { // the first prepares the statements
				before = valve.Sent()
				if err := s.Do(t.Context(), func(tx *database.Tx) error { return tt.f(t.Context(), tx) }); err != nil {
					t.Fatal(err)
				}
			}
			if got := valve.Sent() - before; got != tt.trips {
				t.Errorf("%d round trips, want %d", got, tt.trips)
			}
		})
	}
}

// TestExecLater: a failed check, or a statement that fails, fails the transaction, whatever
// else f does, and the connection still works.
func TestExecLater(t *testing.T) {
	t.Parallel()
	errOwn := errors.New("a decision that rests on a lost lease")
	for _, tt := range []struct {
		name string
		f    func(context.Context, *database.Tx) error
		want error
	}{
		{"a check fails at the end", func(ctx context.Context, tx *database.Tx) error {
			return errors.Join(later(ctx, tx, oneRow, removeNote, "none"), later(ctx, tx, nil, addNote, "a"))
		}, errNoRow},
		{"and f has an error of its own", func(ctx context.Context, tx *database.Tx) error {
			if err := later(ctx, tx, oneRow, removeNote, "none"); err != nil {
				return err
			}
			return errOwn
		}, errNoRow},
		{"a query finds out", func(ctx context.Context, tx *database.Tx) error {
			if err := later(ctx, tx, oneRow, removeNote, "none"); err != nil {
				return err
			}
			return tx.Query(ctx, `SELECT text FROM note`, func(database.Row) error { return errOwn })
		}, errNoRow},
		{"and f ignores it", func(ctx context.Context, tx *database.Tx) error {
			if err := later(ctx, tx, oneRow, removeNote, "none"); err != nil {
				return err
			}
			if _, err := tx.Exec(ctx, addNote, "a"); err == nil {
				return errOwn
			}
			return later(ctx, tx, nil, addNote, "b")
		}, errNoRow},
		{"and f ignores it, and ends", func(ctx context.Context, tx *database.Tx) error {
			_ = later(ctx, tx, oneRow, removeNote, "none")
			_, _ = tx.Exec(ctx, addNote, "a")
			return nil
		}, errNoRow},
		{"a statement fails, and f ignores it", func(ctx context.Context, tx *database.Tx) error {
			if _, err := tx.Exec(ctx, addNote, "a"); err != nil {
				return err
			}
			_, _ = tx.Exec(ctx, addNote, "first")
			return nil
		}, database.ErrDuplicate},
		{"a statement fails, checked", func(ctx context.Context, tx *database.Tx) error {
			return errors.Join(later(ctx, tx, oneRow, addNote, "first"), later(ctx, tx, oneRow, addNote, "a"))
		}, database.ErrDuplicate},
		{"a statement fails, unchecked", func(ctx context.Context, tx *database.Tx) error {
			return errors.Join(later(ctx, tx, nil, addNote, "a"), later(ctx, tx, nil, addNote, "first"))
		}, database.ErrDuplicate},
		{"a statement fails, unchecked, after a checked one", func(ctx context.Context, tx *database.Tx) error {
			return errors.Join(later(ctx, tx, oneRow, addNote, "a"), later(ctx, tx, nil, addNote, "first"))
		}, database.ErrDuplicate},
		{"a statement fails with the commit", func(ctx context.Context, tx *database.Tx) error {
			return errors.Join(later(ctx, tx, oneRow, addNote, "a"), tx.ExecLast(ctx, addNote, "first"))
		}, database.ErrDuplicate},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			eachDatabase(t, func(t *testing.T, url string) {
				s := running(t, url)
				ran := false
				err := s.Do(t.Context(), func(tx *database.Tx) error {
					tx.AfterCommit(func() { ran = true })
					return tt.f(t.Context(), tx)
				})
				if !errors.Is(err, tt.want) || errors.Is(err, errOwn) || errors.Is(err, database.ErrUnsettled) {
					t.Errorf("Do() = %v, want %v", err, tt.want)
				}
				if diff := cmp.Diff([]string{"first"}, notes(t, s)); diff != "" || ran {
					t.Errorf("written (ran %t):\n%s", ran, diff)
				}
				if err := s.Check(t.Context()); err != nil {
					t.Errorf("Check() = %v", err)
				}
			})
		})
	}
}

// TestIgnoredError: a statement that PostgreSQL refuses before it begins the transaction fails
// the transaction, too.
func TestIgnoredError(t *testing.T) {
	t.Parallel()
	eachDatabase(t, func(t *testing.T, url string) {
		s := running(t, url)
		err := s.Do(t.Context(), func(tx *database.Tx) error {
			_, _ = tx.Exec(t.Context(), `DELETE FROM nowhere`)
			return nil
		})
		if err == nil {
			t.Error("Do() = nil although a statement failed")
		}
	})
}

// TestClosedInTransaction: a connection that ends after BEGIN was answered is not replaced,
// because what was done with it is lost; and if it ends with the commit, the outcome is
// unknown.
func TestClosedInTransaction(t *testing.T) {
	t.Parallel()
	url := pgtest.URL(t)
	s := running(t, url)
	killer, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = killer.Close(t.Context()) }()
	for _, last := range []bool{false, true} {
		err = s.Do(t.Context(), func(tx *database.Tx) error {
			var pid int32
			err := tx.Query(t.Context(), `WITH added AS (INSERT INTO note (text) VALUES ($1)) SELECT pg_backend_pid()`, func(row database.Row) error { return row.Scan(&pid) }, "a")
			if err != nil {
				return err
			}
			if _, err := killer.Exec(t.Context(), `SELECT pg_terminate_backend($1, 5000)`, pid); err != nil {
				return err
			}
			if last {
				return tx.ExecLast(t.Context(), addNote, "b")
			}
			_, err = tx.Exec(t.Context(), addNote, "b")
			return err
		})
		if err == nil || errors.Is(err, database.ErrUnsettled) != last {
			t.Errorf("Do() = %v, want an error, unsettled %t", err, last)
		}
	}
	if diff := cmp.Diff([]string{"first"}, notes(t, s)); diff != "" {
		t.Errorf("written:\n%s", diff)
	}
}

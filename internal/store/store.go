package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// Errors a caller can ask for with errors.Is.
var (
	// ErrConflict means that the row is no longer what the caller has read.
	ErrConflict = errors.New("somebody else was first")
	// ErrNotFound means that there is no such row.
	ErrNotFound = errors.New("not found")
	// ErrDuplicate means that this envelope, or an open card for this meeting, is there already.
	ErrDuplicate = errors.New("already there")
)

// A Store is an open database. Make one with [Open]; it is safe for concurrent
// use.
type Store struct {
	db      *sql.DB // writes, and what a transaction reads
	reads   *sql.DB // everything else; on SQLite readers don't wait for the one writer
	writer  *writer // of SQLite; nil on PostgreSQL and for looking only
	dialect Dialect
	file    *file // nil on PostgreSQL
	now     func() time.Time
}

// A Dialect is one of the two databases.
type Dialect int

// The dialects.
const (
	SQLite Dialect = iota + 1
	PostgreSQL
)

// String returns the name of the database as people write it.
func (d Dialect) String() string {
	switch d {
	case SQLite:
		return "SQLite"
	case PostgreSQL:
		return "PostgreSQL"
	}
	return "unknown"
}

// Dialect tells which database this is.
func (s *Store) Dialect() Dialect { return s.dialect }

// Now is the time by the store's clock, which every [Tx] goes by.
func (s *Store) Now() time.Time { return s.now().UTC() }

// DB is the pool beneath, for the job queue that shares it.
func (s *Store) DB() *sql.DB { return s.db }

// Close closes the database and gives its file up to the next process.
func (s *Store) Close() error {
	s.writer.close()
	return errors.Join(s.reads.Close(), s.db.Close(), s.file.unlock())
}

// A Tx is one transaction. It is valid only inside the function given to
// [Store.Do].
type Tx struct {
	sql   *sql.Tx
	s     *Store
	now   time.Time
	after []func()
}

// Now is the time of the transaction, in UTC, the same for every row it writes.
func (tx *Tx) Now() time.Time { return tx.now }

// SQL is the transaction beneath, for the job queue that writes in it.
func (tx *Tx) SQL() *sql.Tx { return tx.sql }

// AfterCommit has f called once the transaction is durable, and never if it is
// not. f must not wait for anything.
func (tx *Tx) AfterCommit(f func()) { tx.after = append(tx.after, f) }

// Do runs f in one transaction and commits it. On any error, f's or the
// database's, nothing is changed, save that nobody knows after ErrUnsettled; an
// error of f is found again with errors.Is.
// On SQLite f runs in the writer's goroutine: it must not call Do itself.
func (s *Store) Do(ctx context.Context, f func(*Tx) error) error {
	if err := s.file.check(); err != nil {
		return err
	}
	if s.writer != nil {
		return s.writer.do(ctx, f)
	}
	sqlTx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("begin: %w", explain(err))
	}
	tx := &Tx{sql: sqlTx, s: s, now: s.Now()}
	if err := f(tx); err != nil {
		return errors.Join(explain(err), ignoreDone(sqlTx.Rollback()))
	}
	if err := sqlTx.Commit(); err != nil {
		return fmt.Errorf("commit: %w", explainCommit(err))
	}
	for _, f := range tx.after {
		f()
	}
	return nil
}

// ignoreDone drops the complaint about rolling back what the end of the context
// has rolled back already.
func ignoreDone(err error) error {
	if errors.Is(err, sql.ErrTxDone) {
		return nil
	}
	return err
}

// changed runs a statement and reports how many rows it touched.
func (tx *Tx) changed(ctx context.Context, query string, args ...any) (int64, error) {
	res, err := tx.sql.ExecContext(ctx, query, args...)
	if err != nil {
		return 0, err
	}
	return res.RowsAffected()
}

// millis is how times are stored: Unix milliseconds, NULL for the zero time.
func millis(t time.Time) sql.NullInt64 {
	return sql.NullInt64{Int64: t.UnixMilli(), Valid: !t.IsZero()}
}

// fromMillis is the inverse of millis.
func fromMillis(ms sql.NullInt64) time.Time {
	if !ms.Valid {
		return time.Time{}
	}
	return time.UnixMilli(ms.Int64).UTC()
}

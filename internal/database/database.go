package database

import (
	"context"
	"database/sql"
	"errors"
	"log/slog"
	"net"
	"sync/atomic"
	"time"
)

// Timeouts. A caller's own deadline applies if it is earlier.
const (
	transactionTimeout = 5 * time.Second // a transaction, including the wait for a connection
	queryTimeout       = 5 * time.Second // a query of a few rows
	closeTimeout       = 5 * time.Second // work in progress when the database closes
)

// A DB is an open database. Make one with [Schema.Open]; it is safe for concurrent
// use.
type DB struct {
	schema  Schema
	pool    *sql.DB // transactions
	reads   *sql.DB // other queries; on SQLite readers don't wait for the one writer
	writer  *writer // nil on PostgreSQL and when read-only
	dialect Dialect
	file    *file  // nil on PostgreSQL
	wires   *wires // nil on SQLite
	now     func() time.Time
	skew    atomic.Int64 // how far the database's clock is ahead of ours, in nanoseconds
	onWrite func(error)
	log     *slog.Logger
}

// A Dialect is one of the two databases.
type Dialect int

// The dialects.
const (
	SQLite Dialect = iota + 1
	PostgreSQL
)

// String returns the product's name.
func (d Dialect) String() string {
	switch d {
	case SQLite:
		return "SQLite"
	case PostgreSQL:
		return "PostgreSQL"
	}
	return "unknown"
}

// Dialect returns which database this is.
func (d *DB) Dialect() Dialect { return d.dialect }

// DB returns the underlying pool, for tests and tools that look at the tables. It has
// neither deadlines nor priorities; the program itself uses [DB.Do] and [DB.Query].
func (d *DB) DB() *sql.DB { return d.pool }

// Close closes the database and releases its file for the next process. It waits at
// most a few seconds for a transaction in progress.
func (d *DB) Close() error {
	d.writer.close()
	return errors.Join(ignore(d.file.forget(), sql.ErrConnDone), ignore(d.reads.Close(), net.ErrClosed), ignore(d.pool.Close(), net.ErrClosed), d.file.unlock())
}

// ignore drops an error which only says that the work was already done: a silent
// connection has been closed, or a cancelled context or the end of the connection has
// rolled back the transaction.
func ignore(err error, done ...error) error {
	if isAny(err, done...) {
		return nil
	}
	return err
}

// Query calls scan for every row of a query, outside a transaction. Finding no rows is
// not an error. The query is abandoned after a few seconds, or earlier with ctx.
func (d *DB) Query(ctx context.Context, query string, scan func(Row) error, args ...any) error {
	return d.Search(ctx, queryTimeout, query, scan, args...)
}

// Search is [DB.Query] with its own timeout, for a query that reads more than a few rows.
func (d *DB) Search(ctx context.Context, limit time.Duration, query string, scan func(Row) error, args ...any) error {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	return withConnection(ctx, d.reads, func() error { return queryEach(ctx, d.reads, query, scan, args) })
}

// A Row is one row of a result.
type Row interface{ Scan(dest ...any) error }

func queryEach(ctx context.Context, db queryer, query string, scan func(Row) error, args []any) (err error) {
	rows, err := db.QueryContext(ctx, query, args...)
	if err != nil {
		return explain(err)
	}
	defer func() { err = explain(errors.Join(err, rows.Close())) }()
	for rows.Next() {
		if err := scan(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

type queryer interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

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

// How long the database may take. A caller's own deadline applies if it is earlier.
const (
	transactionTime = 5 * time.Second // a transaction, with its wait for a connection
	queryTime       = 5 * time.Second // a query of a few rows
	closeTime       = 5 * time.Second // what is in progress when the database closes
)

// A DB is an open database. Make one with [Schema.Open]; it is safe for concurrent
// use.
type DB struct {
	schema  Schema
	pool    *sql.DB // writes, and what a transaction reads
	reads   *sql.DB // everything else; on SQLite readers don't wait for the one writer
	writer  *writer // SQLite's; nil on PostgreSQL and when read-only
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

// Dialect says which database this is.
func (d *DB) Dialect() Dialect { return d.dialect }

// DB returns the underlying pool, for tests and tools that look at the tables. It
// has no deadlines and no priorities: the program itself goes through [DB.Do]
// and [DB.Query].
func (d *DB) DB() *sql.DB { return d.pool }

// Close closes the database and releases its file for the next process. It waits at
// most a few seconds for a transaction in progress.
func (d *DB) Close() error {
	d.writer.close()
	return errors.Join(ignore(d.reads.Close(), net.ErrClosed), ignore(d.pool.Close(), net.ErrClosed), d.file.unlock())
}

// ignore drops an error that only says that what was asked for has been done already: a
// silent connection is closed, or a transaction rolled back by the end of its context.
func ignore(err, done error) error {
	if errors.Is(err, done) {
		return nil
	}
	return err
}

// Query hands every row of a query to scan, outside a transaction. Finding no rows is
// not an error. The query is abandoned after a few seconds, or earlier with ctx.
func (d *DB) Query(ctx context.Context, query string, scan func(Row) error, args ...any) error {
	return d.Search(ctx, queryTime, query, scan, args...)
}

// Search is [DB.Query] with a time of its own, for a query that reads more than a
// few rows.
func (d *DB) Search(ctx context.Context, limit time.Duration, query string, scan func(Row) error, args ...any) error {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	return withConnection(ctx, d.reads, func() error { return each(ctx, d.reads, query, scan, args) })
}

// A Row is a row to read from.
type Row interface{ Scan(dest ...any) error }

func each(ctx context.Context, db queryer, query string, scan func(Row) error, args []any) (err error) {
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

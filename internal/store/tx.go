package store

import (
	"context"
	"database/sql"
	"fmt"
	"strconv"
	"strings"
	"time"

	"meetingbot/internal/database"
)

// A reader is the database, or a transaction, which also sees what it wrote itself.
type reader interface {
	Query(ctx context.Context, query string, scan func(Row) error, args ...any) error
	Now() time.Time
}

// A source is where rows are read from.
type source struct {
	reader
	lock string // ends a query whose rows must not change before the transaction ends
}

// A Tx is one transaction. It is valid only inside the function given to
// [Store.Do]. On PostgreSQL it locks the rows that a decision is based on, as the
// methods say; SQLite has only one writer anyway.
type Tx struct {
	*database.Tx
	Delegations DelegationsTx
	Envelopes   EnvelopesTx
	Homes       HomesTx
	Invited     InvitedTx
	Questions   QuestionsTx
	Requests    RequestsTx
	Watches     WatchesTx

	lines []AuditRow // to write last, in one statement
}

func newTx(under *database.Tx) *Tx {
	from := source{reader: under}
	if under.Dialect() == database.PostgreSQL {
		from.lock = ` FOR UPDATE`
	}
	return &Tx{
		Tx:          under,
		Delegations: DelegationsTx{Delegations{from}, under},
		Envelopes:   EnvelopesTx{Envelopes{from}, under},
		Homes:       HomesTx{Homes{from}, under},
		Invited:     InvitedTx{Invited{from}, under},
		Questions:   QuestionsTx{Questions{from}, under},
		Requests:    RequestsTx{Requests{from}, under},
		Watches:     WatchesTx{Watches{from}, under},
	}
}

// collect returns what scan makes of each row of a query.
func collect[T any](ctx context.Context, from reader, scan func(Row) (T, error), query string, args ...any) (all []T, err error) {
	err = from.Query(ctx, query, func(row Row) error {
		one, err := scan(row)
		all = append(all, one)
		return err
	}, args...)
	return all, err
}

// one returns what scan makes of the only row of a query, or [ErrNotFound]; doing says in
// an error what failed.
func one[T any](ctx context.Context, doing string, from reader, scan func(Row) (T, error), query string, args ...any) (T, error) {
	all, err := collect(ctx, from, scan, query, args...)
	return first(doing, all, wrap(doing, err))
}

// single scans a row of one column.
func single[T any](row Row) (value T, err error) {
	err = row.Scan(&value)
	return value, err
}

// value returns the one value that a query yields; the zero value if it finds no row.
func value[T any](ctx context.Context, from reader, query string, args ...any) (v T, err error) {
	err = from.Query(ctx, query, func(row Row) error { return row.Scan(&v) }, args...)
	return v, err
}

// found reports whether a query finds a row.
func found(ctx context.Context, from reader, query string, args ...any) (there bool, err error) {
	err = from.Query(ctx, query, func(Row) error { there = true; return nil }, args...)
	return there, err
}

// wrap says what failed; nil stays nil.
func wrap(doing string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", doing, err)
}

// changed is wrap for a statement that had to find a row: without one, somebody else was first.
func changed(doing string, rows int64, err error) error {
	if err == nil && rows == 0 {
		err = ErrConflict
	}
	return wrap(doing, err)
}

// first returns the first row that was read, or [ErrNotFound].
func first[T any](what string, rows []T, err error) (row T, _ error) {
	if err != nil {
		return row, err
	}
	if len(rows) == 0 {
		return row, wrap(what, ErrNotFound)
	}
	return rows[0], nil
}

// placeholders returns n placeholders, numbered after the given one.
func placeholders(after, n int) string {
	var b strings.Builder
	for i := range n {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteByte('$')
		b.WriteString(strconv.Itoa(after + i + 1))
	}
	return b.String()
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

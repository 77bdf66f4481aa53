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

// A reader is the database or a transaction, which also sees its own writes.
type reader interface {
	Query(ctx context.Context, query string, scan func(Row) error, args ...any) error
	Now() time.Time
}

// A source is where rows are read from.
type source struct {
	reader
	tx   *database.Tx // the transaction, for what only writes; nil outside one
	lock string       // appended to queries whose rows must not change before the transaction ends
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

	rows []AuditRow // to write last, in one statement
}

func newTx(inner *database.Tx) *Tx {
	from := source{reader: inner, tx: inner}
	if inner.Dialect() == database.PostgreSQL {
		from.lock = ` FOR UPDATE`
	}
	return &Tx{
		Tx:          inner,
		Delegations: DelegationsTx{Delegations{from}},
		Envelopes:   EnvelopesTx{Envelopes{from}},
		Homes:       HomesTx{Homes{from}},
		Invited:     InvitedTx{Invited{from}},
		Questions:   QuestionsTx{Questions{from}},
		Requests:    RequestsTx{Requests{from}},
		Watches:     WatchesTx{Watches{from}},
	}
}

// queryAll returns the scanned rows of a query.
func queryAll[T any](ctx context.Context, from reader, scan func(Row) (T, error), query string, args ...any) (all []T, err error) {
	err = from.Query(ctx, query, func(row Row) error {
		one, err := scan(row)
		all = append(all, one)
		return err
	}, args...)
	return all, err
}

// queryOne returns the scanned first row of a query, or [ErrNotFound]. Errors begin with doing.
func queryOne[T any](ctx context.Context, doing string, from reader, scan func(Row) (T, error), query string, args ...any) (T, error) {
	all, err := queryAll(ctx, from, scan, query, args...)
	return first(doing, all, wrap(doing, err))
}

// scanOne scans a row of one column.
func scanOne[T any](row Row) (value T, err error) {
	err = row.Scan(&value)
	return value, err
}

// queryValue returns the single value of a query, or the zero value if it finds no row.
func queryValue[T any](ctx context.Context, from reader, query string, args ...any) (v T, err error) {
	err = from.Query(ctx, query, func(row Row) error { return row.Scan(&v) }, args...)
	return v, err
}

// exists reports whether a query finds a row.
func exists(ctx context.Context, from reader, query string, args ...any) (found bool, err error) {
	err = from.Query(ctx, query, func(Row) error { found = true; return nil }, args...)
	return found, err
}

// wrap adds what failed to an error; nil stays nil.
func wrap(doing string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", doing, err)
}

// checkAffected is wrap for a statement that had to find a row. If it didn't, another writer
// was first.
func checkAffected(doing string, rows int64, err error) error {
	if err == nil && rows == 0 {
		err = ErrConflict
	}
	return wrap(doing, err)
}

// first returns the first of the rows that were read, or [ErrNotFound].
func first[T any](what string, rows []T, err error) (row T, _ error) {
	if err != nil {
		return row, err
	}
	if len(rows) == 0 {
		return row, wrap(what, ErrNotFound)
	}
	return rows[0], nil
}

// bind appends values to the arguments of a statement, and returns their placeholders.
func bind[T any](args *[]any, values ...T) string {
	var holders []string
	for _, v := range values {
		*args = append(*args, v)
		holders = append(holders, "$"+strconv.Itoa(len(*args)))
	}
	return strings.Join(holders, ", ")
}

// millis returns a time as it is stored: Unix milliseconds, or NULL for the zero time.
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

package store

import (
	"context"
	"embed"
	"errors"

	"meetingbot/internal/database"
)

// Errors that callers check for with errors.Is.
var (
	// ErrConflict means that the row has changed since the caller read it.
	ErrConflict = errors.New("another writer was first")
	// ErrNotFound means that there is no such row.
	ErrNotFound = errors.New("not found")
	// ErrDuplicate means that this envelope, or an open card for this meeting, already exists.
	ErrDuplicate = database.ErrDuplicate
	// ErrUnsettled means that it is unknown whether a transaction was committed.
	ErrUnsettled = database.ErrUnsettled
)

type (
	// Options configure [Open].
	Options = database.Options
	// A Row is one row of a result.
	Row = database.Row
)

//go:embed migration
var migrations embed.FS

// schema returns our tables. Finish chains the audit trail, which SQL can't do.
func schema() database.Schema {
	return database.Schema{Migrations: migrations, Tables: []string{"audit", "envelope", "request"}, Finish: func(ctx context.Context, d *database.DB) error {
		return newStore(d).migrateChain(ctx)
	}}
}

// A Store is an open database with our tables, and has the methods of a [database.DB]. Make
// one with [Open]; it is safe for concurrent use. Its fields read; the same fields of a
// [Tx] write, too.
type Store struct {
	*db
	Delegations Delegations
	Envelopes   Envelopes
	Homes       Homes
	Invited     Invited
	Questions   Questions
	Requests    Requests
	Trail       Trail
	Watches     Watches
}

// db makes the embedded field unexported, because every transaction must go through
// [Store.Do], which writes the audit rows.
type db = database.DB

// Open opens the database that url names, sqlite:PATH or postgres://…, and migrates its
// tables, see [database.Schema.Open].
func Open(ctx context.Context, url string, o Options) (*Store, error) {
	return storeOf(schema().Open(ctx, url, o))
}

// OpenReadOnly opens a database for reading, even while the bot is using it, see
// [database.Schema.OpenReadOnly].
func OpenReadOnly(ctx context.Context, url string) (*Store, error) {
	return storeOf(schema().OpenReadOnly(ctx, url))
}

func storeOf(d *database.DB, err error) (*Store, error) {
	if err != nil {
		return nil, err
	}
	return newStore(d), nil
}

func newStore(d *database.DB) *Store {
	from := source{reader: d}
	return &Store{
		db:          d,
		Delegations: Delegations{from},
		Envelopes:   Envelopes{from},
		Homes:       Homes{from},
		Invited:     Invited{from},
		Questions:   Questions{from},
		Requests:    Requests{from},
		Trail:       Trail{d},
		Watches:     Watches{from},
	}
}

// Inspect checks whether the bot could use the database that url names, and leaves
// nothing behind, see [database.Schema.Inspect].
func Inspect(ctx context.Context, url string) (database.Inspection, error) {
	return schema().Inspect(ctx, url)
}

// Urgent returns a context whose transactions go first: a confirmation, and the work that
// follows from it, see [database.Urgent].
func Urgent(ctx context.Context) context.Context { return database.Urgent(ctx) }

// Clicked returns a context whose transactions go second: a click that waits for its ack,
// see [database.Clicked].
func Clicked(ctx context.Context) context.Context { return database.Clicked(ctx) }

// Do runs f in one transaction, writes the audit rows that f added, and commits.
// On any error nothing is changed, except that after [database.ErrUnsettled] the
// outcome is unknown. f must not call Do itself, see [database.DB.Do].
func (s *Store) Do(ctx context.Context, f func(*Tx) error) error {
	return s.db.Do(ctx, func(inner *database.Tx) error {
		tx := newTx(inner)
		if err := f(tx); err != nil {
			return err
		}
		return tx.writeAudit(ctx)
	})
}

// Warm prepares PostgreSQL for a rush of transactions like f, and changes nothing, see
// [database.DB.Warm].
func (s *Store) Warm(ctx context.Context, f func(*Tx) error) error {
	return s.db.Warm(ctx, func(inner *database.Tx) error { return f(newTx(inner)) })
}

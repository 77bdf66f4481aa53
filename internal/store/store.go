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
	ErrConflict = errors.New("somebody else was first")
	// ErrNotFound means that there is no such row.
	ErrNotFound = errors.New("not found")
	// ErrDuplicate means that this envelope, or an open card for this meeting, already exists.
	ErrDuplicate = database.ErrDuplicate
	// ErrUnsettled means that nobody knows whether a transaction was committed.
	ErrUnsettled = database.ErrUnsettled
)

type (
	// Options configure [Open].
	Options = database.Options
	// A Row is a row to read from.
	Row = database.Row
)

//go:embed migration
var migrations embed.FS

// schema is our tables; the chain of the audit trail can't be made in SQL.
func schema() database.Schema {
	return database.Schema{Migrations: migrations, Tables: []string{"audit", "envelope", "request"}, Finish: func(ctx context.Context, d *database.DB) error {
		return newStore(d).migrateChain(ctx)
	}}
}

// A Store is an open database with our tables, and has the methods of a
// [database.DB]. Make one with [Open]; it is safe for concurrent use. Its fields are
// what can be read; the same fields of a [Tx] can be written too.
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

// db makes the field unexported: every transaction goes through [Store.Do], which
// writes the audit rows.
type db = database.DB

// Open opens the database that url names, sqlite:PATH or postgres://…, and brings
// its tables up to date, see [database.Schema.Open].
func Open(ctx context.Context, url string, o Options) (*Store, error) {
	return storeOf(schema().Open(ctx, url, o))
}

// OpenReadOnly opens a database for reading, even while the bot runs on it, see
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

// Urgent marks a context whose transactions come first: what a person has confirmed,
// and what follows from it, see [database.Urgent].
func Urgent(ctx context.Context) context.Context { return database.Urgent(ctx) }

// Clicked marks a context whose transactions come next: a click that waits for its
// ack, see [database.Clicked].
func Clicked(ctx context.Context) context.Context { return database.Clicked(ctx) }

// Do runs f in one transaction, writes the audit rows that f collected, and commits.
// On any error nothing is changed, except that after [database.ErrUnsettled] the
// outcome is unknown. f must not call Do itself, see [database.DB.Do].
func (s *Store) Do(ctx context.Context, f func(*Tx) error) error {
	return s.db.Do(ctx, func(under *database.Tx) error {
		tx := newTx(under)
		if err := f(tx); err != nil {
			return err
		}
		return tx.writeAudit(ctx)
	})
}

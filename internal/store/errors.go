package store

import (
	"errors"
	"io/fs"

	"github.com/jackc/pgx/v5/pgconn"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// Faults of the database that an operator can do something about.
var (
	// ErrReadOnly means that the file, its folder or the server accepts no writes.
	ErrReadOnly = errors.New("the database is read-only; give the user that runs meetingbot the right to write the file and its folder")
	// ErrFull means that the disk is full.
	ErrFull = errors.New("the disk that holds the database is full; free some space")
	// ErrLocked means that somebody else holds the write lock.
	ErrLocked = errors.New("the database is locked by another program; close whatever has it open")
	// ErrCorrupt means that the file is not a sound database.
	ErrCorrupt = errors.New("the database file is damaged or no database; restore a back-up")
	// ErrUnsettled means that a transaction was to be committed and the database did not
	// say what became of it: it may have been.
	ErrUnsettled = errors.New("the database did not say whether it has committed")
)

// PostgreSQL's names for what is asked about here, see its appendix on error codes.
const (
	pgUniqueViolation   = "23505"
	pgDiskFull          = "53100"
	pgReadOnly          = "25006"
	pgPermissionDenied  = "42501"
	pgLockNotAvailable  = "55P03"
	pgQueryCanceledCode = "57014"
)

// explain adds the class of a database error to it, so that it can be asked for
// with errors.Is and reads as a sentence. Other errors pass unchanged.
func explain(err error) error {
	if err == nil {
		return nil
	}
	if class := classOf(err); class != nil && !errors.Is(err, class) {
		return &fault{class: class, err: err}
	}
	return err
}

// explainCommit is explain for the error of a commit. What the database has not
// refused itself, such as a connection that ended, leaves it open.
func explainCommit(err error) error {
	var lite *sqlite.Error
	var pg *pgconn.PgError
	if errors.As(err, &lite) || errors.As(err, &pg) {
		return explain(err)
	}
	return &fault{class: ErrUnsettled, err: err}
}

// A fault is a database error with its class.
type fault struct{ class, err error }

func (f *fault) Error() string   { return f.class.Error() + " (" + f.err.Error() + ")" }
func (f *fault) Unwrap() []error { return []error{f.class, f.err} }

func classOf(err error) error {
	var lite *sqlite.Error
	if errors.As(err, &lite) {
		return classOfSQLite(lite.Code())
	}
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		switch pg.Code {
		case pgUniqueViolation:
			return ErrDuplicate
		case pgDiskFull:
			return ErrFull
		case pgReadOnly, pgPermissionDenied:
			return ErrReadOnly
		case pgLockNotAvailable, pgQueryCanceledCode:
			return ErrLocked
		}
	}
	if errors.Is(err, fs.ErrPermission) {
		return ErrReadOnly
	}
	return nil
}

// classOfSQLite looks at the primary code, which is the low byte of an extended
// one, but for unique violations, which only the extended code tells.
func classOfSQLite(code int) error {
	switch code {
	case sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY:
		return ErrDuplicate
	}
	switch code & 0xff {
	case sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM:
		return ErrReadOnly
	case sqlite3.SQLITE_FULL:
		return ErrFull
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED:
		return ErrLocked
	case sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB:
		return ErrCorrupt
	}
	return nil
}

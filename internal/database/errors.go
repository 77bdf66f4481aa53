package database

import (
	"cmp"
	"context"
	"crypto/tls"
	"crypto/x509"
	"database/sql"
	"database/sql/driver"
	"errors"
	"io"
	"io/fs"
	"net"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// Database errors that operators can do something about. Each says what.
var (
	// ErrReadOnly means that the SQLite file or its folder, or the server, accepts no writes.
	ErrReadOnly = errors.New("the database is read-only; let the user that runs meetingbot write the file and its folder")
	// ErrFull means that the disk is full.
	ErrFull = errors.New("the disk that holds the database is full; free some space")
	// ErrLocked means that another program holds the write lock.
	ErrLocked = errors.New("the database is locked by another program; close whatever has it open")
	// ErrCorrupt means that the file is damaged or not a database.
	ErrCorrupt = errors.New("the database file is damaged or not a database; restore a backup")
	// ErrDuplicate means that a unique row already exists.
	ErrDuplicate = errors.New("already exists")
	// ErrUnsettled means that the database did not answer a commit, which may or may not
	// have happened.
	ErrUnsettled = errors.New("the database did not say whether it committed")

	// ErrServerReadOnly is PostgreSQL's ErrReadOnly.
	ErrServerReadOnly = subclass(ErrReadOnly, "the PostgreSQL server accepts no writes; point DATABASE_URL at the primary server, not a standby, and make sure that default_transaction_read_only is off")
	// ErrDenied means that the PostgreSQL user lacks a privilege that the bot needs.
	ErrDenied = errors.New("the PostgreSQL user lacks a privilege; make it the owner of the database and its tables (ALTER DATABASE … OWNER TO …)")
	// ErrLogin means that PostgreSQL refuses the login.
	ErrLogin = errors.New("PostgreSQL refuses the user or the password in DATABASE_URL, or does not let this machine in (pg_hba.conf)")
	// ErrNoSuchDatabase means that the server has no database of that name.
	ErrNoSuchDatabase = errors.New("the PostgreSQL server has no database with the name in DATABASE_URL; create it (CREATE DATABASE … OWNER …)")
	// ErrNoSchema means that no schema in search_path exists.
	ErrNoSchema = errors.New("the PostgreSQL database has none of the schemas in search_path, which DATABASE_URL or the user's settings name; create one (CREATE SCHEMA … AUTHORIZATION …), or name one that exists")
	// ErrConnections means that the server has no connections left.
	ErrConnections = errors.New("the PostgreSQL server has no connections left; raise its max_connections, or run fewer replicas")
	// ErrStatementCanceled means that PostgreSQL cancelled a statement.
	ErrStatementCanceled = subclass(ErrLocked, "PostgreSQL cancelled a statement that took too long; raise statement_timeout for this user (ALTER ROLE … SET statement_timeout), or find out what is slowing the server down")
	// ErrLockTimeout means that PostgreSQL gave up waiting for a lock.
	ErrLockTimeout = subclass(ErrLocked, "PostgreSQL gave up waiting for a lock (lock_timeout); pg_stat_activity shows who holds the tables")
	// ErrSlow means that a statement timed out, or waited too long for our own transactions.
	ErrSlow = errors.New("the database does not answer in time; find out what is slowing it down or, on PostgreSQL, who is locking its tables (pg_stat_activity)")
	// ErrUnreachable means that connecting to PostgreSQL failed for a reason that has no
	// error of its own.
	ErrUnreachable = errors.New("the PostgreSQL server does not answer")
	// ErrTLS is an [ErrAddress]: the connection can't be secured as DATABASE_URL demands.
	ErrTLS = subclass(ErrAddress, "can't open a secure connection to PostgreSQL; check sslmode and sslrootcert in DATABASE_URL")
	// ErrStarting means that the server is starting or stopping.
	ErrStarting = errors.New("the PostgreSQL server is starting or stopping; the bot tries again")
)

// subclass returns an error with its own text that errors.Is also finds as the general one.
func subclass(general error, text string) error { return &subclassError{general: general, text: text} }

type subclassError struct {
	general error
	text    string
}

func (e *subclassError) Error() string { return e.text }
func (e *subclassError) Unwrap() error { return e.general }

// serverClasses are the classes of PostgreSQL's error codes (see the appendix of its manual).
var serverClasses = map[string]error{
	"23505": ErrDuplicate,         // unique_violation
	"53100": ErrFull,              // disk_full
	"25006": ErrServerReadOnly,    // read_only_sql_transaction
	"42501": ErrDenied,            // insufficient_privilege
	"28000": ErrLogin,             // invalid_authorization_specification
	"28P01": ErrLogin,             // invalid_password
	"3D000": ErrNoSuchDatabase,    // invalid_catalog_name
	"3F000": ErrNoSchema,          // invalid_schema_name
	"26000": errPooler,            // invalid_sql_statement_name: the session is shared
	"42P05": errPooler,            // duplicate_prepared_statement: the session is shared
	"53300": ErrConnections,       // too_many_connections
	"55P03": ErrLockTimeout,       // lock_not_available
	"57014": ErrStatementCanceled, // query_canceled
	"57P01": ErrStarting,          // admin_shutdown
	"57P02": ErrStarting,          // crash_shutdown
	"57P03": ErrStarting,          // cannot_connect_now
}

// Temporary reports whether a database that failed to open may open later: it does not
// answer, is starting, is locked, has no connections left, or dropped one during the start.
func Temporary(err error) bool {
	if errors.Is(err, ErrAddress) {
		return false
	}
	if pg, ok := errors.AsType[*pgconn.PgError](err); ok {
		// 08: connection exceptions.
		return strings.HasPrefix(pg.Code, "08") || errors.Is(err, ErrStarting) || errors.Is(err, ErrConnections)
	}
	return errors.Is(err, ErrLocked) || is[*pgconn.ConnectError](err) || isConnectionLost(err)
}

func isTLS(err error) bool {
	return is[*pgconn.ConnectError](err) &&
		(is[*tls.CertificateVerificationError](err) || is[x509.UnknownAuthorityError](err) || is[x509.HostnameError](err) ||
			is[tls.RecordHeaderError](err) || is[tls.AlertError](err) ||
			strings.Contains(err.Error(), "server refused TLS connection")) // the driver has no type for it
}

// explain adds the class to a database error, so that errors.Is finds it and the text
// tells an operator what to do. It returns other errors unchanged.
func explain(err error) error {
	if err == nil {
		return nil
	}
	if class := classOf(err); class != nil && !errors.Is(err, class) {
		return &fault{class: class, err: err}
	}
	return err
}

// explainCommit is explain for a commit. Unless the database itself refused it, the
// outcome is unknown, for example when the connection ended.
func explainCommit(err error) error {
	if refusedCommit(err) {
		return explain(err)
	}
	return &fault{class: ErrUnsettled, err: explain(err)}
}

// refusedCommit reports whether a commit certainly had no effect. A PostgreSQL session that
// ends over a commit, for example because it can't write its log, may have committed first.
// Poolers send only Severity, which servers translate; SeverityUnlocalized is preferred.
func refusedCommit(err error) bool {
	if pg, ok := errors.AsType[*pgconn.PgError](err); ok {
		const idle = "25P03" // idle_in_transaction_session_timeout: the commit came too late
		severity := cmp.Or(pg.SeverityUnlocalized, pg.Severity)
		ended := severity == "FATAL" || severity == "PANIC" || strings.HasPrefix(pg.Code, "57P") || strings.HasPrefix(pg.Code, "08")
		return !ended || pg.Code == idle
	}
	return is[*sqlite.Error](err) || errors.Is(err, sql.ErrTxDone) || errors.Is(err, pgx.ErrTxCommitRollback)
}

type fault struct{ class, err error }

func (f *fault) Error() string   { return f.class.Error() + " (" + detail(f.err) + ")" }
func (f *fault) Unwrap() []error { return []error{f.class, f.err} }

// detail returns the text of a database error on one line. The driver tries to connect to
// each of a host's addresses, with and without TLS; identical failures are listed once.
func detail(err error) string {
	connect, ok := errors.AsType[*pgconn.ConnectError](err)
	if !ok {
		return err.Error()
	}
	var lines []string
	for line := range strings.Lines(errors.Unwrap(connect).Error()) {
		line = strings.TrimSpace(line)
		if !slices.ContainsFunc(lines, func(earlier string) bool { return strings.Contains(earlier, line) }) {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "; ")
}

func classOf(err error) error {
	if lite, ok := errors.AsType[*sqlite.Error](err); ok {
		return classOfSQLite(lite.Code())
	}
	if pg, ok := errors.AsType[*pgconn.PgError](err); ok {
		return cmp.Or(classOfHandshake(err, pg), serverClasses[pg.Code])
	}
	if isTLS(err) {
		return ErrTLS
	}
	if errors.Is(err, fs.ErrPermission) {
		return ErrReadOnly
	}
	if is[*pgconn.ConnectError](err) {
		return ErrUnreachable
	}
	if errors.Is(err, context.DeadlineExceeded) {
		return ErrSlow
	}
	return nil
}

// classOfHandshake returns the class of an error with which a server, or a pooler in front
// of it, rejects the encryption, an option or the protocol in use; nil for others. Poolers
// use one code for everything.
func classOfHandshake(err error, pg *pgconn.PgError) error {
	switch {
	case pg.Code == "28000" && strings.Contains(pg.Message, "no pg_hba.conf entry") && strings.Contains(pg.Message, "no encryption"):
		return ErrTLS // the server accepts no connection without it
	case pg.Code == "08P01" && strings.Contains(pg.Message, "statement pooling mode"):
		return errPooler
	case pg.Code == "08P01" && strings.Contains(pg.Message, "unsupported startup parameter"):
		return errOption
	case (pg.Code == "42704" || pg.Code == "22023") && is[*pgconn.ConnectError](err): // undefined_object, invalid_parameter_value
		return errOption
	}
	return nil
}

// classOfSQLite goes by the primary code, the low byte of an extended one, except for
// unique violations and a full disk at the start, which only the extended code identifies.
func classOfSQLite(code int) error {
	switch code {
	case sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY:
		return ErrDuplicate
	case sqlite3.SQLITE_IOERR_SHMSIZE: // the index of the log, which a start writes first, could not grow
		return ErrFull
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

// isFault reports whether an error means that the database does not work, as opposed to a
// violated constraint, a conflict between two writers, or a cancelled caller.
func isFault(err error) bool {
	if lite, ok := errors.AsType[*sqlite.Error](err); ok {
		return lite.Code()&0xff != sqlite3.SQLITE_CONSTRAINT
	}
	if pg, ok := errors.AsType[*pgconn.PgError](err); ok {
		return !strings.HasPrefix(pg.Code, "23") && !strings.HasPrefix(pg.Code, "40")
	}
	return is[net.Error](err) || isConnectionLost(err)
}

// isConnectionLost reports whether a connection ended, or no answer came in time.
func isConnectionLost(err error) bool {
	return is[*net.OpError](err) || // a file's errors are net.Errors too
		isAny(err, context.DeadlineExceeded, driver.ErrBadConn, sql.ErrConnDone, io.EOF, io.ErrUnexpectedEOF, io.ErrClosedPipe, net.ErrClosed)
}

func is[T error](err error) bool {
	_, ok := errors.AsType[T](err)
	return ok
}

func isAny(err error, classes ...error) bool {
	return slices.ContainsFunc(classes, func(class error) bool { return errors.Is(err, class) })
}

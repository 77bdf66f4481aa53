package database

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http/httptest"
	"strings"
	"syscall"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	sqlite3 "modernc.org/sqlite/lib"
)

// TestExplainCommit: a refused commit is not an unanswered one.
func TestExplainCommit(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		err       error
		class     error // nil: none
		unsettled bool
	}{
		{&pgconn.PgError{Code: "53100"}, ErrFull, false},
		{&pgconn.PgError{Code: "40001"}, nil, false},
		{&pgconn.PgError{Code: "53100", SeverityUnlocalized: "ERROR"}, ErrFull, false},
		{pgx.ErrTxCommitRollback, nil, false},
		{&pgconn.PgError{Code: "25P03", SeverityUnlocalized: "FATAL"}, nil, false},    // before it read the commit
		{&pgconn.PgError{Code: "53100", SeverityUnlocalized: "PANIC"}, ErrFull, true}, // while writing the log, which may have reached the disk
		{&pgconn.PgError{Code: "58030", SeverityUnlocalized: "PANIC"}, nil, true},
		{&pgconn.PgError{Code: "08P01", Severity: "FATAL"}, nil, true}, // pgbouncer, which lost the server
		{&pgconn.PgError{Code: "08P01", Severity: "ERROR"}, nil, true}, // an older one
		{&pgconn.PgError{Code: "57P01", SeverityUnlocalized: "FATAL"}, nil, true},
		{sql.ErrTxDone, nil, false},
		{io.ErrUnexpectedEOF, nil, true},
	} {
		got := explainCommit(tt.err)
		if !errors.Is(got, tt.err) || tt.class != nil && !errors.Is(got, tt.class) || errors.Is(got, ErrUnsettled) != tt.unsettled {
			t.Errorf("explainCommit(%v) = %v, want it to be of class %v, unsettled %t", tt.err, got, tt.class, tt.unsettled)
		}
	}
}

// TestExplainSlow: an exceeded deadline is explained as a slow database, but a cancelled
// caller isn't.
func TestExplainSlow(t *testing.T) {
	t.Parallel()
	slow := fmt.Errorf("timeout: %w", context.DeadlineExceeded)
	if got := explain(slow); !errors.Is(got, ErrSlow) || !strings.HasPrefix(got.Error(), "the database does not answer in time") {
		t.Errorf("explain(%v) = %v", slow, got)
	}
	if got := explain(context.Canceled); errors.Is(got, ErrSlow) {
		t.Errorf("explain(%v) = %v, although the caller canceled", context.Canceled, got)
	}
}

// TestTemporary: a connection that ends while a start checks the tables is no reason to
// exit, but an unreadable file is.
func TestTemporary(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		err  error
		want bool
	}{
		{fmt.Errorf("check if table exists: %w", errors.Join(driver.ErrBadConn, sql.ErrConnDone)), true},
		{io.ErrUnexpectedEOF, true},
		{context.DeadlineExceeded, true},
		{&pgconn.PgError{Code: "42501"}, false},
		{&fault{class: ErrAddress, err: io.EOF}, false},
		{ErrNewerVersion, false},
		{&fs.PathError{Op: "open", Err: syscall.EACCES}, false},
	} {
		if got := Temporary(tt.err); got != tt.want {
			t.Errorf("Temporary(%v) = %t, want %t", tt.err, got, tt.want)
		}
	}
}

// TestPostgreSQLErrors: their texts are about a server, not a file.
func TestPostgreSQLErrors(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		code, message string
		class, is     error
		says          string
		temporary     bool
	}{
		{code: "42501", class: ErrDenied, says: "ALTER DATABASE"},
		{code: "25006", class: ErrServerReadOnly, is: ErrReadOnly, says: "primary"},
		{code: "55P03", class: ErrLockTimeout, is: ErrLocked, says: "pg_stat_activity"},
		{code: "57014", class: ErrStatementCanceled, is: ErrLocked, says: "statement_timeout"},
		{code: "28P01", class: ErrLogin, says: "password"},
		{code: "28000", message: `no pg_hba.conf entry for host "10.0.0.1", user "bot", database "bot", no encryption`, class: ErrTLS, says: "sslmode"},
		{code: "28000", message: `no pg_hba.conf entry for host "10.0.0.1", user "bot", database "bot", SSL encryption`, class: ErrLogin, says: "pg_hba.conf"},
		{code: "3D000", class: ErrNoSuchDatabase, says: "CREATE DATABASE"},
		{code: "3F000", class: ErrNoSchema, says: "CREATE SCHEMA"},
		{code: "53300", class: ErrConnections, says: "max_connections", temporary: true},
		{code: "26000", class: errPooler, says: "pool_mode"},
		{code: "08P01", message: "transaction blocks not allowed in statement pooling mode", class: errPooler, is: ErrAddress, says: "pool_mode"},
		{code: "08P01", message: "unsupported startup parameter: foo", class: errOption, is: ErrAddress, says: "after the ?"},
		{code: "08P01", message: "expected SASL response", temporary: true},
		{code: "57P03", temporary: true},
		{code: "08006", temporary: true},
	} {
		err := &pgconn.PgError{Code: tt.code, Message: tt.message}
		got := explain(err)
		for _, class := range []error{tt.class, tt.is} {
			if class != nil && !errors.Is(got, class) {
				t.Errorf("explain(%s) = %v, want the class %v", tt.code, got, class)
			}
		}
		if !strings.Contains(got.Error(), tt.says) || strings.Contains(got.Error(), "folder") {
			t.Errorf("explain(%s) = %v, want a text about a server, with %q", tt.code, got, tt.says)
		}
		if Temporary(got) != tt.temporary {
			t.Errorf("Temporary(%v) = %t, want %t", got, !tt.temporary, tt.temporary)
		}
	}
}

// TestConnectErrors connects to servers that refuse the handshake, or don't exist.
func TestConnectErrors(t *testing.T) {
	t.Parallel()
	refusing, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = refusing.Close() }()
	go func() {
		for {
			conn, err := refusing.Accept()
			if err != nil {
				return
			}
			_, _ = conn.Read(make([]byte, 8))
			_, _ = conn.Write([]byte("N")) // no TLS
			_ = conn.Close()
		}
	}()
	web := httptest.NewServer(nil)
	web.Close()
	for _, tt := range []struct {
		name, url string
		class     error
		temporary bool
	}{
		{"no TLS", "postgres://bot:hunter2@" + refusing.Addr().String() + "/bot?sslmode=require", ErrTLS, false},
		{"an unknown option", greeting(t, "42704") + "&pool_max_conns=4", errOption, false},
		{"an invalid option value", greeting(t, "22023") + "&datestyle=x", errOption, false},
		{"no server", "postgres://bot:hunter2@" + web.Listener.Addr().String() + "/bot?sslmode=disable", ErrUnreachable, true},
		{"no server, with and without TLS", "postgres://bot:hunter2@" + web.Listener.Addr().String() + "/bot", ErrUnreachable, true},
	} {
		_, err := pgconn.Connect(context.WithoutCancel(t.Context()), tt.url)
		got := explain(err)
		if got == nil || tt.class != nil && !errors.Is(got, tt.class) || Temporary(got) != tt.temporary || strings.Contains(got.Error(), "hunter2") {
			t.Errorf("%s: %v, temporary %t, want the class %v, temporary %t, and no password", tt.name, got, Temporary(got), tt.class, tt.temporary)
		}
		if strings.Contains(got.Error(), "\n") || strings.Count(got.Error(), "connection refused") > 1 {
			t.Errorf("%s: %q, want one line without repetition", tt.name, got)
		}
	}
}

// greeting returns the address of a server that answers every connection with this code.
func greeting(t *testing.T, code string) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	text := "SFATAL\x00C" + code + "\x00Mno\x00\x00"
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			_, _ = conn.Read(make([]byte, 1024))
			_, _ = conn.Write(append([]byte{'E', 0, 0, 0, byte(len(text) + 4)}, text...))
			_ = conn.Close()
		}
	}()
	return "postgres://bot:hunter2@" + l.Addr().String() + "/bot?sslmode=disable"
}

// TestClassesOfSQLite: primary codes, and extended ones of the same class.
func TestClassesOfSQLite(t *testing.T) {
	t.Parallel()
	for code, want := range map[int]error{
		sqlite3.SQLITE_CONSTRAINT_UNIQUE: ErrDuplicate, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY: ErrDuplicate,
		sqlite3.SQLITE_READONLY: ErrReadOnly, sqlite3.SQLITE_CANTOPEN: ErrReadOnly, sqlite3.SQLITE_PERM: ErrReadOnly,
		sqlite3.SQLITE_READONLY | 8<<8: ErrReadOnly,
		sqlite3.SQLITE_FULL:            ErrFull, sqlite3.SQLITE_BUSY: ErrLocked, sqlite3.SQLITE_LOCKED: ErrLocked, sqlite3.SQLITE_BUSY | 2<<8: ErrLocked,
		sqlite3.SQLITE_IOERR_SHMSIZE: ErrFull, sqlite3.SQLITE_IOERR_FSYNC: nil,
		sqlite3.SQLITE_CORRUPT: ErrCorrupt, sqlite3.SQLITE_NOTADB: ErrCorrupt,
		sqlite3.SQLITE_CONSTRAINT_CHECK: nil, sqlite3.SQLITE_ERROR: nil,
	} {
		if got := classOfSQLite(code); !errors.Is(got, want) {
			t.Errorf("classOfSQLite(%d) = %v, want %v", code, got, want)
		}
	}
}

package database

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"
	"modernc.org/sqlite"
)

// TestAddress: an address that can't be used is the configuration's error, which repeats no
// part that may belong to the password.
func TestAddress(t *testing.T) {
	t.Parallel()
	cert := filepath.Join(t.TempDir(), "cert.pem")
	if err := os.WriteFile(cert, []byte("no certificate"), 0o600); err != nil {
		t.Fatal(err)
	}
	for address, right := range map[string]bool{
		"postgres://bot:hunter2@db.example.com/bot":                                                        true,
		"postgresql://bot:hunter2@db.example.com:5433/bot?sslmode=verify-full":                             true,
		"postgres://bot:hunter2@one.example.com,two.example.com/bot?target_session_attrs=read-write":       true,
		"mysql://bot:hunter2@db.example.com/bot":                                                           false,
		"postgres://bot:hunter2@%zz/bot":                                                                   false,
		"postgres://bot:hun/ter2@db.example.com/bot":                                                       false,
		"postgres://bot:hunter2@db.example.com/bot?sslmode=required":                                       false,
		"postgres://bot:hunter2@db.example.com/bot?sslmode=verify-ca&sslrootcert=/no/hunter2.pem":          false,
		"postgres://bot:hunter2@db.example.com/bot?sslmode=require&sslcert=" + cert:                        false,
		"postgres://bot:hunter2@db.example.com/bot?sslmode=require&sslcert=/no/hunter2.pem&sslkey=" + cert: false,
		"postgres://bot:hunter2@db.example.com/bot?connect_timeout=hunter2":                                false,
		"postgres://bot:hunter2@db.example.com/bot?pool_max_conns=%zz":                                     false,
	} {
		_, err := parseAddress(address)
		if (err == nil) != right || (!right && !errors.Is(err, ErrAddress)) {
			t.Errorf("parseAddress(%q) = %v, want success: %t", address, err, right)
		}
		if err != nil && (strings.Contains(err.Error(), "hunter2") || strings.Contains(err.Error(), "ter2")) {
			t.Errorf("parseAddress(%q) repeats a password: %v", address, err)
		}
	}
}

// TestClasses: each PostgreSQL error gets its own text, which doesn't mention files or
// folders.
func TestClasses(t *testing.T) {
	t.Parallel()
	for code, want := range map[string]error{
		"23505": ErrDuplicate, "53100": ErrFull, "25006": ErrServerReadOnly, "42501": ErrDenied, "28000": ErrLogin, "28P01": ErrLogin,
		"3D000": ErrNoSuchDatabase, "53300": ErrConnections, "55P03": ErrLockTimeout, "57014": ErrStatementCanceled, "57P03": ErrStarting,
		"26000": ErrAddress, "42P05": ErrAddress,
		"42P01": nil,
	} {
		err := explain(&pgconn.PgError{Code: code})
		if want != nil && !errors.Is(err, want) {
			t.Errorf("explain(%s) = %v, want %v", code, err, want)
		}
		if strings.Contains(err.Error(), "file") || strings.Contains(err.Error(), "folder") {
			t.Errorf("explain(%s) = %q, which speaks of a file", code, err)
		}
		if fault := isFault(err); fault == strings.HasPrefix(code, "23") {
			t.Errorf("isFault(%s) = %t", code, fault)
		}
	}
	if !errors.Is(ErrServerReadOnly, ErrReadOnly) || !errors.Is(ErrLockTimeout, ErrLocked) {
		t.Error("errors.Is doesn't find the general class of a subclass")
	}
	if !isFault(&sqlite.Error{}) || isFault(errors.New("the caller's")) {
		t.Error("isFault() can't tell the caller's errors from the database's")
	}
}

package database

import (
	"errors"
	"io/fs"
	"os"
	"syscall"
	"testing"
)

// TestFileFaults: what a folder says in the system's words is said in ours.
func TestFileFaults(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ got, want error }{
		{orFull(&fs.PathError{Op: "write", Err: syscall.ENOSPC}), ErrFull},
		{orFull(fs.ErrPermission), ErrReadOnly},
		{orReadOnly(&os.PathError{Op: "open", Err: syscall.EROFS}), ErrReadOnly},
	} {
		if !errors.Is(tt.got, tt.want) {
			t.Errorf("%v is no %v", tt.got, tt.want)
		}
	}
	if canCreate("/no such folder/m.db") == nil {
		t.Error("canCreate() = nil in a folder that is not there")
	}
	if got := SQLite.String() + PostgreSQL.String() + Dialect(0).String(); got != "SQLitePostgreSQLunknown" {
		t.Errorf("names of the dialects = %q", got)
	}
}

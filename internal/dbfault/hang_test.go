package dbfault_test

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"modernc.org/sqlite"

	"meetingbot/internal/dbfault"
)

type connector struct{ path string }

func (c connector) Connect(context.Context) (driver.Conn, error) { return c.Driver().Open(c.path) }
func (connector) Driver() driver.Driver                          { return &sqlite.Driver{} }

// TestHangEndsWithDeadline: a commit that hangs ends with its transaction's deadline, and the
// error never looks as if the caller had cancelled it.
func TestHangEndsWithDeadline(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var d dbfault.Driver
		db := sql.OpenDB(d.Connect(connector{filepath.Join(t.TempDir(), "m.db")}))
		defer func() { _ = db.Close() }()
		d.Next(dbfault.Commit, dbfault.Hang, -1)
		for i := range 1000 { // several contexts end at once, in random order
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			tx, err := db.BeginTx(ctx, nil)
			if err != nil {
				t.Fatal(err)
			}
			if err := tx.Commit(); !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("commit %d = %v, want an exceeded deadline", i, err)
			}
			cancel()
		}
	})
}

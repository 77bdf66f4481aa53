package sim

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/jackc/pgx/v5/pgconn"

	"meetingbot/internal/dbfault"
)

// fullFault fills the disk for a while, or with PostgreSQL makes the server a standby: nothing can be
// written, but everything can be read.
func (w *world) fullFault() {
	how := full
	if w.real {
		how = readOnly
	}
	l := w.aim("full", "db", "", how)
	at := w.when("full/when")
	l.from = w.began.Add(at)
	l.to = l.from.Add(w.chance.between("full/for", 200*time.Millisecond, 30*time.Second))
	w.troubleUntil(l.to)
	w.chance.note("full: from %s to %s the database %s", w.clock(l.from), w.clock(l.to), how)
}

// appliesTo reports whether the fault applies to a place: it applies to all, to this one, or to
// a prefix of it, as "SELECT" is of "SELECT request".
func (l *fault) appliesTo(place string) bool {
	switch l.how {
	case full:
		return isWrite(place)
	case readOnly:
		return isWrite(place) && place != dbfault.Commit
	}
	return l.place == "" || l.place == place || strings.HasPrefix(place, l.place+" ")
}

// isWrite reports whether a statement needs space on the disk.
func isWrite(place string) bool {
	return place == dbfault.Commit || place == "WITH" || slices.ContainsFunc([]string{"INSERT", "UPDATE", "DELETE"}, func(verb string) bool { return strings.HasPrefix(place, verb+" ") })
}

// errReadOnly is PostgreSQL's error for a write on a standby.
var errReadOnly = &pgconn.PgError{Severity: "ERROR", SeverityUnlocalized: "ERROR", Code: "25006", Message: "cannot write in a read-only transaction"}

// errFull returns SQLite's own error for a full disk.
var errFull = sync.OnceValue(func() error {
	ctx := context.Background()
	d, err := sql.Open("sqlite", ":memory:")
	if err != nil {
		return err
	}
	defer func() { _ = d.Close() }()
	d.SetMaxOpenConns(1)
	for _, statement := range []string{"CREATE TABLE t (b)", "PRAGMA max_page_count = 2", "INSERT INTO t VALUES (randomblob(99999))"} {
		if _, err = d.ExecContext(ctx, statement); err != nil {
			return err
		}
	}
	return errors.New("sim: the disk isn't full")
})

package sim

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"strings"
	"sync"
	"time"

	"meetingbot/internal/dbfault"
)

// fullFault fills the disk for a while: nothing can be written, but everything can be read.
func (w *world) fullFault() {
	if w.real {
		return // PostgreSQL reports it in its own way
	}
	l := w.aim("full", "db", "", full)
	at := w.when("full/when")
	l.from = w.began.Add(at)
	l.to = l.from.Add(w.chance.between("full/for", 200*time.Millisecond, 30*time.Second))
	w.troubleUntil(l.to)
	w.chance.note("full: the disk is full from %s to %s", w.clock(l.from), w.clock(l.to))
}

// isWrite reports whether a statement needs space on the disk.
func isWrite(place string) bool {
	return place == dbfault.Commit || place == "WITH" || slices.ContainsFunc([]string{"INSERT", "UPDATE", "DELETE"}, func(verb string) bool { return strings.HasPrefix(place, verb+" ") })
}

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

package database

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/gofrs/flock"
)

// An Inspection is what [Schema.Inspect] found.
type Inspection struct {
	Dialect Dialect
	Server  string // the version of SQLite, or of the PostgreSQL server
	Name    string // of the PostgreSQL database; its address may leave it out
	Exists  bool   // the database has our tables
	Owned   bool   // a running bot holds the SQLite file
	Version int64  // of the tables; 0 without tables
	Newest  int64  // the version of this program's tables
	// Ahead is how far PostgreSQL's clock is ahead of this machine's, in whole seconds.
	Ahead time.Duration
}

// Inspect checks whether the bot could use the database that url names, and leaves
// nothing behind. It does commit a write, because only a commit shows whether the disk
// has room. Its error says what would keep the bot from working, such as [ErrReadOnly] or
// [ErrNewerVersion]; the Inspection holds what was found up to that point. A bot already
// running on the file is not an error.
func (s Schema) Inspect(ctx context.Context, url string) (Inspection, error) {
	if path, ok := strings.CutPrefix(url, "sqlite:"); ok {
		return s.inspectFile(ctx, path)
	}
	in := Inspection{Dialect: PostgreSQL}
	d, err := s.connect(url, Options{}) //nolint:contextcheck // nothing is read yet
	if err != nil {
		return in, err
	}
	return d.inspect(ctx, in)
}

func (s Schema) inspectFile(ctx context.Context, path string) (Inspection, error) {
	in := Inspection{Dialect: SQLite}
	if err := checkPath(path); err != nil {
		return in, err
	}
	switch _, err := os.Stat(path); {
	case errors.Is(err, fs.ErrNotExist):
		return in, checkDiskSpace(path)
	case err != nil:
		return in, fmt.Errorf("database file: %w", explain(err))
	}
	in.Owned = isOwned(path)
	d, err := s.openExisting(path, "rw&_txlock=immediate")
	if err != nil {
		return in, err
	}
	if in, err = d.inspect(ctx, in); err != nil {
		return in, err
	}
	return in, checkDiskSpace(path)
}

// inspect fills in what the open database reveals, and closes it.
func (d *DB) inspect(ctx context.Context, in Inspection) (_ Inspection, err error) {
	defer func() { err = errors.Join(err, d.Close()) }()
	server := `SELECT sqlite_version()`
	if d.dialect == PostgreSQL {
		server = `SHOW server_version`
	}
	if err := queryRow(ctx, d.pool, &in.Server, server); err != nil {
		return in, err
	}
	if d.dialect == PostgreSQL {
		if err := queryRow(ctx, d.pool, &in.Name, `SELECT current_database()`); err != nil {
			return in, err
		}
		if err := d.refusePooler(ctx); err != nil {
			return in, explain(err)
		}
	}
	if err := d.SyncClock(ctx); err != nil {
		return in, err
	}
	in.Ahead = time.Duration(d.skew.Load()).Round(time.Second)
	in.Version, in.Newest, err = versions(ctx, d)
	in.Exists = err == nil || errors.Is(err, ErrNewerVersion)
	switch {
	case err != nil && !errors.Is(err, ErrNoDatabase):
		return in, err
	case in.Version < in.Newest:
		return in, d.tryTable(ctx) // as the next start will have to do
	}
	return in, d.Check(ctx)
}

// tryTable creates and drops a table in one transaction, leaving nothing behind.
func (d *DB) tryTable(ctx context.Context) error {
	return d.Do(ctx, func(tx *Tx) error {
		_, err := tx.Exec(ctx, `CREATE TABLE meetingbot_look (id BIGINT)`)
		if err == nil {
			_, err = tx.Exec(ctx, `DROP TABLE meetingbot_look`)
		}
		return err
	})
}

// minFree is how much disk space must be free: enough for a few hundred commands and
// SQLite's log.
const minFree = 4 << 20

// checkDiskSpace creates a file next to path and removes it. On a full disk the lock and
// the rollback succeed, but the first command would fail.
func checkDiskSpace(path string) error {
	f, err := os.CreateTemp(filepath.Dir(path), ".meetingbot-look-*")
	if err != nil {
		return fmt.Errorf("create a file next to it: %w", &fault{class: ErrReadOnly, err: err})
	}
	_, err = f.Write(make([]byte, minFree))
	if err = errors.Join(err, f.Sync(), f.Close(), os.Remove(f.Name())); err != nil {
		return fmt.Errorf("%w: less than %d MiB is left (%w)", ErrFull, minFree>>20, err)
	}
	return nil
}

// isOwned reports whether a running bot holds the lock next to the file. To find out, it
// briefly takes a shared lock; a bot that starts at that very moment would fail and have
// to be started again.
func isOwned(path string) bool {
	if _, err := os.Stat(path + ".lock"); err != nil {
		return false
	}
	l := flock.New(path + ".lock")
	free, err := l.TryRLock()
	if err != nil || !free {
		return err == nil
	}
	_ = l.Unlock() // even if that fails, closing the file releases the lock
	return false
}

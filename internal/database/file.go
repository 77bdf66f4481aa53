package database

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"

	"github.com/gofrs/flock"
)

// ErrInUse means that another process holds the SQLite file.
var ErrInUse = errors.New("another meetingbot is using this database file; stop it first, or use PostgreSQL to run several")

// ErrFileGone means that the SQLite file or its log was moved or deleted while the program
// was running. SQLite would keep writing to the unlinked file and lose everything if the
// program is killed, so all transactions fail from then on.
var ErrFileGone = errors.New("the database file or its -wal file was moved or deleted while the program ran; put it back or restart")

// These are [ErrAddress]es.
var (
	errNoFolder = fmt.Errorf("%w names a file in a folder that does not exist; create the folder, or name another file", ErrAddress)
	errNoFile   = fmt.Errorf("%w names a pipe, a socket or a device; name a file", ErrAddress)
	errFolder   = fmt.Errorf("%w names a folder; name a file in it, for example meetingbot.db", ErrAddress)
)

// A file is the SQLite file of a database and the lock that makes it ours. It is nil for
// PostgreSQL and for databases opened without the lock.
type file struct {
	path   string
	lock   *flock.Flock
	kept   *sql.Conn              // idle; as long as it is open, SQLite doesn't replace its log
	opened map[string]os.FileInfo // the file and its log when they were opened, by path
}

// fileMode is the mode of a new database file, because it holds response URLs and e-mail
// addresses. SQLite gives its log the file's mode, and the lock file gets this one too. An
// existing file keeps its mode.
const fileMode = 0o600

// lockFile takes the lock next to the database file, and creates the file if
// necessary. The lock ends with the process, even after kill -9.
func lockFile(path string) (*file, error) {
	abs, err := filepath.Abs(path)
	if err != nil {
		return nil, fmt.Errorf("database file: %w", err)
	}
	if err := checkPath(abs); err != nil {
		return nil, err
	}
	l := flock.New(abs + ".lock")
	held, err := l.TryLock()
	if err != nil {
		return nil, fmt.Errorf("lock database file: %w", explain(err))
	}
	if !held {
		return nil, ErrInUse
	}
	if err := makeFile(abs); err != nil {
		return nil, errors.Join(fmt.Errorf("database file: %w", explain(err)), l.Unlock())
	}
	return &file{path: abs, lock: l}, nil
}

// checkPath returns an [ErrAddress] if no database can exist at path.
func checkPath(path string) error {
	if _, err := os.Stat(filepath.Dir(path)); errors.Is(err, fs.ErrNotExist) {
		return errNoFolder
	}
	switch info, err := os.Stat(path); {
	case err == nil && info.IsDir():
		return errFolder
	case err == nil && !info.Mode().IsRegular(): // opening a pipe would wait for its other end
		return errNoFile
	}
	return nil // opening it will say what else is wrong
}

// makeFile creates an empty file if none exists. It must run before SQLite opens the file,
// because closing any handle later would drop SQLite's own locks.
func makeFile(path string) error {
	if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
		return nil // SQLite will report what is wrong with an existing file
	}
	f, err := os.OpenFile(path, os.O_RDONLY|os.O_CREATE, fileMode) //nolint:gosec // the operator names the file
	if err != nil {
		return err
	}
	return f.Close()
}

// busyTimeout is how long a connection waits for another connection's lock.
const busyTimeout = "busy_timeout(2000)"

// dsn returns the driver's name for the file, with these options:
//   - synchronous FULL: a commit is on the disk when it returns.
//   - WAL: readers do not wait for writers.
//   - secure_delete: deleted data is overwritten. A response URL is a credential, and
//     would remain in the file's free space.
//   - temp_store: savepoints keep their undo data in memory. A temporary file would not
//     be overwritten, and took two writes in three under load.
//   - mode=rw: no connection creates a file. One opened after the database was moved away
//     would leave an empty file in its place.
func dsn(path string) string {
	return fileURL(path, "rw") + "&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_pragma=foreign_keys(1)&_pragma=secure_delete(1)&_pragma=temp_store(MEMORY)"
}

func fileURL(path, mode string) string {
	return "file:" + (&url.URL{Path: path}).EscapedPath() + "?mode=" + mode + "&_pragma=" + busyTimeout
}

// remember records which files were opened, for check to compare. Where SQLite can't have a
// log, there is none.
func (f *file) remember(ctx context.Context, pool *sql.DB) (err error) {
	if f == nil {
		return nil
	}
	if f.kept, err = pool.Conn(ctx); err != nil {
		return fmt.Errorf("open database: %w", explain(err))
	}
	f.opened = map[string]os.FileInfo{}
	for _, path := range []string{f.path, f.path + "-wal"} {
		switch info, err := os.Stat(path); {
		case err == nil:
			f.opened[path] = info
		case path == f.path:
			return fmt.Errorf("database file: %w", explain(err))
		}
	}
	return nil
}

// check returns [ErrFileGone] if one of the files no longer exists under its name.
func (f *file) check() error {
	if f == nil {
		return nil
	}
	for path, opened := range f.opened {
		info, err := os.Stat(path)
		if errors.Is(err, fs.ErrNotExist) || err == nil && !os.SameFile(info, opened) {
			return ErrFileGone
		}
	}
	return nil // the statement itself will reveal other trouble
}

// forget closes the kept connection.
func (f *file) forget() error {
	if f == nil || f.kept == nil {
		return nil
	}
	return f.kept.Close()
}

func (f *file) unlock() error {
	if f == nil {
		return nil
	}
	return f.lock.Unlock()
}

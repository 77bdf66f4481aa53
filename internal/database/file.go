package database

import (
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

// ErrFileGone means that the SQLite file was moved or deleted while the program was
// running. SQLite would keep writing to the nameless file and everything would be
// lost at the end, so nothing is accepted any more.
var ErrFileGone = errors.New("the database file was moved or deleted while the program ran; put it back or restart")

// errNoFolder and errFolder are [ErrAddress]es.
var (
	errNoFolder = fmt.Errorf("%w names a file in a folder that does not exist; create the folder, or name another file", ErrAddress)
	errFolder   = fmt.Errorf("%w names a folder; name a file in it, for example meetingbot.db", ErrAddress)
)

// A file is the SQLite file of a database and the lock that makes it ours. A database
// without one has a nil file.
type file struct {
	path string
	lock *flock.Flock
	info os.FileInfo // of the file when it was opened
}

// fileMode is the database file's mode, whatever the umask: the file holds response
// addresses and e-mails. SQLite gives its log the file's mode, and the lock has this
// one too. An existing file keeps its mode.
const fileMode = 0o600

// lockFile takes the lock next to the database file, and creates the file if
// necessary. The lock ends with the process, even after kill -9.
func lockFile(path string) (*file, error) {
	if path == "" {
		return nil, errors.New("DATABASE_URL names no file: write sqlite:meetingbot.db")
	}
	abs, err := filepath.Abs(path)
	if err != nil {
		return nil, fmt.Errorf("database file: %w", err)
	}
	if err := wrongPath(abs); err != nil {
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

// wrongPath is the [ErrAddress] of a path that can't be that of a database, whether or not
// there is one yet.
func wrongPath(path string) error {
	if _, err := os.Stat(filepath.Dir(path)); errors.Is(err, fs.ErrNotExist) {
		return errNoFolder
	}
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		return errFolder
	}
	return nil
}

// makeFile creates an empty file if there is none. It must run before SQLite opens
// the file: closing any handle later would drop SQLite's own locks on it.
func makeFile(path string) error {
	if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
		return nil // SQLite will say what is wrong with an existing file
	}
	f, err := os.OpenFile(path, os.O_RDONLY|os.O_CREATE, fileMode) //nolint:gosec // the operator names the file
	if err != nil {
		return err
	}
	return f.Close()
}

// busyTimeout is how long a connection waits for a lock that another one holds.
const busyTimeout = "busy_timeout(2000)"

// dsn names the file to the driver. A commit is on the disk when it returns
// (synchronous FULL), readers do not wait for writers (WAL), and a transaction
// takes the write lock when it begins, so it can't fail halfway for lack of it.
// Deleted data is overwritten (secure_delete): a response address is a credential,
// and would be left in the file's free space. What a savepoint may have to restore
// stays in memory (temp_store) rather than in a temporary file, which nothing would
// overwrite, and which took two writes in three under load. No connection creates a file
// (mode=rw): one opened later would put an empty file where the database was moved
// away.
func dsn(path string) string {
	return fileURL(path, "rw") + "&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_pragma=foreign_keys(1)&_pragma=secure_delete(1)&_pragma=temp_store(MEMORY)&_txlock=immediate"
}

func fileURL(path, mode string) string {
	return "file:" + (&url.URL{Path: path}).EscapedPath() + "?mode=" + mode + "&_pragma=" + busyTimeout
}

// remember records which file was opened, for check.
func (f *file) remember() error {
	if f == nil {
		return nil
	}
	info, err := os.Stat(f.path)
	if err != nil {
		return fmt.Errorf("database file: %w", explain(err))
	}
	f.info = info
	return nil
}

// check reports whether the file still exists under its name.
func (f *file) check() error {
	if f == nil || f.info == nil {
		return nil
	}
	info, err := os.Stat(f.path)
	if errors.Is(err, fs.ErrNotExist) || err == nil && !os.SameFile(info, f.info) {
		return ErrFileGone
	}
	return nil // the statement itself will show any other trouble
}

func (f *file) unlock() error {
	if f == nil {
		return nil
	}
	return f.lock.Unlock()
}

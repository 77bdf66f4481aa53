package store

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

// ErrFileGone means that the SQLite file was moved or deleted under the running program.
// SQLite would go on writing into the nameless file, and all would be lost at
// the end, so nothing is accepted any more.
var ErrFileGone = errors.New("the database file was moved or deleted while the program ran; put it back or restart")

// A file is the SQLite file of a store and the lock that makes it ours. A nil
// file is that of a store without one.
type file struct {
	path string
	lock *flock.Flock
	info os.FileInfo // of the file as it was opened
}

// lockFile takes the lock beside the database file, creating its folder's entry
// if needed. The lock ends with the process, also after kill -9.
func lockFile(path string) (*file, error) {
	if path == "" {
		return nil, errors.New("DATABASE_URL names no file: write sqlite:meetingbot.db")
	}
	abs, err := filepath.Abs(path)
	if err != nil {
		return nil, fmt.Errorf("database file: %w", err)
	}
	l := flock.New(abs + ".lock")
	held, err := l.TryLock()
	if err != nil {
		return nil, fmt.Errorf("lock database file: %w", explain(err))
	}
	if !held {
		return nil, ErrInUse
	}
	return &file{path: abs, lock: l}, nil
}

// dsn names the file to the driver. A commit is on the disk when it returns
// (synchronous FULL), readers do not wait for writers (WAL), and a transaction
// takes the write lock when it begins, so it can't fail half-way for want of it.
// What is forgotten is overwritten (secure_delete): a response address is a
// credential, and would be left in the file's free space.
func dsn(path string) string {
	u := url.URL{Scheme: "file", Opaque: (&url.URL{Path: path}).EscapedPath()}
	u.RawQuery = "_pragma=busy_timeout(2000)&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_pragma=foreign_keys(1)&_pragma=secure_delete(1)&_txlock=immediate"
	return u.String()
}

// remember notes which file was opened, for check.
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

// check reports whether the file is still there under its name.
func (f *file) check() error {
	if f == nil || f.info == nil {
		return nil
	}
	info, err := os.Stat(f.path)
	if errors.Is(err, fs.ErrNotExist) || err == nil && !os.SameFile(info, f.info) {
		return ErrFileGone
	}
	return nil // any other trouble will show in the statement itself
}

func (f *file) unlock() error {
	if f == nil {
		return nil
	}
	return f.lock.Unlock()
}

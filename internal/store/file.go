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

// fileMode is that of the database file, whatever the umask: it holds response
// addresses and e-mails. SQLite gives its log beside it the file's own mode, and
// the lock has this one too. A file that is there keeps the mode it was given.
const fileMode = 0o600

// lockFile takes the lock beside the database file, and makes the file if there
// is none. The lock ends with the process, also after kill -9.
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
	if err := makeFile(abs); err != nil {
		return nil, errors.Join(fmt.Errorf("database file: %w", explain(err)), l.Unlock())
	}
	return &file{path: abs, lock: l}, nil
}

// makeFile makes an empty file where there is none. It comes before SQLite opens
// it: whoever closes a file later gives up SQLite's own locks on it.
func makeFile(path string) error {
	if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
		return nil // what is wrong with a file that is there, SQLite says
	}
	f, err := os.OpenFile(path, os.O_RDONLY|os.O_CREATE, fileMode)
	if err != nil {
		return err
	}
	return f.Close()
}

// dsn names the file to the driver. A commit is on the disk when it returns
// (synchronous FULL), readers do not wait for writers (WAL), and a transaction
// takes the write lock when it begins, so it can't fail half-way for want of it.
// What is forgotten is overwritten (secure_delete): a response address is a
// credential, and would be left in the file's free space. No connection makes a
// file (mode=rw): one that is opened later would put an empty one where the
// database was moved away.
func dsn(path string) string {
	u := url.URL{Scheme: "file", Opaque: (&url.URL{Path: path}).EscapedPath()}
	u.RawQuery = "mode=rw&_pragma=busy_timeout(2000)&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_pragma=foreign_keys(1)&_pragma=secure_delete(1)&_txlock=immediate"
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

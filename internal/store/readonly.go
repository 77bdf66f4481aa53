package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/gofrs/flock"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
)

// ErrNoDatabase means that there is no database yet, or none with our tables. The bot
// makes it when it starts.
var ErrNoDatabase = errors.New("there is no database there yet; the bot makes it at its first start")

// OpenReadOnly opens a database for looking, also while the bot runs on it: it
// takes no lock, makes no table and waits for nobody. Whatever would write
// through it fails with [ErrReadOnly]. It returns [ErrNoDatabase] if there is
// nothing to look at.
func OpenReadOnly(ctx context.Context, url string) (*Store, error) {
	path, isFile := strings.CutPrefix(url, "sqlite:")
	if !isFile {
		s, err := lookAtServer(url)
		if err != nil {
			return nil, err
		}
		return s.orNothing(ctx)
	}
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%s: %w", path, ErrNoDatabase)
	}
	s, err := lookAtFile(path, "ro")
	if err != nil {
		return nil, err
	}
	if s, err = s.orNothing(ctx); !errors.Is(err, ErrReadOnly) {
		return s, err
	}
	// To look at a file with a log beside it, SQLite must be able to share memory
	// with the writer through a third file. Where it may not make that one and
	// there is no log, nobody writes, and the file can be read as it lies there.
	if _, err := os.Stat(path + "-wal"); err == nil {
		return nil, errors.New("the database file has a log beside it, and only a user who may write both can read them together: look as the user that runs the bot")
	}
	if s, err = lookAtFile(path, "ro&immutable=1"); err != nil {
		return nil, err
	}
	return s.orNothing(ctx)
}

// orNothing returns s, or closes it if there is nothing to look at.
func (s *Store) orNothing(ctx context.Context) (*Store, error) {
	if _, err := s.tables(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("open database: %w", err), s.Close())
	}
	return s, nil
}

// lookAtServer opens a pool in which every transaction is for reading only.
func lookAtServer(url string) (*Store, error) {
	cfg, err := pgx.ParseConfig(url)
	if err != nil {
		// The driver's own message may repeat the URL, and with it a password.
		return nil, errors.New("DATABASE_URL is not a PostgreSQL address")
	}
	cfg.RuntimeParams["default_transaction_read_only"] = "on"
	db := stdlib.OpenDB(*cfg)
	return &Store{db: db, reads: db, dialect: PostgreSQL, now: time.Now}, nil
}

// lookAtFile opens a SQLite file that must exist, without the lock and without
// changing how it keeps its log. Mode is "rw", or begins with "ro".
func lookAtFile(path, mode string) (*Store, error) {
	abs, err := filepath.Abs(path)
	if err != nil {
		return nil, fmt.Errorf("database file: %w", err)
	}
	u := url.URL{Scheme: "file", Opaque: (&url.URL{Path: abs}).EscapedPath(), RawQuery: "mode=" + mode + "&_pragma=busy_timeout(2000)"}
	if mode == "rw" {
		u.RawQuery += "&_txlock=immediate"
	} else {
		u.RawQuery += "&_pragma=query_only(1)"
	}
	db, err := sql.Open("sqlite", u.String())
	if err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	db.SetMaxOpenConns(1)
	return &Store{db: db, reads: db, dialect: SQLite, now: time.Now}, nil
}

// tables returns the version of the tables as they are, or [ErrNoDatabase]
// where there are none. Unlike [Store.Version] it makes nothing.
func (s *Store) tables(ctx context.Context) (version int64, err error) {
	there := `SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name IN ('goose_db_version', 'audit')`
	if s.dialect == PostgreSQL {
		there = `SELECT count(to_regclass('goose_db_version')) + count(to_regclass('audit'))`
	}
	var n int
	if err := s.db.QueryRowContext(ctx, there).Scan(&n); err != nil {
		return 0, explain(err)
	}
	if n < 2 {
		return 0, ErrNoDatabase
	}
	err = s.db.QueryRowContext(ctx, `SELECT coalesce(max(version_id), 0) FROM goose_db_version WHERE is_applied`).Scan(&version)
	return version, explain(err)
}

// An Inspection is what [Inspect] found.
type Inspection struct {
	Dialect Dialect
	Server  string // the version of SQLite, or of the PostgreSQL server
	Exists  bool   // there are tables of ours
	Owned   bool   // a running bot holds the SQLite file
	Version int64  // of the tables; 0 if there are none
	Newest  int64  // version of the tables that this program makes
}

// Inspect looks whether the bot could work on the database that url names, and
// changes nothing: no table is made, and the write lock is given back at once.
// Its error is what would keep the bot from working, such as [ErrReadOnly] or
// [ErrNewerVersion]; the Inspection holds what was found until then. That a bot
// runs on the file already is no error here.
func Inspect(ctx context.Context, url string) (Inspection, error) {
	if path, ok := strings.CutPrefix(url, "sqlite:"); ok {
		return inspectFile(ctx, path)
	}
	in := Inspection{Dialect: PostgreSQL}
	s, err := connect(url)
	if err != nil {
		return in, err
	}
	return s.inspect(ctx, in)
}

func inspectFile(ctx context.Context, path string) (Inspection, error) {
	in := Inspection{Dialect: SQLite}
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return in, canCreate(path)
	case err != nil:
		return in, fmt.Errorf("database file: %w", explain(err))
	case !info.Mode().IsRegular():
		return in, fmt.Errorf("%w: it is no file", ErrCorrupt)
	}
	in.Owned = isOwned(path)
	s, err := lookAtFile(path, "rw")
	if err != nil {
		return in, err
	}
	return s.inspect(ctx, in)
}

// inspect fills in what the open database tells, and closes it.
func (s *Store) inspect(ctx context.Context, in Inspection) (_ Inspection, err error) {
	defer func() { err = errors.Join(err, s.Close()) }()
	if in.Newest, err = s.newest(); err != nil {
		return in, err
	}
	server := `SELECT sqlite_version()`
	if s.dialect == PostgreSQL {
		server = `SHOW server_version`
	}
	if err := s.db.QueryRowContext(ctx, server).Scan(&in.Server); err != nil {
		return in, explain(err)
	}
	in.Version, err = s.tables(ctx)
	switch {
	case errors.Is(err, ErrNoDatabase):
		return in, s.canMakeTables(ctx)
	case err != nil:
		return in, err
	}
	in.Exists = true
	if in.Version > in.Newest {
		return in, ErrNewerVersion
	}
	return in, s.canWrite(ctx)
}

// newest is the version of the last migration that this program brings.
func (s *Store) newest() (int64, error) {
	p, err := s.provider()
	if err != nil {
		return 0, err
	}
	sources := p.ListSources()
	return sources[len(sources)-1].Version, nil
}

// canWrite takes the write lock, changes no row, and gives it back.
func (s *Store) canWrite(ctx context.Context) error {
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return explain(err)
	}
	_, err = tx.ExecContext(ctx, `UPDATE envelope SET body = '' WHERE id = ''`)
	return errors.Join(explain(err), ignoreDone(tx.Rollback()))
}

// canMakeTables makes a table and takes it back.
func (s *Store) canMakeTables(ctx context.Context) error {
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return explain(err)
	}
	_, err = tx.ExecContext(ctx, `CREATE TABLE meetingbot_look (id BIGINT)`)
	return errors.Join(explain(err), ignoreDone(tx.Rollback()))
}

// canCreate makes a file of another name beside path and removes it.
func canCreate(path string) error {
	f, err := os.CreateTemp(filepath.Dir(path), ".meetingbot-look-*")
	if err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("there is no folder %s to make the database in: %w", filepath.Dir(path), err)
		}
		return fmt.Errorf("make a file in %s: %w", filepath.Dir(path), orReadOnly(err))
	}
	return errors.Join(f.Close(), os.Remove(f.Name()))
}

// orReadOnly calls it read-only when a folder takes no file.
func orReadOnly(err error) error {
	if classOf(err) == nil {
		return &fault{class: ErrReadOnly, err: err}
	}
	return explain(err)
}

// isOwned reports whether a running bot holds the lock beside the file. To find
// out it holds a shared lock for a moment; a bot that starts in that very
// moment would have to be started again.
func isOwned(path string) bool {
	abs, err := filepath.Abs(path)
	if err != nil {
		return false
	}
	if _, err := os.Stat(abs + ".lock"); err != nil {
		return false
	}
	l := flock.New(abs + ".lock")
	free, err := l.TryRLock()
	if err != nil || !free {
		return err == nil
	}
	_ = l.Unlock() // closing it, which follows, gives it up as well
	return false
}

package database

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// ErrNoDatabase means that there is no database yet, or none with our tables. The bot
// creates it when it starts.
var ErrNoDatabase = errors.New("there is no database there yet; the bot creates it when it first starts")

// ErrOlderVersion means that the tables are an older meetingbot's, which can't be
// read without migrating them.
var ErrOlderVersion = errors.New("an older version of meetingbot wrote the database; the bot updates it when it next starts")

// OpenReadOnly opens a database for reading, even while the bot runs on it: it takes
// no lock, creates no table and waits for nothing. Writing through it fails with
// [ErrReadOnly]. It returns [ErrNoDatabase] if there is nothing to read, and
// [ErrOlderVersion] or [ErrNewerVersion] if the tables are another version's.
func (s Schema) OpenReadOnly(ctx context.Context, url string) (*DB, error) {
	path, isFile := strings.CutPrefix(url, "sqlite:")
	if !isFile {
		d, err := s.connectServer(url, Options{}, true)
		if err != nil {
			return nil, err
		}
		return d.readable(ctx)
	}
	if err := wrongPath(path); err != nil {
		return nil, err
	}
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%s: %w", path, ErrNoDatabase)
	}
	d, err := s.lookAtFile(path, "ro")
	if err != nil {
		return nil, err
	}
	if d, err = d.readable(ctx); !errors.Is(err, ErrReadOnly) {
		return d, err
	}
	// To read a file that has a log, SQLite must share memory with the writer
	// through a third file. If it may not create that file and there is no log,
	// nobody is writing, and the file can be read as it is.
	if _, err := os.Stat(path + "-wal"); err == nil {
		return nil, errors.New("the database file has a log next to it, and only a user who may write both can read them: run this as the bot's user")
	}
	if d, err = s.lookAtFile(path, "ro&immutable=1"); err != nil {
		return nil, err
	}
	return d.readable(ctx)
}

// readable returns d, or closes it if there is nothing to read.
func (d *DB) readable(ctx context.Context) (*DB, error) {
	version, newest, err := versions(ctx, d)
	if err == nil && version < newest {
		err = ErrOlderVersion
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("open database: %w", err), d.Close())
	}
	return d, nil
}

// lookAtFile opens a SQLite file that must exist, without the lock and without
// changing how it keeps its log. Mode is "rw", or begins with "ro".
func (s Schema) lookAtFile(path, mode string) (*DB, error) {
	abs, err := filepath.Abs(path)
	if err != nil {
		return nil, fmt.Errorf("database file: %w", err)
	}
	options := "&_pragma=query_only(1)"
	if mode == "rw" {
		options = "&_txlock=immediate"
	}
	db, err := sql.Open("sqlite", fileURL(abs, mode)+options)
	if err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	db.SetMaxOpenConns(1)
	d := s.newDB(SQLite, Options{})
	d.pool, d.reads = db, db
	return d, nil
}

// versions returns the version of the tables, as tablesVersion does, and that of this
// program's. Tables that are newer are an error, [ErrNewerVersion].
func versions(ctx context.Context, d *DB) (tables, newest int64, err error) {
	p, err := d.provider()
	if err != nil {
		return 0, 0, err
	}
	sources := p.ListSources()
	newest = sources[len(sources)-1].Version
	if tables, err = d.tablesVersion(ctx); err == nil && tables > newest {
		err = ErrNewerVersion
	}
	return tables, newest, err
}

// tablesVersion returns the version of the tables, [ErrNoDatabase] if there are none, or an
// [ErrAddress] if they are another program's. Unlike goose, it creates nothing.
func (d *DB) tablesVersion(ctx context.Context) (version int64, err error) {
	there, err := hasTables(ctx, d, "goose_db_version")
	if err == nil && there {
		err = one(ctx, d.pool, &version, `SELECT coalesce(max(version_id), 0) FROM goose_db_version WHERE is_applied`)
	}
	switch {
	case err != nil:
		return 0, err
	case version == 0: // or a first start did not get any further
		return 0, ErrNoDatabase
	}
	ours, err := hasTables(ctx, d, d.schema.Tables...)
	if err == nil && !ours {
		err = errForeign
	}
	return version, err
}

// hasTables reports whether there are all these tables.
func hasTables(ctx context.Context, d *DB, names ...string) (bool, error) {
	query := `SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = $1`
	if d.dialect == PostgreSQL {
		query = `SELECT count(to_regclass($1))`
	}
	for _, name := range names {
		var n int
		if err := one(ctx, d.pool, &n, query, name); err != nil || n == 0 {
			return false, err
		}
	}
	return true, nil
}

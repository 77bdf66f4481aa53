package database

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// ErrNoDatabase means that the database, or our tables in it, don't exist yet. The bot
// creates them when it starts.
var ErrNoDatabase = errors.New("there is no database there yet; the bot creates it when it first starts")

// ErrOlderVersion means that an older meetingbot wrote the tables, which can't be read
// before they are migrated.
var ErrOlderVersion = errors.New("an older version of meetingbot wrote the database; the bot updates it when it next starts")

// OpenReadOnly opens a database for reading, even while the bot is using it: it takes no
// lock, creates no table and doesn't wait. Writes fail with [ErrReadOnly]. It returns
// [ErrNoDatabase] if there is nothing to read, and [ErrOlderVersion] or [ErrNewerVersion]
// if another version wrote the tables.
func (s Schema) OpenReadOnly(ctx context.Context, url string) (*DB, error) {
	path, isFile := strings.CutPrefix(url, "sqlite:")
	if !isFile {
		d, err := s.connectServer(url, Options{}, true)
		if err != nil {
			return nil, err
		}
		return d.readable(ctx)
	}
	if err := checkPath(path); err != nil {
		return nil, err
	}
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%s: %w", path, ErrNoDatabase)
	}
	_, err := os.Stat(path + "-wal")
	hasLog := err == nil
	if !hasLog {
		// To read a file that may have a log, SQLite creates the log, and a third file for the
		// memory that it shares with the writer. Only who may write removes them again.
		if d, err := s.readExisting(ctx, path, "rw"); err == nil {
			return d, nil
		}
	}
	d, err := s.readExisting(ctx, path, "ro")
	switch {
	case !errors.Is(err, ErrReadOnly):
		return d, err
	case hasLog: // the third file can't be created
		return nil, errors.New("the database file has a log next to it, and only a user who may write both can read them: run this as the bot's user")
	}
	return s.readExisting(ctx, path, "ro&immutable=1") // without a log there is no writer either
}

// readExisting opens a SQLite file in a mode of SQLite's, only to read its tables.
func (s Schema) readExisting(ctx context.Context, path, mode string) (*DB, error) {
	d, err := s.openExisting(path, mode+"&_pragma=query_only(1)")
	if err != nil {
		return nil, err
	}
	return d.readable(ctx)
}

// readable returns d if its tables have this program's version, and closes it otherwise.
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

// openExisting opens a SQLite file that must exist, without taking the lock or changing
// the journal mode. Options begin with a mode of SQLite's.
func (s Schema) openExisting(path, options string) (*DB, error) {
	abs, err := filepath.Abs(path)
	if err != nil {
		return nil, fmt.Errorf("database file: %w", err)
	}
	db, err := sql.Open("sqlite", fileURL(abs, options))
	if err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	db.SetMaxOpenConns(1)
	d := s.newDB(SQLite, Options{})
	d.pool, d.reads = db, db
	return d, nil
}

// versions returns the version of the tables, as tablesVersion does, and the newest one
// that this program knows. If the tables are newer than that, it returns [ErrNewerVersion].
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

// tablesVersion returns the version of the tables, [ErrNoDatabase] if there are none,
// [ErrNoSchema] if there is nowhere to look for them, or [ErrAddress] if they belong to
// another program. Unlike goose, it creates nothing.
func (d *DB) tablesVersion(ctx context.Context) (version int64, err error) {
	migrated, err := hasTables(ctx, d, "goose_db_version")
	if err == nil && migrated {
		err = queryRow(ctx, d.pool, &version, `SELECT coalesce(max(version_id), 0) FROM goose_db_version WHERE is_applied`)
	}
	switch {
	case err != nil:
		return 0, err
	case version == 0: // no tables, or the first start failed before it made any
		return 0, whyNoTables(ctx, d)
	}
	ours, err := hasTables(ctx, d, d.schema.Tables...)
	if err == nil && !ours {
		err = errForeign
	}
	return version, err
}

// whyNoTables says why d has no tables.
func whyNoTables(ctx context.Context, d *DB) (err error) {
	searched := true
	if d.dialect == PostgreSQL {
		err = queryRow(ctx, d.pool, &searched, `SELECT current_schema() IS NOT NULL`)
	}
	if err == nil && !searched {
		err = ErrNoSchema
	}
	return cmp.Or(err, ErrNoDatabase)
}

// hasTables reports whether all these tables exist.
func hasTables(ctx context.Context, d *DB, names ...string) (bool, error) {
	query := `SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = $1`
	if d.dialect == PostgreSQL {
		query = `SELECT count(to_regclass($1))`
	}
	for _, name := range names {
		var n int
		if err := queryRow(ctx, d.pool, &n, query, name); err != nil || n == 0 {
			return false, err
		}
	}
	return true, nil
}

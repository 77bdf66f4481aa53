package store

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"modernc.org/sqlite"
)

//go:embed migration
var migrations embed.FS

// ErrNewerVersion means that the database was written by a newer meetingbot. It is not
// touched.
var ErrNewerVersion = errors.New("the database was written by a newer version of meetingbot; run that version, or restore a back-up")

// connections is how many connections a replica opens to PostgreSQL. SQLite has
// exactly one that writes, since writers would only wait for each other, and a
// few that read.
const (
	connections = 16
	readers     = 4
)

// Open opens the database that url names, sqlite:PATH or postgres://…, and
// brings its tables up to date. more are the migrations of others who share the
// database; they run under the same lock. now may be nil for the real clock.
//
// A SQLite file is locked for this process: a second Open of the same file
// fails at once with [ErrInUse].
func Open(ctx context.Context, url string, now func() time.Time, more ...func(context.Context, *Store) error) (*Store, error) {
	if now == nil {
		now = time.Now
	}
	s, err := connect(url)
	if err != nil {
		return nil, err
	}
	s.now = now
	if err := s.migrate(ctx, more); err != nil {
		return nil, errors.Join(fmt.Errorf("open database: %w", explain(err)), s.Close())
	}
	if err := s.file.remember(); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// connect opens the pool; nothing is read yet.
func connect(url string) (*Store, error) {
	if path, ok := strings.CutPrefix(url, "sqlite:"); ok {
		f, err := lockFile(path)
		if err != nil {
			return nil, err
		}
		db := sql.OpenDB(preparing{driver: &sqlite.Driver{}, dsn: dsn(f.path)})
		db.SetMaxOpenConns(1)
		reads := sql.OpenDB(preparing{driver: &sqlite.Driver{}, dsn: dsn(f.path) + "&_pragma=query_only(1)"})
		reads.SetMaxOpenConns(readers)
		reads.SetMaxIdleConns(readers)
		s := &Store{db: db, reads: reads, dialect: SQLite, file: f}
		s.writer = newWriter(s)
		return s, nil
	}
	if !strings.HasPrefix(url, "postgres://") && !strings.HasPrefix(url, "postgresql://") {
		return nil, errors.New("DATABASE_URL must begin with sqlite: or postgres://")
	}
	server, err := pgx.ParseConfig(url)
	if err != nil {
		// The driver's own message may repeat the URL, and with it a password.
		return nil, errors.New("DATABASE_URL is not a PostgreSQL address")
	}
	db := stdlib.OpenDB(*server, stdlib.OptionAfterConnect(letGo))
	db.SetMaxOpenConns(connections)
	db.SetMaxIdleConns(connections)
	return &Store{db: db, reads: db, dialect: PostgreSQL}, nil
}

// migrate brings the tables up to date, one replica at a time.
func (s *Store) migrate(ctx context.Context, more []func(context.Context, *Store) error) error {
	if s.dialect == PostgreSQL {
		unlock, err := s.lockMigrations(ctx)
		if err != nil {
			return err
		}
		defer unlock()
	}
	p, err := s.provider()
	if err != nil {
		return err
	}
	current, target, err := p.GetVersions(ctx)
	if err != nil {
		return err
	}
	if current > target {
		return ErrNewerVersion
	}
	if current < target {
		if _, err := p.Up(ctx); err != nil {
			return err
		}
	}
	for _, m := range more {
		if err := m(ctx, s); err != nil {
			return err
		}
	}
	return nil
}

func (s *Store) provider() (*goose.Provider, error) {
	dialect, dir := goose.DialectSQLite3, "migration/sqlite"
	if s.dialect == PostgreSQL {
		dialect, dir = goose.DialectPostgres, "migration/postgres"
	}
	files, err := fs.Sub(migrations, dir)
	if err != nil {
		return nil, err
	}
	return goose.NewProvider(dialect, s.db, files)
}

// Version returns the version of the tables and the newest this program knows.
func (s *Store) Version(ctx context.Context) (current, newest int64, err error) {
	p, err := s.provider()
	if err != nil {
		return 0, 0, err
	}
	return p.GetVersions(ctx)
}

// Check reads and writes nothing but proves that both would work: it takes the
// write lock and gives it back.
func (s *Store) Check(ctx context.Context) error {
	return s.Do(ctx, func(tx *Tx) error {
		_, err := tx.changed(ctx, `UPDATE envelope SET body = '' WHERE id = ''`)
		return err
	})
}

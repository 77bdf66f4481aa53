package database

import (
	"cmp"
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"runtime"
	"runtime/debug"
	"strings"
	"time"

	"github.com/pressly/goose/v3"
	"modernc.org/sqlite"
)

// ErrNewerVersion means that a newer meetingbot wrote the database, which is left untouched.
var ErrNewerVersion = errors.New("the database was written by a newer version of meetingbot; run that version, or restore a backup")

// How many connections a replica opens at most: connections to PostgreSQL, each of which costs
// the server a process, or readers to SQLite, which has one more for writing, since writers
// would only wait for each other.
const (
	connections = 16
	readers     = 4
)

// migrationTimeout is how long a start may take to migrate, including the wait for other
// replicas' migrations.
const migrationTimeout = 10 * time.Minute

// A Schema is the set of tables that a program keeps in a database. One of them must be
// probe, for [DB.Check], with a column touched_at and a row whose id is 1.
type Schema struct {
	// Migrations holds goose's files, in migration/sqlite and migration/postgres.
	Migrations fs.FS
	// Tables names tables that every version has. No other program has all of them, so
	// they tell our database from another program's.
	Tables []string
	// Finish, if not nil, does what migrations in SQL can't. Every start calls it after
	// the migrations, while other replicas still wait.
	Finish func(context.Context, *DB) error
}

// Options configure [Schema.Open]. The zero Options are what the released program uses.
type Options struct {
	// Now is this machine's clock; nil is time.Now.
	Now func() time.Time
	// Connect, if not nil, wraps the connector: tests use it to make statements and
	// commits fail, hang, or lose their answer.
	Connect func(driver.Connector) driver.Connector
	// OnWrite, if not nil, is called after every transaction: with nil if it was
	// committed, or with the database's error. The caller's own errors are not reported,
	// because they say nothing about the database. It must not block.
	OnWrite func(error)
	// Log receives what operators should know, for example while a start waits; if nil,
	// nothing is logged.
	Log *slog.Logger
}

// Open opens the database that url names, sqlite:PATH or postgres://…, and migrates its
// tables.
//
// A SQLite file is locked for this process: a second Open of the same file fails at
// once with [ErrInUse]. An address that can't work, or that points to an unsuitable
// pooler, is [ErrAddress].
func (s Schema) Open(ctx context.Context, url string, o Options) (*DB, error) {
	d, err := s.connect(url, o) //nolint:contextcheck // nothing is read yet, and the writer outlives ctx
	if err != nil {
		return nil, err
	}
	if err := d.migrate(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("open database: %w", explain(err)), d.Close())
	}
	if err := d.file.remember(ctx, d.reads); err != nil {
		return nil, errors.Join(err, d.Close())
	}
	return d, nil
}

// newDB returns a database with only its options set.
func (s Schema) newDB(kind Dialect, o Options) *DB {
	d := &DB{schema: s, dialect: kind, now: o.Now, onWrite: o.OnWrite, log: cmp.Or(o.Log, slog.New(slog.DiscardHandler))}
	if d.now == nil {
		d.now = time.Now
	}
	if d.onWrite == nil {
		d.onWrite = func(error) {}
	}
	return d
}

func (o Options) pool(c driver.Connector) *sql.DB {
	if o.Connect != nil {
		c = o.Connect(c)
	}
	return sql.OpenDB(c)
}

// connect opens the pool without reading anything.
func (s Schema) connect(url string, o Options) (*DB, error) {
	path, isFile := strings.CutPrefix(url, "sqlite:")
	if !isFile {
		return s.connectServer(url, o, false)
	}
	f, err := lockFile(path)
	if err != nil {
		return nil, err
	}
	// Like the SQLite of every Linux distribution: a commit needs the data and size of its file on
	// the disk, but not the file's times, which fsync writes too. Elsewhere this may fail.
	_, _ = sqlite.Fdatasync(true)
	d := s.newDB(SQLite, o)
	d.file = f
	d.pool = o.pool(cachingConnector{dsn(f.path)})
	d.pool.SetMaxOpenConns(1)
	d.reads = o.pool(cachingConnector{dsn(f.path) + "&_pragma=query_only(1)"})
	d.reads.SetMaxOpenConns(readers + 1) // the file keeps one
	d.reads.SetMaxIdleConns(readers)
	d.writer = newWriter(d)
	return d, nil
}

// migrate migrates the tables, one replica at a time.
func (d *DB) migrate(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, migrationTimeout)
	defer cancel()
	if d.dialect == PostgreSQL {
		if err := d.refusePooler(ctx); err != nil {
			return err
		}
		unlock, err := d.lockMigrations(ctx)
		if err != nil {
			return err
		}
		defer unlock()
	}
	current, target, err := versions(ctx, d)
	if err != nil && !errors.Is(err, ErrNoDatabase) {
		return err
	}
	if current < target {
		if current > 0 {
			d.log.InfoContext(ctx, "updating the database's tables", "from", current, "to", target)
		}
		if err := d.tryTable(ctx); err != nil {
			return err // goose retries, and its own error would hide why
		}
		p, err := d.provider()
		if err != nil {
			return err
		}
		if _, err := p.Up(ctx); err != nil {
			return err
		}
		go freeParser()
	}
	if d.schema.Finish == nil {
		return nil
	}
	return d.schema.Finish(ctx, d)
}

// freeParser returns to the system the buffers of goose's parser. It keeps 4 MiB for each file
// that it parsed at the same time, in a pool that is emptied by the second garbage collection.
// The heap would otherwise grow to twice that size first.
func freeParser() {
	runtime.GC()
	debug.FreeOSMemory()
}

func (d *DB) provider() (*goose.Provider, error) {
	dialect, dir := goose.DialectSQLite3, "migration/sqlite"
	if d.dialect == PostgreSQL {
		dialect, dir = goose.DialectPostgres, "migration/postgres"
	}
	files, err := fs.Sub(d.schema.Migrations, dir)
	if err != nil {
		return nil, err
	}
	return goose.NewProvider(dialect, d.pool, files)
}

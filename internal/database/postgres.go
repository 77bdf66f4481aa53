package database

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
)

// connectTime is how long opening a connection to PostgreSQL may take, unless the
// address says otherwise (connect_timeout).
const connectTime = 5 * time.Second

// connectServer opens a pool of connections to PostgreSQL.
func (s Schema) connectServer(url string, o Options, readOnly bool) (*DB, error) {
	cfg, err := parseAddress(url)
	if err != nil {
		return nil, err
	}
	if readOnly {
		cfg.RuntimeParams["default_transaction_read_only"] = "on"
	}
	d := s.newDB(PostgreSQL, o)
	d.wires = &wires{open: map[*wire]bool{}}
	cfg.DialFunc = d.wires.dial(cfg.DialFunc)
	cfg.ConnectTimeout = cmp.Or(cfg.ConnectTimeout, connectTime)
	keep := cfg.OnPgError
	cfg.OnPgError = func(c *pgconn.PgConn, err *pgconn.PgError) bool {
		if errors.Is(classOfServer(err.Code), ErrServerReadOnly) {
			d.closeIdle()
			return false
		}
		return keep(c, err)
	}
	d.pool = o.pool(stdlib.GetConnector(*cfg, stdlib.OptionAfterConnect(endIdleTransactions)))
	d.pool.SetMaxOpenConns(connections)
	d.pool.SetMaxIdleConns(connections)
	d.reads = d.pool
	return d, nil
}

// closeIdle closes the idle connections to a server that takes no writes, as one that has
// become a standby. The pool would use them for as long as the program runs, though new
// ones may lead to the primary.
func (d *DB) closeIdle() {
	d.pool.SetMaxIdleConns(0)
	d.pool.SetMaxIdleConns(connections)
}

// endIdleTransactions has the server end sessions that are idle inside a transaction:
// a replica that is frozen or cut off must not lock its rows for longer than the others
// wait. Our transactions take milliseconds. It is set here rather than in the start-up
// message because connection poolers refuse it there.
func endIdleTransactions(ctx context.Context, c *pgx.Conn) error {
	_, err := c.Exec(ctx, `SET idle_in_transaction_session_timeout = '3s'`)
	return err
}

// connectAgain is the pause before a connection is asked for again.
const connectAgain = 100 * time.Millisecond

// withConnection runs f, which needs a connection, and runs it again while the server has none
// left: the pool fails at once then, although one of its own will soon be free.
func withConnection(ctx context.Context, pool *sql.DB, f func() error) error {
	for {
		err := f()
		if !errors.Is(err, ErrConnections) || pool.Stats().OpenConnections == 0 {
			return err
		}
		select {
		case <-time.After(connectAgain):
		case <-ctx.Done():
			return err
		}
	}
}

// migrationLock is the PostgreSQL advisory lock that lets one replica migrate while
// the others wait. The number is arbitrary.
const migrationLock = 4206913370

// How often a start asks for the lock, and when it first logs that it is waiting.
const (
	lockEvery = 250 * time.Millisecond
	sayAfter  = 3 * time.Second
)

// logIfSlow logs what a start is waiting for, if that takes a while.
func (d *DB) logIfSlow(ctx context.Context, what string) (stop func() bool) {
	return time.AfterFunc(sayAfter, func() { d.log.WarnContext(ctx, "the start is waiting", "for", what) }).Stop
}

// lockMigrations waits until no other replica is migrating, and logs it if that
// takes a while.
func (d *DB) lockMigrations(ctx context.Context) (unlock func(), err error) {
	conn, err := d.pool.Conn(ctx)
	if err != nil {
		return nil, err
	}
	if err := d.awaitLock(ctx, conn); err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	return func() {
		// Closing the session would release the lock too; unlocking keeps the
		// connection for the pool.
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), queryTime)
		defer cancel()
		_, err := conn.ExecContext(ctx, `SELECT pg_advisory_unlock($1)`, migrationLock)
		_ = errors.Join(err, conn.Close()) // nothing to do about either: the session ends with the process
	}, nil
}

func (d *DB) awaitLock(ctx context.Context, conn *sql.Conn) error {
	defer d.logIfSlow(ctx, "another replica that is updating the database's tables")()
	for {
		var ours bool
		err := one(ctx, conn, &ours, `SELECT pg_try_advisory_lock($1)`, migrationLock)
		if err != nil || ours {
			return err
		}
		select {
		case <-time.After(lockEvery):
		case <-ctx.Done():
			return fmt.Errorf("another replica has been updating the tables for too long: %w", ctx.Err())
		}
	}
}

func one(ctx context.Context, db queryer, to any, query string, args ...any) error {
	ctx, cancel := context.WithTimeout(ctx, queryTime)
	defer cancel()
	return each(ctx, db, query, func(row Row) error { return row.Scan(to) }, args)
}

// refusePooler fails with [ErrAddress] if a pooler shares the server's sessions among
// transactions, which would mix up settings and locks. One connection sets a mark,
// another starts a transaction and so takes a session; if each has its own session,
// the first still sees its mark. If there is one session for both, only the other is answered.
func (d *DB) refusePooler(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 3*queryTime)
	defer cancel()
	defer d.logIfSlow(ctx, "an answer from the PostgreSQL server")()
	marked, err := d.pool.Conn(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = marked.Close() }() // it goes back to the pool
	if _, err := marked.ExecContext(ctx, `SELECT set_config('meetingbot.mark', 'ours', false)`); err != nil {
		return err
	}
	other, err := d.pool.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = other.Rollback() }() // it has changed nothing
	if _, err := other.ExecContext(ctx, `SELECT 1`); err != nil {
		return err
	}
	var mark string
	err = one(ctx, marked, &mark, `SELECT coalesce(current_setting('meetingbot.mark', true), '')`)
	var answer int
	if errors.Is(err, context.DeadlineExceeded) && one(ctx, other, &answer, `SELECT 1`) == nil || err == nil && mark != "ours" {
		return errPooler
	}
	return err
}

// warm is how many connections are opened in advance: half, since the server is
// shared with others.
const warm = connections / 2

// Warm opens the connections to PostgreSQL that a rush will need, so that people
// don't wait for them. On SQLite it does nothing. It reports no errors: the next
// query will run into them.
func (d *DB) Warm(ctx context.Context) {
	if d.dialect == SQLite {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, transactionTime)
	defer cancel()
	var conns [warm]*sql.Conn
	var opening sync.WaitGroup
	for i := range conns {
		opening.Go(func() { conns[i], _ = d.pool.Conn(ctx) })
	}
	opening.Wait() // a connection given back earlier would be handed out again
	for _, c := range conns {
		if c != nil {
			_ = c.Close()
		}
	}
}

package database

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
	"golang.org/x/sync/errgroup"
)

// connectTimeout is how long opening a connection to PostgreSQL may take, unless the
// address sets connect_timeout.
const connectTimeout = 5 * time.Second

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
	cfg.ConnectTimeout = cmp.Or(cfg.ConnectTimeout, connectTimeout)
	onPgError := cfg.OnPgError
	cfg.OnPgError = func(c *pgconn.PgConn, err *pgconn.PgError) bool {
		if errors.Is(serverClasses[err.Code], ErrServerReadOnly) {
			d.closeIdle()
			return false
		}
		return onPgError(c, err)
	}
	d.pool = o.pool(pipelineConnector{stdlib.GetConnector(*cfg, stdlib.OptionAfterConnect(endIdleTransactions))})
	d.pool.SetMaxOpenConns(connections)
	d.pool.SetMaxIdleConns(connections)
	d.reads = d.pool
	return d, nil
}

// closeIdle closes the idle connections to a server that refuses writes, for example
// because it has become a standby. Otherwise the pool would keep using them, while new
// ones may lead to the primary.
func (d *DB) closeIdle() {
	d.pool.SetMaxIdleConns(0)
	d.pool.SetMaxIdleConns(connections)
}

// endIdleTransactions makes the server end sessions that are idle inside a transaction,
// so that a replica that is frozen or cut off doesn't hold its row locks for longer than
// the others wait. Our transactions take milliseconds. It is set here because connection
// poolers refuse it in the start-up message.
func endIdleTransactions(ctx context.Context, c *pgx.Conn) error {
	_, err := c.Exec(ctx, `SET idle_in_transaction_session_timeout = '3s'`)
	return err
}

// reconnectPause is the pause before the next attempt to get a connection.
const reconnectPause = 100 * time.Millisecond

// withConnection runs f, which needs a connection, and retries it while the server has no
// connections left. The pool fails at once then, although one of its own will soon be free.
func withConnection(ctx context.Context, pool *sql.DB, f func() error) error {
	for {
		err := f()
		if !errors.Is(err, ErrConnections) || pool.Stats().OpenConnections == 0 {
			return err
		}
		select {
		case <-time.After(reconnectPause):
		case <-ctx.Done():
			return err
		}
	}
}

// readCommitted doesn't rely on the server's default: the second of two transactions must
// see what the first did.
var readCommitted = &sql.TxOptions{Isolation: sql.LevelReadCommitted}

// begin begins a transaction. A pooled connection that turns out to be closed is replaced
// later, see pipelineTx.exchange.
func begin(ctx context.Context, pool *sql.DB) (tx *sql.Tx, err error) {
	err = withConnection(ctx, pool, func() (err error) {
		tx, err = pool.BeginTx(ctx, readCommitted)
		return explain(err)
	})
	return tx, err
}

// migrationLock is the PostgreSQL advisory lock that a replica holds while it migrates.
// The number is arbitrary.
const migrationLock = 4206913370

// How often a start tries to get the lock, and when it logs that it is waiting.
const (
	lockInterval = 250 * time.Millisecond
	logAfter     = 3 * time.Second
)

// logIfSlow logs what a start is waiting for, unless it is stopped soon.
func (d *DB) logIfSlow(ctx context.Context, what string) (stop func() bool) {
	return time.AfterFunc(logAfter, func() { d.log.WarnContext(ctx, "still waiting to start", "for", what) }).Stop
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
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), queryTimeout)
		defer cancel()
		_, err := conn.ExecContext(ctx, `SELECT pg_advisory_unlock($1)`, migrationLock)
		_ = errors.Join(err, conn.Close()) // nothing to do about either: the session ends with the process
	}, nil
}

func (d *DB) awaitLock(ctx context.Context, conn *sql.Conn) error {
	defer d.logIfSlow(ctx, "another replica that is updating the database's tables")()
	for {
		var ours bool
		err := queryRow(ctx, conn, &ours, `SELECT pg_try_advisory_lock($1)`, migrationLock)
		if err != nil || ours {
			return err
		}
		select {
		case <-time.After(lockInterval):
		case <-ctx.Done():
			return fmt.Errorf("another replica has been updating the tables for too long: %w", ctx.Err())
		}
	}
}

func queryRow(ctx context.Context, db queryer, to any, query string, args ...any) error {
	ctx, cancel := context.WithTimeout(ctx, queryTimeout)
	defer cancel()
	return queryEach(ctx, db, query, func(row Row) error { return row.Scan(to) }, args)
}

// refusePooler returns [ErrAddress] if a pooler shares the server's sessions among
// transactions, which would mix up settings and locks. One connection sets a mark, another
// begins a transaction and takes a session. If the first has a session of its own,
// it still sees its mark. If the pooler has a single session for both, only the second is
// answered.
func (d *DB) refusePooler(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 3*queryTimeout)
	defer cancel()
	defer d.logIfSlow(ctx, "an answer from the PostgreSQL server")()
	marked, err := d.pool.Conn(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = marked.Close() }() // returns it to the pool
	if _, err := marked.ExecContext(ctx, `SELECT set_config('meetingbot.mark', 'ours', false)`); err != nil {
		return err
	}
	other, err := d.pool.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = other.Rollback() }() // nothing was changed
	if _, err := other.ExecContext(ctx, `SELECT 1`); err != nil {
		return err
	}
	var mark string
	err = queryRow(ctx, marked, &mark, `SELECT coalesce(current_setting('meetingbot.mark', true), '')`)
	var answer int
	if errors.Is(err, context.DeadlineExceeded) && queryRow(ctx, other, &answer, `SELECT 1`) == nil || err == nil && mark != "ours" {
		return errPooler
	}
	return err
}

// warmTimeout is how long warming up may keep connections from others. It ends before people
// who are waiting for them have to be told to try again.
const warmTimeout = 2 * time.Second

// Warm opens all connections to PostgreSQL in advance, and runs f on each in a transaction
// that it rolls back. Otherwise the people in a rush would wait for connections, and each
// connection's server process would first have to look up the tables and plan the
// statements, which takes it several times as long as f itself. On SQLite it does nothing.
func (d *DB) Warm(ctx context.Context, f func(*Tx) error) error {
	if d.dialect == SQLite {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, warmTimeout)
	defer cancel()
	var all errgroup.Group
	for range connections { // at the same time, so that each gets its own
		all.Go(func() error { return rehearse(ctx, d, f) })
	}
	return all.Wait()
}

// rehearse runs f in a transaction that it rolls back. Unlike [DB.Do], it doesn't wait if the
// server has no connection left.
func rehearse(ctx context.Context, d *DB, f func(*Tx) error) error {
	sqlTx, err := d.pool.BeginTx(ctx, readCommitted)
	if err != nil {
		return explain(err)
	}
	return errors.Join(d.newTx(ctx, sqlTx).run(f), ignore(sqlTx.Rollback(), sql.ErrTxDone, pgconn.ErrConnClosed))
}

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

// begin begins a transaction. A pooled connection that turns out to be closed is replaced
// later, see pipelineTx.exchange.
func begin(ctx context.Context, pool *sql.DB) (tx *sql.Tx, err error) {
	// Don't rely on the server's default: the second of two must see what the first did.
	o := &sql.TxOptions{Isolation: sql.LevelReadCommitted}
	err = withConnection(ctx, pool, func() (err error) {
		tx, err = pool.BeginTx(ctx, o)
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

// warm is how many connections are opened in advance: only half, because the server is
// shared with others.
const warm = connections / 2

// Warm opens connections to PostgreSQL in advance, so that nobody waits for them in a
// rush. On SQLite it does nothing. It returns no error: the next query will.
func (d *DB) Warm(ctx context.Context) {
	if d.dialect == SQLite {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, transactionTimeout)
	defer cancel()
	var conns [warm]*sql.Conn
	var opening sync.WaitGroup
	for i := range conns {
		opening.Go(func() { conns[i], _ = d.pool.Conn(ctx) })
	}
	opening.Wait() // a connection returned earlier would be handed out again
	for _, c := range conns {
		if c != nil {
			_ = c.Close()
		}
	}
}

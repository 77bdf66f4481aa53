package database

import (
	"context"
	"database/sql/driver"
	"errors"
	"strings"

	"modernc.org/sqlite"
)

// A cachingConnector opens SQLite connections that cache their prepared statements.
// Parsing was a quarter of the bot's work: its statements are few, short and always the
// same, and neither database/sql nor the driver caches a statement passed as text.
type cachingConnector struct{ dsn string }

func (p cachingConnector) Connect(context.Context) (driver.Conn, error) {
	c, err := p.Driver().Open(p.dsn)
	if err != nil {
		return nil, err
	}
	inner, ok := c.(innerConn)
	if !ok {
		return nil, errors.Join(errors.New("the SQLite driver lacks an interface"), c.Close())
	}
	return &conn{innerConn: inner, cache: map[string]*statement{}}, nil
}

func (cachingConnector) Driver() driver.Driver { return &sqlite.Driver{} }

// innerConn is what the driver's connections implement.
type innerConn interface {
	driver.Conn
	driver.ConnBeginTx
	driver.ConnPrepareContext
	driver.ExecerContext
	driver.QueryerContext
	driver.Pinger
	driver.SessionResetter
	driver.Validator
}

// A conn caches its prepared statements. database/sql uses it in one goroutine at a time.
type conn struct {
	innerConn
	cache map[string]*statement
}

// A statement is a prepared statement; it is busy while its rows are being read.
type statement struct {
	innerStmt
	busy bool
}

type innerStmt interface {
	driver.Stmt
	driver.StmtExecContext
	driver.StmtQueryContext
}

const (
	maxStatements = 200  // just a bound: there are about 60
	maxText       = 8192 // longer texts are migrations
)

// ExecContext runs a statement. Once it has started, ctx does not interrupt it: in a
// database with a single user a statement takes microseconds, and watching a context
// costs about as much.
func (c *conn) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	s, err := c.prepared(ctx, query)
	if err != nil {
		return nil, err
	}
	if s == nil {
		return c.innerConn.ExecContext(ctx, query, args)
	}
	return s.ExecContext(context.WithoutCancel(ctx), args)
}

// QueryContext runs a query; see ExecContext.
func (c *conn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	s, err := c.prepared(ctx, query)
	if err != nil {
		return nil, err
	}
	if s == nil {
		return c.innerConn.QueryContext(ctx, query, args)
	}
	r, err := s.QueryContext(context.WithoutCancel(ctx), args)
	if err != nil {
		return nil, err
	}
	s.busy = true
	return &rows{Rows: r, of: s}, nil
}

// prepared returns the cached statement for a query, preparing it if necessary. It returns
// nil if the query must run unprepared: a script, or a statement that is busy.
func (c *conn) prepared(ctx context.Context, query string) (*statement, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if s, ok := c.cache[query]; ok {
		if s.busy {
			return nil, nil //nolint:nilnil // run it unprepared
		}
		return s, nil
	}
	if len(c.cache) >= maxStatements || len(query) > maxText || strings.Contains(query, ";") {
		return nil, nil //nolint:nilnil // run it unprepared
	}
	st, err := c.PrepareContext(ctx, query)
	if err != nil {
		return nil, err
	}
	inner, ok := st.(innerStmt)
	if !ok {
		return nil, st.Close()
	}
	s := &statement{innerStmt: inner}
	c.cache[query] = s
	return s, nil
}

// BeginTx begins a transaction that takes the write lock at once, so it can't fail to get it
// halfway. The driver's own BeginTx would prepare BEGIN and COMMIT every time, and watch ctx in
// a goroutine.
func (c *conn) BeginTx(ctx context.Context, _ driver.TxOptions) (driver.Tx, error) {
	_, err := c.ExecContext(ctx, `BEGIN IMMEDIATE`, nil)
	return transaction{c, context.WithoutCancel(ctx)}, err
}

// A transaction is one that a conn has begun.
type transaction struct {
	c   *conn
	ctx context.Context //nolint:containedctx // as in database/sql: Commit and Rollback take none
}

// Commit commits. After an error SQLite may still be in the transaction, unlike database/sql.
func (t transaction) Commit() error {
	_, err := t.c.ExecContext(t.ctx, `COMMIT`, nil)
	if err != nil {
		_ = t.Rollback() // fails if SQLite has rolled back already
	}
	return err
}

func (t transaction) Rollback() error {
	_, err := t.c.ExecContext(t.ctx, `ROLLBACK`, nil)
	return err
}

func (c *conn) Close() error {
	var err error
	for _, s := range c.cache {
		err = errors.Join(err, s.Close())
	}
	return errors.Join(err, c.innerConn.Close())
}

type rows struct {
	driver.Rows
	of *statement
}

func (r *rows) Close() error {
	r.of.busy = false
	return r.Rows.Close()
}

package dbfault

import (
	"context"
	"database/sql/driver"
)

// innerConn is what both drivers' connections implement.
type innerConn interface {
	driver.Conn
	driver.ConnBeginTx
	driver.ConnPrepareContext
	driver.ExecerContext
	driver.QueryerContext
	driver.Pinger
	driver.SessionResetter
}

// A conn wraps a driver's connection; statements that are only prepared are not counted.
// database/sql uses it in one goroutine at a time.
type conn struct {
	innerConn
	d    *Driver
	lost bool
	tx   context.Context //nolint:containedctx // of the open transaction; nil without one
}

// do runs a statement. If no answer comes, the connection is unusable from then on.
func (c *conn) do(ctx context.Context, text string, f func() error) error {
	if c.lost {
		return driver.ErrBadConn
	}
	if tx := c.tx; tx != nil {
		// A hanging statement must end with its transaction, because database/sql holds a
		// lock and waits for the statement before it rolls back.
		bounded, cancel := context.WithCancelCause(ctx)
		defer cancel(nil)
		defer context.AfterFunc(tx, func() { cancel(context.Cause(tx)) })()
		ctx = bounded
	}
	err := c.d.do(ctx, text, f)
	c.lost = err == ErrLost || ctx.Err() != nil //nolint:errorlint // ours, and never wrapped
	return err
}

// BeginTx begins a transaction.
func (c *conn) BeginTx(ctx context.Context, opts driver.TxOptions) (t driver.Tx, err error) {
	err = c.do(ctx, Begin, func() error {
		t, err = c.innerConn.BeginTx(ctx, opts)
		return err
	})
	if err != nil {
		return nil, err
	}
	c.tx = ctx
	return &tx{Tx: t, c: c, ctx: ctx}, nil
}

// ExecContext runs a statement.
func (c *conn) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (res driver.Result, err error) {
	err = c.do(ctx, query, func() error {
		res, err = c.innerConn.ExecContext(ctx, query, args)
		return err
	})
	if err != nil {
		return nil, err
	}
	return res, nil
}

// QueryContext runs a query.
func (c *conn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (rows driver.Rows, err error) {
	err = c.do(ctx, query, func() error {
		rows, err = c.innerConn.QueryContext(ctx, query, args)
		return err
	})
	if err != nil {
		if rows != nil {
			_ = rows.Close()
		}
		return nil, err
	}
	return rows, nil
}

// CheckNamedValue leaves arguments to the driver or to database/sql.
func (c *conn) CheckNamedValue(v *driver.NamedValue) error {
	if check, ok := c.innerConn.(driver.NamedValueChecker); ok {
		return check.CheckNamedValue(v)
	}
	return driver.ErrSkip
}

// ResetSession is called before the connection is used again.
func (c *conn) ResetSession(ctx context.Context) error {
	if c.lost {
		return driver.ErrBadConn
	}
	return c.innerConn.ResetSession(ctx)
}

// IsValid reports whether the connection may be used again.
func (c *conn) IsValid() bool {
	if v, ok := c.innerConn.(driver.Validator); ok && !v.IsValid() {
		return false
	}
	return !c.lost
}

type tx struct {
	driver.Tx
	c   *conn
	ctx context.Context //nolint:containedctx // Commit takes no context, so it uses BeginTx's
}

// Commit commits the transaction, or rolls it back if the commit is refused.
func (t *tx) Commit() error {
	ran := false
	defer func() { t.c.tx = nil }()
	err := t.c.do(t.ctx, Commit, func() error { ran = true; return t.Tx.Commit() })
	if err != nil && !ran {
		_ = t.Rollback() // as the database does when a connection ends
	}
	return err
}

// Rollback rolls back the transaction.
func (t *tx) Rollback() error {
	t.c.tx = nil
	return t.Tx.Rollback()
}

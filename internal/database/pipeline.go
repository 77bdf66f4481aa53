package database

import (
	"cmp"
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"io"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
)

// A pipelineConnector opens connections to PostgreSQL whose transactions send several
// statements in one round trip, because a round trip costs both sides more than most of
// our statements do.
type pipelineConnector struct{ driver.Connector }

func (p pipelineConnector) Connect(ctx context.Context) (driver.Conn, error) {
	inner, err := p.connect(ctx)
	if err != nil {
		return nil, err
	}
	return &pipeline{Conn: inner, connector: p}, nil
}

func (p pipelineConnector) connect(ctx context.Context) (*stdlib.Conn, error) {
	c, err := p.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	inner, ok := c.(*stdlib.Conn)
	if !ok {
		return nil, errors.Join(errors.New("not a connection of the PostgreSQL driver"), c.Close())
	}
	return inner, nil
}

// A pipeline is such a connection. database/sql uses it in one goroutine at a time.
type pipeline struct {
	*stdlib.Conn
	connector pipelineConnector
	tx        *pipelineTx // nil outside transactions of [DB.Do]
}

// A pipelineTx is a transaction of [DB.Do]. BEGIN goes out with the first statement whose
// answer is needed, and COMMIT with whatever waits by then.
type pipelineTx struct {
	c       *pipeline
	ctx     context.Context //nolint:containedctx // as in database/sql: Commit and RowsAffected take none
	begun   bool            // the server has answered BEGIN
	waiting []*pipelined
}

// A pipelined statement is also its result.
type pipelined struct {
	tx       *pipelineTx
	text     string
	args     []any
	answered bool
	rows     int64
	err      error
}

// later returns the context for a statement that may wait for the next one. Its result
// sends it at the latest.
func later(ctx context.Context) context.Context { return context.WithValue(ctx, laterKey{}, true) }

type laterKey struct{}

// BeginTx begins a transaction. Only those of [DB.Do] ask for a level, see begin.
func (c *pipeline) BeginTx(ctx context.Context, o driver.TxOptions) (driver.Tx, error) {
	if sql.IsolationLevel(o.Isolation) != sql.LevelReadCommitted {
		return c.Conn.BeginTx(ctx, o)
	}
	c.tx = &pipelineTx{c: c, ctx: ctx}
	return c.tx, nil
}

// ExecContext runs a statement, or lets it wait.
func (c *pipeline) ExecContext(ctx context.Context, text string, args []driver.NamedValue) (driver.Result, error) {
	if c.tx == nil {
		return c.Conn.ExecContext(ctx, text, args)
	}
	s := c.tx.add(text, args)
	if ctx.Value(laterKey{}) != nil {
		return s, nil
	}
	return s, c.tx.send(ctx)
}

// QueryContext runs a query.
func (c *pipeline) QueryContext(ctx context.Context, text string, args []driver.NamedValue) (driver.Rows, error) {
	if c.tx == nil {
		return c.Conn.QueryContext(ctx, text, args)
	}
	c.tx.add(text, args)
	results, err := c.tx.exchange(ctx, 1)
	if err != nil {
		return nil, err
	}
	found, err := results.Query()
	if err != nil {
		return nil, errors.Join(err, results.Close())
	}
	return &pipelinedRows{found, results}, nil
}

func (tx *pipelineTx) add(text string, args []driver.NamedValue) *pipelined {
	s := &pipelined{tx: tx, text: text}
	for _, a := range args {
		s.args = append(s.args, a.Value)
	}
	tx.waiting = append(tx.waiting, s)
	return s
}

// send sends everything that waits.
func (tx *pipelineTx) send(ctx context.Context) error {
	results, err := tx.exchange(ctx, 0)
	if err != nil {
		return err
	}
	return results.Close()
}

// exchange sends everything that waits and reads the answers, except those to the last few
// statements, which it leaves to the caller. If the server had closed the connection
// before BEGIN, it opens another and sends the same: nothing was done.
func (tx *pipelineTx) exchange(ctx context.Context, leave int) (pgx.BatchResults, error) {
	sent := tx.waiting
	tx.waiting = nil
	results, err := tx.try(ctx, sent, leave)
	if err != nil && !tx.begun && tx.c.Conn.Conn().IsClosed() && ctx.Err() == nil {
		fresh, connectErr := tx.c.connector.connect(ctx)
		if connectErr != nil {
			return nil, connectErr
		}
		tx.c.Conn = fresh
		results, err = tx.try(ctx, sent, leave)
	}
	return results, err
}

func (tx *pipelineTx) try(ctx context.Context, sent []*pipelined, leave int) (_ pgx.BatchResults, err error) {
	var b pgx.Batch
	if !tx.begun {
		b.Queue(`begin isolation level read committed`)
	}
	for _, s := range sent {
		b.Queue(s.text, s.args...)
	}
	results := tx.c.Conn.Conn().SendBatch(ctx, &b)
	if !tx.begun {
		_, err = results.Exec()
		tx.begun = err == nil
	}
	for _, s := range sent[:len(sent)-leave] {
		if err == nil {
			tag, failed := results.Exec()
			s.rows, err = tag.RowsAffected(), failed
		}
		s.answered, s.err = true, err // after an error, the server skips the rest
	}
	if err != nil {
		_ = results.Close() // returns the same error
		return nil, err
	}
	return results, nil
}

// Commit commits. It doesn't send BEGIN and COMMIT together, because exchange may send what
// it begins with a second time.
func (tx *pipelineTx) Commit() error {
	defer tx.end()
	if !tx.begun {
		if err := tx.send(tx.ctx); err != nil {
			return err
		}
	}
	tx.add(`commit`, nil)
	results, err := tx.exchange(tx.ctx, 1)
	if err != nil {
		return err
	}
	tag, err := results.Exec()
	if err == nil && tag.String() == "ROLLBACK" {
		err = pgx.ErrTxCommitRollback
	}
	return cmp.Or(err, results.Close())
}

// Rollback rolls back. The server has already done so if the connection is closed.
func (tx *pipelineTx) Rollback() error {
	defer tx.end()
	conn := tx.c.Conn.Conn()
	if !tx.begun || conn.IsClosed() {
		return nil
	}
	_, err := conn.Exec(tx.ctx, `rollback`)
	return err
}

// end ends the transaction. What still waits is never sent. If the server may still be in
// the transaction, closing the connection releases its locks.
func (tx *pipelineTx) end() {
	if conn := tx.c.Conn.Conn(); !conn.IsClosed() && conn.PgConn().TxStatus() != 'I' {
		_ = tx.c.Close() // there is an error already
	}
	for _, s := range tx.waiting {
		s.answered, s.err = true, sql.ErrTxDone
	}
	tx.waiting, tx.c.tx = nil, nil
}

// RowsAffected returns the answer, sending the statement if it waits. A later statement that is sent
// along may fail, and no one may ask for its answer: its error counts, too.
func (s *pipelined) RowsAffected() (int64, error) {
	if s.answered {
		return s.rows, s.err
	}
	err := s.tx.send(s.tx.ctx)
	return s.rows, cmp.Or(s.err, err)
}

// LastInsertId is unknown to PostgreSQL.
func (*pipelined) LastInsertId() (int64, error) { return 0, errors.ErrUnsupported }

// pipelinedRows are the rows of a query, and end its exchange.
type pipelinedRows struct {
	pgx.Rows
	results pgx.BatchResults
}

func (r *pipelinedRows) Columns() (names []string) {
	for _, f := range r.FieldDescriptions() {
		names = append(names, f.Name)
	}
	return names
}

func (r *pipelinedRows) Next(row []driver.Value) error {
	if !r.Rows.Next() {
		if err := r.Err(); err != nil {
			return err
		}
		return io.EOF
	}
	values, err := r.Values()
	for i, v := range values {
		row[i] = v
	}
	return err
}

func (r *pipelinedRows) Close() error {
	r.Rows.Close()
	return r.results.Close()
}

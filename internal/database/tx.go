package database

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"
)

// A Tx is one transaction. It is valid only inside the function given to
// [DB.Do].
type Tx struct {
	sql   *sql.Tx
	d     *DB
	now   time.Time
	until time.Time // the database's deadline
	after []func()
	start []func() // called after those
	told  sync.Once
	over  error // why a statement failed: no other one runs after it
}

// Now is the time of the transaction, in UTC, the same for every row it writes.
func (tx *Tx) Now() time.Time { return tx.now }

// Dialect tells which database this is.
func (tx *Tx) Dialect() Dialect { return tx.d.dialect }

// AfterCommit calls f once the transaction is durable, and never if it fails. f
// must not block.
func (tx *Tx) AfterCommit(f func()) { tx.after = append(tx.after, f) }

// ThenStart is AfterCommit for follow-up work: it runs after everything passed to
// AfterCommit, so that a draw of the committed state starts before a draw of the
// next.
func (tx *Tx) ThenStart(f func()) { tx.start = append(tx.start, f) }

// Carry hands a value to the next transaction, so that it need not read what this one
// knows already. It works on SQLite only, where nobody else can write in between; the
// value is dropped when a transaction fails.
func (tx *Tx) Carry(v any) {
	if tx.d.writer != nil {
		tx.d.writer.carried = v
	}
}

// Carried returns what [Tx.Carry] was given last, or nil.
func (tx *Tx) Carried() any {
	if tx.d.writer == nil {
		return nil
	}
	return tx.d.writer.carried
}

// Committed runs the after-commit functions, once. [DB.Do] calls it; a caller does only
// after [ErrUnsettled], having found out that the commit took effect.
func (tx *Tx) Committed() {
	tx.told.Do(func() {
		for _, f := range slices.Concat(tx.after, tx.start) {
			f()
		}
	})
}

// Exec runs a statement and reports how many rows it touched. After one that failed none
// is run: PostgreSQL refuses them, and SQLite, which may have undone the transaction,
// would commit each by itself.
func (tx *Tx) Exec(ctx context.Context, query string, args ...any) (int64, error) {
	if tx.over != nil {
		return 0, tx.over
	}
	ctx, cancel := tx.bounded(ctx)
	defer cancel()
	res, err := tx.sql.ExecContext(ctx, query, args...)
	if err != nil {
		return 0, tx.note(err)
	}
	return res.RowsAffected()
}

// Query hands every row of a query to scan, unless a statement has failed, see Exec.
// Finding no rows is not an error. scan must not use the transaction.
func (tx *Tx) Query(ctx context.Context, query string, scan func(Row) error, args ...any) error {
	if tx.over != nil {
		return tx.over
	}
	ctx, cancel := tx.bounded(ctx)
	defer cancel()
	return tx.note(each(ctx, tx.sql, query, scan, args))
}

func (tx *Tx) bounded(ctx context.Context) (context.Context, context.CancelFunc) {
	if d, ok := ctx.Deadline(); ok && !d.After(tx.until) {
		return ctx, func() {}
	}
	return context.WithDeadline(ctx, tx.until)
}

// note explains a statement's error, and keeps it.
func (tx *Tx) note(err error) error {
	if errors.Is(err, context.Canceled) && tx.outOfTime() {
		err = context.DeadlineExceeded
	}
	tx.over = explain(err)
	return tx.over
}

// outOfTime reports whether the database used up its time: then the database, not the
// caller, is why a statement was cancelled.
func (tx *Tx) outOfTime() bool { return time.Until(tx.until) < cancelSlack }

// cancelSlack is how far apart a transaction's deadline and its statements' deadlines
// may be.
const cancelSlack = 100 * time.Millisecond

// Do runs f in one transaction and commits it. On any error, f's or the database's,
// nothing is changed, except that after [ErrUnsettled] the outcome is unknown;
// errors.Is finds f's error. A transaction is abandoned after a few seconds, or
// earlier with ctx.
//
// On SQLite f runs in the writer's goroutine: it must not call Do itself. A
// transaction that hangs there is eventually abandoned with ErrUnsettled; only then
// may f still be running when Do returns.
func (d *DB) Do(ctx context.Context, f func(*Tx) error) error {
	ctx, cancel := context.WithTimeout(ctx, transactionTime)
	defer cancel()
	if err := d.file.check(); err != nil {
		d.onWrite(err)
		return err
	}
	if d.writer != nil {
		return d.writer.do(ctx, f)
	}
	// Whatever the server's default: who comes second sees what the first has done.
	var sqlTx *sql.Tx
	err := withConnection(ctx, d.pool, func() (err error) {
		sqlTx, err = d.pool.BeginTx(ctx, &sql.TxOptions{Isolation: sql.LevelReadCommitted})
		return explain(err)
	})
	if err != nil {
		d.report(err)
		return fmt.Errorf("begin: %w", err)
	}
	tx := d.begun(ctx, sqlTx)
	if err := errors.Join(explain(f(tx)), ctx.Err()); err != nil {
		d.report(tx.over)
		return errors.Join(err, ignore(sqlTx.Rollback(), sql.ErrTxDone))
	}
	if err := sqlTx.Commit(); err != nil {
		d.report(err)
		return fmt.Errorf("commit: %w", explainCommit(err))
	}
	d.onWrite(nil)
	tx.Committed()
	return nil
}

// begun is the transaction of a caller, whose deadline ctx has.
func (d *DB) begun(ctx context.Context, sqlTx *sql.Tx) *Tx {
	tx := &Tx{sql: sqlTx, d: d, now: d.Now(), until: time.Now().Add(transactionTime)}
	if until, ok := ctx.Deadline(); ok {
		tx.until = until
	}
	return tx
}

func (d *DB) report(err error) {
	if isFault(err) {
		d.onWrite(explain(err))
	}
}

// Check proves that the database takes writes: it commits one.
func (d *DB) Check(ctx context.Context) error {
	return d.Do(ctx, func(tx *Tx) error {
		_, err := tx.Exec(ctx, touchProbe, tx.now.UnixNano())
		return err
	})
}

// touchProbe changes the probe row. The value must differ, because SQLite would not
// write an unchanged one.
const touchProbe = `UPDATE probe SET touched_at = $1 WHERE id = 1`

package database

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
)

// A Tx is one transaction. It is valid only inside the function given to
// [DB.Do].
type Tx struct {
	sql    *sql.Tx
	d      *DB
	now    time.Time
	until  time.Time // the database's deadline
	after  []func()
	start  []func() // called after those in after
	once   sync.Once
	failed error // why a statement failed: no other runs after it, and nothing is committed

	unchecked []unchecked // see [Tx.ExecLater]
}

// unchecked is a statement whose result has not been checked.
type unchecked struct {
	result sql.Result
	check  func(rows int64, err error) error
}

// Now returns the time of the transaction, in UTC: the same for every row it writes.
func (tx *Tx) Now() time.Time { return tx.now }

// Dialect returns which database this is.
func (tx *Tx) Dialect() Dialect { return tx.d.dialect }

// AfterCommit registers f to be called once the transaction is durable; it isn't called
// if the transaction fails. f must not block.
func (tx *Tx) AfterCommit(f func()) { tx.after = append(tx.after, f) }

// ThenStart is AfterCommit for follow-up work: f runs after everything passed to
// AfterCommit, so that a draw of the committed state starts before a draw of the next.
func (tx *Tx) ThenStart(f func()) { tx.start = append(tx.start, f) }

// Carry passes a value to the next transaction, so that it need not read what this one
// already knows. It works only on SQLite, where nothing else can write in between. The
// value is dropped when a transaction fails.
func (tx *Tx) Carry(v any) {
	if tx.d.writer != nil {
		tx.d.writer.carried = v
	}
}

// Carried returns the value last passed to [Tx.Carry], or nil.
func (tx *Tx) Carried() any {
	if tx.d.writer == nil {
		return nil
	}
	return tx.d.writer.carried
}

// Committed runs the after-commit functions, once. [DB.Do] calls it. Callers do so only
// after [ErrUnsettled], once they know that the commit took effect.
func (tx *Tx) Committed() {
	tx.once.Do(func() {
		for _, f := range slices.Concat(tx.after, tx.start) {
			f()
		}
	})
}

// Exec runs a statement and returns how many rows it affected. Once a statement has failed,
// no other runs: PostgreSQL would refuse it, and SQLite, which may have rolled back the
// transaction, would commit it on its own.
func (tx *Tx) Exec(ctx context.Context, query string, args ...any) (int64, error) {
	if tx.failed != nil {
		return 0, tx.failed
	}
	ctx, cancel := tx.bounded(ctx)
	defer cancel()
	res, err := tx.sql.ExecContext(ctx, query, args...)
	if earlier := tx.settle(); earlier != nil {
		return 0, earlier
	}
	if err != nil {
		return 0, tx.note(err)
	}
	return res.RowsAffected()
}

// ExecLater is Exec for a statement whose result the caller doesn't need. On PostgreSQL it
// goes out with the next one, or with the commit, which saves a round trip. check, if not
// nil, gets the result before the commit, and its error fails the transaction. Without it,
// the statement's own error does, even if it is the next statement or the commit that
// returns it.
func (tx *Tx) ExecLater(ctx context.Context, check func(rows int64, err error) error, query string, args ...any) error {
	if tx.d.dialect == SQLite {
		n, err := tx.Exec(ctx, query, args...)
		if check != nil {
			err = check(n, err)
		}
		return tx.note(err)
	}
	if tx.failed != nil {
		return tx.failed
	}
	res, err := tx.sql.ExecContext(later(ctx), query, args...)
	if err == nil && check != nil {
		tx.unchecked = append(tx.unchecked, unchecked{res, check})
	}
	return tx.note(err)
}

// ExecLast is ExecLater for a statement that goes out with the commit, so that its locks are
// held no longer than they must be.
func (tx *Tx) ExecLast(ctx context.Context, query string, args ...any) error {
	if err := tx.settle(); err != nil {
		return err
	}
	return tx.ExecLater(ctx, nil, query, args...)
}

// run runs f and returns why the transaction can't be committed: also an error that f has
// ignored.
func (tx *Tx) run(f func(*Tx) error) error {
	err := f(tx)
	return cmp.Or(tx.settle(), explain(err), tx.failed)
}

// settle checks the results of ExecLater, and returns the first error.
func (tx *Tx) settle() error {
	all := tx.unchecked
	tx.unchecked = nil
	for _, u := range all {
		n, err := u.result.RowsAffected()
		if err = u.check(n, explain(err)); err != nil {
			return tx.note(err)
		}
	}
	return nil
}

// Query calls scan for every row of a query, unless a statement has failed, see Exec.
// Finding no rows is not an error. scan must not use the transaction.
func (tx *Tx) Query(ctx context.Context, query string, scan func(Row) error, args ...any) error {
	if tx.failed != nil {
		return tx.failed
	}
	ctx, cancel := tx.bounded(ctx)
	defer cancel()
	err := queryEach(ctx, tx.sql, query, func(row Row) error {
		if err := tx.settle(); err != nil { // before f decides anything by the rows
			return err
		}
		return scan(row)
	}, args)
	return tx.note(cmp.Or(tx.settle(), err))
}

func (tx *Tx) bounded(ctx context.Context) (context.Context, context.CancelFunc) {
	if d, ok := ctx.Deadline(); ok && !d.After(tx.until) {
		return ctx, func() {}
	}
	return context.WithDeadline(ctx, tx.until)
}

// note explains a statement's error and records it.
func (tx *Tx) note(err error) error {
	if err == nil {
		return nil
	}
	if errors.Is(err, context.Canceled) && time.Until(tx.until) < cancelSlack {
		err = context.DeadlineExceeded // the database, not the caller, is why the statement was cancelled
	}
	tx.failed = explain(err)
	return tx.failed
}

// cancelSlack is how far apart a transaction's deadline and its statements' deadlines
// may be.
const cancelSlack = 100 * time.Millisecond

// Do runs f in one transaction and commits it. On any error, f's or a statement's even if
// f ignores it, nothing is changed, except that after [ErrUnsettled] the outcome is
// unknown. errors.Is finds f's error. A transaction is abandoned after a few seconds, or
// earlier with ctx.
//
// On SQLite f runs in the writer's goroutine, so it must not call Do itself. A transaction
// that hangs there is eventually abandoned with ErrUnsettled; only in that case may f
// still be running when Do returns.
func (d *DB) Do(ctx context.Context, f func(*Tx) error) error {
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("begin: %w", err) // something else took the time
	}
	ctx, cancel := context.WithTimeout(ctx, transactionTimeout)
	defer cancel()
	if err := d.file.check(); err != nil {
		d.onWrite(err)
		return err
	}
	if d.writer != nil {
		return d.writer.do(ctx, f)
	}
	sqlTx, err := begin(ctx, d.pool)
	if err != nil {
		d.report(err)
		return fmt.Errorf("begin: %w", err)
	}
	tx := d.newTx(ctx, sqlTx)
	if err := errors.Join(tx.run(f), ctx.Err()); err != nil {
		d.report(tx.failed)
		return errors.Join(err, ignore(sqlTx.Rollback(), sql.ErrTxDone, pgconn.ErrConnClosed))
	}
	if err := d.commit(ctx, sqlTx); err != nil {
		return err
	}
	tx.Committed()
	return nil
}

// commit commits a transaction that was begun with ctx.
func (d *DB) commit(ctx context.Context, sqlTx *sql.Tx) error {
	err := sqlTx.Commit()
	if errors.Is(err, sql.ErrTxDone) {
		err = errors.Join(err, ctx.Err()) // why database/sql has rolled it back
	}
	if err != nil {
		d.report(err)
		return fmt.Errorf("commit: %w", explainCommit(err))
	}
	d.onWrite(nil)
	return nil
}

// newTx returns the transaction of a caller, with the deadline of the caller's ctx.
func (d *DB) newTx(ctx context.Context, sqlTx *sql.Tx) *Tx {
	tx := &Tx{sql: sqlTx, d: d, now: d.Now(), until: time.Now().Add(transactionTimeout)}
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

// Check proves that the database takes writes: it commits one, even if someone has deleted
// the probe row.
func (d *DB) Check(ctx context.Context) error {
	return d.Do(ctx, func(tx *Tx) error {
		_, err := tx.Exec(ctx, touchProbe, tx.now.UnixNano())
		return err
	})
}

// touchProbe changes the probe row. The value must change, because SQLite doesn't write
// an unchanged row.
const touchProbe = `INSERT INTO probe (id, touched_at) VALUES (1, $1) ON CONFLICT (id) DO UPDATE SET touched_at = excluded.touched_at`

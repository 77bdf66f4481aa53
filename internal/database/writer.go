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

// maxBatch is how many transactions may share a commit. More would save little, and an
// envelope that arrives during the commit would wait for all of them before its ack.
const maxBatch = 8

// A writer is the only goroutine that writes to SQLite. A commit waits for the disk, which
// takes as long for many transactions as for one. So transactions that arrive during a
// commit run together, each behind its own savepoint, and share the next one. A lone
// transaction runs as usual.
type writer struct {
	d       *DB
	wake    chan struct{} // holds one element if calls may be waiting
	done    chan struct{} // closed when the writer has ended
	carried any           // see [Tx.Carry]; used only by the writer's goroutine

	mu        sync.Mutex
	closed    bool
	beginning bool // whether it waits for SQLite's write lock, which another program may hold
	waiting   [priorities][]*call
}

// A call is one call of Do that waits for the writer.
type call struct {
	ctx      context.Context //nolint:containedctx // the caller waits, so this is just an argument on its way
	f        func(*Tx) error
	tx       *Tx
	err      error
	panicked any
	begun    bool // whether its transaction has begun; guarded by the writer's mu
	finished chan struct{}
}

func newWriter(d *DB) *writer {
	w := &writer{d: d, wake: make(chan struct{}, 1), done: make(chan struct{})}
	go w.run()
	return w
}

// close stops the writer once the waiting calls are done, or abandons it to a
// transaction that hangs.
func (w *writer) close() {
	if w == nil {
		return
	}
	w.mu.Lock()
	first := !w.closed
	w.closed = true
	w.mu.Unlock()
	if first {
		close(w.wake)
	}
	select {
	case <-w.done:
	case <-time.After(closeTimeout):
		w.d.log.Warn("the store is closing while a transaction hangs in the database")
	}
}

// do passes f to the writer and waits until it is done. ctx can cancel it until the
// transaction has begun, which may have to wait for another program's lock. After that, do
// waits for f, because f may change variables that the caller reads, and its statements
// have deadlines. If it hangs anyway, it is abandoned.
func (w *writer) do(ctx context.Context, f func(*Tx) error) error {
	c := &call{ctx: ctx, f: f, finished: make(chan struct{})}
	p := priorityOf(ctx)
	w.mu.Lock()
	if w.closed {
		w.mu.Unlock()
		return fmt.Errorf("begin: %w", sql.ErrConnDone)
	}
	w.waiting[p] = append(w.waiting[p], c)
	select {
	case w.wake <- struct{}{}:
	default: // it is awake, or about to be
	}
	w.mu.Unlock()
	select {
	case <-c.finished:
	case <-ctx.Done():
		if why := w.withdraw(p, c); why != nil {
			err := fmt.Errorf("begin: %w", errors.Join(why, ctx.Err()))
			w.d.report(err)
			return err
		}
		select {
		case <-c.finished:
		case <-time.After(transactionTimeout):
			err := &fault{class: ErrUnsettled, err: ErrSlow} // whatever ended ctx
			w.d.onWrite(err)
			return err
		}
	}
	if c.panicked != nil {
		panic(c.panicked)
	}
	return c.err
}

// withdraw removes a call whose context has ended from the queue, and returns what kept it
// waiting: another program's lock, or our own transactions on a slow disk. It returns nil if
// the call's transaction has begun, and so will run.
func (w *writer) withdraw(p priority, c *call) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.waiting[p] = slices.DeleteFunc(w.waiting[p], func(other *call) bool { return other == c })
	switch {
	case c.begun:
		return nil
	case w.beginning:
		return ErrLocked
	}
	return ErrSlow
}

// begin starts a transaction for calls, which then can't be withdrawn.
func (w *writer) begin(ctx context.Context, batch []*call) (*sql.Tx, error) {
	w.mu.Lock()
	w.beginning = true
	w.mu.Unlock()
	tx, err := w.d.pool.BeginTx(ctx, nil)
	w.mu.Lock()
	defer w.mu.Unlock()
	w.beginning = false
	if err != nil {
		return nil, fmt.Errorf("begin: %w", explain(err))
	}
	for _, c := range batch {
		c.begun = true
	}
	return tx, nil
}

// nextBatch takes the next calls from the queue: the oldest of each priority, so that none
// starves, then the most urgent ones.
func (w *writer) nextBatch() (batch []*call) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, most := range []int{1, maxBatch} {
		for p := range w.waiting {
			n := min(len(w.waiting[p]), most, maxBatch-len(batch))
			batch = append(batch, w.waiting[p][:n]...)
			w.waiting[p] = w.waiting[p][n:]
		}
	}
	return batch
}

func (w *writer) run() {
	defer close(w.done)
	for open := true; open; {
		_, open = <-w.wake
		for batch := w.nextBatch(); len(batch) > 0; batch = w.nextBatch() {
			w.commit(batch)
			for _, c := range batch {
				close(c.finished)
			}
		}
	}
}

// commit runs the calls in one transaction. A call that fails is rolled back alone. A
// database or commit error fails them all, even those that had already failed: their reason,
// such as a duplicate, may have been another call's row that is now rolled back.
func (w *writer) commit(batch []*call) {
	//nolint:forbidigo // the transaction is shared; each call has its own context
	ctx, cancel := context.WithTimeout(context.Background(), transactionTimeout)
	defer cancel()
	sqlTx, err := w.begin(ctx, batch)
	if err != nil {
		w.d.report(err)
		fail(batch, err)
		return
	}
	for _, c := range batch {
		c.tx = w.d.newTx(c.ctx, sqlTx)
		broken := c.try(ctx, len(batch) > 1)
		w.d.report(c.tx.failed)
		if broken != nil {
			w.carried = nil
			fail(batch, errors.Join(broken, ignore(sqlTx.Rollback(), sql.ErrTxDone)))
			return
		}
	}
	if err := w.d.commit(ctx, sqlTx); err != nil {
		w.carried = nil
		fail(batch, errors.Join(err, ignore(sqlTx.Rollback(), sql.ErrTxDone)))
		return
	}
	for _, c := range batch {
		if c.err == nil {
			c.tx.Committed()
		}
	}
}

// try runs one call. It returns an error only if the whole transaction must be rolled back;
// the call keeps its own error. A lone call needs no savepoint: its error rolls back the
// transaction.
func (c *call) try(ctx context.Context, shared bool) (broken error) {
	if err := c.ctx.Err(); err != nil {
		c.err = fmt.Errorf("begin: %w", err)
		return nil
	}
	if !shared {
		c.err = c.run()
		return c.err
	}
	do := func(statement string) error {
		_, err := c.tx.sql.ExecContext(ctx, statement)
		return explain(err)
	}
	if err := do(`SAVEPOINT work`); err != nil {
		return err
	}
	if c.err = c.run(); c.err != nil {
		if rollsBackAll(c.err) {
			return c.err
		}
		c.tx.d.writer.carried = nil
		if err := do(`ROLLBACK TO work`); err != nil {
			return err
		}
	}
	return do(`RELEASE work`)
}

// run calls the function. A panic is passed on to its caller, not to the writer.
func (c *call) run() (err error) {
	defer func() {
		if c.panicked = recover(); c.panicked != nil {
			err = errors.New("panic in a transaction")
		}
	}()
	return c.tx.run(c.f)
}

func fail(batch []*call, err error) {
	for _, c := range batch {
		c.err = err
	}
}

// rollsBackAll reports whether SQLite may have rolled back the whole transaction after this
// error.
func rollsBackAll(err error) bool {
	return isAny(err, ErrReadOnly, ErrFull, ErrLocked, ErrCorrupt)
}

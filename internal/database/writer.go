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

// maxTogether is the most transactions that share a commit. More would save little,
// and an ack that arrives meanwhile would wait for all of them.
const maxTogether = 8

// A writer is the only goroutine that writes to SQLite. A commit waits for the
// disk, which takes as long for many transactions as for one: those that arrive
// while it is busy run together, each behind its own savepoint, and share the next
// commit. A lone transaction runs as usual.
type writer struct {
	d       *DB
	wake    chan struct{} // holds one element if there may be something to do
	done    chan struct{} // closed when the writer has ended
	carried any           // see [Tx.Carry]; touched by this goroutine alone

	mu      sync.Mutex
	closed  bool
	waiting [classes][]*work
}

// A work is one call of Do that is waiting for the writer.
type work struct {
	ctx      context.Context //nolint:containedctx // the caller waits, so this is just an argument in transit
	f        func(*Tx) error
	tx       *Tx
	err      error
	panicked any
	finished chan struct{}
}

// A class of transactions waiting for SQLite's writer, most urgent first.
type class int

const (
	confirmed class = iota // what follows from a confirmation
	clicked                // a click that waits for its ack
	ordinary               // everything else
	classes
)

// Urgent marks a context whose transactions come first on SQLite: what a person has
// confirmed, and what follows from it, comes before mere questions. It changes
// nothing on PostgreSQL, where transactions don't wait for one another.
func Urgent(ctx context.Context) context.Context {
	return context.WithValue(ctx, classKey{}, confirmed)
}

// Clicked marks a context whose transactions come next: a click that waits for its
// ack. No class delays another for longer than a commit.
func Clicked(ctx context.Context) context.Context { return context.WithValue(ctx, classKey{}, clicked) }

type classKey struct{}

func classOfContext(ctx context.Context) class {
	if c, ok := ctx.Value(classKey{}).(class); ok {
		return c
	}
	return ordinary
}

func newWriter(d *DB) *writer {
	w := &writer{d: d, wake: make(chan struct{}, 1), done: make(chan struct{})}
	go w.run()
	return w
}

// close stops the writer once the waiting works are done, or abandons it to a
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
	case <-time.After(closeTime):
		w.d.log.Warn("the store is closing while a transaction hangs in the database")
	}
}

// do hands f to the writer and waits until it is done. Until its turn comes, ctx can
// cancel it. Once f has started, do waits for it, because f may change what the
// caller reads, and its statements have deadlines; if it hangs anyway, it is
// abandoned.
func (w *writer) do(ctx context.Context, f func(*Tx) error) error {
	job := &work{ctx: ctx, f: f, finished: make(chan struct{})}
	kind := classOfContext(ctx)
	w.mu.Lock()
	if w.closed {
		w.mu.Unlock()
		return fmt.Errorf("begin: %w", sql.ErrConnDone)
	}
	w.waiting[kind] = append(w.waiting[kind], job)
	select {
	case w.wake <- struct{}{}:
	default: // it is awake, or about to be
	}
	w.mu.Unlock()
	select {
	case <-job.finished:
	case <-ctx.Done():
		if w.leave(kind, job) {
			err := fmt.Errorf("begin: %w", errors.Join(ErrLocked, ctx.Err()))
			w.d.report(err)
			return err
		}
		select {
		case <-job.finished:
		case <-time.After(transactionTime):
			err := &fault{class: ErrUnsettled, err: ctx.Err()}
			w.d.onWrite(err)
			return err
		}
	}
	if job.panicked != nil {
		panic(job.panicked)
	}
	return job.err
}

// leave takes a work out of the queue, and reports whether it was still there.
func (w *writer) leave(kind class, job *work) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	i := slices.Index(w.waiting[kind], job)
	if i < 0 {
		return false
	}
	w.waiting[kind] = slices.Delete(w.waiting[kind], i, i+1)
	return true
}

// take takes the works whose turn it is: the oldest of every class, so that none
// starves, then the most urgent ones.
func (w *writer) take() (together []*work) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, most := range []int{1, maxTogether} {
		for kind := range w.waiting {
			n := min(len(w.waiting[kind]), most, maxTogether-len(together))
			together = append(together, w.waiting[kind][:n]...)
			w.waiting[kind] = w.waiting[kind][n:]
		}
	}
	return together
}

func (w *writer) run() {
	defer close(w.done)
	for open := true; open; {
		_, open = <-w.wake
		for together := w.take(); len(together) > 0; together = w.take() {
			w.commit(together)
			for _, job := range together {
				close(job.finished)
			}
		}
	}
}

// commit does the works in one transaction. A work that fails is undone by itself;
// a database or commit error fails them all, also those that have failed: what they
// failed for, a duplicate for one, may have been a row of another, which is gone now.
func (w *writer) commit(together []*work) {
	//nolint:forbidigo // the transaction is nobody's alone; each work has its own context
	ctx, cancel := context.WithTimeout(context.Background(), transactionTime)
	defer cancel()
	sqlTx, err := w.d.pool.BeginTx(ctx, nil)
	if err != nil {
		w.d.report(err)
		fail(together, fmt.Errorf("begin: %w", explain(err)))
		return
	}
	for _, job := range together {
		job.tx = w.d.begun(job.ctx, sqlTx)
		broken := job.try(ctx, len(together) > 1)
		if job.tx.fault != nil {
			w.d.onWrite(job.tx.fault)
		}
		if broken != nil {
			w.carried = nil
			fail(together, errors.Join(broken, ignoreDone(sqlTx.Rollback())))
			return
		}
	}
	if err := sqlTx.Commit(); err != nil {
		w.carried = nil
		w.d.report(err)
		fail(together, errors.Join(fmt.Errorf("commit: %w", explainCommit(err)), ignoreDone(sqlTx.Rollback())))
		return
	}
	w.d.onWrite(nil)
	for _, job := range together {
		if job.err == nil {
			job.tx.Committed()
		}
	}
}

// try does one work. It returns an error only if the transaction is in doubt; the
// work keeps its own error. A lone work needs no savepoint: its error undoes the
// transaction.
func (job *work) try(ctx context.Context, shared bool) (broken error) {
	if err := job.ctx.Err(); err != nil {
		job.err = fmt.Errorf("begin: %w", err)
		return nil
	}
	do := func(statement string) error {
		_, err := job.tx.sql.ExecContext(ctx, statement)
		return explain(err)
	}
	if shared {
		if err := do(`SAVEPOINT work`); err != nil {
			return err
		}
	}
	job.err = job.call()
	switch {
	case job.err == nil && shared:
		return do(`RELEASE work`)
	case job.err == nil:
		return nil
	case undoesAll(job.err), !shared:
		return job.err
	}
	job.tx.d.writer.carried = nil
	if err := do(`ROLLBACK TO work`); err != nil {
		return err
	}
	return do(`RELEASE work`)
}

// call runs the function; a panic is its caller's, not the writer's.
func (job *work) call() (err error) {
	defer func() {
		if job.panicked = recover(); job.panicked != nil {
			err = errors.New("panic in a transaction")
		}
	}()
	return explain(job.f(job.tx))
}

// fail gives the common error to every work.
func fail(together []*work, err error) {
	for _, job := range together {
		job.err = err
	}
}

// undoesAll reports whether SQLite may have undone the whole transaction after this
// error.
func undoesAll(err error) bool {
	return isAny(err, ErrReadOnly, ErrFull, ErrLocked, ErrCorrupt)
}

package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"
)

// maxTogether is how many transactions share a commit at most. More would save
// little, and an ack that comes meanwhile would wait for all of them.
const maxTogether = 8

// A writer is the one who writes to SQLite. A commit waits for the disk, and
// the disk takes as long for many transactions as for one: those that came
// while it was busy are done together, each behind a savepoint of its own, and
// share the next commit. Alone, a transaction is done as it is anywhere.
type writer struct {
	s    *Store
	wake chan struct{} // holds one element when there may be something to do
	done sync.WaitGroup

	mu      sync.Mutex
	closed  bool
	waiting [2][]*work // the urgent ones, and the others
}

// A work is one call of Do that waits for the writer.
type work struct {
	ctx      context.Context //nolint:containedctx // the caller waits for the work: it is an argument on its way
	f        func(*Tx) error
	tx       *Tx
	err      error
	panicked any
	finished chan struct{}
}

// Urgent marks a context whose transactions come before others that wait for
// SQLite's writer: a person waits for the ack of a hand-over, and for the next
// call in the row. What is only written down for later can wait. It changes
// nothing on PostgreSQL.
func Urgent(ctx context.Context) context.Context { return context.WithValue(ctx, urgent{}, true) }

type urgent struct{}

func newWriter(s *Store) *writer {
	w := &writer{s: s, wake: make(chan struct{}, 1)}
	w.done.Go(w.run)
	return w
}

// close ends the writer once what waits is done.
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
	w.done.Wait()
}

// do hands f to the writer and waits until it is done. Before its turn it can
// be given up by ctx; once begun it is waited for, since f may change what the
// caller looks at.
func (w *writer) do(ctx context.Context, f func(*Tx) error) error {
	job := &work{ctx: ctx, f: f, finished: make(chan struct{})}
	kind := 1
	if ctx.Value(urgent{}) != nil {
		kind = 0
	}
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
			return fmt.Errorf("begin: %w", errors.Join(ErrLocked, ctx.Err()))
		}
		<-job.finished
	}
	if job.panicked != nil {
		panic(job.panicked)
	}
	return job.err
}

// leave takes a work out of the line, and reports whether it was still there.
func (w *writer) leave(kind int, job *work) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	for i, other := range w.waiting[kind] {
		if other == job {
			w.waiting[kind] = append(w.waiting[kind][:i:i], w.waiting[kind][i+1:]...)
			return true
		}
	}
	return false
}

// take takes the works whose turn it is: the urgent ones, and the others when
// there are none.
func (w *writer) take() (together []*work) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for kind := range w.waiting {
		if n := min(len(w.waiting[kind]), maxTogether); n > 0 {
			together, w.waiting[kind] = w.waiting[kind][:n:n], w.waiting[kind][n:]
			return together
		}
	}
	return nil
}

func (w *writer) run() {
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

// commit does the works in one transaction. A work that fails is undone alone;
// a fault of the database, or of the commit, is everybody's.
func (w *writer) commit(together []*work) {
	//nolint:forbidigo // the transaction is nobody's alone; each work has its own context
	sqlTx, err := w.s.db.BeginTx(context.Background(), nil)
	if err != nil {
		fail(together, fmt.Errorf("begin: %w", explain(err)))
		return
	}
	for _, job := range together {
		job.tx = &Tx{sql: sqlTx, s: w.s, now: w.s.Now()}
		if broken := job.try(len(together) > 1); broken != nil {
			fail(together, errors.Join(broken, ignoreDone(sqlTx.Rollback())))
			return
		}
	}
	if err := sqlTx.Commit(); err != nil {
		fail(together, errors.Join(fmt.Errorf("commit: %w", explainCommit(err)), ignoreDone(sqlTx.Rollback())))
		return
	}
	for _, job := range together {
		job.tell()
	}
}

// try does one work. What it returns is a fault that leaves the transaction in
// doubt; the work's own error is kept in it. A work that is alone needs no
// savepoint: its error undoes the whole.
func (job *work) try(shared bool) (broken error) {
	if err := job.ctx.Err(); err != nil {
		job.err = fmt.Errorf("begin: %w", err)
		return nil
	}
	if shared {
		if _, err := job.tx.sql.Exec(`SAVEPOINT work`); err != nil { //nolint:noctx // microseconds, on our own file
			return explain(err)
		}
	}
	job.err = job.call()
	switch {
	case job.err == nil && shared:
		_, broken = job.tx.sql.Exec(`RELEASE work`) //nolint:noctx // as above
	case job.err == nil:
	case isFault(job.err), !shared:
		broken = job.err
	default:
		_, broken = job.tx.sql.Exec(`ROLLBACK TO work`) //nolint:noctx // as above
		if broken == nil {
			_, broken = job.tx.sql.Exec(`RELEASE work`) //nolint:noctx // as above
		}
	}
	return broken
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

// tell starts what follows from a work that was committed.
func (job *work) tell() {
	if job.err != nil {
		return
	}
	for _, f := range job.tx.after {
		f()
	}
}

// fail gives everybody who has no error of their own the common one.
func fail(together []*work, err error) {
	for _, job := range together {
		if job.err == nil {
			job.err = err
		}
	}
}

// isFault reports whether an error is the database's own, after which SQLite
// may have undone the whole transaction by itself.
func isFault(err error) bool {
	for _, class := range []error{ErrReadOnly, ErrFull, ErrLocked, ErrCorrupt} {
		if errors.Is(err, class) {
			return true
		}
	}
	return false
}

package jobs

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"meetingbot/internal/store"
)

// ErrLeaseLost means that the job was given to somebody else, or is done. Whoever sees it
// stops at once and changes nothing.
var ErrLeaseLost = errors.New("the lease on this job is lost")

// A Lease is the right to run a job once. The zero Lease holds nothing.
type Lease struct {
	job     int64
	attempt int       // 0 for the first run, right after the commit; then River's count
	until   time.Time // when the run is stopped
}

// First reports whether nobody has tried the job before.
func (l Lease) First() bool { return l.attempt == 0 }

// Attempt counts the runs before this one.
func (l Lease) Attempt() int { return l.attempt }

// Hold fails with [ErrLeaseLost] unless the lease still holds, and keeps others
// from taking the job until tx ends. Call it in a transaction that begins an
// effect: a process that was frozen finds out here.
func (q *Queue) Hold(ctx context.Context, tx *store.Tx, l Lease) error {
	return q.one(ctx, tx.SQL(), `UPDATE river_job SET attempt = attempt WHERE id = $1 AND attempt = $2`, l.job, l.attempt)
}

// Finish ends the job for good, in the transaction that records what its step
// did.
func (q *Queue) Finish(ctx context.Context, tx *store.Tx, l Lease) error {
	return q.one(ctx, tx.SQL(), `DELETE FROM river_job WHERE id = $1 AND attempt = $2`, l.job, l.attempt)
}

// Again has the job run once more after d, in the transaction that records why.
func (q *Queue) Again(ctx context.Context, tx *store.Tx, l Lease, d time.Duration) error {
	return q.again(ctx, tx.SQL(), l, d)
}

func (q *Queue) again(ctx context.Context, db execer, l Lease, d time.Duration) error {
	return q.one(ctx, db, `UPDATE river_job SET state = 'scheduled', finalized_at = NULL, scheduled_at = `+q.fromNow("$3")+`
		WHERE id = $1 AND attempt = $2`, l.job, l.attempt, d.Seconds())
}

// Later is an error of a step that knows when it is worth trying again.
type Later struct {
	Err   error
	After time.Duration
}

// Error is that of Err.
func (l *Later) Error() string { return l.Err.Error() }

// Unwrap returns Err.
func (l *Later) Unwrap() error { return l.Err }

// postpone gives a job that failed back to River, to be run after a delay that
// grows with the attempts.
func (q *Queue) postpone(l Lease, j Job, cause error) {
	log := q.log.With("step", j.Step, cmp.Or(q.steps[j.Step].of, "subject"), j.Subject)
	if errors.Is(cause, ErrLeaseLost) {
		log.Info("job taken over by somebody else")
		return
	}
	after := delay(l.attempt)
	if later, ok := errors.AsType[*Later](cause); ok {
		after = max(later.After, minDelay)
	}
	log.Warn("step failed and will be tried again", "attempt", l.attempt, "after", after, "error", cause)
	//nolint:forbidigo // the step's own context has ended; this must be written nevertheless
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	// If this fails too, the lease runs out by itself.
	if err := q.again(ctx, q.store.DB(), l, after); err != nil && !errors.Is(err, ErrLeaseLost) {
		log.Warn("job could not be postponed; its lease will run out", "error", err)
	}
}

// minDelay is the shortest delay: River must have put the run aside before the
// next one begins.
const minDelay = 500 * time.Millisecond

// delay before the next attempt: 1 s, doubling up to a minute.
func delay(attempt int) time.Duration {
	return min(time.Second<<min(attempt, 6), time.Minute)
}

// Backlog counts the jobs that are not running, and says how long the oldest of
// them has been due.
func (q *Queue) Backlog(ctx context.Context) (n int, oldest time.Duration, err error) {
	age := `coalesce(max((julianday('now') - julianday(scheduled_at)) * 86400.0), 0)`
	if q.store.Dialect() == store.PostgreSQL {
		age = `coalesce(max(extract(epoch FROM now() - scheduled_at)), 0)::float8`
	}
	var seconds float64
	err = q.store.DB().QueryRowContext(ctx, `SELECT count(*), `+age+` FROM river_job
		WHERE state IN ('available', 'scheduled', 'retryable')`).Scan(&n, &seconds)
	return n, time.Duration(max(seconds, 0) * float64(time.Second)), err
}

type execer interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
}

func (q *Queue) exec(ctx context.Context, query string, args ...any) error {
	_, err := q.store.DB().ExecContext(ctx, query, args...)
	return err
}

// one runs a statement that must touch the one job that is leased.
func (q *Queue) one(ctx context.Context, db execer, query string, args ...any) error {
	res, err := db.ExecContext(ctx, query, args...)
	if err != nil {
		return fmt.Errorf("job lease: %w", err)
	}
	if n, err := res.RowsAffected(); err != nil || n != 1 {
		return errors.Join(ErrLeaseLost, err)
	}
	return nil
}

package jobs

import (
	"context"
	"database/sql"
	"fmt"
	"math/rand/v2"
	"time"

	"meetingbot/internal/database"
	"meetingbot/internal/store"
)

// A row is a job in the table, as its holder knows it.
type row struct {
	subject string
	id      int64 // random: ids are never reused
	fence   int64 // incremented each time the job is claimed
	tries   int   // runs started, including this one
}

// isHeld is the condition for a row to be held, with the arguments that [row.held] returns.
// The subject finds the row: it comes first in the primary key.
const isHeld = ` WHERE subject = $1 AND id = $2 AND fence = $3`

// held returns the arguments for isHeld and more.
func (r row) held(more ...any) []any { return append([]any{r.subject, r.id, r.fence}, more...) }

// A schedule has the columns that say when a job runs.
type schedule struct {
	due, since    int64 // when it is due, or its lease ends; since when its work could have been done
	leased, tries int
}

// newSchedule returns the schedule of a new job; held means that this process runs it at
// once.
func newSchedule(tx *store.Tx, j Job, held bool) schedule {
	now := tx.Now().UnixMilli()
	switch {
	case !j.Due.IsZero():
		return schedule{due: ceilMillis(j.Due), since: ceilMillis(j.Due)}
	case held:
		return schedule{due: tx.Now().Add(LeaseDuration).UnixMilli(), since: now, leased: 1, tries: 1}
	}
	return schedule{due: now, since: now}
}

// insert adds a job.
func insert(ctx context.Context, tx *store.Tx, j Job, held bool) (row, error) {
	s := newSchedule(tx, j, held)
	r := row{subject: j.Subject, id: rand.Int64(), tries: s.tries}
	err := tx.ExecLater(ctx, nil, `INSERT INTO job (id, step, subject, due_at, fence, tries, leased, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`, r.id, j.Step, j.Subject, s.due, r.fence, s.tries, s.leased, s.since)
	if err != nil {
		return row{}, fmt.Errorf("enqueue %s: %w", j.Step, err)
	}
	return r, nil
}

// become turns a held job into the next one.
func become(ctx context.Context, tx *store.Tx, r row, j Job, held bool) (row, error) {
	s := newSchedule(tx, j, held)
	err := tx.ExecLater(ctx, requireHeld, `UPDATE job SET step = $4, subject = $5, due_at = $6, fence = fence + 1, tries = $7, leased = $8,
		created_at = $9`+isHeld, r.held(j.Step, j.Subject, s.due, s.tries, s.leased, s.since)...)
	return row{subject: j.Subject, id: r.id, fence: r.fence + 1, tries: s.tries}, err
}

// assertLease fails unless the job is still held, and locks it until tx ends.
func assertLease(ctx context.Context, tx *store.Tx, r row) error {
	const query = `SELECT 1 FROM job` + isHeld
	if tx.Dialect() == database.PostgreSQL {
		return tx.ExecLater(ctx, requireHeld, query+` FOR UPDATE`, r.held()...)
	}
	var n int64
	err := tx.Query(ctx, query, func(store.Row) error { n++; return nil }, r.held()...)
	return requireHeld(n, err)
}

// stillHeld reports whether the job is still held, without locking it.
func stillHeld(ctx context.Context, s *store.Store, r row) (held bool, err error) {
	err = s.Query(ctx, `SELECT 1 FROM job`+isHeld, func(store.Row) error { held = true; return nil }, r.held()...)
	return held, err
}

// end deletes a held job.
func end(ctx context.Context, tx *store.Tx, r row) error {
	return tx.ExecLater(ctx, requireHeld, `DELETE FROM job`+isHeld, r.held()...)
}

// release releases a held job and says when it is due again. Idle means that there is no
// work before then; otherwise, after a failure, the job keeps its age.
func release(ctx context.Context, tx *store.Tx, r row, due time.Time, idle bool) error {
	return tx.ExecLater(ctx, requireHeld, `UPDATE job SET due_at = $4, fence = fence + 1, tries = $5, leased = 0,
		created_at = coalesce($6, created_at)`+isHeld,
		r.held(ceilMillis(due), r.tries, sql.NullInt64{Int64: ceilMillis(due), Valid: idle})...)
}

// ceilMillis rounds a time up to a millisecond. Rounded down, a postponed job would run a
// moment too early and have to be postponed again.
func ceilMillis(t time.Time) int64 { return t.Add(time.Millisecond - 1).UnixMilli() }

// requireHeld returns [ErrLeaseLost] unless a statement affected exactly the held job.
func requireHeld(n int64, err error) error {
	if err != nil {
		return fmt.Errorf("job: %w", err)
	}
	if n != 1 {
		return ErrLeaseLost
	}
	return nil
}

// due returns when the first job of each step is due, for steps with a job due by the given
// time.
func (q *Queue) due(ctx context.Context, by time.Time) (first map[Step]time.Time, err error) {
	first = map[Step]time.Time{}
	err = q.store.Query(ctx, `SELECT step, min(due_at) FROM job WHERE due_at <= $1 GROUP BY step`, func(row store.Row) error {
		var s Step
		var ms int64
		err := row.Scan(&s, &ms)
		first[s] = time.UnixMilli(ms)
		return err
	}, by.UnixMilli())
	return first, err
}

// claimDue claims at most n due jobs of a step, longest due first, and passes them to
// claimed. It skips locked rows, so a replica frozen in the middle of a transaction holds up
// only its own job.
//
// A subject with several jobs of the step, such as reports of two states, gets one run at a
// time. Two at once would each find a message unsent, and send it.
func claimDue(ctx context.Context, tx *store.Tx, s Step, n int, claimed func(row)) error {
	skipLocked := ""
	if tx.Dialect() == database.PostgreSQL {
		skipLocked = ` FOR UPDATE SKIP LOCKED`
	}
	err := tx.Query(ctx, `
		WITH due AS MATERIALIZED (SELECT subject, id FROM job j WHERE due_at <= $1 AND step = $2 AND NOT EXISTS
				(SELECT 1 FROM job o WHERE o.step = $2 AND o.subject = j.subject AND o.id <> j.id
				AND ((o.leased = 1 AND o.due_at > $1) OR (o.due_at <= $1 AND o.id < j.id)))
			ORDER BY due_at LIMIT $3`+skipLocked+`)
		UPDATE job SET fence = fence + 1, tries = tries + 1, leased = 1, due_at = $4 WHERE (subject, id) IN (SELECT subject, id FROM due)
		RETURNING subject, id, fence, tries`, func(found store.Row) error {
		var r row
		err := found.Scan(&r.subject, &r.id, &r.fence, &r.tries)
		claimed(r)
		return err
	}, tx.Now().UnixMilli(), s, n, tx.Now().Add(LeaseDuration).UnixMilli())
	if err != nil {
		return fmt.Errorf("claim %s: %w", s, err)
	}
	return nil
}

// Backlog counts the jobs that are not running, including those not due yet. It also returns
// how long ago the oldest could first have run, even if runs of it have failed or died since.
func (q *Queue) Backlog(ctx context.Context) (n int, oldest time.Duration, err error) {
	var ms int64
	now := q.store.Now().UnixMilli()
	err = q.store.Query(ctx, `SELECT count(CASE WHEN leased = 0 OR due_at <= $1 THEN 1 END),
		coalesce($1 - min(created_at), 0) FROM job WHERE leased = 0 OR due_at <= $1 OR tries > 1`, func(row store.Row) error {
		return row.Scan(&n, &ms)
	}, now)
	if err != nil {
		return 0, 0, fmt.Errorf("backlog: %w", err)
	}
	return n, time.Duration(max(ms, 0)) * time.Millisecond, nil
}

// Waiting counts, for each step, the jobs that have been ready to run for longer than the
// given time, and returns how long the oldest has been ready. It only reads, so doctor can
// use it while the bot is running.
func Waiting(ctx context.Context, s *store.Store, longer time.Duration) (n map[Step]int, oldest time.Duration, err error) {
	n = map[Step]int{}
	now := s.Now()
	err = s.Query(ctx, `SELECT step, count(*), min(created_at) FROM job WHERE created_at < $1 GROUP BY step`, func(row store.Row) error {
		var step Step
		var count int
		var since int64
		err := row.Scan(&step, &count, &since)
		n[step] = count
		oldest = max(oldest, now.Sub(time.UnixMilli(since)))
		return err
	}, now.Add(-longer).UnixMilli())
	if err != nil {
		return nil, 0, fmt.Errorf("waiting steps: %w", err)
	}
	return n, oldest, nil
}

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
	id    int64 // random: ids are never reused
	fence int64 // incremented each time the job is claimed
	tries int   // runs started, including this one
}

// A schedule is the columns of a row that say when it runs.
type schedule struct {
	due, since    int64 // the end of the lease, if there is one; when its work could first have been done
	leased, tries int
}

// scheduled returns the schedule of a new job; held says that this process runs it at once.
func scheduled(tx *store.Tx, j Job, held bool) schedule {
	now := tx.Now().UnixMilli()
	switch {
	case !j.Due.IsZero():
		return schedule{due: notBefore(j.Due), since: notBefore(j.Due)}
	case held:
		return schedule{due: tx.Now().Add(LeaseTime).UnixMilli(), since: now, leased: 1, tries: 1}
	}
	return schedule{due: now, since: now}
}

// insert adds a job.
func insert(ctx context.Context, tx *store.Tx, j Job, held bool) (row, error) {
	s := scheduled(tx, j, held)
	r := row{id: rand.Int64(), tries: s.tries}
	_, err := tx.Exec(ctx, `INSERT INTO job (id, step, subject, due_at, fence, tries, leased, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`, r.id, j.Step, j.Subject, s.due, r.fence, s.tries, s.leased, s.since)
	if err != nil {
		return row{}, fmt.Errorf("enqueue %s: %w", j.Step, err)
	}
	return r, nil
}

// become turns a held job into the one that follows from it.
func become(ctx context.Context, tx *store.Tx, r row, j Job, held bool) (row, error) {
	s := scheduled(tx, j, held)
	err := only(tx.Exec(ctx, `UPDATE job SET step = $3, subject = $4, due_at = $5, fence = fence + 1, tries = $6, leased = $7,
		created_at = $8 WHERE id = $1 AND fence = $2`, r.id, r.fence, j.Step, j.Subject, s.due, s.tries, s.leased, s.since))
	return row{id: r.id, fence: r.fence + 1, tries: s.tries}, err
}

// hold fails unless the job is still held, and locks it until tx ends.
func hold(ctx context.Context, tx *store.Tx, r row) error {
	query := `SELECT 1 FROM job WHERE id = $1 AND fence = $2`
	if tx.Dialect() == database.PostgreSQL {
		query += ` FOR UPDATE`
	}
	var n int64
	err := tx.Query(ctx, query, func(store.Row) error { n++; return nil }, r.id, r.fence)
	return only(n, err)
}

// stillHeld reports whether the job is held as r says, without locking it.
func stillHeld(ctx context.Context, s *store.Store, r row) (held bool, err error) {
	err = s.Query(ctx, `SELECT 1 FROM job WHERE id = $1 AND fence = $2`, func(store.Row) error { held = true; return nil }, r.id, r.fence)
	return held, err
}

// end deletes a job that is held.
func end(ctx context.Context, tx *store.Tx, r row) error {
	return only(tx.Exec(ctx, `DELETE FROM job WHERE id = $1 AND fence = $2`, r.id, r.fence))
}

// giveUp releases a held job and says when it is due again. After a failure its work has
// been waiting all the while; asleep says that there is none before then.
func giveUp(ctx context.Context, tx *store.Tx, r row, due time.Time, asleep bool) error {
	return only(tx.Exec(ctx, `UPDATE job SET due_at = $3, fence = fence + 1, tries = $4, leased = 0,
		created_at = coalesce($5, created_at) WHERE id = $1 AND fence = $2`,
		r.id, r.fence, notBefore(due), r.tries, sql.NullInt64{Int64: notBefore(due), Valid: asleep}))
}

// notBefore is the first millisecond that is not before t: what is put off until then would be
// done too early, if only by a moment, and have to be put off again.
func notBefore(t time.Time) int64 { return t.Add(time.Millisecond - 1).UnixMilli() }

// only requires that a statement touched exactly the held job.
func only(n int64, err error) error {
	if err != nil {
		return fmt.Errorf("job: %w", err)
	}
	if n != 1 {
		return ErrLeaseLost
	}
	return nil
}

// releaseAll releases every job that is held.
func releaseAll(ctx context.Context, tx *store.Tx) error {
	_, err := tx.Exec(ctx, `UPDATE job SET leased = 0, due_at = $1 WHERE leased = 1`, tx.Now().UnixMilli())
	return err
}

// due returns, for each step with a job due by a given time, when its first one is
// due.
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

// claimDue takes at most n jobs of a step that are due, the longest due first, and hands
// them to taken. It skips locked rows, so a replica frozen in the middle of a transaction
// holds up only its own job.
//
// A subject that has several jobs of the step, such as a report of its outcome and one
// of what came before, gets one run at a time: two at once would both tell what neither
// finds told.
func claimDue(ctx context.Context, tx *store.Tx, s Step, n int, taken func(subject string, r row)) error {
	passOver := ""
	if tx.Dialect() == database.PostgreSQL {
		passOver = ` FOR UPDATE SKIP LOCKED`
	}
	err := tx.Query(ctx, `
		WITH due AS MATERIALIZED (SELECT id FROM job j WHERE due_at <= $1 AND step = $2 AND NOT EXISTS
				(SELECT 1 FROM job o WHERE o.step = $2 AND o.subject = j.subject AND o.id <> j.id
				AND ((o.leased = 1 AND o.due_at > $1) OR (o.due_at <= $1 AND o.id < j.id)))
			ORDER BY due_at LIMIT $3`+passOver+`)
		UPDATE job SET fence = fence + 1, tries = tries + 1, leased = 1, due_at = $4 WHERE id IN (SELECT id FROM due)
		RETURNING id, subject, fence, tries`, func(found store.Row) error {
		var r row
		var subject string
		err := found.Scan(&r.id, &subject, &r.fence, &r.tries)
		taken(subject, r)
		return err
	}, tx.Now().UnixMilli(), s, n, tx.Now().Add(LeaseTime).UnixMilli())
	if err != nil {
		return fmt.Errorf("claim %s: %w", s, err)
	}
	return nil
}

// Backlog counts the jobs that are not running, including those not due yet, and returns
// how long ago the oldest could first have run, however often a run has failed or died
// since.
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

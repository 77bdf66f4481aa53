package jobs

import (
	"context"
	"fmt"
	"time"

	"meetingbot/internal/store"
)

// keepLooking looks for work until the queue stops.
func (q *Queue) keepLooking() {
	t := time.NewTicker(tick)
	defer t.Stop()
	for {
		select {
		case <-q.run.Done():
			return
		case <-t.C:
			if err := q.look(q.run); err != nil && q.run.Err() == nil {
				q.log.Warn("due jobs could not be released; trying again", "error", err)
			}
		}
	}
}

// look gives jobs whose time has come to River, and wakes it for them: leases
// that ran out, retries, and runs of a process that died. It is safe on any
// number of replicas at once.
func (q *Queue) look(ctx context.Context) error {
	if err := q.compareClocks(ctx); err != nil {
		return err
	}
	var due, inRiver bool
	err := q.store.DB().QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM river_job WHERE `+q.isDue()+`),
		EXISTS (SELECT 1 FROM river_job WHERE state IN ('available', 'running'))`, 0.0, -LeaseTime.Seconds()).Scan(&due, &inRiver)
	if err != nil {
		return fmt.Errorf("look for due jobs: %w", err)
	}
	if due {
		if err := q.releaseDue(ctx); err != nil {
			return err
		}
	}
	if due || inRiver {
		return q.net.wake(q.run)
	}
	return q.net.rest(ctx)
}

// compareClocks finds out how far PostgreSQL's clock is ahead of ours. River
// stores the time that it is given, and leases are compared by the database's
// clock alone, whatever the replicas' clocks say. SQLite has the clock that we
// have.
func (q *Queue) compareClocks(ctx context.Context) error {
	if q.store.Dialect() == store.SQLite {
		return nil
	}
	var theirs time.Time
	asked := q.store.Now()
	if err := q.store.DB().QueryRowContext(ctx, `SELECT clock_timestamp()`).Scan(&theirs); err != nil {
		return fmt.Errorf("compare clocks: %w", err)
	}
	ours := asked.Add(q.store.Now().Sub(asked) / 2)
	q.ahead.Store(int64(theirs.Sub(ours)))
	return nil
}

// releaseDue releases what is due. A running job is due when it began longer
// ago than any step may take. A job that somebody holds at this moment is passed
// over: a replica that was frozen in the middle of a transaction must not keep
// the others from everybody else's work.
func (q *Queue) releaseDue(ctx context.Context) error {
	passOver := ""
	if q.store.Dialect() == store.PostgreSQL {
		passOver = ` FOR UPDATE SKIP LOCKED`
	}
	return q.exec(ctx, `UPDATE river_job SET state = 'available' WHERE id IN (SELECT id FROM river_job WHERE `+q.isDue()+passOver+`)`,
		0.0, -LeaseTime.Seconds())
}

// isDue is the condition for what is due, of no seconds and minus a lease.
func (q *Queue) isDue() string {
	return `((state IN ('scheduled', 'retryable') AND scheduled_at <= ` + q.fromNow("$1") + `)
		OR (state = 'running' AND attempted_at <= ` + q.fromNow("$2") + `))`
}

// releaseAll releases every job that some process had begun or was about to:
// the SQLite file is ours alone, so that process is dead. Jobs that wait for a
// moment of their own stay.
func (q *Queue) releaseAll(ctx context.Context) error {
	return q.exec(ctx, `UPDATE river_job SET state = 'available', scheduled_at = `+q.fromNow("$1")+`
		WHERE state = 'running' OR (priority = $2 AND state IN ('scheduled', 'retryable', 'available'))`, 0.0, leased)
}

// fromNow is the database's own clock plus a parameter in seconds.
func (q *Queue) fromNow(parameter string) string {
	if q.store.Dialect() == store.PostgreSQL {
		return `now() + make_interval(secs => ` + parameter + `)`
	}
	return `datetime('now', 'subsec', ` + parameter + ` || ' seconds')`
}

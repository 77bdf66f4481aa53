package jobs

import (
	"context"
	"errors"
	"fmt"
	"time"

	"meetingbot/internal/store"
)

// How often to look for due jobs, and how long that may take.
const (
	tick      = time.Second
	roundTime = 5 * time.Second
)

// wakeAt makes the loop look for jobs at the given time, by the store's clock; a time in the
// past, such as the zero one, means now. Times after the next tick are ignored, since the
// tick finds those jobs.
func (q *Queue) wakeAt(due time.Time) {
	if in := due.Sub(q.store.Now()); in <= tick {
		time.AfterFunc(in, func() {
			select {
			case q.wake <- struct{}{}:
			default: // it is awake, or about to be
			}
		})
	}
}

// look looks for due jobs until the queue stops. A round that fails or hangs ends at
// its deadline, and the next one follows.
func (q *Queue) look() {
	well := true
	for q.looking.Err() == nil {
		next := time.After(tick)
		select {
		case <-q.wake: // this round finds what was due by then
		default:
		}
		err := q.round(q.looking)
		switch {
		case q.looking.Err() != nil:
		case err != nil && well:
			q.log.Warn("can't look for due jobs; retrying", "error", err)
		case err == nil && !well:
			q.log.Info("looking for due jobs again")
		}
		well = err == nil
		select {
		case <-next:
		case <-q.wake:
		case <-q.looking.Done():
		}
	}
}

// round claims due jobs and starts them. Any number of replicas may do so at once.
func (q *Queue) round(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, roundTime)
	defer cancel()
	if err := q.store.SyncClock(ctx); err != nil {
		return err
	}
	now := q.store.Now()
	first, err := q.due(ctx, now.Add(tick))
	if err != nil {
		return fmt.Errorf("look for due jobs: %w", err)
	}
	var behind bool
	var errs []error
	for _, s := range q.order {
		due, found := first[s]
		switch {
		case !found:
		case due.After(now):
			q.wakeAt(due)
		default:
			all, err := q.take(ctx, s)
			behind = behind || !all
			errs = append(errs, err)
		}
	}
	q.behind.Store(behind)
	return errors.Join(errs...)
}

// take claims as many due jobs of a step as there are free slots, and runs them. It
// reports whether those were all.
func (q *Queue) take(ctx context.Context, s Step) (all bool, err error) {
	slots := q.steps[s].slots
	free := slots.takeFree()
	var runs []*Run
	if free > 0 {
		runs, err = q.claimRuns(ctx, s, free)
	}
	slots.free(free - len(runs))
	for _, r := range runs {
		q.startClaimed(r)
	}
	return free > len(runs) && err == nil, err
}

// claimRuns claims at most n due jobs of a step. After an error none was claimed; if that
// is uncertain, the leases will expire.
func (q *Queue) claimRuns(ctx context.Context, s Step, n int) (runs []*Run, err error) {
	err = q.store.Do(q.steps[s].context(ctx), func(tx *store.Tx) error {
		return claimDue(ctx, tx, s, n, func(subject string, r row) {
			runs = append(runs, q.newRun(tx, Job{Step: s, Subject: subject}, r))
		})
	})
	if err != nil {
		return nil, err
	}
	return runs, nil
}

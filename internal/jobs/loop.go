package jobs

import (
	"context"
	"errors"
	"fmt"
	"time"

	"meetingbot/internal/store"
)

// How often to look for due jobs, see [Options], and how long that may take.
const (
	defaultTick  = time.Second
	roundTimeout = 5 * time.Second
)

// wakeAt makes the loop look for jobs at the given time, by the store's clock; a time in the
// past, such as the zero time, means now. It ignores times after the next tick, which finds
// those jobs anyway.
func (q *Queue) wakeAt(due time.Time) {
	if in := due.Sub(q.store.Now()); in <= q.tick {
		time.AfterFunc(in, func() {
			select {
			case q.wake <- struct{}{}:
			default: // the loop is awake, or about to be
			}
		})
	}
}

// poll looks for due jobs until the queue stops. A round that fails or hangs ends at its
// deadline, and the next one follows.
func (q *Queue) poll() {
	healthy := true
	for q.pollCtx.Err() == nil {
		next := time.After(q.tick)
		select {
		case <-q.wake: // this round finds those jobs
		default:
		}
		err := q.round(q.pollCtx)
		switch {
		case q.pollCtx.Err() != nil:
		case err != nil && healthy:
			q.log.Warn("can't look for due jobs; retrying", "error", err)
		case err == nil && !healthy:
			q.log.Info("looking for due jobs again")
		}
		healthy = err == nil
		select {
		case <-next:
		case <-q.wake:
		case <-q.pollCtx.Done():
		}
	}
}

// round claims due jobs and starts them. Any number of replicas may do so at the same time.
func (q *Queue) round(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, roundTimeout)
	defer cancel()
	if err := q.store.SyncClock(ctx); err != nil {
		return err
	}
	now := q.store.Now()
	first, err := q.due(ctx, now.Add(q.tick))
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
			all, err := q.claimStep(ctx, s)
			behind = behind || !all
			errs = append(errs, err)
		}
	}
	q.behind.Store(behind)
	return errors.Join(errs...)
}

// claimStep claims as many due jobs of a step as there are free slots, and runs them. It
// reports whether it claimed all of them.
func (q *Queue) claimStep(ctx context.Context, s Step) (all bool, err error) {
	h := q.steps[s]
	free := cap(h.slots) - len(h.slots)
	if free == 0 {
		return false, nil
	}
	var runs []*Run
	err = q.store.Do(h.context(ctx), func(tx *store.Tx) error {
		return claimDue(ctx, tx, s, free, func(r row) {
			runs = append(runs, q.newRun(tx, Job{Step: s, Subject: r.subject}, r))
		})
	})
	if err != nil {
		return false, err // if the claim was committed after all, the leases expire
	}
	for _, r := range runs {
		if !q.start(r, false) {
			r.giveBack()
		}
	}
	return free > len(runs), nil
}

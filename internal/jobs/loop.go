package jobs

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"meetingbot/internal/store"
)

// How often to look for due jobs, and how long that may take.
const (
	tick      = time.Second
	roundTime = 5 * time.Second
)

// An alarm rings when a job is known to be due before the next tick.
type alarm struct {
	mu     sync.Mutex
	at     time.Time // by this machine's clock; zero for none
	rings  chan struct{}
	behind atomic.Bool // jobs are waiting for a slot
}

// wakeAt makes the loop look for jobs at the given time, by the store's clock; the
// zero time means now. Times after the next tick are ignored, since the tick finds
// those jobs.
func (q *Queue) wakeAt(due time.Time) {
	in := time.Duration(0)
	if !due.IsZero() {
		in = due.Sub(q.store.Now())
	}
	if in > tick {
		return
	}
	at := time.Now().Add(in)
	q.alarm.mu.Lock()
	defer q.alarm.mu.Unlock()
	if !q.alarm.at.IsZero() && !at.Before(q.alarm.at) {
		return
	}
	q.alarm.at = at
	select {
	case q.alarm.rings <- struct{}{}:
	default: // already rung
	}
}

// wait returns how long the loop may sleep.
func (a *alarm) wait(since time.Time) time.Duration {
	a.mu.Lock()
	defer a.mu.Unlock()
	next := since.Add(tick)
	if !a.at.IsZero() && a.at.Before(next) {
		next = a.at
	}
	return time.Until(next)
}

// clear forgets the wake-up time: the loop is awake.
func (a *alarm) clear() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.at = time.Time{}
}

// look looks for due jobs until the queue stops. A round that fails or hangs ends at
// its deadline, and the next one follows.
func (q *Queue) look() {
	well := true
	for q.looking.Err() == nil {
		began := time.Now()
		q.alarm.clear()
		err := q.round(q.looking)
		switch {
		case q.looking.Err() != nil:
		case err != nil && well:
			q.log.Warn("can't look for due jobs; retrying", "error", err)
		case err == nil && !well:
			q.log.Info("looking for due jobs again")
		}
		well = err == nil
		q.sleep(began)
	}
}

// sleep waits for the next round.
func (q *Queue) sleep(since time.Time) {
	for {
		select {
		case <-time.After(q.alarm.wait(since)):
			return
		case <-q.looking.Done():
			return
		case <-q.alarm.rings: // perhaps for an earlier moment
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
	q.alarm.behind.Store(behind)
	return errors.Join(errs...)
}

// take claims as many due jobs of a step as there are free slots, and runs them. It
// reports whether those were all.
func (q *Queue) take(ctx context.Context, s Step) (all bool, err error) {
	h := q.steps[s]
	n := 0
	for ; n < slotsPerStep; n++ {
		select {
		case h.slots <- struct{}{}:
			continue
		default:
		}
		break
	}
	var runs []*Run
	if n > 0 {
		err = q.store.Do(h.context(ctx), func(tx *store.Tx) error {
			claims, err := q.claim(ctx, tx, s, n)
			if err != nil {
				return fmt.Errorf("claim %s: %w", s, err)
			}
			for _, c := range claims {
				runs = append(runs, q.newRun(tx, Job{Step: s, Subject: c.subject}, c.row))
			}
			return nil
		})
	}
	if err != nil {
		runs = nil // nothing was claimed; if that is uncertain, the leases will expire
	}
	for range n - len(runs) {
		<-h.slots
	}
	for _, r := range runs {
		q.startClaimed(r)
	}
	return n > len(runs) && err == nil, err
}

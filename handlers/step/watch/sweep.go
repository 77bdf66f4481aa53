package watch

import (
	"context"
	"errors"
	"fmt"
	"time"

	"meetingbot/handlers/step"
	"meetingbot/handlers/step/outcome"
	"meetingbot/internal/store"
)

const (
	sweepEvery     = time.Second
	sweepTime      = 5 * time.Second // for one round, so that an unresponsive database can't stop the rounds
	sweepAtOnce    = 100
	envelopeMemory = 25 * time.Hour // longer than Slack redelivers anything
	purgeEvery     = 10 * time.Minute
	logEvery       = time.Minute
	maxLogged      = 5 // errors in one log line, for questions that could not be closed
)

// A Sweeper closes questions that nobody answered in time, and deletes data that is no
// longer needed.
type Sweeper struct {
	*step.Deps
	Also func(context.Context) error // whatever else to do in each round

	purgeNext, logNext time.Time // used by Run only
}

// Run sweeps until ctx ends. With several replicas, a conditional update lets only one
// of them close a question.
func (s *Sweeper) Run(ctx context.Context) {
	t := time.NewTicker(sweepEvery)
	defer t.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-t.C:
			s.Round(ctx)
		}
	}
}

// Round sweeps once. Failures are retried in the next round, and logged once a minute.
func (s *Sweeper) Round(ctx context.Context) {
	limited, cancel := context.WithTimeout(ctx, sweepTime)
	defer cancel()
	err := s.round(limited)
	switch now := time.Now(); {
	case ctx.Err() != nil:
	case err == nil:
		s.logNext = time.Time{}
	case now.After(s.logNext):
		s.logNext = now.Add(logEvery)
		s.Log.WarnContext(ctx, "sweep failed; trying again", "error", err)
	}
}

func (s *Sweeper) round(ctx context.Context) error {
	if err := s.Store.SyncClock(ctx); err != nil { // an expiry is final, and this machine's clock may just have been changed
		return err
	}
	ids, err := s.Store.Requests.Due(ctx, s.Store.Now().Add(-step.LongestLag), sweepAtOnce)
	if err != nil {
		return err
	}
	var open []error // why questions could not be closed
	for _, id := range ids {
		if err := s.Store.Do(ctx, func(tx *store.Tx) error { return outcome.ExpireIfDue(ctx, s.Deps, tx, id) }); err != nil {
			open = append(open, fmt.Errorf("close a question: %w", err))
		}
	}
	also := s.Also(ctx)
	if now := s.Store.Now(); now.After(s.purgeNext) {
		s.purgeNext = now.Add(purgeEvery)
		err = s.Store.Purge(ctx, now.Add(-envelopeMemory))
	}
	return errors.Join(errors.Join(open[:min(len(open), maxLogged)]...), also, err)
}

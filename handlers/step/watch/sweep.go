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
	sweepTime      = 5 * time.Second // for one round: a database that does not answer must not end the rounds
	sweepAtOnce    = 100
	envelopeMemory = 25 * time.Hour // longer than Slack redelivers anything
	purgeEvery     = 10 * time.Minute
	sayEvery       = time.Minute
	sayAtMost      = 5 // questions that could not be closed
)

// A Sweeper closes questions that nobody answered in time, and deletes what nobody
// needs any more.
type Sweeper struct {
	*step.Deps
	Enqueue step.Enqueue
	Also    func(context.Context) error // what else has its time, in each round

	purgeNext, sayNext time.Time // of Run alone
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

// Round sweeps once. What fails is retried in the next round, and logged once a minute.
func (s *Sweeper) Round(ctx context.Context) {
	limited, cancel := context.WithTimeout(ctx, sweepTime)
	defer cancel()
	err := s.round(limited)
	switch now := time.Now(); {
	case ctx.Err() != nil:
	case err == nil:
		s.sayNext = time.Time{}
	case now.After(s.sayNext):
		s.sayNext = now.Add(sayEvery)
		s.Log.WarnContext(ctx, "sweep failed; trying again", "error", err)
	}
}

func (s *Sweeper) round(ctx context.Context) error {
	if err := s.Store.SyncClock(ctx); err != nil { // what it ends is over for good, and this machine's clock may just have been set
		return err
	}
	ids, err := s.Store.Requests.Due(ctx, s.Store.Now().Add(-step.LongestLag), sweepAtOnce)
	if err != nil {
		return err
	}
	var open []error // why questions could not be closed
	for _, id := range ids {
		if err := s.Store.Do(ctx, func(tx *store.Tx) error { return outcome.ExpireIfDue(ctx, s.Deps, tx, id, s.Enqueue) }); err != nil {
			open = append(open, fmt.Errorf("close a question: %w", err))
		}
	}
	also := s.Also(ctx)
	if now := s.Store.Now(); now.After(s.purgeNext) {
		s.purgeNext = now.Add(purgeEvery)
		err = s.Store.Purge(ctx, now.Add(-envelopeMemory))
	}
	return errors.Join(errors.Join(open[:min(len(open), sayAtMost)]...), also, err)
}

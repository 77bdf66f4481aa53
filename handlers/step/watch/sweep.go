package watch

import (
	"context"
	"errors"
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
)

// A Sweeper closes questions that nobody answered in time, and deletes what nobody
// needs any more.
type Sweeper struct {
	*step.Deps
	Enqueue step.Enqueue
	Also    func(context.Context) error // what else has its time, in each round

	purgeNext time.Time // of Run alone
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

// Round sweeps once. What fails is retried in the next round.
func (s *Sweeper) Round(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, sweepTime)
	defer cancel()
	if err := s.Store.SyncClock(ctx); err != nil { // what it ends is over for good, and this machine's clock may just have been set
		s.failed(ctx, "compare clocks", err)
		return
	}
	ids, err := s.Store.Requests.Due(ctx, s.Store.Now().Add(-step.LongestLag), sweepAtOnce)
	if err != nil {
		s.failed(ctx, "read open questions", err)
		return
	}
	for _, id := range ids {
		if err := s.Store.Do(ctx, func(tx *store.Tx) error { return outcome.ExpireIfDue(ctx, s.Deps, tx, id, s.Enqueue) }); err != nil {
			s.failed(ctx, "close a question", err)
		}
	}
	if err := s.Also(ctx); err != nil {
		s.failed(ctx, "end delegations", err)
	}
	if now := s.Store.Now(); now.After(s.purgeNext) {
		s.purgeNext = now.Add(purgeEvery)
		if err := s.Store.Purge(ctx, now.Add(-envelopeMemory)); err != nil {
			s.failed(ctx, "delete old rows", err)
		}
	}
}

func (s *Sweeper) failed(ctx context.Context, to string, err error) {
	if !errors.Is(ctx.Err(), context.Canceled) {
		s.Log.WarnContext(ctx, "sweep failed; trying again", "to", to, "error", err)
	}
}

package service

import (
	"context"
	"errors"
	"math"
	"time"
)

// How the audit trail is maintained.
const (
	blankEvery  = time.Minute
	blankAtOnce = 200 // requests, and rows of the trail, in one transaction
	headEvery   = time.Hour
	trailTime   = 10 * time.Second // for one transaction or read
)

// keepTrail blanks what is older than KEEP, and logs the head of the audit chain now
// and then, until ctx ends. Any number of replicas may do this.
func (s *service) keepTrail(ctx context.Context) {
	blank, head := time.NewTicker(blankEvery), time.NewTicker(headEvery)
	defer blank.Stop()
	defer head.Stop()
	headDue, scrubDue := !s.logHead(ctx), false
	for {
		select {
		case <-ctx.Done():
			return
		case <-blank.C:
			if headDue {
				headDue = !s.logHead(ctx)
			}
			if s.blank(ctx) || scrubDue {
				scrubDue = !s.scrub(ctx)
			}
		case <-head.C:
			headDue = !s.logHead(ctx)
		}
	}
}

// blank blanks in portions until nothing is left to do, and reports whether anything
// was. After an error, the next round continues.
func (s *service) blank(ctx context.Context) (blanked bool) {
	if s.cfg.Keep <= 0 {
		return false
	}
	before, total := s.store.Now().Add(-s.cfg.Keep), 0
	for ctx.Err() == nil {
		portion, cancel := context.WithTimeout(ctx, trailTime)
		n, err := s.store.Blank(portion, before, blankAtOnce)
		cancel()
		if err != nil {
			s.log.WarnContext(ctx, "old requests could not be blanked; trying again", "error", err)
			return total > 0
		}
		if n == 0 {
			break
		}
		total += n
	}
	if total > 0 {
		s.log.InfoContext(ctx, "blanked what old requests said about people", "rows", total, "older_than", s.cfg.Keep.String())
	}
	return total > 0
}

// scrub removes what was blanked from the database's log as well, and reports whether it
// could: while the bot is busy, it can't, but then the log is soon written over anyway.
func (s *service) scrub(ctx context.Context) bool {
	ctx, cancel := context.WithTimeout(ctx, trailTime)
	defer cancel()
	err := s.store.Scrub(ctx)
	if err != nil {
		s.log.DebugContext(ctx, "the database's log could not be emptied; trying again", "error", err)
	}
	return err == nil
}

// logHead logs the head of the audit chain: a log kept elsewhere proves later that
// the trail was not cut off. It reports whether the head could be read.
func (s *service) logHead(ctx context.Context) bool {
	ctx, cancel := context.WithTimeout(ctx, trailTime)
	defer cancel()
	seq, hash, err := s.store.Trail.Head(ctx)
	switch {
	case err == nil:
		s.log.InfoContext(ctx, "audit head", "seq", seq, "hash", hash)
	case !errors.Is(err, context.Canceled):
		s.log.WarnContext(ctx, "the head of the audit trail could not be read; trying again", "error", err)
	}
	return err == nil
}

// auditHead is the head for the metrics; NaN while the database does not answer, because 0
// would be a trail that somebody has cut off.
func (s *service) auditHead() (seq float64, hash string) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second) //nolint:forbidigo // the metrics' reader brings no context
	defer cancel()
	n, hash, err := s.store.Trail.Head(ctx)
	if err != nil {
		return math.NaN(), ""
	}
	return float64(n), hash
}

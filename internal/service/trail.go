package service

import (
	"context"
	"errors"
	"math"
	"time"

	"meetingbot/internal/background"
)

// Intervals and limits for maintaining the audit trail.
const (
	blankEvery  = time.Minute
	blankAtOnce = 200 // requests, and rows of the trail, in one transaction
	headEvery   = time.Hour
	trailTime   = 10 * time.Second // for one transaction or read
)

// maintainTrail blanks requests older than KEEP, and logs the head of the audit chain
// every hour, until ctx ends. Any number of replicas may do this.
func (s *service) maintainTrail(ctx context.Context) {
	var headAt time.Time // when it was last logged
	scrubDue := false
	for {
		if time.Since(headAt) >= headEvery && s.logHead(ctx) {
			headAt = time.Now()
		}
		if background.Sleep(ctx, blankEvery) != nil {
			return
		}
		if s.blank(ctx) || scrubDue {
			scrubDue = !s.scrub(ctx)
		}
	}
}

// blank blanks old requests in batches until none is left, and reports whether it blanked
// any. After an error, the next round continues.
func (s *service) blank(ctx context.Context) (blanked bool) {
	if s.cfg.Keep <= 0 {
		return false
	}
	before, total := s.store.Now().Add(-s.cfg.Keep), 0
	for ctx.Err() == nil {
		batch, cancel := context.WithTimeout(ctx, trailTime)
		n, err := s.store.Blank(batch, before, blankAtOnce)
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

// scrub also removes blanked text from the database's log, and reports whether it
// succeeded. While the bot is busy it can't, but then the log is soon overwritten anyway.
func (s *service) scrub(ctx context.Context) bool {
	ctx, cancel := context.WithTimeout(ctx, trailTime)
	defer cancel()
	err := s.store.Scrub(ctx)
	if err != nil {
		s.log.DebugContext(ctx, "the database's log could not be emptied; trying again", "error", err)
	}
	return err == nil
}

// logHead logs the head of the audit chain, and reports whether it could be read. A log
// kept elsewhere can later prove that the trail wasn't cut off.
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

// auditHead returns the head for the metrics. While the database doesn't answer, it is
// NaN: 0 would look like a trail that was cut off.
func (s *service) auditHead() (seq float64, hash string) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second) //nolint:forbidigo // a scrape has no context
	defer cancel()
	n, hash, err := s.store.Trail.Head(ctx)
	if err != nil {
		return math.NaN(), ""
	}
	return float64(n), hash
}

package jobs

import (
	"context"
	"fmt"
	"time"

	"meetingbot/internal/store"
)

// Waiting counts, for each step, the jobs that have been ready to run for longer than the
// given time, and returns how long the oldest has been ready. It only reads, so doctor can
// use it while the bot is running.
func Waiting(ctx context.Context, s *store.Store, longer time.Duration) (n map[Step]int, oldest time.Duration, err error) {
	n = map[Step]int{}
	now := s.Now()
	err = s.Query(ctx, `SELECT step, count(*), min(created_at) FROM job WHERE created_at < $1 GROUP BY step`, func(row store.Row) error {
		var step Step
		var count int
		var since int64
		err := row.Scan(&step, &count, &since)
		n[step] = count
		oldest = max(oldest, now.Sub(time.UnixMilli(since)))
		return err
	}, now.Add(-longer).UnixMilli())
	if err != nil {
		return nil, 0, fmt.Errorf("waiting steps: %w", err)
	}
	return n, oldest, nil
}

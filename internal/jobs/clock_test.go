package jobs_test

import (
	"context"
	"testing"
	"time"

	"meetingbot/internal/jobs"
	"meetingbot/internal/pgtest"
	"meetingbot/internal/store"
)

// TestClocksApart: a lease ends by the database's clock, however wrong that of
// the replica is.
func TestClocksApart(t *testing.T) {
	t.Parallel()
	for _, wrong := range []time.Duration{-30 * time.Second, 30 * time.Second} {
		url := pgtest.URL(t)
		s, err := store.Open(t.Context(), url, func() time.Time { return time.Now().Add(wrong) }, jobs.Migrate)
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		q := newQueue(t, s)
		release := make(chan struct{})
		q.Handle(step, "subject", func(context.Context, jobs.Lease, string) error { <-release; return jobs.ErrLeaseLost })
		if err := q.Start(t.Context()); err != nil {
			t.Fatalf("Start() = %v", err)
		}
		enqueue(t, s, q, jobs.Job{Step: step, Subject: "ana"})
		var left float64
		err = s.DB().QueryRowContext(t.Context(), `SELECT extract(epoch FROM scheduled_at - clock_timestamp())::float8 FROM river_job`).Scan(&left)
		close(release)
		lease := jobs.LeaseTime.Seconds()
		if err != nil || left > lease || left < lease-2 {
			t.Errorf("with a clock that is wrong by %v the lease ends in %.1f s, %v; want about %.0f", wrong, left, err, lease)
		}
		if err := q.Stop(t.Context()); err != nil {
			t.Errorf("Stop() = %v", err)
		}
	}
}

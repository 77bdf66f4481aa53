package jobs_test

import (
	"context"
	"testing"

	"meetingbot/internal/jobs"
	"meetingbot/internal/store"
)

// TestOneRunOfASubject: jobs of one step and subject that are due together, as after a
// process died, run one after the other.
func TestOneRunOfASubject(t *testing.T) {
	t.Parallel()
	eachDatabase(t, func(t *testing.T, url string) {
		s := open(t, url, store.Options{})
		ran, release := make(chan *jobs.Run, 3), make(chan struct{})
		q := newQueue(t, s, func(ctx context.Context, r *jobs.Run) error {
			ran <- r
			<-release
			return r.Done(ctx, nil, nil)
		})
		abandon(t, s, 1, "ana", true)
		abandon(t, s, 2, "ana", true)
		abandon(t, s, 3, "bob", true)
		start(t, q)
		waitFor(t, ran, "run")
		waitFor(t, ran, "second run")
		var held int // all were claimed in the same commit
		err := s.DB().QueryRowContext(t.Context(), `SELECT count(*) FROM job WHERE due_at > $1`, s.Now().UnixMilli()).Scan(&held)
		if err != nil || held != 2 {
			t.Errorf("%d jobs are held at once (%v), want one of ana's and bob's", held, err)
		}
		close(release)
		if third := waitFor(t, ran, "third run").Subject; third != "ana" {
			t.Errorf("the third run is for %s, want ana's other job", third)
		}
		until(t, "the end of all jobs", func() bool { return countJobs(t, s) == 0 })
	})
}

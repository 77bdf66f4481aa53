package sim

import (
	"flag"
	"os"
	"sync"
	"testing"
	"time"

	"meetingbot/internal/pgtest"
)

var (
	pgSchedules = flag.Int("postgres", 4, "number of schedules with two replicas on PostgreSQL")
	pgAtOnce    = flag.Int("at-once", 12, "how many of them run at the same time")
)

// TestPostgres runs schedules with two replicas on PostgreSQL in real time, many at once
// because they mostly wait. The replicas' clocks differ. The course of a schedule also depends
// on the machine.
func TestPostgres(t *testing.T) {
	if os.Getenv(single) != "" {
		t.Skip("runs a share of TestSchedules")
	}
	if testing.Short() {
		t.Skip("takes minutes")
	}
	began := time.Now()
	var wg sync.WaitGroup
	slots := make(chan struct{}, *pgAtOnce)
	for i := range *pgSchedules {
		url := pgtest.URL(t)
		wg.Go(func() {
			slots <- struct{}{}
			defer func() { <-slots }()
			s := Schedule{Version: Version, Seed: seed.n + uint64(i)}
			if r := RunReal(s, url); len(r.Broken) > 0 {
				t.Error(Transcript(s, r))
			}
		})
	}
	wg.Wait()
	t.Logf("%d schedules with two replicas in %v", *pgSchedules, time.Since(began).Round(time.Second))
}

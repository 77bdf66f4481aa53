package sim

import (
	"flag"
	"maps"
	"os"
	"slices"
	"testing"
	"time"
)

var (
	schedules = flag.Int("schedules", 50, "number of schedules to run")
	file      = flag.String("schedule", "", "run the schedule in this file")
	verbose   = flag.Bool("tell", false, "print the transcript even if no rule was broken")
	asIs      = flag.Bool("as-is", false, "don't reduce failing schedules")
	counts    = flag.Bool("counts", false, "print how often each thing occurred")
	seed      = firstSeed()
	enough    = flag.Int("enough", 5, "stop after this many failures")
)

// many is the number of schedules that should hit everything at least once.
const many = 600

// single is set in a process that runs a share of the schedules.
const single = "MEETINGBOT_SIM_SHARE"

// TestSchedules runs random schedules and checks every rule. They run in separate processes,
// one per CPU: with a single thread and no preemption, a schedule repeats exactly nearly every
// time; see TestAgain.
func TestSchedules(t *testing.T) {
	if share := os.Getenv(single); share != "" {
		runShare(t, share)
		return
	}
	began := time.Now()
	n := *schedules
	if *file != "" {
		readSchedule(t, *file) // report a bad file here
		n = 1
	}
	sum := runAll(t, n)
	took := time.Since(began)
	t.Logf("%d schedules of %v each on average, %d broke a rule; %d times something went wrong; %v, %v a schedule",
		sum.ran, (sum.simulated / time.Duration(max(1, sum.ran))).Round(time.Second), sum.failed, sum.struck,
		took.Round(time.Millisecond), (took / time.Duration(max(1, sum.ran))).Round(100*time.Microsecond))
	if *counts {
		for _, what := range slices.Sorted(maps.Keys(sum.met)) {
			t.Logf("%7d  %s", sum.met[what], what)
		}
	}
	if sum.ran >= many {
		for _, what := range neverMet(sum.met) {
			t.Errorf("never met in %d schedules: %s", sum.ran, what)
		}
	}
}

// readSchedule reads a schedule of this version from a file.
func readSchedule(t *testing.T, path string) Schedule {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	s, err := ParseSchedule(b)
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	return s
}

package sim

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

var againSeeds = flag.Int("again", 20, "how many schedules TestAgain repeats")

// TestAgain measures how often a schedule repeats exactly: the same events happen, and the
// same things are counted.
func TestAgain(t *testing.T) {
	if os.Getenv(single) != "" {
		t.Skip("runs a share of TestSchedules")
	}
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestAgainAlone$", "-test.v",
		fmt.Sprintf("-again=%d", *againSeeds), "-seed="+seed.String())
	cmd.Env = append(os.Environ(), single+"=again", "GOMAXPROCS=1", "GODEBUG=asyncpreemptoff=1")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Errorf("%v\n%s", err, out)
	}
	for _, l := range strings.Split(string(out), "\n") {
		if strings.Contains(l, "again_test.go") {
			t.Log(strings.TrimSpace(l))
		}
	}
}

// TestAgainAlone is the part of TestAgain that runs in its own process.
func TestAgainAlone(t *testing.T) {
	if os.Getenv(single) != "again" {
		t.Skip("run by TestAgain")
	}
	same, all := 0, 0
	for i := range *againSeeds {
		s := Schedule{Version: Version, Seed: seed.n + uint64(i)}
		want := Run(t, s)
		for range 4 {
			got := Run(t, s)
			all++
			if d := slices.Concat(differ(want.Events, got.Events), differ(slices.Collect(maps.Keys(want.Met)), slices.Collect(maps.Keys(got.Met)))); len(d) > 0 {
				t.Logf("seed %s went differently: %q", SeedName(s.Seed), d)
				continue
			}
			same++
		}
	}
	t.Logf("%d of %d schedules repeated exactly", same, all)
	if same*10 < all*8 { // the jitter of retries is not seeded
		t.Errorf("failing schedules can't be reproduced: only %d of %d repeated exactly", same, all)
	}
}

// differ returns what is in only one of the lists, with a minus (only in a) or a plus.
func differ(a, b []string) (all []string) {
	for _, one := range a {
		if !slices.Contains(b, one) {
			all = append(all, "-"+one)
		}
	}
	for _, one := range b {
		if !slices.Contains(a, one) {
			all = append(all, "+"+one)
		}
	}
	return all
}

package sim

import (
	"slices"
	"testing"
)

// tries is how often a smaller schedule is run before it counts as passing: a bubble controls
// the time, but not the order of what happens at the same instant.
const tries = 3

// Shrink looks for the schedule with the fewest events that still breaks the same rule, and
// returns it with its result.
func Shrink(t *testing.T, s Schedule, r Result) (Schedule, Result) {
	t.Helper()
	rule := r.Broken[0].Rule
	fails := func(events []string) bool {
		small := Schedule{Version: s.Version, Seed: s.Seed, Only: events}
		for range tries {
			if got := Run(t, small); slices.Contains(got.rules(), rule) {
				s, r = small, got
				return true
			}
		}
		return false
	}
	events := slices.Clone(r.Events)
	if !fails(events) {
		return s, r
	}
	// The failing run may have had fewer events than were allowed.
	events = slices.Clone(r.Events)
	for size := max(1, len(events)/2); ; size = max(1, size/2) {
		smaller := false
		for at := 0; at < len(events); {
			rest := slices.Concat(events[:at], events[min(at+size, len(events)):])
			if fails(rest) {
				events, smaller = intersect(rest, r.Events), true
				continue
			}
			at += size
		}
		if size == 1 && !smaller {
			return s, r
		}
	}
}

// intersect returns the allowed events that did happen, in their original order.
func intersect(allowed, happened []string) []string {
	return slices.DeleteFunc(slices.Clone(allowed), func(name string) bool { return !slices.Contains(happened, name) })
}

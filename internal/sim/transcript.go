package sim

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// ParseSchedule parses a schedule, which must be of this version.
func ParseSchedule(b []byte) (s Schedule, err error) {
	decoder := json.NewDecoder(strings.NewReader(string(b)))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&s); err != nil {
		return Schedule{}, fmt.Errorf("not a schedule: %w", err)
	}
	if decoder.More() {
		return Schedule{}, errors.New("not a schedule: trailing data")
	}
	if s.Version != Version {
		return Schedule{}, fmt.Errorf("this schedule is of version %d; seeds mean something else in this version, %d", s.Version, Version)
	}
	return s, nil
}

// SeedName returns a seed together with the version that it belongs to.
func SeedName(seed uint64) string { return fmt.Sprintf("%d:%d", Version, seed) }

// Transcript prints a schedule for people: the faults drawn, what happened in order of time,
// which rules were broken, and the schedule itself, for -schedule.
func Transcript(s Schedule, r Result) string {
	story := slices.Clone(r.Story)
	slices.SortStableFunc(story, func(a, b string) int { return strings.Compare(a[:9], b[:9]) })
	var b strings.Builder
	fmt.Fprintf(&b, "seed %s\n", SeedName(s.Seed))
	for _, v := range r.Broken {
		fmt.Fprintf(&b, "BROKEN %s\n", v)
	}
	for _, p := range r.Plan {
		fmt.Fprintf(&b, "  %s\n", p)
	}
	for _, l := range story {
		fmt.Fprintf(&b, "%s\n", l)
	}
	text, err := json.Marshal(s)
	if err == nil {
		fmt.Fprintf(&b, "to run it again, put this in a file for -schedule: %s\n", text)
	}
	return b.String()
}

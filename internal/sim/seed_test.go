package sim

import (
	"flag"
	"fmt"
	"strconv"
	"strings"
	"testing"
)

// A seedFlag is the seed of the first schedule: a number, or version:number as transcripts
// print it, like "4:4711".
type seedFlag struct{ n uint64 }

func firstSeed() *seedFlag {
	s := &seedFlag{1}
	flag.Var(s, "seed", "seed of the first schedule: 4711, or with its version, 4:4711")
	return s
}

// String implements [flag.Value].
func (s *seedFlag) String() string { return SeedName(s.n) }

// Set implements [flag.Value]. It refuses seeds of other versions, which mean something else.
func (s *seedFlag) Set(text string) error {
	version, number, both := strings.Cut(text, ":")
	if !both {
		version, number = strconv.Itoa(Version), text
	}
	n, err := strconv.ParseUint(number, 10, 64)
	switch {
	case err != nil:
		return fmt.Errorf("%q is not a seed: want a number, or version:number", text)
	case version != strconv.Itoa(Version):
		return fmt.Errorf("%q is a seed of version %s; seeds mean something else in this version, %d", text, version, Version)
	}
	s.n = n
	return nil
}

// TestSeed checks that seeds of another version are refused.
func TestSeed(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ text, want string }{
		{"4711", ""},
		{SeedName(4711), ""},
		{"1:4711", "version 1"},
		{"-1", "not a seed"},
		{"4:", "not a seed"},
		{"found.json", "not a seed"},
	} {
		s := &seedFlag{}
		err := s.Set(tt.text)
		if tt.want == "" && (err != nil || s.n != 4711) || tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)) {
			t.Errorf("Set(%q) = %v, and the seed is %d; want %q", tt.text, err, s.n, tt.want)
		}
	}
}

// TestNeverMet checks that a fault that never struck or a branch never taken fails a run.
func TestNeverMet(t *testing.T) {
	t.Parallel()
	met := map[string]int{}
	for _, what := range sometimes() {
		met[what] = 1
	}
	if all := neverMet(met); len(all) > 0 {
		t.Errorf("neverMet() = %q of a run that met everything", all)
	}
	met["meeting takes effect after it was given up struck"] = 0
	if all := neverMet(met); len(all) != 1 {
		t.Errorf("neverMet() = %q, want the missing one", all)
	}
}

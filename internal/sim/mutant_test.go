package sim

import (
	"encoding/json"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

var (
	mutants = flag.Int("mutants", 0, "find every mutant within this many schedules; 0: only check that they apply")
	mutant  = flag.String("mutant", "", "only mutants whose name contains this")
)

// weakened finds the files that contain the weakening's places and returns their weakened
// text. It doesn't matter which file that is: code moves.
func (m weakening) weakened(root string) (files map[string]string, err error) {
	files = map[string]string{}
	for part := &m; part != nil; part = part.and {
		if err := part.weaken(root, files); err != nil {
			return nil, err
		}
	}
	return files, nil
}

func (m weakening) weaken(root string, files map[string]string) error {
	places := 0
	err := filepath.WalkDir(filepath.Join(root, m.below), func(name string, _ fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			return err
		}
		b, err := os.ReadFile(name)
		if n := strings.Count(string(b), m.old); n > 0 {
			places += n
			files[name] = strings.Replace(string(b), m.old, m.new, 1)
		}
		return err
	})
	if err == nil && (places != 1 || m.old == "") {
		err = fmt.Errorf("the weakening's place occurs %d times: %s", places, m.old)
	}
	return err
}

// TestMutants checks that the schedules find every weakening of the product. Without -mutants
// it only checks that each weakening still applies.
func TestMutants(t *testing.T) {
	if os.Getenv(single) != "" {
		t.Skip("runs a share of TestSchedules")
	}
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range slices.Concat(weakenings, weakeningsOfRights) {
		files, err := m.weakened(root)
		if err != nil {
			t.Errorf("%s: %v", m.name, err)
			continue
		}
		if *mutants > 0 && strings.Contains(m.name, *mutant) {
			t.Run(m.name, func(t *testing.T) { find(t, files) })
		}
	}
}

var (
	failing = regexp.MustCompile(`(?m)seed (\d+:\d+)$`)
	ranSo   = regexp.MustCompile(`(\d+) schedules of`)
	rule    = regexp.MustCompile(`BROKEN ([^:]+(?:: [^:]+)?):`)
)

// find builds the weakened product and runs schedules until one breaks a rule.
func find(t *testing.T, files map[string]string) {
	dir := t.TempDir()
	overlay, bin := filepath.Join(dir, "overlay.json"), filepath.Join(dir, "sim.test")
	replaced := map[string]string{}
	write := func(name, content string) {
		if err := os.WriteFile(name, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for path, text := range files {
		replaced[path] = filepath.Join(dir, fmt.Sprintf("changed%d.go", len(replaced)))
		write(replaced[path], text)
	}
	list, err := json.Marshal(map[string]map[string]string{"Replace": replaced})
	if err != nil {
		t.Fatal(err)
	}
	write(overlay, string(list))
	if out, err := exec.CommandContext(t.Context(), "go", "test", "-c", "-vet=off", "-overlay", overlay, "-o", bin, ".").CombinedOutput(); err != nil {
		t.Fatalf("the mutant does not compile: %v\n%s", err, out)
	}
	out := schedulesOf(t, bin, *mutants, seed.String())
	ran, broken, found := ranSo.FindSubmatch(out), rule.FindSubmatch(out), failing.FindSubmatch(out)
	switch {
	case ran == nil:
		t.Fatalf("no schedule ran:\n%s", out)
	case broken == nil || found == nil:
		t.Errorf("not found within %s schedules", ran[1])
	default:
		again := 0
		for range 4 {
			if rule.Match(schedulesOf(t, bin, 1, string(found[1]))) {
				again++
			}
		}
		t.Logf("found after %s schedules by seed %s, and again %d of 4 times: %s", ran[1], found[1], again, broken[1])
	}
}

// schedulesOf runs a program's schedules until one breaks a rule, and returns its output.
func schedulesOf(t *testing.T, bin string, n int, first string) []byte {
	run := exec.CommandContext(t.Context(), bin, "-test.run=^TestSchedules$", "-test.v", "-test.timeout=60m",
		"-schedules="+strconv.Itoa(n), "-seed="+first, "-enough=1", "-as-is")
	out, _ := run.CombinedOutput() // it is supposed to fail; the output says how
	return out
}

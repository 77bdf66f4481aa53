package sim

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// stuck is how long a share may be silent. A schedule takes a tenth of a second; one that takes
// minutes is in an endless loop.
const stuck = 3 * time.Minute

// A line is a share's report on one schedule.
type line struct {
	Schedule Schedule
	Broken   []Violation
	Text     string
	Met      map[string]int
	Took     time.Duration
}

// A summary adds up the results of all schedules so far.
type summary struct {
	t    *testing.T
	stop context.CancelFunc // enough schedules have failed

	mu        sync.Mutex
	ran       int
	simulated time.Duration
	struck    int
	met       map[string]int
	failed    int
}

// runAll runs schedules in separate processes.
func runAll(t *testing.T, n int) *summary {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	s := &summary{t: t, stop: stop, met: map[string]int{}}
	var wg sync.WaitGroup
	shares := min(runtime.NumCPU(), n)
	for i := range shares {
		wg.Go(func() { s.share(ctx, n, fmt.Sprintf("%d/%d", i, shares)) })
	}
	wg.Wait()
	return s
}

// share runs a share of the schedules in a separate process.
func (s *summary) share(ctx context.Context, n int, share string) {
	cmd := exec.CommandContext(ctx, os.Args[0], "-test.run=^TestSchedules$", "-test.v", "-test.timeout=120m",
		"-schedules="+strconv.Itoa(n), "-seed="+seed.String(), "-enough="+strconv.Itoa(*enough), "-schedule="+*file,
		fmt.Sprintf("-tell=%t", *verbose), fmt.Sprintf("-as-is=%t", *asIs))
	cmd.Env = append(os.Environ(), single+"="+share, "GOMAXPROCS=1", "GODEBUG=asyncpreemptoff=1")
	out, err := cmd.StdoutPipe()
	if err != nil {
		s.t.Error(err)
		return
	}
	cmd.Stderr = cmd.Stdout
	if err := cmd.Start(); err != nil {
		s.t.Error(err)
		return
	}
	at, rest := s.listen(out, func() { _ = cmd.Process.Kill() })
	if err := cmd.Wait(); err != nil && ctx.Err() == nil {
		s.fail(fmt.Sprintf("BROKEN harness: the process that ran seed %s ended: %v\n%s", at, err, strings.Join(rest[:min(len(rest), 200)], "\n")))
	}
}

// listen reads a share's output to its end, and kills the share if it is stuck. It returns the
// seed that was begun last and the lines that are not reports.
func (s *summary) listen(out io.Reader, kill func()) (at string, rest []string) {
	watch := time.AfterFunc(stuck, kill)
	defer watch.Stop()
	scan := bufio.NewScanner(out)
	scan.Buffer(nil, 64<<20)
	for scan.Scan() {
		watch.Reset(stuck)
		text := scan.Text()
		if begun, ok := strings.CutPrefix(text, "BEGIN "); ok {
			at = begun
			continue
		}
		report, ok := strings.CutPrefix(text, "RESULT ")
		var l line
		if !ok || json.Unmarshal([]byte(report), &l) != nil {
			rest = append(rest, text)
			continue
		}
		s.add(l)
	}
	return at, rest
}

// add adds a schedule's result.
func (s *summary) add(l line) {
	if len(l.Broken) > 0 {
		s.fail(l.Text)
	} else if l.Text != "" {
		fmt.Println(l.Text)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ran++
	s.simulated += l.Took
	for what, n := range l.Met {
		s.met[what] += n
	}
	s.struck += l.Met["struck"]
	if s.ran%1000 == 0 {
		s.t.Logf("%d schedules so far, %d broke a rule", s.ran, s.failed)
	}
}

func (s *summary) fail(text string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.t.Error(text)
	if s.failed++; s.failed >= *enough {
		s.stop()
	}
}

// runShare runs this process's share of the schedules and reports each result.
func runShare(t *testing.T, share string) {
	t.Helper()
	var i, of int
	if _, err := fmt.Sscanf(share, "%d/%d", &i, &of); err != nil {
		t.Fatal(err)
	}
	for failed := 0; i < *schedules && failed < *enough; i += of {
		s := Schedule{Version: Version, Seed: seed.n + uint64(i)}
		if *file != "" {
			s = readSchedule(t, *file)
		}
		fmt.Println("BEGIN", SeedName(s.Seed))
		l := runLine(t, s)
		if len(l.Broken) > 0 {
			failed++
		}
		text, err := json.Marshal(l)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Printf("RESULT %s\n", text)
		if *file != "" {
			return
		}
	}
}

// runLine runs a schedule, and reduces it if it fails.
func runLine(t *testing.T, s Schedule) line {
	t.Helper()
	r := Run(t, s)
	l := line{Schedule: s, Met: r.Met, Took: r.Took}
	if s.Only != nil && len(r.Unknown) > 0 {
		t.Fatalf("this schedule doesn't fit this version: no code asks for the events %q", r.Unknown)
	}
	if len(r.Broken) > 0 {
		if !*asIs && s.Only == nil {
			s, r = Shrink(t, s, r)
		}
		l.Schedule, l.Broken = s, r.Broken
	}
	if len(r.Broken) > 0 || *verbose {
		l.Text = Transcript(s, r)
	}
	return l
}

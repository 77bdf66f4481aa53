package sim

import (
	"context"
	"maps"
	"os"
	"slices"
	"testing"
	"testing/cryptotest"
	"testing/synctest"
	"time"

	"meetingbot/internal/cancellation"
	"meetingbot/internal/sqlitetest"
	"meetingbot/internal/store"
)

// Version is the version of the schedules. Seeds mean something else when it changes.
const Version = 16

// A Schedule is a seed and, optionally, which of its events may happen.
type Schedule struct {
	Version int      `json:"version"`
	Seed    uint64   `json:"seed"`
	Only    []string `json:"only,omitempty"` // nil means all
}

// A Violation is a broken rule.
type Violation struct{ Rule, Text string }

// String returns the violation as the transcript shows it.
func (v Violation) String() string { return v.Rule + ": " + v.Text }

// A Result is how a schedule ended.
type Result struct {
	Broken  []Violation
	Events  []string // that happened
	Plan    []string // the faults drawn
	Story   []string // what happened, in order of time
	Unknown []string // events of the schedule that no code asked for
	Met     map[string]int
	Took    time.Duration // in the schedule's own time
}

// wellWithin is how long everything must have been well before nothing may be left undone.
const wellWithin = 60 * time.Second

// restTime is how long to wait once everything is well. With KEEP, finished requests are blanked
// meanwhile.
func (w *world) restTime() time.Duration {
	if w.config.Keep > 0 {
		return blankEvery + w.config.Keep + expiryTakes
	}
	return wellWithin
}

// blankEvery is how often the service blanks what is old.
const blankEvery = time.Minute

// Run runs a schedule in a bubble.
func Run(t *testing.T, s Schedule) (r Result) {
	t.Helper()
	empty, err := sqlitetest.Template()
	if err != nil {
		t.Fatal(err)
	}
	dir, err := os.MkdirTemp(sqlitetest.Memory(), "sim")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = os.RemoveAll(dir) }()
	cryptotest.SetGlobalRandom(t, s.Seed) // ids depend on the seed too
	synctest.Test(t, func(*testing.T) {
		c := newChance(s)
		w := newWorld(c, dir)
		file := w.newFile()
		if err := os.WriteFile(file, empty, 0o600); err != nil {
			t.Fatal(err)
		}
		w.run("sqlite:" + file)
		r = w.result()
	})
	return r
}

// result returns how the schedule ended.
func (w *world) result() Result {
	w.mu.Lock()
	defer w.mu.Unlock()
	return Result{
		Broken: w.broken, Events: w.chance.events(), Plan: w.chance.plan, Story: w.story, Unknown: w.chance.unknown(), Met: w.met,
		Took: time.Since(w.began),
	}
}

// run runs a schedule from beginning to end.
func (w *world) run(url string) {
	w.drawFaults()
	w.schedulePeople()
	w.play(url)
}

// play runs what was scheduled and checks it.
func (w *world) play(url string) {
	for _, s := range w.slots {
		s.url = url
		w.startProcess(s, url)
	}
	stop := w.follow()
	if w.real {
		w.waitUntilWell(w.resends) // an envelope may still be on its way
		w.waitUntilIdle(url)
	} else {
		for w.waitUntilWell(w.restTime()); w.expiring(); w.waitUntilWell(w.restTime()) {
			time.Sleep(time.Second)
		}
	}
	w.mu.Lock()
	w.over = true
	w.mu.Unlock()
	url = w.slots[0].url
	for _, s := range w.slots {
		p := w.processIn(s)
		if p == nil {
			w.fail("harness", "no process is running at the end")
			continue
		}
		url = p.url
	}
	w.checkEnd(url)
	for _, p := range w.all {
		p.wake()
		p.stop()
		<-p.done
	}
	w.background.Wait()
	w.checkCredentials(url)
	stop()
	w.close()
}

// expiring reports whether a question has just expired. The work that follows gets as much time
// as any other.
func (w *world) expiring() bool {
	p := w.processIn(w.slots[0])
	if p == nil {
		return false
	}
	r, err := w.tryRead(p.url)
	now := w.serviceNow()
	return err == nil && slices.ContainsFunc(slices.Collect(maps.Values(r.requests)), func(q store.Request) bool {
		return q.ExpiresAt.Before(now) && now.Before(q.ExpiresAt.Add(expiryTakes))
	})
}

// waitUntilIdle waits until every process runs and nothing is left to do, up to wellWithin.
func (w *world) waitUntilIdle(url string) {
	for end := time.Now().Add(wellWithin); time.Now().Before(end); {
		time.Sleep(time.Second)
		down := slices.ContainsFunc(w.slots, func(s *slot) bool { return w.processIn(s) == nil })
		if r, err := w.tryRead(url); err == nil && !down && r.atRest() {
			return
		}
	}
}

// atRest reports whether nothing is left to do.
func (r record) atRest() bool {
	for _, q := range r.requests {
		if q.State == cancellation.Asked && time.Until(q.ExpiresAt) < time.Second {
			return false
		}
		if q.State != cancellation.Asked && !q.State.Final() {
			return false
		}
	}
	return len(r.jobs)+len(r.open) == 0
}

// follow checks, during the run, the rules about what people see.
func (w *world) follow() (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		for n := 0; ; {
			shown := w.slack.Shown(n)
			n += len(shown)
			for _, sh := range shown {
				w.checkShown(sh)
			}
			if !until(ctx, time.Now().Add(3*time.Second)) {
				return
			}
		}
	}()
	return func() { cancel(); <-ended }
}

// rules returns the rules that were broken, each once.
func (r Result) rules() (all []string) {
	for _, v := range r.Broken {
		if !slices.Contains(all, v.Rule) {
			all = append(all, v.Rule)
		}
	}
	return all
}

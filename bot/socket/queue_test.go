package socket

import (
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

// line is a queue with one worker, held up, and what was done and what was too late, in order.
type line struct {
	queue
	mu      sync.Mutex
	did     []string
	missed  []string
	release chan struct{}
}

func newLine(t *testing.T, limit int) *line {
	t.Helper()
	l := &line{queue: queue{inFlight: group{limit: limit}, workers: 1}, release: make(chan struct{})}
	l.add(asked, time.Hour, &work{do: func() { <-l.release }})
	return l
}

func (l *line) put(r rank, within time.Duration, name string) bool {
	return l.add(r, within, &work{do: func() { l.note(&l.did, name) }, tooLate: func() { l.note(&l.missed, name) }})
}

func (l *line) note(list *[]string, name string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	*list = append(*list, name)
}

func (l *line) finish() {
	close(l.release)
	<-l.inFlight.idle()
}

func TestWhatIsDecidedComesFirstAndNothingStarves(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := newLine(t, 100)
		for i := range 8 {
			l.put(unasked, time.Hour, fmt.Sprint("home", i))
			l.put(asked, time.Hour, fmt.Sprint("command", i))
		}
		for i := range 8 { // the clicks come last
			l.put(decided, time.Hour, fmt.Sprint("click", i))
		}
		l.finish()
		want := []string{
			"click0", "click1", "command0", "click2", "click3", "command1", "home0",
			"click4", "click5", "command2", "click6", "click7", "command3", "home1",
			"command4", "command5", "home2", "command6", "command7", "home3", "home4", "home5", "home6", "home7",
		}
		if diff := cmp.Diff(want, l.did); diff != "" {
			t.Errorf("order (-want +got):\n%s", diff)
		}
	})
}

func TestWhatWaitsTooLongIsNotDoneLate(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := newLine(t, 10)
		l.put(decided, time.Second, "impatient")
		l.put(decided, time.Minute, "patient")
		time.Sleep(2 * time.Second)
		l.finish()
		if diff := cmp.Diff([]string{"patient"}, l.did); diff != "" {
			t.Errorf("done (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff([]string{"impatient"}, l.missed); diff != "" {
			t.Errorf("told that it is too late (-want +got):\n%s", diff)
		}
		time.Sleep(2 * time.Minute)
		if len(l.missed) != 1 {
			t.Errorf("too late = %q, want nobody told of what was done", l.missed)
		}
	})
}

func TestQueueIsBounded(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := newLine(t, 3) // one of which is being worked on
		for i, want := range []bool{true, true, false} {
			if got := l.put(decided, time.Second, "x"); got != want {
				t.Errorf("add() no. %d = %t, want %t", i+1, got, want)
			}
		}
		time.Sleep(2 * time.Second) // two have gone, and made room
		if !l.put(decided, time.Second, "y") {
			t.Error("add() after the others gave up = false, want true")
		}
		l.finish()
		if !l.put(decided, time.Second, "z") {
			t.Error("add() to an idle queue = false, want true")
		}
		<-l.inFlight.idle()
		if diff := cmp.Diff([]string{"y", "z"}, l.did); diff != "" {
			t.Errorf("done (-want +got):\n%s", diff)
		}
	})
}

func TestWorkersRunAtOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		q := queue{inFlight: group{limit: 100}, workers: 4}
		var mu sync.Mutex
		inside, most, done := 0, 0, 0
		for range 20 {
			q.add(asked, time.Hour, &work{do: func() {
				mu.Lock()
				inside++
				most = max(most, inside)
				mu.Unlock()
				time.Sleep(time.Second)
				mu.Lock()
				inside--
				done++
				mu.Unlock()
			}})
		}
		<-q.inFlight.idle()
		if most != 4 || done != 20 || q.running != 0 {
			t.Errorf("at once, done, still running = %d, %d, %d, want 4, 20, 0", most, done, q.running)
		}
	})
}

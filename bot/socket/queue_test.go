package socket

import (
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"meetingbot/internal/background"
)

// testQueue is a queue with one blocked worker. It records the work done and the work expired, in order.
type testQueue struct {
	queue
	mu      sync.Mutex
	done    []string
	expired []string
	release chan struct{}
}

func newTestQueue(t *testing.T, limit int) *testQueue {
	t.Helper()
	l := &testQueue{queue: queue{inFlight: background.InFlight{Limit: limit}, workers: 1}, release: make(chan struct{})}
	l.add(rankQuestion, time.Hour, &work{do: func() { <-l.release }})
	return l
}

func (l *testQueue) put(r rank, within time.Duration, name string) bool {
	return l.add(r, within, &work{do: func() { l.record(&l.done, name) }, onExpire: func() { l.record(&l.expired, name) }})
}

func (l *testQueue) record(list *[]string, name string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	*list = append(*list, name)
}

func (l *testQueue) finish(t *testing.T) {
	t.Helper()
	close(l.release)
	_ = l.inFlight.Wait(t.Context())
}

func TestQueueOrder(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := newTestQueue(t, 100)
		for i := range 8 {
			l.put(rankBackground, time.Hour, fmt.Sprint("home", i))
			l.put(rankQuestion, time.Hour, fmt.Sprint("command", i))
		}
		for i := range 8 { // the clicks come last
			l.put(rankDecision, time.Hour, fmt.Sprint("click", i))
		}
		l.finish(t)
		want := []string{
			"click0", "click1", "command0", "click2", "click3", "command1", "home0",
			"click4", "click5", "command2", "click6", "click7", "command3", "home1",
			"command4", "command5", "home2", "command6", "command7", "home3", "home4", "home5", "home6", "home7",
		}
		if diff := cmp.Diff(want, l.done); diff != "" {
			t.Errorf("order (-want +got):\n%s", diff)
		}
	})
}

func TestQueueExpires(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := newTestQueue(t, 10)
		l.put(rankDecision, time.Second, "impatient")
		l.put(rankDecision, time.Minute, "patient")
		time.Sleep(2 * time.Second)
		l.finish(t)
		if diff := cmp.Diff([]string{"patient"}, l.done); diff != "" {
			t.Errorf("done (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff([]string{"impatient"}, l.expired); diff != "" {
			t.Errorf("expired (-want +got):\n%s", diff)
		}
		time.Sleep(2 * time.Minute)
		if len(l.expired) != 1 {
			t.Errorf("expired = %q, want the finished work not among it", l.expired)
		}
	})
}

func TestQueueIsBounded(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := newTestQueue(t, 3) // including the one that blocks the worker
		for i, want := range []bool{true, true, false} {
			if got := l.put(rankDecision, time.Second, "x"); got != want {
				t.Errorf("add() no. %d = %t, want %t", i+1, got, want)
			}
		}
		time.Sleep(2 * time.Second) // both expire
		if !l.put(rankDecision, time.Second, "y") {
			t.Error("add() after the others expired = false, want true")
		}
		l.finish(t)
		if !l.put(rankDecision, time.Second, "z") {
			t.Error("add() to an idle queue = false, want true")
		}
		_ = l.inFlight.Wait(t.Context())
		if diff := cmp.Diff([]string{"y", "z"}, l.done); diff != "" {
			t.Errorf("done (-want +got):\n%s", diff)
		}
	})
}

func TestWorkersRunConcurrently(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		q := queue{inFlight: background.InFlight{Limit: 100}, workers: 4}
		var mu sync.Mutex
		inside, most, done := 0, 0, 0
		for range 20 {
			q.add(rankQuestion, time.Hour, &work{do: func() {
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
		_ = q.inFlight.Wait(t.Context())
		if most != 4 || done != 20 || q.running != 0 {
			t.Errorf("at once, done, still running = %d, %d, %d, want 4, 20, 0", most, done, q.running)
		}
	})
}

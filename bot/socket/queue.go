package socket

import (
	"sync"
	"time"

	"meetingbot/internal/background"
)

// rank is the priority of work: decisions, then questions, then everything no one waits for.
type rank int

const (
	rankDecision   rank = iota // clicks and submissions
	rankQuestion               // commands and shortcuts
	rankBackground             // an opened Home, and envelopes without a handler
	rankCount
)

// turns is the order in which ranks are served, so that decisions get most turns and no rank starves. An empty rank
// passes its turn on.
var turns = [...]rank{rankDecision, rankDecision, rankQuestion, rankDecision, rankDecision, rankQuestion, rankBackground}

// queue runs a limited number of workers and queues the remaining work by rank. It rejects work beyond its limit and
// drops work that has waited too long.
type queue struct {
	inFlight background.InFlight // running and waiting
	workers  int

	mu      sync.Mutex
	running int
	turn    int
	waiting [rankCount][]*work
}

// work is one task. Exactly one of do and onExpire is called, once.
type work struct {
	do       func()
	onExpire func() // called if it could not start in time
	timer    *time.Timer
	left     bool // it has left the queue; guarded by queue.mu
}

// add accepts w, to be started within the given time, or returns false if there is no room.
func (q *queue) add(r rank, within time.Duration, w *work) bool {
	if !q.inFlight.Enter() {
		return false
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.running < q.workers {
		q.running++
		go q.worker(w)
		return true
	}
	q.waiting[r] = append(q.waiting[r], w)
	w.timer = time.AfterFunc(within, func() { q.expire(w) })
	return true
}

// worker runs w and then queued work until there is none.
func (q *queue) worker(w *work) {
	background.GrowStack()
	for w != nil {
		w.do()
		w = q.next()
		q.inFlight.Leave() // last, so that idle implies that the worker has ended
	}
}

// next dequeues the next work, or returns nil to end the worker.
func (q *queue) next() *work {
	q.mu.Lock()
	defer q.mu.Unlock()
	for range turns {
		r := turns[q.turn]
		q.turn = (q.turn + 1) % len(turns)
		if w := q.pop(r); w != nil {
			return w
		}
	}
	q.running--
	return nil
}

// pop dequeues the first work of a rank that hasn't expired. Callers must hold the lock.
func (q *queue) pop(r rank) *work {
	for len(q.waiting[r]) > 0 {
		w := q.waiting[r][0]
		q.waiting[r][0] = nil
		q.waiting[r] = q.waiting[r][1:]
		if !w.left {
			w.left = true
			w.timer.Stop()
			return w
		}
	}
	return nil
}

// expire drops w if it is still queued. pop skips its entry.
func (q *queue) expire(w *work) {
	q.mu.Lock()
	late := !w.left
	w.left = true
	q.mu.Unlock()
	if late {
		defer q.inFlight.Leave()
		w.onExpire()
	}
}

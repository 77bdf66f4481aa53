package socket

import (
	"sync"
	"time"
)

// rank orders work: decisions come before questions, and those before what nobody waits for.
type rank int

const (
	decided rank = iota // clicks and submissions
	asked               // commands and shortcuts
	unasked             // a Home that was opened, and what nobody handles
	ranks
)

// turns is the order in which waiting ranks are served: decisions get most turns, and no rank starves. An empty rank
// passes its turn on. It is read only.
var turns = [...]rank{decided, decided, asked, decided, decided, asked, unasked}

// queue runs a limited number of works at once and keeps the others waiting, by rank. It accepts no more than its limit,
// and drops work that has waited too long: the person is told.
type queue struct {
	inFlight group // running and waiting
	workers  int

	mu      sync.Mutex
	running int
	turn    int
	waiting [ranks][]*work
}

// work is one piece. Exactly one of its functions is called, once.
type work struct {
	do      func()
	tooLate func() // it has not begun in time
	timer   *time.Timer
	left    bool // it no longer waits; guarded by queue.mu
}

// add accepts w, which must start within the time given, or reports false if there
// is no room.
func (q *queue) add(r rank, within time.Duration, w *work) bool {
	if !q.inFlight.enter() {
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

// worker runs w and then whatever is waiting, until nothing is.
func (q *queue) worker(w *work) {
	for w != nil {
		w.do()
		w = q.next()
		q.inFlight.leave() // last, so that after idle the worker is gone too
	}
}

// next takes the work whose turn it is, or ends the worker.
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

// pop takes the first work of a rank that still waits. Callers must hold the lock.
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

// expire drops w if it still waits. pop skips its place in the queue.
func (q *queue) expire(w *work) {
	q.mu.Lock()
	late := !w.left
	w.left = true
	q.mu.Unlock()
	if late {
		defer q.inFlight.leave()
		w.tooLate()
	}
}

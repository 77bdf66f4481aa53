package store

import (
	"context"
	"sync"
)

// Urgent marks a context whose transactions come before others that wait for
// SQLite's one writer: a person waits for the ack of a hand-over, and Slack for
// three seconds only. It changes nothing on PostgreSQL.
func Urgent(ctx context.Context) context.Context { return context.WithValue(ctx, urgent{}, true) }

type urgent struct{}

// turns let one transaction at a time begin, the urgent ones first, and each
// kind in the order in which they came.
type turns struct {
	mu      sync.Mutex
	taken   bool
	waiting [2][]chan struct{} // the urgent ones, and the others
}

// wait waits for a turn, or for the end of ctx.
func (t *turns) wait(ctx context.Context) error {
	t.mu.Lock()
	if !t.taken {
		t.taken = true
		t.mu.Unlock()
		return nil
	}
	kind := 1
	if ctx.Value(urgent{}) != nil {
		kind = 0
	}
	turn := make(chan struct{}, 1)
	t.waiting[kind] = append(t.waiting[kind], turn)
	t.mu.Unlock()
	select {
	case <-turn:
		return nil
	case <-ctx.Done():
		t.leave(kind, turn)
		return ctx.Err()
	}
}

// leave gives up waiting, and passes on a turn that came in the same moment.
func (t *turns) leave(kind int, turn chan struct{}) {
	t.mu.Lock()
	for i, w := range t.waiting[kind] {
		if w == turn {
			t.waiting[kind] = append(t.waiting[kind][:i:i], t.waiting[kind][i+1:]...)
			t.mu.Unlock()
			return
		}
	}
	t.mu.Unlock()
	t.next()
}

// next ends a turn and gives it to whoever has waited longest, the urgent first.
func (t *turns) next() {
	t.mu.Lock()
	defer t.mu.Unlock()
	for kind := range t.waiting {
		if queue := t.waiting[kind]; len(queue) > 0 {
			t.waiting[kind] = queue[1:]
			queue[0] <- struct{}{}
			return
		}
	}
	t.taken = false
}

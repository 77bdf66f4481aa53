package jobs

import (
	"context"
	"sync"
)

// A gate counts the runs in progress. While the queue is stopping, it admits only runs that
// follow from one of them.
type gate struct {
	mu     sync.Mutex
	closed bool
	inside int
	empty  chan struct{} // closed when the last run leaves; nil unless wait is waiting
}

// open reports whether enter would admit a run.
func (g *gate) open(follows bool) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return !g.closed || follows
}

// enter counts a run if it admits it, and reports whether it does.
func (g *gate) enter(follows bool) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.closed && !follows {
		return false
	}
	g.inside++
	return true
}

// leave is called when a run ends.
func (g *gate) leave() {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.inside--; g.inside == 0 && g.empty != nil {
		close(g.empty)
		g.empty = nil
	}
}

// close makes the gate admit only runs that follow from another.
func (g *gate) close() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.closed = true
}

// wait waits until no runs are inside or ctx ends.
func (g *gate) wait(ctx context.Context) error {
	g.mu.Lock()
	if g.inside == 0 {
		g.mu.Unlock()
		return nil
	}
	if g.empty == nil {
		g.empty = make(chan struct{})
	}
	empty := g.empty
	g.mu.Unlock()
	select {
	case <-empty:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

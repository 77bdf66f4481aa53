package jobs

import (
	"context"
	"sync"
)

// A gate counts the runs in progress. While the queue stops, it lets in only what
// follows from one of them.
type gate struct {
	mu     sync.Mutex
	closed bool
	inside int
	empty  chan struct{} // closed when the last one has left; nil unless somebody is waiting
}

// open reports whether enter would let a run in.
func (g *gate) open(follows bool) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return !g.closed || follows
}

// enter reports whether it let a run in.
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

// close stops letting runs in.
func (g *gate) close() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.closed = true
}

// wait waits until nobody is inside, or ctx ends.
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

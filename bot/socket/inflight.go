package socket

import "sync"

// group counts work in progress up to a limit and signals when there is none.
type group struct {
	mu    sync.Mutex
	n     int
	limit int
	empty chan struct{} // non-nil while a caller of idle waits for n to become 0
}

// enter counts the caller in, or returns false if the group is full. Every successful enter needs a leave.
func (g *group) enter() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.n >= g.limit {
		return false
	}
	g.n++
	return true
}

func (g *group) leave() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.n--
	if g.n == 0 && g.empty != nil {
		close(g.empty)
		g.empty = nil
	}
}

// idle returns a channel that is closed as soon as nothing is in progress, even for a moment.
func (g *group) idle() <-chan struct{} {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.empty == nil {
		g.empty = make(chan struct{})
	}
	empty := g.empty
	if g.n == 0 {
		close(empty)
		g.empty = nil
	}
	return empty
}

// Package background runs what nobody waits for, each within a time limit, and ends it with its owner.
package background

import (
	"context"
	"sync"
	"time"
)

// A Group owns what runs in the background. Make it with [New].
type Group struct {
	life context.Context //nolint:containedctx // what runs ends with the group
	end  context.CancelFunc

	mu      sync.Mutex // so that nothing starts while Close waits
	running sync.WaitGroup
}

// New returns a group that lives until Close.
func New() *Group {
	g := &Group{}
	g.life, g.end = context.WithCancel(context.Background()) //nolint:forbidigo // ends with Close
	return g
}

// Go runs f within a limit, with the values of ctx but not its end, and until the group is
// closed. It reports whether it does: a closed group starts nothing.
func (g *Group) Go(ctx context.Context, limit time.Duration, f func(context.Context)) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.life.Err() != nil {
		return false
	}
	g.running.Go(func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), limit)
		defer cancel()
		defer context.AfterFunc(g.life, cancel)() //nolint:contextcheck // whichever ends first
		f(ctx)
	})
	return true
}

// Do is Go, but returns only once f has ended.
func (g *Group) Do(ctx context.Context, limit time.Duration, f func(context.Context)) bool {
	ended := make(chan struct{})
	began := g.Go(ctx, limit, func(ctx context.Context) { defer close(ended); f(ctx) })
	if began {
		<-ended
	}
	return began
}

// Close ends what runs and waits for it. It may be called more than once.
func (g *Group) Close() {
	g.mu.Lock()
	g.end()
	g.mu.Unlock()
	g.running.Wait()
}

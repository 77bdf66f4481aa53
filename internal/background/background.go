// Package background runs functions in the background, each with a time limit, and stops them with their owner.
package background

import (
	"context"
	"time"
)

// A Group runs functions in the background. Make it with [New].
type Group struct {
	running InFlight
	life    context.Context //nolint:containedctx // functions end with the group
	end     context.CancelFunc
}

// New returns a group that runs until Close.
func New() *Group {
	g := &Group{}
	g.life, g.end = context.WithCancel(context.Background()) //nolint:forbidigo // ends with Close
	return g
}

// Go starts f, or returns false if the group is closed. f's context has the values of ctx but not its deadline or
// cancellation; it ends after limit or with the group.
func (g *Group) Go(ctx context.Context, limit time.Duration, f func(context.Context)) bool {
	if !g.running.Enter() {
		return false
	}
	go g.run(ctx, limit, f)
	return true
}

// Do is like Go, but runs f in the caller's goroutine.
func (g *Group) Do(ctx context.Context, limit time.Duration, f func(context.Context)) bool {
	if !g.running.Enter() {
		return false
	}
	g.run(ctx, limit, f)
	return true
}

// run runs f after an Enter.
func (g *Group) run(ctx context.Context, limit time.Duration, f func(context.Context)) {
	defer g.running.Leave()
	GrowStack()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), limit)
	defer cancel()
	defer context.AfterFunc(g.life, cancel)() //nolint:contextcheck // whichever ends first
	f(ctx)
}

// Close cancels the running functions and waits for them. It may be called more than once.
func (g *Group) Close() {
	g.running.Close()
	g.end()
	_ = g.running.Wait(context.WithoutCancel(g.life)) // which never ends
}

package socket

import (
	"context"
	"errors"
	"sync"
	"time"

	"meetingbot/bot"
)

// Bot receives the events of one Slack app. Create it with New, register handlers, then call Run once.
type Bot struct {
	cfg     Config
	routes  routes
	links   links
	intake  *intake
	sockets *sockets

	closing     chan struct{} // closed when the bot begins to stop
	markClosing func()        // closes closing, once

	mu       sync.Mutex
	stop     context.CancelCauseFunc // ends the connect loops; nil before Run
	finished chan struct{}           // closed when Run has returned; nil before Run
}

// New returns a Bot that makes its calls with client, which the caller must close. It makes no network calls.
func New(client *bot.Client, cfg Config) *Bot {
	cfg = cfg.withDefaults()
	b := &Bot{cfg: cfg, routes: routes{}, closing: make(chan struct{})}
	b.markClosing = sync.OnceFunc(func() { close(b.closing) })
	b.intake = newIntake(cfg, client, b.routes, &b.links)
	b.sockets = newSockets(cfg, client, &b.links, b.intake.receive)
	return b
}

// Run connects to Slack and calls handlers until ctx ends or Close is called, then shuts down gracefully and returns nil.
// If Close was called before, it returns at once. It returns a *PermanentError if only a person can fix the problem, and
// recovers from all other errors. When ctx ends, handlers get a few seconds to finish; with Close the caller decides.
// Call Run once.
func (b *Bot) Run(ctx context.Context) error {
	detached := context.WithoutCancel(ctx)
	running, stop := context.WithCancelCause(detached)
	defer stop(nil)
	if !b.begin(stop) {
		return nil
	}
	defer close(b.finished)

	b.sockets.start(running, stop)
	select {
	case <-ctx.Done():
		b.drainWithin(detached, closeTimeout)
	case <-running.Done():
	}
	stop(nil)
	fatal, isFatal := errors.AsType[*PermanentError](context.Cause(running))
	if isFatal {
		b.drainWithin(detached, fatalTimeout)
	}
	b.shutDown(detached)
	if isFatal {
		return fatal
	}
	return nil
}

// begin records that Run is running and how to stop it. It returns false if Close was called before.
func (b *Bot) begin(stop context.CancelCauseFunc) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.finished != nil {
		panic("socket: Run called twice")
	}
	if isClosed(b.closing) {
		return false
	}
	b.stop, b.finished = stop, make(chan struct{})
	return true
}

// How long handlers get to finish when Run's context ends, and after a permanent error.
const (
	closeTimeout = 5 * time.Second
	fatalTimeout = 2 * time.Second
)

// Close shuts down Run gracefully. Ready becomes false at once, but the bot keeps handling and acking events until all
// handlers are done or ctx ends. Then it closes the sockets, and Run returns. Close returns after Run, or with ctx's error.
// If Run wasn't called yet, Close returns at once, and so will Run.
func (b *Bot) Close(ctx context.Context) error {
	b.markClosing()
	b.mu.Lock()
	stop, finished := b.stop, b.finished
	b.mu.Unlock()
	if finished == nil {
		return nil
	}
	b.drain(ctx)
	stop(nil)
	select {
	case <-finished:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (b *Bot) drainWithin(ctx context.Context, limit time.Duration) {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	b.drain(ctx)
}

// drain waits until no handler is running or ctx ends.
func (b *Bot) drain(ctx context.Context) {
	b.markClosing()
	_ = b.intake.queue.inFlight.Wait(ctx) // the caller goes on either way
}

// shutDown closes the sockets and waits for everything the bot started.
func (b *Bot) shutDown(ctx context.Context) {
	b.markClosing()
	b.sockets.closeAll()
	ctx, cancel := context.WithTimeout(ctx, b.cfg.HandOverTimeout)
	defer cancel()
	b.intake.finish(ctx)
}

// Stats is the state of the sockets, for health checks and metrics.
type Stats struct {
	Connections int       // live sockets
	LastFrame   time.Time // when Slack last sent anything, pings included; zero if never
}

// Stats returns the state of the sockets.
func (b *Bot) Stats() Stats { return b.links.stats() }

// Ready reports whether commands and clicks reach this bot, and if not, why. An idle bot is ready as long as Slack pings
// it.
func (b *Bot) Ready() (ok bool, reason string) {
	if isClosed(b.closing) {
		return false, "stopping"
	}
	s := b.Stats()
	switch {
	case s.LastFrame.IsZero():
		return false, "not connected to Slack yet"
	case s.Connections == 0:
		return false, "no connection to Slack"
	case time.Since(s.LastFrame) > b.cfg.ReadDeadline:
		return false, "Slack has been silent for " + time.Since(s.LastFrame).Round(time.Second).String()
	}
	return true, ""
}

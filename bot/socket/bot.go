package socket

import (
	"context"
	"errors"
	"sync"
	"time"

	"meetingbot/bot"
)

// Bot is one Slack app's end of the sockets. Create it with New, register handlers, then call Run once.
type Bot struct {
	cfg     Config
	routes  routes
	links   links
	intake  *intake
	sockets *sockets

	closing     chan struct{} // closed when the bot is stopping
	markClosing func()        // closes it, once

	mu       sync.Mutex
	stop     context.CancelCauseFunc // ends the connect loops; nil before Run
	finished chan struct{}           // closed when Run is over; nil before Run
}

// New returns a Bot that makes its calls with client, which stays the caller's to close. It does not touch the network.
func New(client *bot.Client, cfg Config) *Bot {
	cfg = cfg.withDefaults()
	b := &Bot{cfg: cfg, routes: routes{}, closing: make(chan struct{})}
	b.markClosing = sync.OnceFunc(func() { close(b.closing) })
	b.intake = newIntake(cfg, client, b.routes, &b.links)
	b.sockets = newSockets(cfg, client, &b.links, b.intake.receive)
	return b
}

// Run connects to Slack and hands over events until ctx ends or Close is called, then shuts down gracefully and returns
// nil, at once if Close came first. It returns a *PermanentError when somebody has to change something first; it recovers
// from anything else by itself. When ctx ends, handlers get a few seconds to finish; with Close the caller decides.
// Call Run once.
func (b *Bot) Run(ctx context.Context) error {
	lasting := context.WithoutCancel(ctx)
	serving, stop := context.WithCancelCause(lasting)
	defer stop(nil)
	if !b.begin(stop) {
		return nil
	}
	defer close(b.finished)

	b.sockets.start(serving, stop)
	select {
	case <-ctx.Done():
		b.drainWithin(lasting, closeTimeout)
	case <-serving.Done():
	}
	stop(nil)
	fatal, isFatal := errors.AsType[*PermanentError](context.Cause(serving))
	if isFatal {
		b.drainWithin(lasting, fatalTimeout)
	}
	b.shut(lasting)
	if isFatal {
		return fatal
	}
	return nil
}

// begin records that Run is running, and how to stop it, unless Close came first.
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

// Close shuts down Run gracefully. Ready becomes false at once, but the sockets stay open, and what arrives is handed
// over and acked, until the handlers are done or ctx ends; then the sockets get a close frame and Run returns. Close
// returns when Run has, or with ctx's error. Before Run it returns at once, and so does Run then.
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

// drain waits until no handler is running, no longer than ctx lasts.
func (b *Bot) drain(ctx context.Context) {
	b.markClosing()
	select {
	case <-b.intake.queue.inFlight.idle():
	case <-ctx.Done():
	}
}

// shut closes the sockets and waits for everything the bot started.
func (b *Bot) shut(ctx context.Context) {
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

// Ready returns nil if commands and clicks reach this bot, and otherwise why not. An idle bot is ready: Slack's pings
// suffice.
func (b *Bot) Ready() (ok bool, reason string) {
	if isClosed(b.closing) {
		return false, "stopping"
	}
	s := b.Stats()
	switch {
	case s.LastFrame.IsZero():
		return false, "not connected to Slack yet"
	case s.Connections == 0:
		return false, "the connection to Slack is lost"
	case time.Since(s.LastFrame) > b.cfg.ReadDeadline:
		return false, "Slack has been silent for " + time.Since(s.LastFrame).Round(time.Second).String()
	}
	return true, ""
}

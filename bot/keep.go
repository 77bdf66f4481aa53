package bot

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"
)

const (
	methodOpen     = "apps.connections.open"
	methodAuthTest = "auth.test"

	tooManyPause = 30 * time.Second // at least, when Slack counts more sockets than an app may have
)

// timing is what New sets and tests shorten.
type timing struct {
	open time.Duration // for apps.connections.open and the dial, and again for the hello after them
	// A link that was replaced is left when nothing has been delivered through it for leaveIdle, and after leaveAfter at
	// the latest. Slack closes it some ten seconds after its warning: to let it do so is better than to leave, for then no
	// envelope can cross the close frame.
	leaveIdle, leaveAfter time.Duration
}

func defaultTiming() timing {
	return timing{open: 10 * time.Second, leaveIdle: 15 * time.Second, leaveAfter: 30 * time.Second}
}

// keep holds one of the bot's sockets open until ctx ends or something permanent happens. A link that Slack wants to
// refresh is left only when its successor has said hello: envelopes come through the old one until then, and after.
func (b *Bot) keep(ctx context.Context) error {
	var old *link
	for {
		l, err := b.open(ctx)
		if ctx.Err() != nil {
			if err == nil {
				l.goodbye() // too late for hangUp to have seen it
			}
			return nil // stopping is no fault, whatever it interrupted
		}
		if err != nil {
			if fatal, ok := errors.AsType[*PermanentError](err); ok {
				return fatal
			}
			b.postpone(ctx, err)
			continue
		}
		if replaced := old; replaced != nil {
			b.life.Go(func() { b.retire(ctx, replaced) })
			old = nil
		}
		select {
		case <-ctx.Done():
			return nil
		case <-l.leaving:
			old = l
		case <-l.done:
		}
		if err := b.after(ctx, l); err != nil {
			return err
		}
	}
}

// after decides what the end of l means for the next one.
func (b *Bot) after(ctx context.Context, l *link) error {
	lived := time.Since(l.opened)
	b.cfg.Observer.Reconnect(l.reason)
	b.log.InfoContext(ctx, "slack connection is being replaced", "reason", l.reason, "lived", lived.Round(time.Second))
	b.pacer.ended(time.Now(), lived)
	switch l.reason {
	case reasonDisabled:
		return socketModeOff()
	case reasonTooMany:
		return b.tooMany(ctx)
	}
	return nil
}

func (b *Bot) tooMany(ctx context.Context) error {
	pause := tooManyPause + rand.N(tooManyPause) // #nosec G404 -- jitter
	b.log.WarnContext(ctx, "slack counts too many connections of this app, ten are allowed: are other copies running?", "pause", pause)
	_ = sleep(ctx, pause) // keep looks at ctx itself
	return nil
}

// postpone notes that no connection came about.
func (b *Bot) postpone(ctx context.Context, err error) {
	now := time.Now()
	pause := b.pacer.ended(now, 0)
	if wait, limited := retryAfter(err); limited {
		pause = max(pause, wait)
		b.pacer.hold(now, wait)
	}
	b.cfg.Observer.Reconnect("failed")
	b.log.WarnContext(ctx, "slack connection could not be opened", "error", err, "pause", pause.Round(time.Millisecond))
	if errors.Is(err, ErrTooManySockets) {
		_ = b.tooMany(ctx)
	}
}

// goneAtOnce is the error of a link that ended before it said hello.
type goneAtOnce struct{ reason string }

func (e *goneAtOnce) Error() string { return "open socket: ended before hello: " + e.reason }

// Is reports whether target is the word for why the link ended.
func (e *goneAtOnce) Is(target error) bool {
	return target == ErrTooManySockets && e.reason == reasonTooMany
}

// open brings one more socket up to its hello. Its reader runs until the link ends, which b.life counts.
func (b *Bot) open(ctx context.Context) (*link, error) {
	if err := b.pacer.wait(ctx); err != nil {
		return nil, err
	}
	l, err := b.connect(ctx)
	if err != nil {
		return nil, err
	}
	// Envelopes outlive the decision to stop: it is Close that waits for them.
	lasting := context.WithoutCancel(ctx)
	b.life.Go(func() { l.ping(b.cfg.PingEvery) })
	b.life.Go(func() {
		l.read(b.links.alive, func(data []byte) { b.receive(lasting, l, data) })
		if isClosed(l.greeted) {
			b.cfg.Observer.Connected(b.links.remove(l))
		}
	})
	if err := l.awaitHello(ctx, b.timing.open); err != nil {
		l.goodbye()
		if l.reason == reasonDisabled {
			return nil, socketModeOff()
		}
		return nil, err
	}
	b.log.InfoContext(ctx, "connected to slack", "connections", l.hello.NumConnections, "took", time.Since(l.opened).Round(time.Microsecond))
	return l, nil
}

// connect asks for an address and dials it.
func (b *Bot) connect(ctx context.Context) (*link, error) {
	ctx, cancel := context.WithTimeout(ctx, b.timing.open)
	defer cancel()
	address, err := b.socketURL(ctx)
	if err != nil {
		if fatal, ok := permanent(methodOpen, err); ok {
			return nil, fatal
		}
		return nil, err
	}
	if err := checkSocketURL(address, b.cfg.APIURL); err != nil {
		return nil, err
	}
	return dial(ctx, b.dialer, address, b.cfg.ReadDeadline)
}

// socketURL makes the one call that the app-level token is for.
// See https://docs.slack.dev/reference/methods/apps.connections.open
func (b *Bot) socketURL(ctx context.Context) (string, error) {
	start := time.Now()
	_, address, err := b.api.StartSocketModeContext(ctx)
	err = fault(methodOpen, err, true)
	b.cfg.Observer.Call(methodOpen, Class(err), time.Since(start))
	return address, err
}

func (l *link) awaitHello(ctx context.Context, limit time.Duration) error {
	timer := time.NewTimer(limit)
	defer timer.Stop()
	select {
	case <-l.greeted:
		return nil
	case <-l.leaving:
		return &goneAtOnce{l.reason}
	case <-l.done:
		return &goneAtOnce{l.reason}
	case <-timer.C:
		return fmt.Errorf("open socket: no hello within %s", limit)
	case <-ctx.Done():
		return ctx.Err()
	}
}

// retire reads on from a link that has a successor, until Slack closes it, or nothing has come through it for a while.
func (b *Bot) retire(ctx context.Context, l *link) {
	last := time.NewTimer(b.timing.leaveAfter)
	defer last.Stop()
	idle := time.NewTicker(b.timing.leaveIdle)
	defer idle.Stop()
	for seen := l.delivered.Load(); ; {
		select {
		case <-l.done:
			return
		case <-ctx.Done(): // Close says goodbye to every live link
			return
		case <-last.C:
			l.goodbye()
			return
		case <-idle.C:
			now := l.delivered.Load()
			if now == seen {
				l.goodbye()
				return
			}
			seen = now
		}
	}
}

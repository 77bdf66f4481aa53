package socket

import (
	"context"
	"errors"
	"log/slog"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/gorilla/websocket"

	"meetingbot/bot"
)

const tooManyPause = 30 * time.Second // minimum, when Slack counts more sockets than an app may have

// timing is set by New and shortened by tests.
type timing struct {
	open time.Duration // for apps.connections.open and the dial, and again for the hello after them
	// We leave a replaced link when it has delivered nothing for leaveIdle, and after leaveAfter at the latest. Slack
	// closes it some ten seconds after its warning, and letting it do so is better: then no envelope can cross the close
	// frame.
	leaveIdle, leaveAfter time.Duration
}

func defaultTiming() timing {
	return timing{open: 10 * time.Second, leaveIdle: 15 * time.Second, leaveAfter: 30 * time.Second}
}

// sockets holds the bot's connections open. It knows nothing about what comes through
// them.
type sockets struct {
	cfg     Config
	log     *slog.Logger
	client  *bot.Client
	dialer  *websocket.Dialer
	pacer   *pacer
	timing  timing
	links   *links
	deliver func(ctx context.Context, l *link, data []byte)
	life    sync.WaitGroup // readers, pingers and loops
}

func newSockets(cfg Config, client *bot.Client, links *links, deliver func(context.Context, *link, []byte)) *sockets {
	return &sockets{
		cfg: cfg, log: cfg.Logger, client: client, dialer: newDialer(client, cfg),
		pacer: newPacer(cfg.Connections), timing: defaultTiming(), links: links, deliver: deliver,
	}
}

// start begins connecting and checking the bot token. It calls fail with errors that only a person can fix.
func (s *sockets) start(ctx context.Context, fail func(error)) {
	for range s.cfg.Connections {
		s.life.Go(func() { fail(s.connectLoop(ctx)) })
	}
	s.life.Go(func() {
		if err := s.checkToken(ctx); err != nil {
			fail(err)
		}
	})
}

// connectLoop holds one of the bot's sockets open until ctx ends or something permanent happens. A link that Slack wants to
// refresh is left only when its successor has said hello: envelopes come through the old one until then, and after.
func (s *sockets) connectLoop(ctx context.Context) error {
	var old *link
	for {
		l, err := s.open(ctx)
		if ctx.Err() != nil {
			if err == nil {
				l.goodbye() // too late for closeAll to have seen it
			}
			return nil // stopping is not an error, whatever it interrupted
		}
		if err != nil {
			if fatal, ok := errors.AsType[*PermanentError](err); ok && s.isFinal(fatal) {
				return fatal
			}
			s.notOpened(ctx, err)
			continue
		}
		if replaced := old; replaced != nil {
			s.life.Go(func() { s.drain(ctx, replaced) })
			old = nil
		}
		select {
		case <-ctx.Done():
			return nil
		case <-l.leaving:
			old = l
		case <-l.done:
		}
		if err := s.replaced(ctx, l); err != nil {
			return err
		}
	}
}

// isFinal reports whether fatal ends the program: Slack's error codes do, an HTTP status only if nothing has ever
// worked.
func (s *sockets) isFinal(fatal *PermanentError) bool {
	return !fatal.bare || s.links.stats().LastFrame.IsZero()
}

// replaced decides what the end of l means for the next one.
func (s *sockets) replaced(ctx context.Context, l *link) error {
	lived := time.Since(l.opened)
	s.cfg.Observer.Reconnect(l.reason)
	s.log.InfoContext(ctx, "slack connection is being replaced", "reason", l.reason, "lived", lived.Round(time.Second))
	s.pacer.ended(time.Now(), lived)
	switch l.reason {
	case reasonDisabled:
		return socketModeOff()
	case reasonTooMany:
		s.tooMany(ctx)
	}
	return nil
}

func (s *sockets) tooMany(ctx context.Context) {
	pause := tooManyPause + rand.N(tooManyPause) // #nosec G404 -- jitter
	s.log.WarnContext(ctx, "slack counts too many connections of this app, ten are allowed: are other copies running?", "pause", pause)
	_ = sleep(ctx, pause) // connectLoop looks at ctx itself
}

func (s *sockets) notOpened(ctx context.Context, err error) {
	now := time.Now()
	pause := s.pacer.ended(now, 0)
	if e, ok := errors.AsType[*bot.Error](err); ok && errors.Is(e, bot.ErrThrottled) {
		pause = max(pause, e.RetryAfter)
		s.pacer.hold(now, e.RetryAfter)
	}
	s.cfg.Observer.Reconnect("failed")
	s.log.WarnContext(ctx, "slack connection could not be opened", "error", err, "pause", pause.Round(time.Millisecond))
	if errors.Is(err, ErrTooManySockets) {
		s.tooMany(ctx)
	}
}

// open opens another socket and waits for its hello. Its reader runs until the link ends, which s.life
// counts.
func (s *sockets) open(ctx context.Context) (*link, error) {
	if err := s.pacer.wait(ctx); err != nil {
		return nil, err
	}
	l, err := s.connect(ctx)
	if err != nil {
		return nil, err
	}
	// Envelopes outlive the decision to stop: Close waits for them.
	lasting := context.WithoutCancel(ctx)
	s.life.Go(func() { l.ping(s.cfg.PingEvery) })
	s.life.Go(func() {
		l.read(s.links.alive, func(data []byte) { s.deliver(lasting, l, data) })
		if isClosed(l.greeted) {
			s.cfg.Observer.Connected(s.links.remove(l))
		}
	})
	if err := l.awaitHello(ctx, s.timing.open); err != nil {
		l.goodbye()
		if l.reason == reasonDisabled {
			return nil, socketModeOff()
		}
		return nil, err
	}
	s.log.InfoContext(ctx, "connected to slack", "connections", l.hello.NumConnections, "took", time.Since(l.opened).Round(time.Microsecond))
	return l, nil
}

// drain keeps reading from a replaced link until Slack closes it, or nothing has come through it for a while.
func (s *sockets) drain(ctx context.Context, l *link) {
	last := time.NewTimer(s.timing.leaveAfter)
	defer last.Stop()
	idle := time.NewTicker(s.timing.leaveIdle)
	defer idle.Stop()
	for seen := l.delivered.Load(); ; {
		select {
		case <-l.done:
			return
		case <-ctx.Done(): // closeAll says goodbye to every live link
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

// closeAll closes the links one by one, so that what arrives meanwhile can be acked through the next, and waits for
// everything that start began.
func (s *sockets) closeAll() {
	for {
		live, _ := s.links.all()
		if len(live) == 0 {
			break
		}
		live[0].goodbye()
		s.links.remove(live[0])
	}
	s.life.Wait()
}

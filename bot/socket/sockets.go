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
	"meetingbot/internal/background"
)

const tooManyPause = 30 * time.Second // minimum pause when the app has too many sockets

// timing is set by New and shortened by tests.
type timing struct {
	open time.Duration // for apps.connections.open plus the dial, and again for the hello
	// A replaced link is closed once it has delivered nothing for drainIdle, and after drainMax at the latest. Slack
	// closes it some ten seconds after its warning; it is better to wait for that, because then no envelope can cross our
	// close frame.
	drainIdle, drainMax time.Duration
	// A mere HTTP status that looks permanent may come from a proxy that starts at the same time as the bot. It counts
	// once no connection has worked for so long after the start.
	doubt time.Duration
}

// sockets keeps the bot's connections open. It doesn't look at what comes through them.
type sockets struct {
	cfg     Config
	log     *slog.Logger
	client  *bot.Client
	dialer  *websocket.Dialer
	pacer   pacer
	timing  timing
	links   *links
	deliver func(ctx context.Context, l *link, data []byte)
	life    sync.WaitGroup // connect loops, readers and pingers
	started time.Time
}

func newSockets(cfg Config, client *bot.Client, links *links, deliver func(context.Context, *link, []byte)) *sockets {
	return &sockets{
		cfg: cfg, log: cfg.Logger, client: client, dialer: newDialer(client, cfg),
		pacer: pacer{free: cfg.Connections}, links: links, deliver: deliver,
		timing: timing{open: 10 * time.Second, drainIdle: 15 * time.Second, drainMax: 30 * time.Second, doubt: time.Minute},
	}
}

// start connects and checks the bot token in the background. It calls fail with errors that only a person can fix.
func (s *sockets) start(ctx context.Context, fail func(error)) {
	s.started = time.Now()
	for range s.cfg.Connections {
		s.life.Go(func() { fail(s.connectLoop(ctx)) })
	}
	s.life.Go(func() {
		if err := s.checkToken(ctx); err != nil {
			fail(err)
		}
	})
}

// connectLoop keeps one socket open until ctx ends or a permanent error occurs. A link that Slack wants to refresh stays
// open until its successor has said hello, because envelopes still come through it.
func (s *sockets) connectLoop(ctx context.Context) error {
	var old *link
	for {
		l, err := s.open(ctx)
		if ctx.Err() != nil {
			if err == nil {
				l.closeGracefully() // closeAll may have missed it
			}
			return nil // stopping is never an error
		}
		if err != nil {
			if fatal, ok := errors.AsType[*PermanentError](err); ok && s.isFinal(fatal) {
				return fatal
			}
			s.openFailed(ctx, err)
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
		if err := s.handleEnd(ctx, l); err != nil {
			return err
		}
	}
}

// isFinal reports whether fatal ends Run. Slack's error codes do, a mere HTTP status only if it lasts and no connection
// ever worked.
func (s *sockets) isFinal(fatal *PermanentError) bool {
	return !fatal.statusOnly || s.links.stats().LastFrame.IsZero() && time.Since(s.started) >= s.timing.doubt
}

// handleEnd records the end of l and returns an error if connecting again is pointless.
func (s *sockets) handleEnd(ctx context.Context, l *link) error {
	lived := time.Since(l.opened)
	s.cfg.Observer.Reconnect(l.reason)
	s.log.InfoContext(ctx, "slack connection is being replaced", "reason", l.reason, "lived", lived.Round(time.Second))
	s.pacer.ended(lived)
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
	s.log.WarnContext(ctx, "slack refuses more than ten connections per app; are other copies running?", "pause", pause)
	_ = background.Sleep(ctx, pause) // connectLoop checks ctx itself
}

func (s *sockets) openFailed(ctx context.Context, err error) {
	pause := s.pacer.ended(0)
	if e, ok := errors.AsType[*bot.Error](err); ok && errors.Is(e, bot.ErrThrottled) {
		pause = max(pause, e.RetryAfter)
		s.pacer.hold(e.RetryAfter)
	}
	s.cfg.Observer.Reconnect("failed")
	s.log.WarnContext(ctx, "slack connection could not be opened", "error", err, "pause", pause.Round(time.Millisecond))
	if errors.Is(err, ErrTooManySockets) {
		s.tooMany(ctx)
	}
}

// open opens another socket and waits for its hello. Its reader runs until the link ends; s.life tracks it.
func (s *sockets) open(ctx context.Context) (*link, error) {
	if err := s.pacer.wait(ctx); err != nil {
		return nil, err
	}
	l, err := s.connect(ctx)
	if err != nil {
		return nil, err
	}
	// Handlers may run on after ctx ends: Close waits for them.
	detached := context.WithoutCancel(ctx)
	s.life.Go(func() { l.ping(s.cfg.PingEvery) })
	s.life.Go(func() {
		l.read(s.links.touch, func(data []byte) { s.deliver(detached, l, data) })
		if isClosed(l.greeted) {
			s.cfg.Observer.Connected(s.links.remove(l))
		}
	})
	if err := l.awaitHello(ctx, s.timing.open); err != nil {
		l.closeGracefully()
		if l.reason == reasonDisabled {
			return nil, socketModeOff()
		}
		return nil, err
	}
	s.log.InfoContext(ctx, "connected to slack", "connections", l.hello.NumConnections, "took", time.Since(l.opened).Round(time.Microsecond))
	return l, nil
}

// drain waits until Slack closes a replaced link or the link has been idle for a while, then closes it.
func (s *sockets) drain(ctx context.Context, l *link) {
	last := time.NewTimer(s.timing.drainMax)
	defer last.Stop()
	idle := time.NewTicker(s.timing.drainIdle)
	defer idle.Stop()
	for seen := l.delivered.Load(); ; {
		select {
		case <-l.done:
			return
		case <-ctx.Done(): // closeAll closes every live link
			return
		case <-last.C:
			l.closeGracefully()
			return
		case <-idle.C:
			now := l.delivered.Load()
			if now == seen {
				l.closeGracefully()
				return
			}
			seen = now
		}
	}
}

// closeAll closes the links one by one, so that late envelopes can be acked over the next one, and waits for everything
// that start began.
func (s *sockets) closeAll() {
	for {
		live, _ := s.links.all()
		if len(live) == 0 {
			break
		}
		live[0].closeGracefully()
		s.links.remove(live[0])
	}
	s.life.Wait()
}

package socket

import (
	"context"
	"errors"
	"fmt"
	"time"
)

func (s *sockets) connect(ctx context.Context) (*link, error) {
	ctx, cancel := context.WithTimeout(ctx, s.timing.open)
	defer cancel()
	address, err := s.client.SocketURL(ctx)
	if err != nil {
		if fatal, ok := permanent(appVariable, err); ok {
			return nil, fatal
		}
		return nil, err
	}
	return dial(ctx, s.dialer, address.Reveal(), s.cfg.ReadDeadline)
}

// ErrTooManySockets means that Slack refused a socket because the app already has the ten it may have.
var ErrTooManySockets = errors.New("too many sockets")

type goneAtOnce struct{ reason string }

func (e *goneAtOnce) Error() string { return "open socket: ended before hello: " + e.reason }

// Is reports whether target is the reason why the link ended.
func (e *goneAtOnce) Is(target error) bool {
	return target == ErrTooManySockets && e.reason == reasonTooMany
}

// awaitHello waits until l is live. What else has become of it by then is for its holder to see: a link that Slack greets
// and wants to refresh in the same moment still delivers.
func (l *link) awaitHello(ctx context.Context, limit time.Duration) error {
	var err error
	select {
	case <-l.greeted:
	case <-l.leaving:
		err = &goneAtOnce{l.reason}
	case <-l.done:
		err = &goneAtOnce{l.reason}
	case <-time.After(limit):
		err = fmt.Errorf("open socket: no hello within %s", limit)
	case <-ctx.Done():
		err = ctx.Err()
	}
	if isClosed(l.greeted) {
		return nil
	}
	return err
}

// checkToken asks Slack about the bot token until there is an answer.
func (s *sockets) checkToken(ctx context.Context) error {
	pause := backoffFirst
	for {
		_, err := s.client.Identify(ctx)
		if err == nil || ctx.Err() != nil {
			return nil //nolint:nilerr // stopping is not an error, whatever it interrupted
		}
		if fatal, ok := RefusedBotToken(err); ok {
			return fatal
		}
		s.log.WarnContext(ctx, "slack does not say who the bot is", "error", err, "pause", pause)
		_ = sleep(ctx, pause) // the next round looks at ctx
		pause = min(2*pause, backoffMost)
	}
}

// ProbeResult is what Probe found.
type ProbeResult struct {
	AppID          string
	NumConnections int           // sockets of this app that Slack counts, including the probe's
	Took           time.Duration // from the first call to hello
}

// Probe opens one socket, waits for Slack's hello and closes it again: proof that events could be received. While it is
// open, Slack may send it an event, which is not acked, so that person has to try again. The error is a *PermanentError if
// somebody has to change something, and ErrTooManySockets if the app already has all the sockets it may have.
func (b *Bot) Probe(ctx context.Context) (ProbeResult, error) {
	start := time.Now()
	l, err := b.sockets.connect(ctx)
	if err != nil {
		return ProbeResult{}, err
	}
	go l.read(func() {}, func(data []byte) {
		f, err := decode(data)
		switch {
		case err != nil:
		case f.Type == "hello" && !isClosed(l.greeted):
			l.hello = f
			close(l.greeted)
		case f.Type == "disconnect":
			l.leave(f.Reason)
		}
	})
	err = l.awaitHello(ctx, b.sockets.timing.open)
	took := time.Since(start)
	l.goodbye()
	switch {
	case l.reason == reasonDisabled:
		return ProbeResult{}, socketModeOff()
	case l.reason == reasonTooMany: // Slack may greet a socket before it counts
		return ProbeResult{}, &goneAtOnce{l.reason}
	case err != nil:
		return ProbeResult{}, err
	}
	return ProbeResult{AppID: l.hello.Connection.AppID, NumConnections: l.hello.NumConnections, Took: took}, nil
}

package socket

import (
	"context"
	"errors"
	"fmt"
	"time"

	"meetingbot/internal/background"
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

// ErrTooManySockets means that Slack refused a socket because the app already has ten, Slack's limit.
var ErrTooManySockets = errors.New("too many sockets")

type noHelloError struct{ reason string }

func (e *noHelloError) Error() string { return "open socket: ended before hello: " + e.reason }

// Is reports whether target is ErrTooManySockets and that is why the link ended.
func (e *noHelloError) Is(target error) bool {
	return target == ErrTooManySockets && e.reason == reasonTooMany
}

// awaitHello waits for Slack's hello. It succeeds even if the link has since been closed or is about to be: a link that
// Slack greets and asks to refresh at the same moment still delivers.
func (l *link) awaitHello(ctx context.Context, limit time.Duration) error {
	var err error
	select {
	case <-l.greeted:
	case <-l.leaving:
		err = &noHelloError{l.reason}
	case <-l.done:
		err = &noHelloError{l.reason}
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

// checkToken checks the bot token with Slack, retrying until there is an answer.
func (s *sockets) checkToken(ctx context.Context) error {
	pause := backoffFirst
	for {
		_, err := s.client.Identify(ctx)
		if err == nil || ctx.Err() != nil {
			return nil //nolint:nilerr // stopping is never an error
		}
		if fatal, ok := PermanentTokenError(err); ok && s.isFinal(fatal) {
			return fatal
		}
		s.log.WarnContext(ctx, "could not check the bot token", "error", err, "pause", pause)
		_ = background.Sleep(ctx, pause) // the next round checks ctx
		pause = min(2*pause, backoffMost)
	}
}

// ProbeResult is the result of a Probe.
type ProbeResult struct {
	AppID          string
	NumConnections int           // the app's open sockets by Slack's count, including the probe's
	Took           time.Duration // from the first call to hello
}

// Probe opens one socket, waits for Slack's hello and closes it, which proves that the bot can receive events. An event
// that Slack sends over it is not acked, so that person has to try again. The error is a *PermanentError if only a person
// can fix it, and ErrTooManySockets if the app already has as many sockets as Slack allows.
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
	l.closeGracefully()
	switch {
	case l.reason == reasonDisabled:
		return ProbeResult{}, socketModeOff()
	case l.reason == reasonTooMany: // Slack may greet a socket before it counts
		return ProbeResult{}, &noHelloError{l.reason}
	case err != nil:
		return ProbeResult{}, err
	}
	return ProbeResult{AppID: l.hello.Connection.AppID, NumConnections: l.hello.NumConnections, Took: took}, nil
}

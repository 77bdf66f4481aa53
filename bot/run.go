package bot

import (
	"context"
	"errors"
	"time"
)

// Run connects to Slack and hands events over until ctx ends or Close is called, then stops in good order and returns nil.
// It returns a *PermanentError when somebody has to change something first; anything else it survives by itself.
// When ctx ends, handlers get Config.CloseTimeout to finish; Close gives them what the caller likes. Call Run once.
func (b *Bot) Run(ctx context.Context) error {
	serving, stop := context.WithCancelCause(context.WithoutCancel(ctx))
	b.mu.Lock()
	if b.finished != nil {
		b.mu.Unlock()
		panic("bot: Run called twice")
	}
	b.stop, b.finished = stop, make(chan struct{})
	b.mu.Unlock()
	defer close(b.finished)

	for range b.cfg.Connections {
		b.life.Go(func() { stop(b.keep(serving)) })
	}
	b.life.Go(func() {
		if err := b.checkToken(serving); err != nil {
			stop(err)
		}
	})

	select {
	case <-ctx.Done():
		b.drain(context.WithoutCancel(ctx), b.cfg.CloseTimeout)
	case <-serving.Done():
	}
	stop(nil)
	fatal, isFatal := errors.AsType[*PermanentError](context.Cause(serving))
	if isFatal {
		b.drain(context.WithoutCancel(ctx), min(b.cfg.CloseTimeout, fatalDrain))
	}
	b.hangUp(context.WithoutCancel(ctx))
	if isFatal {
		return fatal
	}
	return nil
}

// fatalDrain is what handlers get to finish when the program has to end.
const fatalDrain = 2 * time.Second

// Close stops Run in good order. From now on Ready is false, but the sockets stay open, and what arrives is handed over
// and acked, until the handlers are done or ctx ends; then the sockets are closed with a close frame and Run returns.
// Close returns when Run has, or with ctx's error. Without Run it does nothing.
func (b *Bot) Close(ctx context.Context) error {
	b.mu.Lock()
	stop, finished := b.stop, b.finished
	b.mu.Unlock()
	if finished == nil {
		return nil
	}
	b.drain(ctx, 0)
	stop(nil)
	select {
	case <-finished:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// drain waits until no handler is at work, for at most so long if limit is not zero, and at most as long as ctx lasts.
func (b *Bot) drain(ctx context.Context, limit time.Duration) {
	b.markClosing()
	if limit > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, limit)
		defer cancel()
	}
	select {
	case <-b.atWork.gone():
	case <-ctx.Done():
	}
}

func (b *Bot) markClosing() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if !isClosed(b.closing) {
		close(b.closing)
	}
}

// hangUp closes the links one by one, so that what arrives meanwhile can be acked through the next, and waits for all that
// the bot has started.
func (b *Bot) hangUp(ctx context.Context) {
	b.markClosing()
	for {
		live, _ := b.links.all()
		if len(live) == 0 {
			break
		}
		live[0].goodbye()
		b.links.remove(live[0])
	}
	close(b.stopped)
	b.life.Wait()
	ctx, cancel := context.WithTimeout(ctx, b.cfg.HandOverTimeout)
	defer cancel()
	for _, c := range []*crowd{&b.atWork, &b.atDoor} {
		select {
		case <-c.gone():
		case <-ctx.Done():
			b.log.WarnContext(ctx, "stopped while handlers were still at work")
		}
	}
	b.wire.close()
}

// checkToken asks Slack about the bot token until there is an answer.
func (b *Bot) checkToken(ctx context.Context) error {
	pause := backoffFirst
	for {
		_, err := b.Identify(ctx)
		if err == nil || ctx.Err() != nil {
			return nil //nolint:nilerr // stopping is no fault, whatever it interrupted
		}
		if fatal, ok := permanent(methodAuthTest, err); ok {
			return fatal
		}
		b.log.WarnContext(ctx, "slack does not say who the bot is", "error", err, "pause", pause)
		_ = sleep(ctx, pause) // the next round looks at ctx
		pause = min(2*pause, backoffMost)
	}
}

// ProbeResult is what Probe found.
type ProbeResult struct {
	AppID          string
	NumConnections int           // sockets of this app that Slack counts, the probe's included
	Lifetime       time.Duration // how long Slack means to keep a socket; zero if it did not say
	Took           time.Duration // from the first call to hello
}

// Probe opens one socket, waits for Slack's hello and closes it again: proof that events could be received. For the moment
// it is open Slack may send it an event, which is not acked, so that its person is asked to try again.
// Its error is a *PermanentError where somebody has to change something, and is ErrTooManySockets where the app has all that
// it may have.
func (b *Bot) Probe(ctx context.Context) (ProbeResult, error) {
	start := time.Now()
	l, err := b.connect(ctx)
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
	err = l.awaitHello(ctx, b.timing.open)
	took := time.Since(start)
	l.goodbye()
	if err != nil {
		if l.reason == reasonDisabled {
			return ProbeResult{}, socketModeOff()
		}
		return ProbeResult{}, err
	}
	return ProbeResult{
		AppID: l.hello.Connection.AppID, NumConnections: l.hello.NumConnections,
		Lifetime: time.Duration(l.hello.Debug.Lifetime) * time.Second, Took: took,
	}, nil
}

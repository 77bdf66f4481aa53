package bot

import (
	"context"
	"errors"
	"time"
)

// ErrBusy is why an envelope was not handed over when Config.InFlight others are being worked on.
var ErrBusy = errors.New("too much at once")

// receive takes one frame off a link. It returns at once: the link's pings and the next envelopes are waiting.
func (b *Bot) receive(ctx context.Context, l *link, data []byte) {
	at := time.Now()
	f, err := decode(data)
	if err != nil {
		b.malformed(ctx, l, err, at)
		return
	}
	switch f.Type {
	case "hello":
		b.welcome(l, f)
	case "disconnect":
		l.leave(f.Reason)
	default:
		b.welcome(l, frame{}) // what delivers is live, hello or not
		l.delivered.Add(1)
		b.admit(ctx, l, f.envelope(at))
	}
}

// welcome makes l one of the live links.
func (b *Bot) welcome(l *link, hello frame) {
	if isClosed(l.greeted) {
		return
	}
	l.hello = hello
	b.cfg.Observer.Connected(b.links.add(l))
	close(l.greeted)
}

// admit starts work on an envelope, or turns it away.
func (b *Bot) admit(ctx context.Context, l *link, env envelope) {
	if env.id == "" {
		b.log.WarnContext(ctx, "slack sent a frame without an envelope id", "kind", env.kind, "name", env.name)
		return
	}
	if b.atWork.enter() {
		go func() {
			defer b.atWork.leave()
			b.work(ctx, l, env)
		}()
		return
	}
	b.observe(env, "busy")
	b.log.WarnContext(ctx, "slack envelope turned away", "kind", env.kind, "name", env.name, "envelope", env.id)
	if b.atDoor.enter() {
		go func() {
			defer b.atDoor.leave()
			b.tell(ctx, env, b.cfg.NotStored(env.origin, ErrBusy))
		}()
	}
}

// malformed acks what can't be read: the same bytes would come again and be no better.
func (b *Bot) malformed(ctx context.Context, l *link, err error, at time.Time) {
	env := envelope{kind: kindOther, origin: Origin{Received: at}}
	if bad, ok := errors.AsType[*errMalformed](err); ok {
		env.id = bad.id
	}
	b.log.WarnContext(ctx, "slack sent a frame that can't be read", "envelope", env.id)
	if env.id == "" || !b.atWork.enter() {
		return
	}
	go func() {
		defer b.atWork.leave()
		b.ack(ctx, l, env, "malformed")
	}()
}

// work brings one envelope to its handler and, if that has stored it, acks it.
func (b *Bot) work(ctx context.Context, l *link, env envelope) {
	for {
		claim, mine := b.recent.claim(env.id)
		if mine {
			b.handOver(ctx, l, env, func(stored bool) { b.recent.settle(env.id, claim, stored) })
			return
		}
		// The same envelope again. Whether it may be acked depends on how its first coming ends.
		select {
		case <-claim.done:
		case <-time.After(ackWindow):
			return
		}
		if claim.stored {
			b.cfg.Observer.Duplicate()
			b.ack(ctx, l, env, "duplicate")
			return
		}
	}
}

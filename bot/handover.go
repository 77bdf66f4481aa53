package bot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"runtime/debug"
	"time"
)

// ErrBusy is why an envelope was not handed over when Config.InFlight others are being worked on.
var ErrBusy = errors.New("too much at once")

const (
	ackWindow   = 10 * time.Second // an ack is worth sending for so long: late ones stop redeliveries
	tellTimeout = 10 * time.Second
)

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
			stored := b.handOver(ctx, l, env)
			b.recent.settle(env.id, claim, stored)
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

// handOver calls the handler and reports whether Slack needs to send the envelope no more.
func (b *Bot) handOver(ctx context.Context, l *link, env envelope) (stored bool) {
	limit, cancel := context.WithTimeout(ctx, b.cfg.HandOverTimeout)
	defer cancel()
	// A handler that overstays can't be stopped, but the person need not wait for it.
	told := make(chan struct{})
	overdue := time.AfterFunc(b.cfg.HandOverTimeout, func() {
		defer close(told)
		b.tell(ctx, env, b.cfg.NotStored(env.origin, context.DeadlineExceeded))
	})
	known, err := b.dispatch(limit, env)
	inTime := overdue.Stop()
	if !inTime {
		defer func() { <-told }()
	}
	switch {
	case !known:
		b.ack(ctx, l, env, "unknown")
		b.stranger(ctx, env)
		return true
	case err == nil:
		b.ack(ctx, l, env, "stored")
		return true
	}
	b.observe(env, "failed")
	attrs := []any{"kind", env.kind, "name", env.name, "envelope", env.id, "user", string(env.origin.User), "error", err}
	if p, ok := errors.AsType[*panicError](err); ok {
		attrs = append(attrs, "stack", string(p.stack))
	}
	b.log.ErrorContext(ctx, "slack envelope was not handed over", attrs...)
	if inTime {
		b.tell(ctx, env, b.cfg.NotStored(env.origin, err))
	}
	return false
}

// panicError is what a handler's panic becomes.
type panicError struct {
	value any
	stack []byte
}

func (e *panicError) Error() string { return fmt.Sprintf("panic: %v", e.value) }

// dispatch finds the handler and calls it. known is false if nobody registered.
func (b *Bot) dispatch(ctx context.Context, env envelope) (known bool, err error) {
	defer func() {
		if p := recover(); p != nil {
			known, err = true, &panicError{value: p, stack: debug.Stack()}
		}
	}()
	switch e := env.event.(type) {
	case Command:
		return route(ctx, b.routes.commands, env.name, e)
	case Click:
		return route(ctx, b.routes.clicks, env.name, e)
	case Shortcut:
		return route(ctx, b.routes.shortcuts, env.name, e)
	case Submission:
		return route(ctx, b.routes.submissions, env.name, e)
	}
	return false, nil
}

func route[E any](ctx context.Context, handlers map[string]func(context.Context, E) error, name string, event E) (bool, error) {
	h, ok := handlers[name]
	if !ok {
		return false, nil
	}
	return true, h(ctx, event)
}

// stranger answers what nobody handles: a button of an older version, or another program's command.
func (b *Bot) stranger(ctx context.Context, env envelope) {
	b.log.InfoContext(ctx, "slack sent something nobody handles", "kind", env.kind, "name", env.name, "envelope", env.id)
	if env.event != nil && !env.silent {
		b.tell(ctx, env, b.cfg.Unknown(env.origin))
	}
}

// tell shows m to the person behind env: through the response_url, which works everywhere, else in the conversation.
func (b *Bot) tell(ctx context.Context, env envelope, m Message) {
	o := env.origin
	ctx, cancel := context.WithTimeout(ctx, tellTimeout)
	defer cancel()
	err := b.Respond(ctx, o.ResponseURL, Response{Message: m})
	if err != nil && o.Channel != "" && o.User != "" {
		thread := ""
		if click, ok := env.event.(Click); ok {
			thread = click.Thread
		}
		err = b.Ephemeral(ctx, o.Channel, o.User, thread, m)
	}
	if err != nil {
		b.log.WarnContext(ctx, "a person could not be told", "user", string(o.User), "envelope", env.id, "error", err)
	}
}

// ack confirms env to Slack, over the link it came by if that still works, else over any other, waiting a while for one.
func (b *Bot) ack(ctx context.Context, l *link, env envelope, result string) {
	if err := b.confirm(l, env); err != nil {
		b.log.WarnContext(ctx, "slack could not be told that an envelope was received", "kind", env.kind, "envelope", env.id, "error", err)
		result = "ack_lost"
	}
	b.observe(env, result)
}

func (b *Bot) confirm(l *link, env envelope) error {
	data, err := ackFrame(env.id)
	if err != nil {
		return err
	}
	err = l.send(data)
	deadline := env.origin.Received.Add(ackWindow)
	for err != nil {
		live, up := b.links.all()
		for _, other := range live {
			if other.send(data) == nil {
				return nil
			}
		}
		if !b.awaitLink(up, deadline) {
			break
		}
	}
	return err
}

// ackFrame is the bare ack: Slack takes a payload in it too, but answers by other ways have no limit of 20 kB.
func ackFrame(id string) ([]byte, error) {
	data, err := json.Marshal(struct {
		EnvelopeID string `json:"envelope_id"`
	}{id})
	if err == nil && len(data) >= ackLimit {
		err = errors.New("ack: the envelope's id is too long for one")
	}
	return data, err
}

// awaitLink reports whether one more link came up in time.
func (b *Bot) awaitLink(up <-chan struct{}, deadline time.Time) bool {
	timer := time.NewTimer(time.Until(deadline))
	defer timer.Stop()
	select {
	case <-up:
		return true
	case <-b.stopped:
		return false
	case <-timer.C:
		return false
	}
}

func (b *Bot) observe(env envelope, result string) {
	b.cfg.Observer.Envelope(env.kind, result, time.Since(env.origin.Received))
}

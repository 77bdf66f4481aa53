package socket

import (
	"context"
	"errors"
	"log/slog"
	"runtime/debug"
	"time"

	"meetingbot/bot"
	"meetingbot/internal/background"
)

// ErrBusy means that an envelope was rejected because Config.InFlight others are in progress, or because its turn didn't
// come in time.
var ErrBusy = errors.New("too many events at once")

// ErrOverdue means that a handler hasn't returned in time. It may have stored the envelope, or may still do so.
var ErrOverdue = errors.New("handler did not return in time")

const (
	// rejectLimit is how many people are told at once that the bot is busy; the rest see only Slack's own error.
	rejectLimit = 64
	// grace is how long after its deadline a handler may return before the person is told that the outcome is uncertain.
	grace = 200 * time.Millisecond
	// queueShare is the part of Config.HandOverTimeout that an envelope may spend in the queue, in percent.
	queueShare = 60
	// tellTimeout is how long telling a person may take, and respondTimeout how much of that their response_url may.
	tellTimeout    = 10 * time.Second
	respondTimeout = 6 * time.Second
)

// intake takes envelopes from the socket to their acks.
type intake struct {
	cfg    Config
	log    *slog.Logger
	client *bot.Client
	routes routes
	links  *links

	queue     queue
	rejecting background.InFlight // people being told that the bot is busy
	answers   answers
	closed    chan struct{} // closed when no more links will be added
}

func newIntake(cfg Config, client *bot.Client, routes routes, links *links) *intake {
	return &intake{
		cfg: cfg, log: cfg.Logger, client: client, routes: routes, links: links,
		queue:     queue{inFlight: background.InFlight{Limit: cfg.InFlight}, workers: cfg.Workers},
		rejecting: background.InFlight{Limit: rejectLimit}, closed: make(chan struct{}),
	}
}

// receive takes one frame from a link. It must return at once, because the link's pings and further envelopes wait for it.
func (in *intake) receive(ctx context.Context, l *link, data []byte) {
	at := time.Now()
	f, err := decode(data)
	if err != nil {
		in.malformed(ctx, l, envelope{id: f.EnvelopeID, kind: kindOther, origin: bot.Origin{Received: at}})
		return
	}
	switch f.Type {
	case "hello":
		in.markLive(l, f)
	case "disconnect":
		l.leave(f.Reason)
	default:
		in.markLive(l, frame{}) // a link that delivers is live, even without a hello
		l.delivered.Add(1)
		if env := f.envelope(at); env.event != nil && env.origin.User == "" {
			in.malformed(ctx, l, env)
		} else {
			in.admit(ctx, l, env)
		}
	}
}

func (in *intake) markLive(l *link, hello frame) {
	if isClosed(l.greeted) {
		return
	}
	l.hello = hello
	in.cfg.Observer.Connected(in.links.add(l))
	close(l.greeted)
}

// admit starts handling an envelope, or rejects it.
func (in *intake) admit(ctx context.Context, l *link, env envelope) {
	if env.id == "" {
		in.log.WarnContext(ctx, "slack sent a frame without an envelope id", "kind", env.kind, "name", env.name)
		return
	}
	ok := in.queue.add(env.rank(), in.cfg.HandOverTimeout*queueShare/100, &work{
		do:       func() { in.handOver(ctx, l, env) },
		onExpire: func() { in.reject(ctx, env) },
	})
	if !ok {
		in.reject(ctx, env)
	}
}

// reject tells the person who caused env to try again, unless too many are being told at once.
func (in *intake) reject(ctx context.Context, env envelope) {
	in.observe(env, "busy")
	in.log.WarnContext(ctx, "slack envelope rejected", "kind", env.kind, "name", env.name, "envelope", env.id)
	if in.rejecting.Enter() {
		go func() {
			defer in.rejecting.Leave()
			in.tell(ctx, env, in.cfg.NotStored(env.origin, ErrBusy))
		}()
	}
}

// malformed acks a frame that can't be decoded, or doesn't say who caused it; otherwise Slack would redeliver it.
func (in *intake) malformed(ctx context.Context, l *link, env envelope) {
	in.log.WarnContext(ctx, "slack sent a malformed frame", "kind", env.kind, "name", env.name, "envelope", env.id)
	if env.id == "" {
		return
	}
	in.queue.add(rankBackground, ackWindow, &work{do: func() { in.ack(ctx, l, env, "malformed") }, onExpire: func() {}})
}

// handOver calls the handler and acks the envelope if it was stored, or else tells the person.
func (in *intake) handOver(ctx context.Context, l *link, env envelope) {
	limit, cancel := context.WithDeadline(bot.WithTeam(ctx, env.origin.Team), env.origin.Received.Add(in.cfg.HandOverTimeout))
	defer cancel()
	// A handler that ignores its deadline can't be stopped and may still succeed, but the person needn't wait for it.
	told := make(chan struct{})
	overdue := time.AfterFunc(time.Until(env.origin.Received.Add(in.cfg.HandOverTimeout+grace)), func() {
		defer close(told)
		in.tell(ctx, env, in.cfg.NotStored(env.origin, ErrOverdue))
	})
	known, err := in.dispatch(limit, env)
	inTime := overdue.Stop()
	if !inTime {
		defer func() { <-told }()
	}
	switch {
	case !known:
		in.ack(ctx, l, env, "unknown")
		in.unknownAction(ctx, env)
	case errors.Is(err, bot.ErrDuplicate):
		in.ack(ctx, l, env, "duplicate")
	case err == nil:
		in.ack(ctx, l, env, "stored")
	default:
		in.observe(env, "failed")
		in.reportFailure(ctx, env, err)
		if inTime {
			in.tell(ctx, env, in.cfg.NotStored(env.origin, err))
		}
	}
}

func (in *intake) dispatch(ctx context.Context, env envelope) (known bool, err error) {
	defer func() {
		if p := recover(); p != nil {
			known, err = true, &panicError{value: p, stack: debug.Stack()}
		}
	}()
	return in.routes.dispatch(ctx, env)
}

// finish waits until no handler and no answer is in progress, or ctx ends.
func (in *intake) finish(ctx context.Context) {
	close(in.closed)
	for _, work := range []*background.InFlight{&in.queue.inFlight, &in.rejecting} {
		if work.Wait(ctx) != nil {
			in.log.WarnContext(ctx, "stopped while handlers were still running")
		}
	}
}

func (in *intake) observe(env envelope, result string) {
	in.cfg.Observer.Envelope(env.kind, result, time.Since(env.origin.Received))
}

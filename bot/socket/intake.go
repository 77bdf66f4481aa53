package socket

import (
	"context"
	"errors"
	"log/slog"
	"runtime/debug"
	"time"

	"meetingbot/bot"
)

// ErrBusy means that an envelope was not handed over because Config.InFlight others
// are in progress, or because its turn did not come in time.
var ErrBusy = errors.New("too much at once")

// ErrOverdue means that a handler has not returned in time: it may have stored the envelope,
// or do so yet.
var ErrOverdue = errors.New("the handler did not return in time")

const (
	// rejectLimit bounds how many people are being told at once that there is no room; the rest see only Slack's own
	// error.
	rejectLimit = 64
	// grace is how long a handler may take to return after its deadline, before the person is told that the outcome is
	// uncertain.
	grace = 200 * time.Millisecond
	// queueShare is the part of Config.HandOverTimeout that an envelope may spend waiting for its turn, in percent.
	queueShare = 60
	// tellTimeout is how long telling a person may take.
	tellTimeout = 10 * time.Second
)

// intake takes an envelope from the socket to its ack: decoded, handed over to the handler, acked.
type intake struct {
	cfg    Config
	log    *slog.Logger
	client *bot.Client
	routes routes
	links  *links

	queue     queue
	rejecting group // people being told that there is no room
	answers   answers
	closed    chan struct{} // closed when no more links will come
}

func newIntake(cfg Config, client *bot.Client, routes routes, links *links) *intake {
	return &intake{
		cfg: cfg, log: cfg.Logger, client: client, routes: routes, links: links,
		queue:     queue{inFlight: group{limit: cfg.InFlight}, workers: cfg.Workers},
		rejecting: group{limit: rejectLimit}, closed: make(chan struct{}),
	}
}

// receive takes one frame from a link. It must return at once, because the link's pings and the next envelopes
// are waiting.
func (in *intake) receive(ctx context.Context, l *link, data []byte) {
	at := time.Now()
	f, err := decode(data)
	if err != nil {
		in.malformed(ctx, l, f.EnvelopeID, at)
		return
	}
	switch f.Type {
	case "hello":
		in.welcome(l, f)
	case "disconnect":
		l.leave(f.Reason)
	default:
		in.welcome(l, frame{}) // a link that delivers is live, hello or not
		l.delivered.Add(1)
		in.admit(ctx, l, f.envelope(at))
	}
}

func (in *intake) welcome(l *link, hello frame) {
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
		do:      func() { in.handOver(ctx, l, env) },
		tooLate: func() { in.reject(ctx, env) },
	})
	if !ok {
		in.reject(ctx, env)
	}
}

// reject tells the person behind env to try again, unless too many are being told at once.
func (in *intake) reject(ctx context.Context, env envelope) {
	in.observe(env, "busy")
	in.log.WarnContext(ctx, "slack envelope rejected", "kind", env.kind, "name", env.name, "envelope", env.id)
	if in.rejecting.enter() {
		go func() {
			defer in.rejecting.leave()
			in.tell(ctx, env, in.cfg.NotStored(env.origin, ErrBusy))
		}()
	}
}

// malformed acks what can't be decoded: otherwise the same bytes would come again.
func (in *intake) malformed(ctx context.Context, l *link, id string, at time.Time) {
	in.log.WarnContext(ctx, "slack sent a frame that can't be read", "envelope", id)
	if id == "" {
		return
	}
	env := envelope{id: id, kind: kindOther, origin: bot.Origin{Received: at}}
	in.queue.add(unasked, ackWindow, &work{do: func() { in.ack(ctx, l, env, "malformed") }, tooLate: func() {}})
}

// handOver calls the handler, acks what it stored, and tells the person what it did
// not.
func (in *intake) handOver(ctx context.Context, l *link, env envelope) {
	limit, cancel := context.WithDeadline(bot.WithTeam(ctx, env.origin.Team), env.origin.Received.Add(in.cfg.HandOverTimeout))
	defer cancel()
	// A handler that overstays can't be stopped, but the person need not wait for it. It may yet succeed.
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
		in.cfg.Observer.Duplicate()
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

// finish waits until nothing is in progress and nobody is being told, no longer than ctx lasts.
func (in *intake) finish(ctx context.Context) {
	close(in.closed)
	for _, g := range []*group{&in.queue.inFlight, &in.rejecting} {
		select {
		case <-g.idle():
		case <-ctx.Done():
			in.log.WarnContext(ctx, "stopped while handlers were still at work")
		}
	}
}

func (in *intake) observe(env envelope, result string) {
	in.cfg.Observer.Envelope(env.kind, result, time.Since(env.origin.Received))
}

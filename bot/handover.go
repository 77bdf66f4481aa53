package bot

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"time"
)

// grace is how long a handler whose time is over has to say what it knows, before the person is told that nobody does.
const grace = 200 * time.Millisecond

// tellTimeout is what the person who has to be told gets of our time.
const tellTimeout = 10 * time.Second

// handOver calls the handler, reports to settle whether Slack needs to send the envelope no more, and then answers.
func (b *Bot) handOver(ctx context.Context, l *link, env envelope, settle func(stored bool)) {
	limit, cancel := context.WithTimeout(ctx, b.cfg.HandOverTimeout)
	defer cancel()
	// A handler that overstays can't be stopped, but the person need not wait for it. It may yet succeed.
	told := make(chan struct{})
	overdue := time.AfterFunc(b.cfg.HandOverTimeout+grace, func() {
		defer close(told)
		b.tell(ctx, env, b.cfg.NotStored(env.origin, context.DeadlineExceeded))
	})
	known, err := b.dispatch(limit, env)
	settle(err == nil)
	inTime := overdue.Stop()
	if !inTime {
		defer func() { <-told }()
	}
	switch {
	case !known:
		b.ack(ctx, l, env, "unknown")
		b.stranger(ctx, env)
	case err == nil:
		b.ack(ctx, l, env, "stored")
	default:
		b.observe(env, "failed")
		b.reportFailure(ctx, env, err)
		if inTime {
			b.tell(ctx, env, b.cfg.NotStored(env.origin, err))
		}
	}
}

// reportFailure is the one line an operator gets.
func (b *Bot) reportFailure(ctx context.Context, env envelope, err error) {
	attrs := []any{"kind", env.kind, "name", env.name, "envelope", env.id, "user", string(env.origin.User), "error", err}
	if p, ok := errors.AsType[*panicError](err); ok {
		attrs = append(attrs, "stack", string(p.stack))
	}
	b.log.ErrorContext(ctx, "slack envelope was not handed over", attrs...)
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

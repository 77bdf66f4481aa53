package socket

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"meetingbot/bot"
)

type panicError struct {
	value any
	stack []byte
}

func (e *panicError) Error() string { return fmt.Sprintf("panic: %v", e.value) }

// reportFailure logs that an envelope was not stored.
func (in *intake) reportFailure(ctx context.Context, env envelope, err error) {
	attrs := []any{"kind", env.kind, "name", env.name, "envelope", env.id, "user", string(env.origin.User), "error", err}
	if p, ok := errors.AsType[*panicError](err); ok {
		attrs = append(attrs, "stack", string(p.stack))
	}
	in.log.ErrorContext(ctx, "slack envelope was not stored", attrs...)
}

// unknownAction answers an event without a handler: a button of an older version, or another program's command.
func (in *intake) unknownAction(ctx context.Context, env envelope) {
	in.log.InfoContext(ctx, "slack envelope has no handler", "kind", env.kind, "name", env.name, "envelope", env.id)
	if env.event != nil && !env.silent {
		in.tell(ctx, env, in.cfg.UnknownAction(env.origin))
	}
}

// tell shows m to the person who caused env, once even if Slack redelivers env. It uses the response_url, which works
// everywhere, else the conversation, else a direct message. Opening a Home needs no answer.
func (in *intake) tell(ctx context.Context, env envelope, m bot.Message) {
	key := env.id + " " + m.Text
	if env.kind == kindHome || !in.answers.first(key) {
		return
	}
	o := env.origin
	ctx, cancel := context.WithTimeout(ctx, tellTimeout)
	defer cancel()
	responding, stop := context.WithTimeout(ctx, respondTimeout)
	err := in.client.Respond(responding, o.ResponseURL, bot.Response{Message: m})
	stop()
	switch {
	case err == nil || o.User == "":
	case o.Channel != "":
		thread := ""
		if click, ok := env.event.(bot.Click); ok && click.Thread != click.Message.TS { // a thread's root has its own time stamp there
			thread = click.Thread
		}
		err = in.client.Ephemeral(ctx, o.Channel, o.User, thread, m)
	default: // a click in Home, a global shortcut
		_, err = in.client.DM(ctx, o.User, m)
	}
	if err != nil {
		in.log.WarnContext(ctx, "could not answer the person", "user", string(o.User), "envelope", env.id, "error", err)
		in.answers.forget(key)
	}
}

// maxAnswers is how many answers are remembered. It needn't be more: Slack redelivers within minutes.
const maxAnswers = 1000

// answers remembers which answers were given, to save uses of the response_url: it has only five, and where the bot isn't
// in the conversation, nothing else can change a card.
type answers struct {
	mu   sync.Mutex
	seen map[string]bool
}

// first records an answer and reports whether it is new.
func (a *answers) first(key string) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.seen[key] {
		return false
	}
	if a.seen == nil || len(a.seen) >= maxAnswers {
		a.seen = map[string]bool{}
	}
	a.seen[key] = true
	return true
}

func (a *answers) forget(key string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	delete(a.seen, key)
}

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

// reportFailure is the one line an operator gets.
func (in *intake) reportFailure(ctx context.Context, env envelope, err error) {
	attrs := []any{"kind", env.kind, "name", env.name, "envelope", env.id, "user", string(env.origin.User), "error", err}
	if p, ok := errors.AsType[*panicError](err); ok {
		attrs = append(attrs, "stack", string(p.stack))
	}
	in.log.ErrorContext(ctx, "slack envelope was not handed over", attrs...)
}

// unknownAction answers events without a handler: a button of an older version, or another program's
// command.
func (in *intake) unknownAction(ctx context.Context, env envelope) {
	in.log.InfoContext(ctx, "slack sent something nobody handles", "kind", env.kind, "name", env.name, "envelope", env.id)
	if env.event != nil && !env.silent {
		in.tell(ctx, env, in.cfg.Unknown(env.origin))
	}
}

// tell shows m to the person behind env, once however often Slack delivers that again: through the response_url, which works
// everywhere, else in the conversation, else as a direct message. Opening a Home needs no answer.
func (in *intake) tell(ctx context.Context, env envelope, m bot.Message) {
	what := env.id + " " + m.Text
	if env.kind == kindHome || !in.told.add(what) {
		return
	}
	o := env.origin
	ctx, cancel := context.WithTimeout(ctx, tellTimeout)
	defer cancel()
	err := in.client.Respond(ctx, o.ResponseURL, bot.Response{Message: m})
	switch {
	case err == nil || o.User == "":
	case o.Channel != "":
		thread := ""
		if click, ok := env.event.(bot.Click); ok {
			thread = click.Thread
		}
		err = in.client.Ephemeral(ctx, o.Channel, o.User, thread, m)
	default: // a click in Home, a global shortcut
		_, err = in.client.DM(ctx, o.User, m)
	}
	if err != nil {
		in.log.WarnContext(ctx, "a person could not be told", "user", string(o.User), "envelope", env.id, "error", err)
		in.told.remove(what)
	}
}

// maxTold is how many answers are remembered: Slack delivers again within minutes.
const maxTold = 1000

// told is what people have been told about envelopes. A response_url takes five answers, and where the bot isn't in the
// conversation, a card can be changed by nothing else.
type told struct {
	mu      sync.Mutex
	already map[string]bool
}

// add reports whether nobody has been told it yet.
func (t *told) add(what string) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.already[what] {
		return false
	}
	if t.already == nil || len(t.already) >= maxTold {
		t.already = map[string]bool{}
	}
	t.already[what] = true
	return true
}

func (t *told) remove(what string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.already, what)
}

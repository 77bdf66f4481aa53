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

// tell shows m to the person behind env, only once however often Slack delivers env: through the response_url, which works
// everywhere, else in the conversation, else as a direct message. Opening a Home needs no answer.
func (in *intake) tell(ctx context.Context, env envelope, m bot.Message) {
	what := env.id + " " + m.Text
	if env.kind == kindHome || !in.answers.first(what) {
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
		in.answers.forget(what)
	}
}

// maxAnswers is how many answers are remembered, which is enough: Slack delivers again within minutes.
const maxAnswers = 1000

// answers are what people have been told about envelopes. A response_url takes five of them, and where the bot isn't in
// the conversation, nothing else can change a card.
type answers struct {
	mu    sync.Mutex
	given map[string]bool
}

// first reports whether an answer has not been given before, and remembers it.
func (a *answers) first(what string) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.given[what] {
		return false
	}
	if a.given == nil || len(a.given) >= maxAnswers {
		a.given = map[string]bool{}
	}
	a.given[what] = true
	return true
}

func (a *answers) forget(what string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	delete(a.given, what)
}

package socket

import (
	"context"
	"errors"
	"fmt"

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

// tell shows m to the person behind env: through the response_url, which works everywhere, else in the conversation, else
// as a direct message. Opening a Home needs no answer.
func (in *intake) tell(ctx context.Context, env envelope, m bot.Message) {
	if env.kind == kindHome {
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
	}
}

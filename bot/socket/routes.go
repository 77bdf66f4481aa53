package socket

import (
	"context"

	"meetingbot/bot"
)

// A Handler stores an event, and no more: it returns nil once a crash can't lose it, and the work is done later. Then, and
// only then, the bot acks the event. If a Handler returns an error, panics, or takes longer than Config.HandOverTimeout,
// the person is told at once. The same event may arrive twice, even concurrently: deduplicate by Origin.DedupKey.
//
// Registering one panics if its name is empty or taken.
type Handler[E any] func(context.Context, E) error

// routes maps events to handlers. It is complete before Run and read-only afterwards, so it needs no lock.
type routes map[route]Handler[any]

type route struct{ kind, name string }

// anyCommand stands for the names of all commands.
const anyCommand = "*"

// HandleCommands registers h for all of the app's slash commands: an administrator may have renamed them.
func (b *Bot) HandleCommands(h Handler[bot.Command]) {
	register(b.routes, kindCommand, anyCommand, h)
}

// HandleClick registers h for an action_id of buttons and menus.
func (b *Bot) HandleClick(action string, h Handler[bot.Click]) {
	register(b.routes, kindClick, action, h)
}

// HandleShortcut registers h for a shortcut's callback_id.
func (b *Bot) HandleShortcut(callback string, h Handler[bot.Shortcut]) {
	register(b.routes, kindShortcut, callback, h)
}

// HandleSubmission registers h for a modal's callback_id.
func (b *Bot) HandleSubmission(callback string, h Handler[bot.Submission]) {
	register(b.routes, kindSubmission, callback, h)
}

// HandleHome registers h for people opening the bot's Home.
func (b *Bot) HandleHome(h Handler[bot.HomeOpened]) {
	register(b.routes, kindHome, eventHomeOpened, h)
}

func register[E any](to routes, kind, name string, h Handler[E]) {
	if name == "" || h == nil {
		panic("socket: " + kind + " handler without a name or a function")
	}
	at := route{kind, name}
	if _, taken := to[at]; taken {
		panic("socket: two handlers for " + kind + " " + name)
	}
	to[at] = func(ctx context.Context, event any) error {
		return h(ctx, event.(E)) //nolint:forcetypeassert // each kind has one type of event
	}
}

// dispatch calls the handler of env. known is false if there is none.
func (r routes) dispatch(ctx context.Context, env envelope) (known bool, err error) {
	at := route{env.kind, env.name}
	if env.kind == kindCommand {
		at.name = anyCommand
	}
	h, known := r[at]
	if !known {
		return false, nil
	}
	return true, h(ctx, env.event)
}

package socket

import (
	"context"

	"meetingbot/bot"
)

// anyCommand is the name that HandleAnyCommand registers under; no command has it.
const anyCommand = "*"

// routes maps events to handlers. It is complete before Run and read-only afterwards, so it needs no lock.
type routes map[route]func(ctx context.Context, event any) error

type route struct{ kind, name string }

// A handler only stores the event: it returns nil once a crash can't lose it, and the work is done later. Then, and only
// then, the bot acks the event. If a handler returns an error, panics, or takes longer than Config.HandOverTimeout, the
// person is told at once. The same event may arrive twice, even concurrently: deduplicate by Origin.DedupKey.

// HandleCommand registers h for a slash command, named with its slash. It panics if the name is empty or taken.
func (b *Bot) HandleCommand(name string, h func(context.Context, bot.Command) error) {
	register(b.routes, kindCommand, name, h)
}

// HandleAnyCommand registers h for all slash commands without a handler of their own: an administrator may have renamed the
// app's command. It panics if called twice.
func (b *Bot) HandleAnyCommand(h func(context.Context, bot.Command) error) {
	register(b.routes, kindCommand, anyCommand, h)
}

// HandleClick registers h for an action_id of buttons and menus. It panics if the name is empty or taken.
func (b *Bot) HandleClick(action string, h func(context.Context, bot.Click) error) {
	register(b.routes, kindClick, action, h)
}

// HandleShortcut registers h for a shortcut's callback_id. It panics if the name is empty or taken.
func (b *Bot) HandleShortcut(callback string, h func(context.Context, bot.Shortcut) error) {
	register(b.routes, kindShortcut, callback, h)
}

// HandleSubmission registers h for a modal's callback_id. It panics if the name is empty or taken.
func (b *Bot) HandleSubmission(callback string, h func(context.Context, bot.Submission) error) {
	register(b.routes, kindSubmission, callback, h)
}

// HandleHome registers h for people opening the bot's Home. It panics if called twice.
func (b *Bot) HandleHome(h func(context.Context, bot.HomeOpened) error) {
	register(b.routes, kindHome, eventHomeOpened, h)
}

func register[E any](to routes, kind, name string, h func(context.Context, E) error) {
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
	h, known := r[route{env.kind, env.name}]
	if !known && env.kind == kindCommand {
		h, known = r[route{kindCommand, anyCommand}]
	}
	if !known {
		return false, nil
	}
	return true, h(ctx, env.event)
}

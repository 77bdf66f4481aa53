package socket

import (
	"context"

	"meetingbot/bot"
)

// anyCommand is the name that HandleAnyCommand registers under; no command has it.
const anyCommand = "*"

// routes is the product's whole surface in Slack: what may arrive and which handler gets it. It is complete
// before Run and read-only afterwards, hence no lock.
type routes struct {
	commands    map[string]func(context.Context, bot.Command) error
	clicks      map[string]func(context.Context, bot.Click) error
	shortcuts   map[string]func(context.Context, bot.Shortcut) error
	submissions map[string]func(context.Context, bot.Submission) error
	events      map[string]func(context.Context, bot.HomeOpened) error
}

// A handler hands over: it returns nil only when the event is stored where a crash can't reach it, and does the work
// later. Then, and only then, the bot tells Slack that it was received. When it returns an error, panics, or takes longer
// than Config.HandOverTimeout, the person is told at once. The same event may come twice, and at the same time: the store
// knows it by Origin.DedupKey.

// HandleCommand registers h for a slash command, named with its slash. It panics if the name is empty or taken.
func (b *Bot) HandleCommand(name string, h func(context.Context, bot.Command) error) {
	register(&b.routes.commands, "command", name, h)
}

// HandleAnyCommand registers h for slash commands that no HandleCommand names: an administrator may have renamed the app's.
// It panics if it is called twice.
func (b *Bot) HandleAnyCommand(h func(context.Context, bot.Command) error) {
	register(&b.routes.commands, "command", anyCommand, h)
}

// HandleClick registers h for an action_id of buttons and menus. It panics if the name is empty or taken.
func (b *Bot) HandleClick(action string, h func(context.Context, bot.Click) error) {
	register(&b.routes.clicks, "click", action, h)
}

// HandleShortcut registers h for a shortcut's callback_id. It panics if the name is empty or taken.
func (b *Bot) HandleShortcut(callback string, h func(context.Context, bot.Shortcut) error) {
	register(&b.routes.shortcuts, "shortcut", callback, h)
}

// HandleSubmission registers h for a modal's callback_id. It panics if the name is empty or taken.
func (b *Bot) HandleSubmission(callback string, h func(context.Context, bot.Submission) error) {
	register(&b.routes.submissions, "submission", callback, h)
}

// HandleEvent registers h for an event of the Events API. The only one that the bot understands is "app_home_opened"; it
// panics for others, and if the name is taken.
func (b *Bot) HandleEvent(name string, h func(context.Context, bot.HomeOpened) error) {
	if name != eventHomeOpened {
		panic("socket: unknown event " + name)
	}
	register(&b.routes.events, "event", name, h)
}

func register[E any](to *map[string]func(context.Context, E) error, kind, name string, h func(context.Context, E) error) {
	if name == "" || h == nil {
		panic("socket: " + kind + " handler without a name or a function")
	}
	if *to == nil {
		*to = make(map[string]func(context.Context, E) error)
	}
	if _, taken := (*to)[name]; taken {
		panic("socket: two handlers for " + kind + " " + name)
	}
	(*to)[name] = h
}

// dispatch finds the handler of env and calls it. known is false if there is none.
func (r *routes) dispatch(ctx context.Context, env envelope) (known bool, err error) {
	switch e := env.event.(type) {
	case bot.Command:
		if known, err := route(ctx, r.commands, env.name, e); known {
			return true, err
		}
		return route(ctx, r.commands, anyCommand, e)
	case bot.Click:
		return route(ctx, r.clicks, env.name, e)
	case bot.Shortcut:
		return route(ctx, r.shortcuts, env.name, e)
	case bot.Submission:
		return route(ctx, r.submissions, env.name, e)
	case bot.HomeOpened:
		return route(ctx, r.events, env.name, e)
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

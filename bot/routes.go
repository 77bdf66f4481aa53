package bot

import "context"

// routes is the product's whole surface in Slack: what may arrive and who takes it. It is complete before Run and
// read-only afterwards, hence no lock.
type routes struct {
	commands    map[string]func(context.Context, Command) error
	clicks      map[string]func(context.Context, Click) error
	shortcuts   map[string]func(context.Context, Shortcut) error
	submissions map[string]func(context.Context, Submission) error
}

// A handler hands over: it returns nil only when the event is stored where a crash can't reach it, and does the work
// later. Then, and only then, the bot tells Slack that it was received. When it returns an error, panics, or takes longer
// than Config.HandOverTimeout, the person is told at once. The same event may come twice.

// HandleCommand registers h for a slash command, named with its slash. It panics if the name is empty or taken.
func (b *Bot) HandleCommand(name string, h func(context.Context, Command) error) {
	register(&b.routes.commands, "command", name, h)
}

// HandleClick registers h for an action_id of buttons and menus. It panics if the name is empty or taken.
func (b *Bot) HandleClick(action string, h func(context.Context, Click) error) {
	register(&b.routes.clicks, "click", action, h)
}

// HandleShortcut registers h for a shortcut's callback_id. It panics if the name is empty or taken.
func (b *Bot) HandleShortcut(callback string, h func(context.Context, Shortcut) error) {
	register(&b.routes.shortcuts, "shortcut", callback, h)
}

// HandleSubmission registers h for a modal's callback_id. It panics if the name is empty or taken.
func (b *Bot) HandleSubmission(callback string, h func(context.Context, Submission) error) {
	register(&b.routes.submissions, "submission", callback, h)
}

func register[E any](to *map[string]func(context.Context, E) error, kind, name string, h func(context.Context, E) error) {
	if name == "" || h == nil {
		panic("bot: " + kind + " handler without a name or a function")
	}
	if *to == nil {
		*to = make(map[string]func(context.Context, E) error)
	}
	if _, taken := (*to)[name]; taken {
		panic("bot: two handlers for " + kind + " " + name)
	}
	(*to)[name] = h
}

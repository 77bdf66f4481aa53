package doctor

import (
	"context"
	"maps"
	"slices"

	"meetingbot/bot"
	"meetingbot/handlers/view"
	"meetingbot/handlers/view/gallery"
	"meetingbot/handlers/view/words"
	"meetingbot/internal/command"
)

// Standard returns the program's own options: doctor draws every view that the bot
// can show and has Slack validate it.
func Standard(version string) Options {
	return Options{Version: version, Views: allViews, Validator: validator}
}

// allViews draws all views in all languages.
func allViews() (all []View, err error) {
	catalogue, err := words.Load()
	if err != nil {
		return nil, err
	}
	for _, locale := range words.Languages() {
		drawn := gallery.Draw(&view.Renderer{Words: catalogue, Locale: locale, Command: command.Name}, locale)
		for _, name := range slices.Sorted(maps.Keys(drawn)) {
			all = append(all, View{Name: name, File: gallery.File(name), Locale: locale, What: drawn[name]})
		}
	}
	return all, nil
}

// validator asks Slack with blocks.validate.
func validator(slack *bot.Client) Validator {
	return func(ctx context.Context, what any) (problems []Problem, err error) {
		found, err := slack.ValidateBlocks(ctx, what)
		for _, p := range found {
			problems = append(problems, Problem{Pointer: p.Pointer, Code: p.Code, Message: p.Message})
		}
		return problems, err
	}
}

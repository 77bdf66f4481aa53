package gallery

import (
	"slices"

	"meetingbot/handlers/view"
	"meetingbot/internal/cancellation"
)

// Draw draws everything that the bot can show, by name, for readers of a locale:
// each is a bot.Message, a bot.Modal or a bot.Home. The people and meetings are made
// up.
func Draw(v *view.Renderer, locale string) map[string]any {
	all := map[string]any{}
	for _, s := range All() {
		several, ok := s.Draw(v, locale).(map[string]any)
		if !ok {
			all[s.Name] = s.Draw(v, locale)
			continue
		}
		for name, one := range several {
			all[s.Name+"_"+name] = one
		}
	}
	return all
}

// A View is one view of one state. Its Draw returns a bot.Message, a bot.Modal or a
// bot.Home, or a map of them by name.
type View struct {
	Name string
	ID   cancellation.ID // of the request, whose buttons the view may hold
	Draw func(v *view.Renderer, locale string) any
}

// All are the samples of everything.
func All() []View {
	return slices.Concat(cardSamples(), letterSamples(), delegationSamples(), homeSamples())
}

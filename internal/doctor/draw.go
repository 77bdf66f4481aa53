package doctor

import (
	"maps"
	"slices"

	"meetingbot/handlers/view"
	"meetingbot/handlers/view/gallery"
	"meetingbot/handlers/view/words"
	"meetingbot/internal/command"
)

// allViews draws all views in all languages.
func allViews() (all []drawing, err error) {
	catalogue, err := words.Load()
	if err != nil {
		return nil, err
	}
	for _, locale := range words.Languages() {
		drawn := gallery.Draw(&view.Renderer{Words: catalogue, Locale: locale, Command: command.Name}, locale)
		for _, name := range slices.Sorted(maps.Keys(drawn)) {
			all = append(all, drawing{Name: name, File: gallery.File(name), Locale: locale, What: drawn[name]})
		}
	}
	return all, nil
}

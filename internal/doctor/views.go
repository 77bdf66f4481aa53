package doctor

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"meetingbot/bot"
	"meetingbot/handlers/view"
	"meetingbot/handlers/view/gallery"
	"meetingbot/handlers/view/words"
	"meetingbot/internal/background"
	"meetingbot/internal/config"
)

// A drawnView is one of the bot's views, drawn in one language.
type drawnView struct {
	Name   string // such as card_asked
	File   string // that draws it, such as handlers/view/card/card.go
	Locale string
	What   any // a message, a modal or a Home, as the bot sends it
}

// A validator is [bot.Client.ValidateBlocks].
type validator func(ctx context.Context, what any) ([]bot.BlockProblem, error)

// viewsTimeout limits the validation of all views: there are more than a thousand, and
// Slack validates perhaps fifty a minute.
const viewsTimeout = time.Hour

// How often to try to validate a view if Slack fails temporarily, and how long to wait in
// between.
const (
	maxTries   = 4
	retryPause = 2 * time.Second
)

// maxProblems is how many problems are shown; the rest are counted.
const maxProblems = 50

func checkViews(ctx context.Context, cfg config.Config) []finding {
	ctx, cancel := context.WithTimeout(ctx, viewsTimeout)
	defer cancel()
	views, err := allViews()
	if err != nil {
		return []finding{failed(err.Error(), "")}
	}
	s, err := newSlack(cfg, newClocks())
	if err != nil {
		return []finding{failed(err.Error(), "")}
	}
	return validate(ctx, views, s.api.ValidateBlocks)
}

func allViews() (all []drawnView, err error) {
	catalogue, err := words.Load()
	if err != nil {
		return nil, err
	}
	for _, locale := range words.Languages() {
		drawn := gallery.Draw(&view.Renderer{Words: catalogue, Locale: locale}, locale)
		for _, name := range slices.Sorted(maps.Keys(drawn)) {
			all = append(all, drawnView{Name: name, File: gallery.File(name), Locale: locale, What: drawn[name]})
		}
	}
	return all, nil
}

func validate(ctx context.Context, views []drawnView, ask validator) (found []finding) {
	for i, v := range views {
		problems, err := validateWithRetry(ctx, v.What, ask)
		if err != nil {
			return append(cut(found, maxProblems), warning(fmt.Sprintf("%d of %d views were not checked (%v)", len(views)-i, len(views), err),
				"run doctor --views again in a minute"))
		}
		for _, p := range problems {
			found = append(found, failed(fmt.Sprintf("Slack refuses %s in %s at %s: %s (%s)", v.Name, v.Locale, p.Pointer, p.Message, p.Code),
				"it is drawn in "+v.File+"; please report it"))
		}
	}
	if len(found) == 0 {
		return []finding{passed(fmt.Sprintf("Slack accepts all %d views", len(views)))}
	}
	return cut(found, maxProblems)
}

// validateWithRetry retries temporary failures, so that one of them doesn't keep the
// views after it from being checked.
func validateWithRetry(ctx context.Context, what any, ask validator) (problems []bot.BlockProblem, err error) {
	for try := 1; ; try++ {
		if problems, err = ask(ctx, what); !bot.Temporary(err) || try == maxTries {
			return problems, err
		}
		if background.Sleep(ctx, retryPause) != nil {
			return nil, err
		}
	}
}

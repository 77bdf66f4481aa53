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
	"meetingbot/internal/command"
	"meetingbot/internal/config"
)

// A drawing is something the bot shows, drawn in one language.
type drawing struct {
	Name   string // what it shows, such as card_asked
	File   string // where it is drawn, such as handlers/view/card/card.go
	Locale string
	What   any // a message, a modal or a Home, as the bot sends it
}

// A validator is [bot.Client.ValidateBlocks].
type validator func(ctx context.Context, what any) ([]bot.BlockProblem, error)

// viewsTime is how long all views may take: there are more than a thousand, and Slack
// validates perhaps fifty a minute.
const viewsTime = time.Hour

// How often a view is asked about while the answer is one that may pass, and how long
// it waits in between.
const (
	askedOften = 4
	askedAgain = 2 * time.Second
)

// mostRefused is how many problems are shown; the rest are counted.
const mostRefused = 50

func checkViews(ctx context.Context, cfg config.Config) []finding {
	ctx, cancel := context.WithTimeout(ctx, viewsTime)
	defer cancel()
	views, err := allViews()
	if err != nil {
		return []finding{wrong(err.Error(), "")}
	}
	s, err := newSlack(cfg, newTimes())
	if err != nil {
		return []finding{wrong(err.Error(), "")}
	}
	return validate(ctx, views, s.api.ValidateBlocks)
}

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

func validate(ctx context.Context, views []drawing, ask validator) (found []finding) {
	for i, v := range views {
		problems, err := insist(ctx, v.What, ask)
		if err != nil {
			return append(cut(found, mostRefused), doubtful(fmt.Sprintf("%d of %d views were not checked (%v)", len(views)-i, len(views), err),
				"run doctor --views again in a minute"))
		}
		for _, p := range problems {
			found = append(found, wrong(fmt.Sprintf("Slack refuses %s in %s at %s: %s (%s)", v.Name, v.Locale, p.Pointer, p.Message, p.Code),
				"it is drawn in "+v.File+"; please report it"))
		}
	}
	if len(found) == 0 {
		return []finding{good(fmt.Sprintf("Slack accepts all %d views", len(views)))}
	}
	return cut(found, mostRefused)
}

// insist asks until there is an answer, or no hope of one: a failure that passes should
// not cost the views that come after.
func insist(ctx context.Context, what any, ask validator) (problems []bot.BlockProblem, err error) {
	for try := 1; ; try++ {
		if problems, err = ask(ctx, what); !bot.Temporary(err) || try == askedOften {
			return problems, err
		}
		select {
		case <-ctx.Done():
			return nil, err
		case <-time.After(askedAgain):
		}
	}
}

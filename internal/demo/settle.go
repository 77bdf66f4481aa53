package demo

import (
	"slices"
	"strings"
	"sync"

	"meetingbot/handlers/view/words"
)

// settled reports whether all effects of an act are visible. It judges only by what people
// see, so it works for any bot.
func (a *act) settled(now []item) bool {
	for _, action := range a.actions {
		select {
		case <-action.Done():
		default:
			return false
		}
	}
	if a.refused() != "" || a.done == nil {
		return true
	}
	a.answered = a.done(a, now)
	return a.answered && (!a.notifies || !a.isDecided(now) || a.reportsNotified(now))
}

// reportsNotified reports whether a reply that arrived since the act began has been edited,
// which is the last thing to happen when invited people are told.
func (a *act) reportsNotified(now []item) bool {
	return a.hasNews(now, func(s item) bool { return s.thread != "" && s.edited })
}

// isDecided reports whether the clicked card has no controls left.
func (a *act) isDecided(now []item) bool {
	return slices.ContainsFunc(now, func(s item) bool { return s.key == a.target && len(s.controls) == 0 })
}

// refused returns Slack's reason for refusing the act, or "".
func (a *act) refused() string {
	for _, action := range a.actions {
		if code := action.Failure(); code != "" {
			return code
		}
	}
	return ""
}

// wasTold reports whether the person sees something new that they didn't write. It is done for
// a command.
func wasTold(a *act, now []item) bool {
	return a.hasNews(now, func(s item) bool { return slices.Contains(s.visibleTo, a.who) })
}

// hasNews reports whether there is something new that fits and that the person didn't write.
func (a *act) hasNews(now []item, fits func(item) bool) bool {
	return slices.ContainsFunc(now, func(s item) bool {
		_, old := a.before[s.key]
		return !old && s.author != a.who && fits(s)
	})
}

// redrawnOrTold is done for a click that may lead to a call: the person who clicked was
// told, or the card asks again. A card without controls isn't the end: the reply in its
// thread or the message to the asker comes later. Only a card with several meetings, which
// is seldom edited, may come after its reply.
func redrawnOrTold(a *act, now []item) bool {
	return wasTold(a, now) && !a.underWay(now) || a.changed(now, func(s item) bool {
		return len(s.controls) > 1 || len(s.controls) == 1 && a.hasNews(now, func(item) bool { return true })
	})
}

// underWay reports whether the clicked card says that the bot is working on it.
func (a *act) underWay(now []item) bool {
	return slices.ContainsFunc(now, func(s item) bool {
		return s.key == a.target && slices.ContainsFunc(working(), func(title string) bool { return strings.HasPrefix(s.text(), title) })
	})
}

// working returns the title of a card that the bot is working on, in each language.
var working = sync.OnceValue(func() (titles []string) {
	w, err := words.Load()
	if err != nil {
		panic(err) // the program was built with a broken catalogue
	}
	for _, language := range words.Languages() {
		titles = append(titles, w.In(language).Say("working.title", nil))
	}
	return titles
})

// offersOrTold is redrawnOrTold for a person at a terminal, who sees the rest as it comes.
// One button is enough, because it may be Undo or Stop, which disappear.
func offersOrTold(a *act, now []item) bool {
	return wasTold(a, now) || a.changed(now, func(s item) bool { return len(s.controls) > 0 })
}

// changedOrTold is done for a click that doesn't lead to a call.
func changedOrTold(a *act, now []item) bool {
	return wasTold(a, now) || a.changed(now, func(item) bool { return true })
}

// changed reports whether the clicked card or window has changed and now fits.
func (a *act) changed(now []item, fits func(item) bool) bool {
	return slices.ContainsFunc(now, func(s item) bool {
		return s.key == a.target && s.text() != a.before[s.key] && fits(s)
	})
}

// homeShown is done for opening the Home tab: there is one.
func homeShown(a *act, now []item) bool {
	return slices.ContainsFunc(now, func(s item) bool { return s.key == homeKey(a.who) })
}

// submitted is done for a modal: it shows an error, or it has closed and something that
// the person sees has changed. Other people may be told earlier.
func submitted(a *act, now []item) bool {
	open := slices.ContainsFunc(now, func(s item) bool { return s.key == a.target })
	if open {
		return a.changed(now, func(item) bool { return true })
	}
	return slices.ContainsFunc(now, func(s item) bool {
		return s.author != a.who && slices.Contains(s.visibleTo, a.who) && s.text() != a.before[s.key]
	})
}

package demo

import (
	"slices"
	"strings"
	"sync"

	"meetingbot/handlers/view/words"
)

// settled reports whether all effects of an act can be seen. It judges only by what
// people see, so it works for any bot.
func (a *act) settled(now []sight) bool {
	for _, action := range a.actions {
		select {
		case <-action.Done():
		default:
			return false
		}
	}
	if a.refused() != "" || a.over == nil {
		return true
	}
	a.answered = a.over(a, now)
	return a.answered && (!a.tells || !a.decided(now) || a.saysWhoWasTold(now))
}

// saysWhoWasTold reports whether a reply that came since has been edited: the last thing to
// happen when invited people are told.
func (a *act) saysWhoWasTold(now []sight) bool {
	return a.news(now, func(s sight) bool { return s.thread != "" && s.edited })
}

// decided reports whether what was pressed offers nothing any more.
func (a *act) decided(now []sight) bool {
	return slices.ContainsFunc(now, func(s sight) bool { return s.key == a.target && len(s.controls) == 0 })
}

// refused is Slack's reason for refusing the act; empty if it did not.
func (a *act) refused() string {
	for _, action := range a.actions {
		if code := action.Failure(); code != "" {
			return code
		}
	}
	return ""
}

// told reports whether the person sees something new that isn't their own.
func told(a *act, now []sight) bool {
	return a.news(now, func(s sight) bool { return slices.Contains(s.seers, a.who) })
}

// news reports whether there is something new that fits and isn't the person's own.
func (a *act) news(now []sight, fits func(sight) bool) bool {
	return slices.ContainsFunc(now, func(s sight) bool {
		_, old := a.before[s.key]
		return !old && s.author != a.who && fits(s)
	})
}

// answered is the end of a command: its sender has an answer.
func answered(a *act, now []sight) bool { return told(a, now) }

// redrawnOrTold is the end of a click that may lead to a call: the person who pressed
// was told, or the card asks again. A card that offers nothing to choose from is not the
// end: the reply in its thread comes last, or the message to whoever asked. Only a card with
// several meetings, which is not edited often, may come after its reply.
func redrawnOrTold(a *act, now []sight) bool {
	return told(a, now) && !a.underWay(now) || a.changed(now, func(s sight) bool {
		return len(s.controls) > 1 || len(s.controls) == 1 && a.news(now, func(sight) bool { return true })
	})
}

// underWay reports whether what was pressed says that it is being worked on.
func (a *act) underWay(now []sight) bool {
	return slices.ContainsFunc(now, func(s sight) bool {
		return s.key == a.target && slices.ContainsFunc(working(), func(title string) bool { return strings.HasPrefix(s.text(), title) })
	})
}

// working are the titles of a card that is being worked on, one in each language.
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

// offersOrTold is the same for somebody at a terminal, who sees the rest as it comes: one
// button is enough, because it may be Undo or Stop, and those go away.
func offersOrTold(a *act, now []sight) bool {
	return told(a, now) || a.changed(now, func(s sight) bool { return len(s.controls) > 0 })
}

// changedOrTold is the end of a click that leads to no call.
func changedOrTold(a *act, now []sight) bool {
	return told(a, now) || a.changed(now, func(sight) bool { return true })
}

// changed reports whether what was pressed has changed in an expected way.
func (a *act) changed(now []sight, fits func(sight) bool) bool {
	return slices.ContainsFunc(now, func(s sight) bool {
		return s.key == a.target && s.text() != a.before[s.key] && fits(s)
	})
}

// homeShown is the end of opening the Home tab: there is one.
func homeShown(a *act, now []sight) bool {
	return slices.ContainsFunc(now, func(s sight) bool { return s.key == homeKey(a.who) })
}

// submitted is the end of a modal: it complains, or it is gone and something that its
// person sees has changed. What others are told may come earlier.
func submitted(a *act, now []sight) bool {
	open := slices.ContainsFunc(now, func(s sight) bool { return s.key == a.target })
	if open {
		return a.changed(now, func(sight) bool { return true })
	}
	return slices.ContainsFunc(now, func(s sight) bool {
		return s.author != a.who && slices.Contains(s.seers, a.who) && s.text() != a.before[s.key]
	})
}

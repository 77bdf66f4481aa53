package demo

import (
	"slices"
)

// settled reports whether all that an act leads to can be seen now. It judges
// by what people see and by nothing else, so it holds for any bot.
func (a *act) settled(now []sight) bool {
	if a.action == nil {
		return true
	}
	select {
	case <-a.action.Done():
	default:
		return false
	}
	return a.action.Failure() != "" || a.over == nil || a.over(a, now)
}

// refused is Slack's word for why the act came to nothing; empty if it did not.
func (a *act) refused() string {
	if a.action == nil {
		return ""
	}
	return a.action.Failure()
}

// told reports whether the person sees something new that is not their own.
func told(a *act, now []sight) bool {
	return slices.ContainsFunc(now, func(s sight) bool {
		_, old := a.before[s.key]
		return !old && s.author != a.who && slices.Contains(s.seers, a.who)
	})
}

// answered is the end of a command: whoever typed it has an answer.
func answered(a *act, now []sight) bool { return told(a, now) }

// redrawnOrTold is the end of a click that may lead to a call: whoever pressed
// was told, or the card asks anew. A card without buttons is not the end: the
// reply in its thread, which comes last, is.
func redrawnOrTold(a *act, now []sight) bool {
	return told(a, now) || a.changed(now, func(s sight) bool { return len(s.controls) > 0 })
}

// changedOrTold is the end of a click that leads to no call.
func changedOrTold(a *act, now []sight) bool {
	return told(a, now) || a.changed(now, func(sight) bool { return true })
}

// changed reports whether what was pressed is another than before, and one that
// fits.
func (a *act) changed(now []sight, fits func(sight) bool) bool {
	return slices.ContainsFunc(now, func(s sight) bool {
		return s.key == a.target && s.text() != a.before[s.key] && fits(s)
	})
}

// submitted is the end of a modal: it complains, or it is gone and something
// has changed by it.
func submitted(a *act, now []sight) bool {
	open := slices.ContainsFunc(now, func(s sight) bool { return s.key == a.target })
	if open {
		return a.changed(now, func(sight) bool { return true })
	}
	return slices.ContainsFunc(now, func(s sight) bool {
		return s.author != a.who && s.text() != a.before[s.key]
	})
}

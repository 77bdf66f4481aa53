package cancellation

import "slices"

// WhyOver is the Request.Why of a card that was closed because its meeting is over, even
// if it was not cancelled.
const WhyOver = "over"

// WhyChanged is the Request.Why of a meeting that was left alone because it is no longer what
// the card showed.
const WhyChanged = string(AskAgainChanged)

// Reasons in LeftOut.Why for a meeting that disappeared while the card was open, other
// than being removed outside the bot.
const (
	LeftOtherCard = "other_card" // it was removed from another card
	LeftEnded     = "ended"      // it is over
)

// Differs returns how the meeting has changed since the card was drawn; empty if it
// hasn't. Facts missing from the service's latest answer don't count.
func (m Meeting) Differs(now Meeting) AskAgain {
	switch {
	case m.DatesKnown && !now.DatesKnown, m.SameAs(now):
		return ""
	case now.Running && !m.Running:
		return AskAgainStarted
	case m.movedTo(now):
		return AskAgainMoved
	}
	return AskAgainEdited
}

// Unlisted reports whether m and now differ only in that the service no longer lists the
// dates.
func (m Meeting) Unlisted(now Meeting) bool {
	if !m.DatesKnown || now.DatesKnown {
		return false
	}
	now.DatesKnown, now.Occurrences = true, m.Occurrences
	return m.SameAs(now)
}

// movedTo reports whether the meeting, or one of its remaining dates, was moved.
func (m Meeting) movedTo(now Meeting) bool {
	if !m.Recurring || !now.Recurring {
		return !sameTimeOrMissing(m.Start, now.Start) || !sameTimeOrMissing(m.End, now.End)
	}
	return slices.ContainsFunc(now.Occurrences, func(o OccurrenceRef) bool {
		was, known := m.Date(o.ID)
		return known && !was.Start.Equal(o.Start)
	})
}

// Kept returns the ids of the dates that now still has, at the same time.
func (m Meeting) Kept(ids []string, now Meeting) (kept []string) {
	for _, id := range ids {
		was, known := m.Date(id)
		is, left := now.Date(id)
		if known && left && was.Start.Equal(is.Start) {
			kept = append(kept, id)
		}
	}
	return kept
}

// Date returns the date with the given id, and whether the meeting has it.
func (m Meeting) Date(id string) (OccurrenceRef, bool) {
	for _, o := range m.Occurrences {
		if o.ID == id {
			return o, true
		}
	}
	return OccurrenceRef{}, false
}

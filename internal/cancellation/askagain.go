package cancellation

import "slices"

// AskAgain says why a card asks again. The zero AskAgain means that it asks for the first time.
type AskAgain string

// The reasons to ask again.
const (
	AskAgainChanged AskAgain = "changed" // the meeting is no longer what the card showed
	AskAgainStale   AskAgain = "stale"   // the confirmation is too old to act on

	AskAgainUnlisted AskAgain = "unlisted" // the service no longer lists the dates, so they may have changed

	// Noticed before anyone pressed a button, see [AskAgain.Unanswered].
	AskAgainStarted AskAgain = "started" // the meeting, or a date of it, has started
	AskAgainMoved   AskAgain = "moved"   // its times have changed
	AskAgainEdited  AskAgain = "edited"  // it has changed in some other way
)

// Unanswered reports whether the card asks again although no button was pressed; the
// question then keeps its expiry.
func (a AskAgain) Unanswered() bool {
	return a == AskAgainStarted || a == AskAgainMoved || a == AskAgainEdited
}

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

// Unlisted reports whether m and now differ only in that the service no longer lists the
// dates.
func (m Meeting) Unlisted(now Meeting) bool {
	if !m.DatesKnown || now.DatesKnown {
		return false
	}
	now.DatesKnown, now.Occurrences = true, m.Occurrences
	return m.SameAs(now)
}

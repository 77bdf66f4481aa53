package cancellation

// WhyOver is the Request.Why of a card that was closed because its meeting is over,
// whether or not somebody cancelled it.
const WhyOver = "over"

// What LeftOut.Why says of a meeting that went while the card was open, unless somebody
// else removed it.
const (
	LeftOurs  = "other_card" // it was removed from another card
	LeftEnded = "ended"      // it is over
)

// Differs returns how a meeting has changed since the card was drawn; empty if it
// has not. Anything the service left out this time does not count.
func (m Meeting) Differs(now Meeting) Anew {
	switch {
	case m.DatesKnown && !now.DatesKnown, m.SameAs(now):
		return ""
	case now.Running && !m.Running:
		return AnewStarted
	case m.movedTo(now):
		return AnewMoved
	}
	return AnewEdited
}

// Unlisted reports whether all that keeps a confirmation of m from applying to now is that
// the dates are not listed any more.
func (m Meeting) Unlisted(now Meeting) bool {
	if !m.DatesKnown || now.DatesKnown {
		return false
	}
	now.DatesKnown, now.Occurrences = true, m.Occurrences
	return m.SameAs(now)
}

// movedTo reports whether the meeting, or a date still to come, was moved.
func (m Meeting) movedTo(now Meeting) bool {
	if !m.Recurring || !now.Recurring {
		return !staysAt(m.Start, now.Start) || !staysAt(m.End, now.End)
	}
	starts := make(map[string]OccurrenceRef, len(m.Occurrences))
	for _, o := range m.Occurrences {
		starts[o.ID] = o
	}
	for _, o := range now.Occurrences {
		if was, known := starts[o.ID]; known && !was.Start.Equal(o.Start) {
			return true
		}
	}
	return false
}

// Kept returns the ids whose dates now still has, at the same times.
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

// Date returns the date with an id, and whether the meeting has it.
func (m Meeting) Date(id string) (OccurrenceRef, bool) {
	for _, o := range m.Occurrences {
		if o.ID == id {
			return o, true
		}
	}
	return OccurrenceRef{}, false
}

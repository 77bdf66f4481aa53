package cancellation

import (
	"slices"
	"time"
)

// Over reports whether everything the request is about lies in the past at the given
// time. If a time is unknown, it doesn't.
func (r *Request) Over(at time.Time) bool {
	all := spans(*r)
	return len(all) > 0 && !slices.ContainsFunc(all, func(o OccurrenceRef) bool { return !passed(o.Start, o.End, at) })
}

// EndKnown reports whether the service gave an end for everything r is about. Where it
// didn't, [Request.Over] goes by the start.
func EndKnown(r Request) bool {
	return !slices.ContainsFunc(spans(r), func(o OccurrenceRef) bool { return !o.End.After(o.Start) })
}

// spans returns the times of the meeting, or of its dates that r is about.
func spans(r Request) []OccurrenceRef {
	if !r.Meeting.Recurring {
		return []OccurrenceRef{{Start: r.Meeting.Start, End: r.Meeting.End}}
	}
	return Dates(r)
}

// Dates returns the occurrences of the series, or only the chosen ones.
func Dates(r Request) (all []OccurrenceRef) {
	for _, o := range r.Meeting.Occurrences {
		if r.Scope != Occurrence || slices.Contains(r.Chosen, o.ID) {
			all = append(all, o)
		}
	}
	return all
}

func passed(start, end, at time.Time) bool {
	if end.Before(start) {
		end = start
	}
	return !end.IsZero() && !at.Before(end)
}

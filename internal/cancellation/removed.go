package cancellation

import (
	"slices"
	"time"
)

// clockSlack is how far a clock may have been set back between two events.
const clockSlack = time.Minute

// RemovedBy returns which of others has removed everything that r is about since a given time:
// one of them alone, or the last of several that each cancelled some dates. It is zero if they
// haven't. A slightly earlier removal counts too, because the clock may have been set back. If it
// really was earlier, r found the meeting only because the service lags.
func RemovedBy(others []Request, r Request, since time.Time) (by Request) {
	all := removals(others, r, since)
	if !covered(r, all) {
		return Request{}
	}
	for _, other := range all {
		if covered(r, []Request{other}) {
			return other
		}
		if other.ClosedAt.After(by.ClosedAt) {
			by = other
		}
	}
	return by
}

// MayHaveRemoved reports whether those of others whose calls have no known outcome yet may
// have removed everything of r that the finished ones didn't, and will report it. The caller
// has seen that everything they were confirmed to remove no longer exists.
//
// If two calls may have done it, the one that removes more gets the credit; if they remove
// the same, the later one, because it still found the meeting. Calls that are still under
// way also get it, even for a part, if they began after recent.
func MayHaveRemoved(others []Request, r Request, recent time.Time) bool {
	var open, underWay []Request
	for _, other := range others {
		if other.ID == r.ID || !CallOpen(other) {
			continue
		}
		open = append(open, other)
		if other.Unanswered == 0 && other.Effects[CallEffect].BegunAt.After(recent) {
			underWay = append(underWay, other)
		}
	}
	done := append(underWay, removals(others, r, r.ConfirmedAt)...)
	return covered(r, done) || slices.ContainsFunc(open, func(other Request) bool {
		later := other.Effects[CallEffect].BegunAt.After(r.Effects[CallEffect].BegunAt)
		return covered(r, append(slices.Clip(done), other)) && (later || !covered(other, append(removals(others, other, other.ConfirmedAt), r)))
	})
}

// CallOpen reports whether the call of r has begun and its outcome is not known.
func CallOpen(r Request) bool {
	call := r.Effects[CallEffect]
	return (r.State == Calling || r.IsUnknown()) && call.Begun() && (call.Result == "" || r.Unanswered > 0)
}

// removals returns those of others that have removed the meeting of r, or dates of it, since a
// given time.
func removals(others []Request, r Request, since time.Time) (all []Request) {
	for _, other := range others {
		if other.ID != r.ID && other.Meeting.ID == r.Meeting.ID && other.Outcome.Removed() && !other.ClosedAt.Before(since.Add(-clockSlack)) {
			all = append(all, other)
		}
	}
	return all
}

// covered reports whether by together remove everything that r removes. All remaining dates
// together count as the series.
func covered(r Request, by []Request) bool {
	together := Request{Meeting: r.Meeting, Scope: Occurrence}
	for _, other := range by {
		switch {
		case other.Meeting.ID != r.Meeting.ID:
		case other.Scope == Whole, other.WholeSeries():
			return true
		default:
			together.Chosen = append(together.Chosen, other.Chosen...)
		}
	}
	return together.WholeSeries() ||
		r.Scope == Occurrence && !slices.ContainsFunc(r.Chosen, func(id string) bool { return !slices.Contains(together.Chosen, id) })
}

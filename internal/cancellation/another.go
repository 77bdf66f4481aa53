package cancellation

import (
	"slices"
	"time"
)

// clockSet is how far a clock may have been set back between two events.
const clockSet = time.Minute

// DidFor reports whether one of these, or those of them that cancelled dates together, removed
// what r was confirmed to remove, after that confirmation. A removal that seems to
// be a moment older counts as well: the clock may have been set back. If it really is older, r
// found the meeting only because the service lags.
func DidFor(over []Request, r Request) bool {
	together := Request{Meeting: r.Meeting, Scope: Occurrence}
	for _, done := range over {
		if done.ID == r.ID || !done.Outcome.Removed() || done.ClosedAt.Before(r.ConfirmedAt.Add(-clockSet)) || done.Meeting.ID != r.Meeting.ID {
			continue
		}
		if covers(done, r) {
			return true
		}
		together.Chosen = append(together.Chosen, done.Chosen...)
	}
	return covers(together, r)
}

// MayHaveDoneFor reports whether open, whose call has no outcome yet or one that is not
// known, may be what removed what r is about, and will say so; all that it was to remove
// is gone. Of two calls that may have done it, that is the one that removes more, or of
// the same the one that began later, because it found the meeting still there; or one of
// which nobody has said yet that it was not answered, if it began after recent.
func MayHaveDoneFor(open, r Request, recent time.Time) bool {
	call, mine := open.Effects[CallEffect], r.Effects[CallEffect]
	if open.ID == r.ID || open.State != Calling && !open.IsUnknown() || !call.Begun() || !covers(open, r) {
		return false
	}
	underWay := call.Result == "" && open.Unanswered == 0
	unsettled := call.Result == "" || open.Unanswered > 0
	first := call.BegunAt.After(mine.BegunAt) || !covers(r, open)
	return unsettled && first || underWay && call.BegunAt.After(recent)
}

// covers reports whether everything that r is to remove goes with what other is to remove.
// All dates that are left are the series.
func covers(other, r Request) bool {
	if other.Meeting.ID != r.Meeting.ID {
		return false
	}
	return other.Scope == Whole || other.WholeSeries() || r.Scope == Occurrence &&
		!slices.ContainsFunc(r.Chosen, func(id string) bool { return !slices.Contains(other.Chosen, id) })
}

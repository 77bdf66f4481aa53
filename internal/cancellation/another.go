package cancellation

import (
	"slices"
	"time"
)

// clockSlack is how far a clock may have been set back between two events.
const clockSlack = time.Minute

// HaveRemoved reports whether the finished requests removed everything that r was confirmed to
// remove, after r's confirmation: one of them alone, or several that each cancelled some
// dates. A slightly earlier removal counts too, because the clock may have been set back.
// If it really was earlier, r found the meeting only because the service lags.
func HaveRemoved(finished []Request, r Request) bool {
	together := Request{Meeting: r.Meeting, Scope: Occurrence}
	for _, done := range finished {
		if done.ID == r.ID || !done.Outcome.Removed() || done.ClosedAt.Before(r.ConfirmedAt.Add(-clockSlack)) || done.Meeting.ID != r.Meeting.ID {
			continue
		}
		if covers(done, r) {
			return true
		}
		together.Chosen = append(together.Chosen, done.Chosen...)
	}
	return covers(together, r)
}

// MayHaveRemoved reports whether open, whose call has no known outcome yet, may have removed
// everything r is about and will report it. The caller has seen that everything open was
// confirmed to remove no longer exists.
//
// If both calls may have done it, the one that removes more gets the credit; if they remove
// the same, the later one, because it still found the meeting. A call that is still under way
// also gets it if it began after recent.
func MayHaveRemoved(open, r Request, recent time.Time) bool {
	call, mine := open.Effects[CallEffect], r.Effects[CallEffect]
	if open.ID == r.ID || open.State != Calling && !open.IsUnknown() || !call.Begun() || !covers(open, r) {
		return false
	}
	underWay := call.Result == "" && open.Unanswered == 0
	unsettled := call.Result == "" || open.Unanswered > 0
	wins := call.BegunAt.After(mine.BegunAt) || !covers(r, open)
	return unsettled && wins || underWay && call.BegunAt.After(recent)
}

// covers reports whether other removes everything that r removes. All remaining dates
// together count as the series.
func covers(other, r Request) bool {
	if other.Meeting.ID != r.Meeting.ID {
		return false
	}
	return other.Scope == Whole || other.WholeSeries() || r.Scope == Occurrence &&
		!slices.ContainsFunc(r.Chosen, func(id string) bool { return !slices.Contains(other.Chosen, id) })
}

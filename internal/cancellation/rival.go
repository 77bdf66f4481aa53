package cancellation

import "slices"

// DidFor reports whether done, which is finished, removed what r was confirmed to remove,
// after that confirmation.
func DidFor(done, r Request) bool {
	return done.ID != r.ID && done.Outcome.Removed() && !done.ClosedAt.Before(r.ConfirmedAt) && covers(done, r)
}

// MayHaveDoneFor reports whether open, whose call began after that of r and has no outcome
// yet, may be what removed the meeting: open found it there before it called.
func MayHaveDoneFor(open, r Request) bool {
	call, before := open.Effects[CallEffect], r.Effects[CallEffect]
	unsettled := open.State == Calling && call.Begun() && (call.Result == "" || open.Unanswered > 0)
	return open.ID != r.ID && unsettled && call.BegunAt.After(before.BegunAt) && covers(open, r)
}

// covers reports whether everything that r is to remove goes with what other is to remove.
func covers(other, r Request) bool {
	if other.Meeting.ID != r.Meeting.ID {
		return false
	}
	return other.Scope != Occurrence || r.Scope == Occurrence &&
		!slices.ContainsFunc(r.Chosen, func(id string) bool { return !slices.Contains(other.Chosen, id) })
}

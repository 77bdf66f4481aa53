package cancellation

import (
	"slices"
	"time"
)

// A Decision says how much of a meeting a button and its checkboxes remove.
type Decision struct {
	Scope  Scope
	Chosen []string // ids of occurrences where Scope is Occurrence
	End    bool     // the button said that a running meeting will be ended
}

// Decided returns r as it will be once d is confirmed at the given time. It goes by what
// would be left, not by which button was pressed: all remaining dates are the series,
// unless an earlier date is still running, which then stays. A running date is ended if it
// is ticked or its series is cancelled.
func (r Request) Decided(d Decision, at time.Time) Request {
	r.Scope, r.Chosen, r.End, r.ConfirmedAt = d.Scope, d.Chosen, r.End || d.End, at
	switch {
	case r.Scope == Series && r.Meeting.Running:
		r.End = true // the button says so
		return r
	case r.Scope != Occurrence:
		return r
	}
	if running := r.Meeting.RunningDate(at); running != "" && slices.Contains(r.Chosen, running) {
		r.End = true
	}
	if r.Meeting.Remaining(r.Chosen) && !r.Meeting.EarlierRuns(at) {
		r.Scope, r.Chosen = Series, nil
	}
	return r
}

// Ending reports whether the confirmation would put people out of a running meeting,
// or might because the service doesn't say whether it is running. For dates of a
// series, only the running date counts.
func (r *Request) Ending() bool {
	m := r.Meeting
	switch {
	case !r.End, !m.Running && m.StateKnown:
		return false
	case r.Scope != Occurrence:
		return true
	case r.ConfirmedAt.IsZero(): // not confirmed yet: by then the first date may run
		return len(m.Occurrences) > 0 && slices.Contains(r.Chosen, m.Occurrences[0].ID)
	}
	m.Running = true // or unknown; only the first date can be running
	return slices.Contains(r.Chosen, m.RunningDate(r.ConfirmedAt))
}

// WholeSeries reports whether the request removes a whole series: either as such, or
// because all remaining dates are ticked, even if they are cancelled one by one.
func (r *Request) WholeSeries() bool {
	return r.Scope == Series || r.Scope == Occurrence && r.Meeting.Remaining(r.Chosen)
}

// MayBeWholeSeries is the cautious form of [Request.WholeSeries]: it is also true if all listed
// dates are ticked and there might be no others.
func MayBeWholeSeries(r Request) bool {
	return r.Scope == Series || r.Scope == Occurrence && r.Meeting.allListed(r.Chosen)
}

// Starts returns when the meeting, the chosen dates or all dates of a series start.
// It returns none while it is undecided how much of a series is meant, and false
// unless all times are known. A running meeting's start counts as known.
func (r *Request) Starts() (all []time.Time, known bool) {
	m := r.Meeting
	if !m.Recurring {
		return []time.Time{m.Start}, m.Running || !m.Start.IsZero()
	}
	known = m.DatesKnown
	for _, o := range m.Occurrences {
		if r.Scope == Series || r.Scope == Occurrence && slices.Contains(r.Chosen, o.ID) {
			all, known = append(all, o.Start), known && !o.Start.IsZero()
		}
	}
	return all, known
}

// CallFrom returns from when the call may start: the click, or the end of its undo
// window. It is zero before the confirmation.
func (r *Request) CallFrom() time.Time {
	if r.UndoUntil.After(r.ConfirmedAt) {
		return r.UndoUntil
	}
	return r.ConfirmedAt
}

// CanUndo reports whether the undo window of r is open, so that its card counts down.
func CanUndo(r Request, now time.Time) bool { return r.State == Confirmed && now.Before(r.UndoUntil) }

// StopWaiting clears how long the call has to wait, and why.
func (r *Request) StopWaiting() { r.WaitUntil, r.Why = time.Time{}, "" }

// Stale reports whether the confirmation is too old: the call has not started within ttl
// of [Request.CallFrom].
func (r *Request) Stale(now time.Time, ttl time.Duration) bool {
	from := r.CallFrom()
	return !from.IsZero() && now.After(from.Add(ttl))
}

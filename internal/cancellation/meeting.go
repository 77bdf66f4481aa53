package cancellation

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// A Meeting is what a card shows of a meeting: a snapshot. All times are UTC.
type Meeting struct {
	ID      string `json:"id,omitempty"`     // what the service calls it
	Number  string `json:"number,omitempty"` // what people see in the invitation
	UUID    string `json:"uuid,omitempty"`   // of this session; empty until it has started
	Subject string `json:"subject,omitempty"`

	Start   time.Time `json:"start,omitzero"`
	End     time.Time `json:"end,omitzero"`
	Running bool      `json:"running,omitempty"`
	// StateKnown: the service's details say whether it is running; for some meetings they
	// don't. One of those is running if the service refused a call because of it.
	StateKnown bool `json:"told,omitempty"`
	People     int  `json:"people,omitempty"` // in the meeting right now; 0 if unknown or none

	OwnerName string `json:"owner_name,omitempty"`
	OwnerUUID string `json:"owner_uuid,omitempty"`

	// OwnerEmail comes from the owner's own row among the invitees, in case the user
	// directory doesn't have it; empty if there is none. It is not shown.
	OwnerEmail string `json:"owner_email,omitempty"`

	// Invited is how many people are invited, where InvitedKnown. Notifies is "yes" or
	// "no": whether the service tells them of a cancellation; empty if it does not say.
	Invited      int    `json:"invited,omitempty"`
	InvitedKnown bool   `json:"invited_known,omitempty"`
	Notifies     string `json:"notifies,omitempty"`

	Recurring   bool            `json:"recurring,omitempty"`
	KindUnknown bool            `json:"kind_unknown,omitempty"` // it may recur: a row of a list that doesn't say
	Rule        Rule            `json:"rule,omitzero"`
	Occurrences []OccurrenceRef `json:"occurrences,omitempty"` // still to come, earliest first
	// DatesKnown: the service listed the occurrences. An answer without a list
	// doesn't mean that there are none.
	DatesKnown bool `json:"dates_known,omitempty"`
	// MoreDates: there may be later dates than those listed, which nobody has seen. Only
	// who chooses the whole series removes them.
	MoreDates bool `json:"more_dates,omitempty"`
}

// A Rule says how a meeting recurs. The zero Rule is unknown.
type Rule struct {
	Cycle    string `json:"cycle,omitempty"` // Day, Week or Month
	Interval int    `json:"interval,omitempty"`
	Points   []int  `json:"points,omitempty"` // weekdays (0 is Sunday) or days of the month
	Until    string `json:"until,omitempty"`  // 2026-12-31, in the meeting's own zone
}

// An OccurrenceRef is one date of a recurring meeting.
type OccurrenceRef struct {
	ID    string    `json:"id"`
	Start time.Time `json:"start"`
	End   time.Time `json:"end,omitzero"`
}

// Length is the planned length, 0 if it is not known.
func (m Meeting) Length() time.Duration {
	if m.Start.IsZero() || m.End.Before(m.Start) {
		return 0
	}
	return m.End.Sub(m.Start)
}

// Next returns when a meeting starts, or the next date of a series as far as its dates are
// known.
func (m Meeting) Next() time.Time {
	if m.Recurring && len(m.Occurrences) > 0 && !m.Occurrences[0].Start.IsZero() {
		return m.Occurrences[0].Start
	}
	return m.Start
}

// DatesTold reports whether the service has told all dates of a series with their times.
func (m Meeting) DatesTold() bool {
	return m.DatesKnown && !slices.ContainsFunc(m.Occurrences, func(o OccurrenceRef) bool { return o.Start.IsZero() })
}

// Untimed reports whether the service has told the time of none of a series' dates.
func (m Meeting) Untimed() bool {
	return !slices.ContainsFunc(m.Occurrences, func(o OccurrenceRef) bool { return !o.Start.IsZero() })
}

// Typed is what to type for this meeting and no other: people see the number of a cloud
// room, which several meetings may share.
func (m Meeting) Typed() string {
	if m.ID != "" && strings.Trim(m.ID, "0123456789") == "" {
		return m.ID
	}
	return cmp.Or(m.Number, m.ID)
}

// How far from its time a date may be running: people come early, and stay on.
const (
	early   = time.Hour
	overrun = 12 * time.Hour
)

// RunningDate returns the id of the occurrence running at the given time; empty if
// there is none, or if the running meeting is an earlier one that has overrun.
func (m Meeting) RunningDate(at time.Time) string {
	if !m.Running || len(m.Occurrences) == 0 || m.Occurrences[0].Start.After(at.Add(early)) {
		return ""
	}
	return m.Occurrences[0].ID
}

// EarlierRuns reports whether a date that is not among the remaining ones is running at
// the given time: to remove those leaves it alone.
func (m Meeting) EarlierRuns(at time.Time) bool { return m.Running && m.RunningDate(at) == "" }

// ToCome returns the dates of a series that are not over at the given time, the earliest
// first. While the series runs, the last one before is not over either: it has overrun,
// unless that is too long ago, or people may have come early for the next. A date whose
// end is not known may last as long as one that overruns.
func ToCome(dates []OccurrenceRef, running bool, at time.Time) (left []OccurrenceRef) {
	var last OccurrenceRef
	for _, o := range dates {
		end := o.End
		if end.IsZero() && !o.Start.IsZero() {
			end = o.Start.Add(overrun)
		}
		switch {
		case end.IsZero() || end.After(at):
			left = append(left, o)
		case end.After(at.Add(-overrun)) && o.Start.After(last.Start):
			last = o
		}
	}
	slices.SortStableFunc(left, func(a, b OccurrenceRef) int { return a.Start.Compare(b.Start) })
	if running && last.ID != "" && (len(left) == 0 || left[0].Start.After(at.Add(early))) {
		left = slices.Insert(left, 0, last)
	}
	return left
}

// SameAs reports whether a confirmation of m still applies to now: the same meeting,
// at the same time, with the same subject, in the same state, with the same dates if
// it recurs. The number of people in it may differ. What the service leaves out
// of an answer doesn't contradict the card, except that dates which the card listed have
// to be listed still. A card without dates is about all of them.
func (m Meeting) SameAs(now Meeting) bool {
	return m.ID == now.ID && m.sameSession(now) &&
		stays(m.Subject, now.Subject) && staysAt(m.Start, now.Start) && staysAt(m.End, now.End) &&
		m.sameState(now) && m.Recurring == now.Recurring &&
		stays(m.OwnerUUID, now.OwnerUUID) && (!m.DatesKnown || now.DatesKnown && sameDates(m.Occurrences, now.Occurrences))
}

func sameDates(was, is []OccurrenceRef) bool {
	return slices.EqualFunc(was, is, func(a, b OccurrenceRef) bool { return a.ID == b.ID && a.Start.Equal(b.Start) })
}

// stays reports whether a fact is the same, or was left out.
func stays(was, is string) bool { return is == "" || is == was }

func staysAt(was, is time.Time) bool { return is.IsZero() || is.Equal(was) }

// Completed is m with what its answer left out taken from an earlier one.
func (m Meeting) Completed(earlier Meeting) Meeting {
	if m.ID != earlier.ID {
		return m
	}
	m.Number, m.Subject = cmp.Or(m.Number, earlier.Number), cmp.Or(m.Subject, earlier.Subject)
	m.Start, m.End = cmp.Or(m.Start, earlier.Start), cmp.Or(m.End, earlier.End)
	if m.OwnerUUID == "" {
		m.OwnerUUID, m.OwnerName = earlier.OwnerUUID, cmp.Or(m.OwnerName, earlier.OwnerName)
		m.OwnerEmail = cmp.Or(m.OwnerEmail, earlier.OwnerEmail)
	}
	return m
}

// HidesBefore reports whether a series may have dates before a time that the service has not
// told.
func (m Meeting) HidesBefore(t time.Time) bool {
	return m.Recurring && (!m.DatesTold() || m.MoreDates && (len(m.Occurrences) == 0 || m.Occurrences[len(m.Occurrences)-1].Start.Before(t)))
}

// Remaining reports whether ids are all the remaining dates. It is false unless all dates
// are known.
func (m Meeting) Remaining(ids []string) bool { return !m.MoreDates && m.allListed(ids) }

// allListed reports whether ids are all the dates that the service lists.
func (m Meeting) allListed(ids []string) bool {
	return m.DatesKnown && len(m.Occurrences) > 0 &&
		!slices.ContainsFunc(m.Occurrences, func(o OccurrenceRef) bool { return !slices.Contains(ids, o.ID) })
}

// Removed reports whether none of the dates ids is left. It is false if the dates
// are unknown.
func (m Meeting) Removed(ids []string) bool {
	return m.DatesKnown && !slices.ContainsFunc(m.Occurrences, func(o OccurrenceRef) bool { return slices.Contains(ids, o.ID) })
}

// sameState compares whether the meeting runs. That it does was not learned from details,
// and they don't deny it, if a call was refused for it: they may lag behind.
func (m Meeting) sameState(now Meeting) bool {
	refused := m.Running && !m.StateKnown
	return m.Running == now.Running || !now.StateKnown || refused
}

// sameSession compares the session ids where both are known: the service gives
// one out only once a meeting has started.
func (m Meeting) sameSession(now Meeting) bool {
	return m.UUID == "" || now.UUID == "" || m.UUID == now.UUID
}

package cancellation

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// A Meeting is a snapshot of a meeting, as a card shows it. All times are UTC.
type Meeting struct {
	ID      string `json:"id,omitempty"`     // the service's id
	Number  string `json:"number,omitempty"` // what people see in the invitation
	UUID    string `json:"uuid,omitempty"`   // of this session; empty until it has started
	Subject string `json:"subject,omitempty"`

	Start   time.Time `json:"start,omitzero"`
	End     time.Time `json:"end,omitzero"`
	Running bool      `json:"running,omitempty"`
	// StateKnown means that the service's details say whether the meeting is running, which
	// they don't for every meeting. Without it, Running means that the service refused a
	// call because the meeting was running.
	StateKnown bool `json:"told,omitempty"`
	People     int  `json:"people,omitempty"` // in the meeting right now; 0 if unknown or none

	OwnerName string `json:"owner_name,omitempty"`
	OwnerUUID string `json:"owner_uuid,omitempty"`

	// OwnerEmail comes from the owner's own row among the invitees, in case the user
	// directory has no address; empty if there is none. It is not shown.
	OwnerEmail string `json:"owner_email,omitempty"`

	// Invited is how many people are invited, if InvitedKnown. Notifies says whether the
	// service tells them about a cancellation: "yes", "no", or empty if it doesn't say.
	Invited      int    `json:"invited,omitempty"`
	InvitedKnown bool   `json:"invited_known,omitempty"`
	Notifies     string `json:"notifies,omitempty"`

	Recurring   bool            `json:"recurring,omitempty"`
	KindUnknown bool            `json:"kind_unknown,omitempty"` // it may recur: it comes from a list that doesn't say
	Rule        Rule            `json:"rule,omitzero"`
	Occurrences []OccurrenceRef `json:"occurrences,omitempty"` // still to come, earliest first
	// DatesKnown means that the service listed the occurrences. An answer without a list
	// doesn't mean that there are none.
	DatesKnown bool `json:"dates_known,omitempty"`
	// MoreDates means that there may be later dates than those listed. Only choosing the
	// whole series removes them.
	MoreDates bool `json:"more_dates,omitempty"`
}

// A Rule says how a meeting recurs. The zero Rule means that this is unknown.
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

// Length returns the planned length, or 0 if it is not known.
func (m Meeting) Length() time.Duration {
	if m.Start.IsZero() || m.End.Before(m.Start) {
		return 0
	}
	return m.End.Sub(m.Start)
}

// Next returns when a meeting starts, or when the next date of a series does if its dates
// are known.
func (m Meeting) Next() time.Time {
	if m.Recurring && len(m.Occurrences) > 0 && !m.Occurrences[0].Start.IsZero() {
		return m.Occurrences[0].Start
	}
	return m.Start
}

// DatesListed reports whether the service has listed the dates of a series, all with times.
func (m Meeting) DatesListed() bool {
	return m.DatesKnown && !slices.ContainsFunc(m.Occurrences, func(o OccurrenceRef) bool { return o.Start.IsZero() })
}

// HasNoTimes reports whether the service has given no date of a series a time.
func (m Meeting) HasNoTimes() bool {
	return !slices.ContainsFunc(m.Occurrences, func(o OccurrenceRef) bool { return !o.Start.IsZero() })
}

// Typed returns what to type for exactly this meeting. The number that people see may be
// that of a cloud room, which several meetings share.
func (m Meeting) Typed() string {
	if m.ID != "" && strings.Trim(m.ID, "0123456789") == "" {
		return m.ID
	}
	return cmp.Or(m.Number, m.ID)
}

// How far outside its time a date may be running: people come early, and stay on.
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

// EarlierRuns reports whether an earlier date, no longer among the remaining ones, is
// running at the given time. Removing the remaining ones doesn't affect it.
func (m Meeting) EarlierRuns(at time.Time) bool { return m.Running && m.RunningDate(at) == "" }

// ToCome returns the dates of a series that are not over at the given time, earliest
// first. While the series is running, that includes the last date before, which has
// overrun, unless it was too long ago or people may have come early for the next one. A
// date with unknown end may last as long as one that overruns.
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
// at the same time, with the same subject and owner, in the same state, with the same
// dates if it recurs. The number of people in it may differ. Facts missing from the
// service's answer don't contradict the card, except that dates listed on the card must
// still be listed. A card without dates is about all of them.
func (m Meeting) SameAs(now Meeting) bool {
	return m.ID == now.ID && m.sameSession(now) &&
		sameOrMissing(m.Subject, now.Subject) && sameTimeOrMissing(m.Start, now.Start) && sameTimeOrMissing(m.End, now.End) &&
		m.sameState(now) && m.Recurring == now.Recurring &&
		sameOrMissing(m.OwnerUUID, now.OwnerUUID) && (!m.DatesKnown || now.DatesKnown && sameDates(m.Occurrences, now.Occurrences))
}

func sameDates(was, is []OccurrenceRef) bool {
	return slices.EqualFunc(was, is, func(a, b OccurrenceRef) bool { return a.ID == b.ID && a.Start.Equal(b.Start) })
}

// sameOrMissing reports whether a fact is the same, or missing from the new answer.
func sameOrMissing(was, is string) bool { return is == "" || is == was }

func sameTimeOrMissing(was, is time.Time) bool { return is.IsZero() || is.Equal(was) }

// Completed returns m with missing facts filled in from an earlier answer.
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

// HidesBefore reports whether a series may have dates before t that the service has not
// listed.
func (m Meeting) HidesBefore(t time.Time) bool {
	return m.Recurring && (!m.DatesListed() || m.MoreDates && (len(m.Occurrences) == 0 || m.Occurrences[len(m.Occurrences)-1].Start.Before(t)))
}

// Remaining reports whether ids include all remaining dates. It is false unless all dates
// are known.
func (m Meeting) Remaining(ids []string) bool { return !m.MoreDates && m.allListed(ids) }

// allListed reports whether ids include every date that the service lists.
func (m Meeting) allListed(ids []string) bool {
	return m.DatesKnown && len(m.Occurrences) > 0 &&
		!slices.ContainsFunc(m.Occurrences, func(o OccurrenceRef) bool { return !slices.Contains(ids, o.ID) })
}

// Removed reports whether none of the dates ids is left. It is false if the dates
// are unknown.
func (m Meeting) Removed(ids []string) bool {
	return m.DatesKnown && !slices.ContainsFunc(m.Occurrences, func(o OccurrenceRef) bool { return slices.Contains(ids, o.ID) })
}

// sameState compares whether the meeting is running. If the card shows it running because a
// call was refused, details that deny it don't count: they may lag behind.
func (m Meeting) sameState(now Meeting) bool {
	refused := m.Running && !m.StateKnown
	return m.Running == now.Running || !now.StateKnown || refused
}

// sameSession compares the session ids if both are known: a meeting has none until it
// starts.
func (m Meeting) sameSession(now Meeting) bool {
	return m.UUID == "" || now.UUID == "" || m.UUID == now.UUID
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

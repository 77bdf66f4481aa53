package cancellation

import (
	"slices"
	"time"
)

// A Meeting is what a card shows of a meeting: a copy of facts, taken at one
// moment. All times are UTC.
type Meeting struct {
	ID      string `json:"id,omitempty"`     // what the service calls it
	Number  string `json:"number,omitempty"` // what people see in the invitation
	UUID    string `json:"uuid,omitempty"`   // of this very session; empty until it has started
	Subject string `json:"subject,omitempty"`

	Start   time.Time `json:"start,omitzero"`
	End     time.Time `json:"end,omitzero"`
	Running bool      `json:"running,omitempty"`
	Told    bool      `json:"told,omitempty"`   // the service said whether it is running; for some meetings it does not
	People  int       `json:"people,omitempty"` // in the meeting right now; 0 if unknown or none

	OwnerName string `json:"owner_name,omitempty"`
	OwnerUUID string `json:"owner_uuid,omitempty"`

	// OwnerEmail is from the owner's own row among the invited, for when the
	// user directory does not tell; empty if there is none. It is not shown.
	OwnerEmail string `json:"owner_email,omitempty"`

	Recurring   bool            `json:"recurring,omitempty"`
	Rule        Rule            `json:"rule,omitzero"`
	Occurrences []OccurrenceRef `json:"occurrences,omitempty"` // still to come, earliest first
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

// early is how long before its start a date may be running: people come early.
const early = time.Hour

// RunningDate is the id of the occurrence that is running at a moment; empty if
// none is, or if the running meeting is an earlier one that goes on beyond its end.
func (m Meeting) RunningDate(at time.Time) string {
	if !m.Running || len(m.Occurrences) == 0 || m.Occurrences[0].Start.After(at.Add(early)) {
		return ""
	}
	return m.Occurrences[0].ID
}

// SameAs reports whether a confirmation of m still holds for now: the same
// meeting, at the same time, under the same subject, in the same state, and
// the same dates where it recurs. How many people are in it may differ, and
// where the service does not say whether it is running, nothing contradicts
// what the card said.
func (m Meeting) SameAs(now Meeting) bool {
	return m.ID == now.ID && m.sameSession(now) &&
		m.Subject == now.Subject && m.Start.Equal(now.Start) && m.End.Equal(now.End) &&
		(m.Running == now.Running || !now.Told) && m.Recurring == now.Recurring &&
		m.OwnerUUID == now.OwnerUUID &&
		slices.EqualFunc(m.Occurrences, now.Occurrences, func(a, b OccurrenceRef) bool {
			return a.ID == b.ID && a.Start.Equal(b.Start)
		})
}

// sameSession compares the session ids where both are known: the service gives
// one out only once a meeting has started.
func (m Meeting) sameSession(now Meeting) bool {
	return m.UUID == "" || now.UUID == "" || m.UUID == now.UUID
}

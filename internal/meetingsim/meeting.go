package meetingsim

import (
	"cmp"
	"slices"
	"strconv"
	"time"
)

// The states of a [Meeting]: Huawei's words, plus one for meetings that Huawei no longer knows.
const (
	StateScheduled = "Schedule"
	StateCreating  = "Creating" // about to run; a DELETE is refused for the moment
	StateRunning   = "Created"
	StateEnded     = "Destroyed"
	StateCancelled = "Cancelled" // never on the wire
)

// A Meeting is a booking. [Server.AddMeeting] fills in zero fields.
type Meeting struct {
	// ID is the conferenceID, nine digits or more. A number can be reused once its meeting is
	// over.
	ID string
	// VMRID is the vmrConferenceID: the number of a cloud room, which people see instead.
	// Several meetings may share one. If empty, the meeting has its own number.
	VMRID string
	// UUID is the confUUID, which a meeting gets when it starts.
	UUID    string
	Subject string
	// Start is truncated to the minute. In a series it is that of the next occurrence.
	Start time.Time
	// Length is an hour if zero. A scheduled meeting that nobody starts lapses when its time
	// is over.
	Length time.Duration
	State  string
	// OwnerUUID is the booker's user UUID, the login's if empty. OwnerName is that user's name.
	OwnerUUID, OwnerName string
	// Series makes it a recurring meeting.
	Series *Series
	// TimeZoneID is the vendor's number, "56" (Beijing) if empty. It doesn't shift Start.
	TimeZoneID string
	Invitees   []Invitee
	// Notify says how the service notifies invitees; nil is the company's default, by mail and
	// calendar.
	Notify *Notify
	// People is the number of people in the meeting now.
	People int
	// HostPassword and GuestPassword are never empty. By default they start with HOSTPW- and
	// GUESTPW-, and the join links contain HOSTLINK- and GUESTLINK-, so tests can search for
	// leaks.
	HostPassword, GuestPassword string
	// Webinar marks a meeting with its own delete calls, which this service doesn't have.
	Webinar bool
}

// A Series is the recurrence rule and the remaining dates of a recurring meeting.
type Series struct {
	Cycle    string // Day, Week or Month; "" is Week
	Interval int    // every how many cycles; 0 is 1
	// Points are weekdays 0 (Sunday) to 6, or days of the month; nil is the first occurrence's own.
	Points []int
	// Occurrences are the dates neither over nor cancelled, by start. If there are none when
	// the meeting is added, five are made, one per interval.
	Occurrences []Occurrence
}

// An Occurrence is one meeting of a series. A zero ID is filled in, and a zero Length is the
// series' length.
type Occurrence struct {
	ID     string
	Start  time.Time
	Length time.Duration
}

// An Invitee is a person or room invited when the meeting was booked.
type Invitee struct {
	Name, UserUUID, Account, Email, Phone string
	Host                                  bool
	// Type is the vendor's attendeeType: normal (also meant by ""), terminal (a room system), outside or mobile.
	Type string
}

// Notify says whether the service notifies invitees by mail, text message and calendar.
type Notify struct{ Mail, SMS, Calendar bool }

// booking is a meeting with the service's own notes on it.
type booking struct {
	Meeting
	stale      Meeting // what reads still show until staleUntil
	staleUntil time.Time
}

// alive reports whether the meeting is neither over nor cancelled.
func (m Meeting) alive() bool { return m.State != StateEnded && m.State != StateCancelled }

func (m Meeting) end() time.Time { return m.Start.Add(m.Length) }

// clone returns a deep copy of m.
func (m Meeting) clone() Meeting {
	m.Invitees = slices.Clone(m.Invitees)
	if m.Notify != nil {
		m.Notify = new(*m.Notify)
	}
	if m.Series != nil {
		series := *m.Series
		series.Points = slices.Clone(series.Points)
		series.Occurrences = slices.Clone(series.Occurrences)
		m.Series = &series
	}
	return m
}

// fill completes a new meeting. The lock is held.
func (s *Server) fill(m Meeting) Meeting {
	now := s.now()
	m = m.clone()
	if m.ID == "" {
		s.numbers++
		m.ID = strconv.Itoa(914000000 + 7919*s.numbers)
	}
	m.Subject = cmp.Or(m.Subject, "Meeting "+m.ID)
	m.Length = cmp.Or(m.Length, time.Hour)
	m.TimeZoneID = cmp.Or(m.TimeZoneID, "56")
	m.HostPassword = cmp.Or(m.HostPassword, "HOSTPW-"+m.ID)
	m.GuestPassword = cmp.Or(m.GuestPassword, "GUESTPW-"+m.ID)
	m.OwnerUUID = cmp.Or(m.OwnerUUID, s.self)
	if u := s.user(func(u *User) bool { return u.UUID == m.OwnerUUID }); u != nil {
		m.OwnerName = cmp.Or(m.OwnerName, u.Name)
	}
	if m.Start.IsZero() && m.Series != nil && len(m.Series.Occurrences) > 0 {
		m.Start = slices.MinFunc(m.Series.Occurrences, byStart).Start
	}
	if m.Start.IsZero() {
		m.Start = now.Truncate(time.Hour).Add(2 * time.Hour)
		if m.State == StateRunning {
			m.Start = now.Add(-10 * time.Minute)
		}
	}
	if m.State == "" {
		m.State = StateScheduled
		if m.Series == nil && !m.end().After(now) {
			m.State = StateEnded
		}
	}
	m.normalize()
	return m
}

// normalize makes dependent fields consistent.
func (m *Meeting) normalize() {
	m.Start = m.Start.UTC().Truncate(time.Minute)
	if m.Series != nil {
		m.fillSeries()
	}
	switch m.State {
	case StateRunning:
		m.People = max(m.People, 1)
		m.UUID = cmp.Or(m.UUID, hexID())
	case StateEnded:
		m.UUID = cmp.Or(m.UUID, hexID())
		m.People = 0
	default:
		m.People = 0
	}
}

// fillSeries completes the recurrence rule and the dates.
func (m *Meeting) fillSeries() {
	r := m.Series
	r.Cycle = cmp.Or(r.Cycle, "Week")
	r.Interval = max(r.Interval, 1)
	local := m.Start.In(zone(m.TimeZoneID))
	switch {
	case r.Points != nil:
	case r.Cycle == "Week":
		r.Points = []int{int(local.Weekday())}
	case r.Cycle == "Month":
		r.Points = []int{local.Day()}
	}
	if len(r.Occurrences) == 0 {
		for i := range 5 {
			r.Occurrences = append(r.Occurrences, Occurrence{Start: r.step(local, i)})
		}
	}
	for i := range r.Occurrences {
		o := &r.Occurrences[i]
		o.ID = cmp.Or(o.ID, hexID())
		o.Length = cmp.Or(o.Length, m.Length)
		o.Start = o.Start.UTC().Truncate(time.Minute)
	}
	slices.SortStableFunc(r.Occurrences, byStart)
	m.Start, m.Length = r.Occurrences[0].Start, r.Occurrences[0].Length
}

// step returns the start of the nth occurrence, at the same local time.
func (r *Series) step(first time.Time, n int) time.Time {
	n *= r.Interval
	switch r.Cycle {
	case "Day":
		return first.AddDate(0, 0, n)
	case "Month":
		return first.AddDate(0, n, 0)
	default:
		return first.AddDate(0, 0, 7*n)
	}
}

func byStart(a, b Occurrence) int { return a.Start.Compare(b.Start) }

package meetingsim

import (
	"cmp"
	"slices"
)

// AddMeeting books m and returns it with all fields filled in. If the number is in use, the
// older meeting is dropped, as by [Server.Remove].
func (s *Server) AddMeeting(m Meeting) Meeting {
	s.change(func() {
		m = s.fill(m)
		if b := s.live(m.ID); b != nil {
			s.drop(b)
		}
		s.meetings = append(s.meetings, &booking{Meeting: m.clone()})
	})
	return m
}

// Meetings returns all meetings in the order they were added, including ended and cancelled
// ones.
func (s *Server) Meetings() []Meeting {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.settle()
	all := make([]Meeting, 0, len(s.meetings))
	for _, b := range s.meetings {
		all = append(all, b.clone())
	}
	return all
}

// Meeting returns the meeting with this conferenceID: the live one, or else the latest one.
func (s *Server) Meeting(id string) (Meeting, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.settle()
	b := s.latest(id)
	if b == nil {
		return Meeting{}, false
	}
	return b.clone(), true
}

// Cancelled returns how many DELETE calls took effect on meetings with this number. A call
// for several occurrences counts once.
func (s *Server) Cancelled(id string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.cancelled[id]
}

// Start starts a scheduled meeting, or the next occurrence of a series, and reports whether
// the meeting exists.
func (s *Server) Start(id string) bool {
	return s.Change(id, func(m *Meeting) { m.State = StateRunning })
}

// End ends a meeting for good, as when its time is over, and reports whether it was live. A
// running series continues with its next occurrence.
func (s *Server) End(id string) (found bool) {
	s.change(func() {
		if b := s.live(id); b != nil {
			found = true
			s.finish(b)
		}
	})
	return found
}

// Change calls f to change a live meeting and reports whether there is one. f runs under the
// service's lock and must not call the service. The number can't change. In a series a new
// Start or Length applies to the next occurrence.
func (s *Server) Change(id string, f func(*Meeting)) (found bool) {
	s.change(func() {
		b := s.live(id)
		if b == nil {
			return
		}
		found = true
		m := b.clone()
		f(&m)
		m = m.clone() // f may keep its argument
		m.ID = id
		if m.Series != nil && len(m.Series.Occurrences) > 0 {
			next := &m.Series.Occurrences[0]
			if !m.Start.Equal(b.Start) {
				next.Start = m.Start
			}
			if m.Length != b.Length {
				next.Length = m.Length
			}
		}
		m.normalize()
		b.Meeting = m
	})
	return found
}

// Forget makes the service forget a meeting in any state, and reports whether it knew one.
// Earlier cancellations still count.
func (s *Server) Forget(id string) (found bool) {
	s.change(func() {
		if b := s.latest(id); b != nil {
			found = true
			s.drop(b)
		}
	})
	return found
}

func (s *Server) drop(b *booking) {
	s.meetings = slices.DeleteFunc(s.meetings, func(other *booking) bool { return other == b })
}

// live returns the meeting with this number that is neither over nor cancelled.
func (s *Server) live(id string) *booking {
	s.settle()
	for _, b := range s.meetings {
		if b.ID == id && b.alive() {
			return b
		}
	}
	return nil
}

func (s *Server) latest(id string) *booking {
	if b := s.live(id); b != nil {
		return b
	}
	for _, b := range slices.Backward(s.meetings) {
		if b.ID == id {
			return b
		}
	}
	return nil
}

// settle ends meetings whose time is over. It runs before every look at the meetings, in
// place of a ticking clock.
func (s *Server) settle() {
	now := s.now()
	for _, b := range s.meetings {
		if b.State != StateScheduled {
			continue
		}
		if b.Series != nil {
			r := b.Series
			for len(r.Occurrences) > 0 && !r.Occurrences[0].Start.Add(r.Occurrences[0].Length).After(now) {
				b.dropOccurrence(r.Occurrences[0].ID)
			}
		}
		if !b.end().After(now) {
			b.State = StateEnded
		}
	}
}

// finish ends a meeting for good, or the running or next occurrence of a series.
func (s *Server) finish(b *booking) {
	if b.Series != nil && len(b.Series.Occurrences) > 1 {
		over := b.clone()
		over.Series, over.State, over.People = nil, StateEnded, 0
		over.UUID = cmp.Or(over.UUID, hexID())
		s.meetings = append(s.meetings, &booking{Meeting: over})
		b.dropOccurrence(b.Series.Occurrences[0].ID)
		b.State, b.People, b.UUID = StateScheduled, 0, ""
		return
	}
	b.UUID = cmp.Or(b.UUID, hexID())
	b.State, b.People = StateEnded, 0
}

// dropOccurrence removes a date from a series and moves the series to its next date.
func (b *booking) dropOccurrence(id string) {
	r := b.Series
	r.Occurrences = slices.DeleteFunc(r.Occurrences, func(o Occurrence) bool { return o.ID == id })
	if len(r.Occurrences) > 0 {
		b.Start, b.Length = r.Occurrences[0].Start, r.Occurrences[0].Length
	}
}

// shown returns the meeting as reads show it: after a lagging DELETE, in its old state.
func (s *Server) shown(b *booking) Meeting {
	if s.now().Before(b.staleUntil) {
		return b.stale
	}
	return b.Meeting
}

package steptest

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"meetingbot/internal/background"
	"meetingbot/meetingapi"
)

// A Service is a stub of the meeting service. Its fields may be set before the first call,
// and by Set at any time.
type Service struct {
	Meetings    map[meetingapi.ID]meetingapi.Meeting
	Accounts    map[string]meetingapi.User // by UUID
	Invited     []meetingapi.Invitee       // to every meeting
	Past        []meetingapi.Meeting
	ReadDelay   time.Duration // how long a reading takes
	ReadErrors  []error       // the next answers of readings; nil is success, the last one repeats
	NoRunning   error         // of listing running meetings
	Unknown     error         // of looking up a user
	HideDates   bool          // leave out the dates of a series
	Answers     []error       // the next answers of destructive calls; nil is success, the last one repeats
	TakesEffect bool          // calls take effect even if their answer is an error
	EffectDelay time.Duration // how long after the answer they do
	SendDelay   time.Duration // how long a destructive call waits before it is sent
	CallDelay   time.Duration // how long it takes then
	OnCall      func()        // called when a destructive call arrives; may be nil
	OnRead      func(n int)   // called when a meeting is read for the nth time; may be nil

	mu    sync.Mutex
	sent  []string
	reads int
}

// Budget says that nothing is known.
func (s *Service) Budget(meetingapi.Operation) (meetingapi.Budget, bool) {
	return meetingapi.Budget{}, false
}

func newService() *Service {
	start := time.Now().Add(48 * time.Hour).Truncate(time.Minute).UTC()
	owner := meetingapi.Owner{Name: "Carol Ng", UUID: "uuid-carol"}
	var dates []meetingapi.Occurrence
	for i := range 3 {
		at := start.AddDate(0, 0, 7*i)
		dates = append(dates, meetingapi.Occurrence{ID: meetingapi.OccurrenceID(fmt.Sprintf("d%d", i)), Start: at, End: at.Add(time.Hour)})
	}
	return &Service{
		Meetings: map[meetingapi.ID]meetingapi.Meeting{
			Number: {
				ID: Number, Number: Number, Subject: "Budget review", Start: start, End: start.Add(time.Hour),
				State: meetingapi.Scheduled, Owner: owner, Kind: meetingapi.KindSingle,
			},
			Weekly: {
				ID: Weekly, Number: Weekly, Subject: "Weekly", Start: start, End: start.Add(time.Hour),
				State: meetingapi.Scheduled, Owner: owner, Kind: meetingapi.KindSeries,
				Series: &meetingapi.Series{Occurrences: meetingapi.Known(dates)},
			},
		},
		Accounts: map[string]meetingapi.User{"uuid-carol": {UUID: "uuid-carol", Account: "carol@corp", Email: "carol@example.com"}},
	}
}

// Set changes the service, even while it is in use.
func (s *Service) Set(f func(*Service)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f(s)
}

// Sent returns the destructive calls so far, each as "cancel", "cancel end", "series" or
// "dates [d1 d2]".
func (s *Service) Sent() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.sent)
}

// Reads returns how often single meetings were read.
func (s *Service) Reads() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.reads
}

// Change alters a meeting.
func (s *Service) Change(number string, f func(*meetingapi.Meeting)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	m := s.Meetings[id(number)]
	f(&m)
	s.Meetings[id(number)] = m
}

// Remove removes a meeting.
func (s *Service) Remove(number string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.Meetings, id(number))
}

// Failure returns an error of this class.
func Failure(c meetingapi.Class) error {
	return &meetingapi.Error{Class: c, RequestID: "ref-1"}
}

// take returns the next of several answers; the last one repeats.
func take(all *[]error) error {
	if len(*all) == 0 {
		return nil
	}
	next := (*all)[0]
	if len(*all) > 1 {
		*all = (*all)[1:]
	}
	return next
}

// delay takes as long as a reading is to take, or fails if the caller gives up before.
func (s *Service) delay(ctx context.Context) error {
	s.mu.Lock()
	takes := s.ReadDelay
	s.mu.Unlock()
	if background.Sleep(ctx, takes) != nil {
		return Failure(meetingapi.ClassUnavailable)
	}
	return nil
}

func (s *Service) Meeting(ctx context.Context, id meetingapi.ID) (meetingapi.Meeting, error) {
	late := s.delay(ctx)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.reads++
	if s.OnRead != nil {
		s.OnRead(s.reads)
	}
	if late != nil {
		return meetingapi.Meeting{}, late
	}
	if err := take(&s.ReadErrors); err != nil {
		return meetingapi.Meeting{}, err
	}
	m, ok := s.Meetings[id]
	if !ok {
		return m, Failure(meetingapi.ClassNotFound)
	}
	if s.HideDates && m.Series != nil {
		m.Series = &meetingapi.Series{Rule: m.Series.Rule}
	}
	return m, nil
}

func (s *Service) Find(ctx context.Context, number string) ([]meetingapi.Meeting, error) {
	s.mu.Lock()
	var all []meetingapi.Meeting
	for _, m := range s.Meetings {
		if m.Number == number && m.Room {
			all = append(all, m)
		}
	}
	s.mu.Unlock()
	if len(all) > 0 {
		slices.SortFunc(all, func(a, b meetingapi.Meeting) int { return strings.Compare(string(a.ID), string(b.ID)) })
		return all, nil
	}
	m, err := s.Meeting(ctx, id(number))
	return []meetingapi.Meeting{m}, err
}

func (s *Service) list(ctx context.Context, keep func(meetingapi.Meeting) bool) (meetingapi.List, error) {
	if err := s.delay(ctx); err != nil {
		return meetingapi.List{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	var l meetingapi.List
	for _, m := range s.Meetings {
		if keep(m) {
			l.Meetings = append(l.Meetings, m)
		}
	}
	if err := take(&s.ReadErrors); err != nil {
		return meetingapi.List{}, err // as the client does
	}
	return l, nil
}

func (s *Service) Running(ctx context.Context, _ meetingapi.ListOptions) (meetingapi.List, error) {
	if s.NoRunning != nil {
		return meetingapi.List{}, s.NoRunning
	}
	return s.list(ctx, func(m meetingapi.Meeting) bool { return m.State == meetingapi.Running })
}

func (s *Service) Upcoming(ctx context.Context, o meetingapi.ListOptions) (meetingapi.List, error) {
	return s.list(ctx, func(m meetingapi.Meeting) bool { return o.User == "" || o.User == m.Owner.UUID })
}

func (s *Service) History(context.Context, time.Time, time.Time, meetingapi.ListOptions) (meetingapi.List, error) {
	return meetingapi.List{Meetings: s.Past}, nil
}

func (s *Service) PeopleOnline(context.Context, meetingapi.ID) (meetingapi.Optional[int], error) {
	return meetingapi.Known(3), nil
}

func (s *Service) Member(context.Context, string) (meetingapi.User, error) {
	return meetingapi.User{}, Failure(meetingapi.ClassNotFound)
}

// send records a destructive call and returns its answer. carryOut applies the call.
func (s *Service) send(ctx context.Context, call string, o meetingapi.CancelOptions, carryOut func()) error {
	s.mu.Lock()
	wait, late, arrives := s.SendDelay, s.CallDelay, s.OnCall
	s.mu.Unlock()
	time.Sleep(wait)
	if o.Sending != nil && o.Sending(ctx) != nil {
		return Failure(meetingapi.ClassUnavailable)
	}
	time.Sleep(late)
	if arrives != nil {
		arrives()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if o.End {
		call += " end"
	}
	s.sent = append(s.sent, call)
	err := take(&s.Answers)
	switch {
	case err != nil && s.TakesEffect && s.EffectDelay > 0:
		time.AfterFunc(s.EffectDelay, func() {
			s.mu.Lock()
			defer s.mu.Unlock()
			carryOut()
		})
	case err == nil || s.TakesEffect:
		carryOut()
	}
	return err
}

func (s *Service) Cancel(ctx context.Context, m meetingapi.Single, o meetingapi.CancelOptions) error {
	return s.send(ctx, "cancel", o, func() { delete(s.Meetings, m.ID()) })
}

func (s *Service) CancelSeries(ctx context.Context, _ meetingapi.Recurring, o meetingapi.CancelOptions) error {
	return s.send(ctx, "series", o, func() { delete(s.Meetings, Weekly) })
}

func (s *Service) CancelOccurrences(ctx context.Context, _ meetingapi.Recurring, ids []meetingapi.OccurrenceID, o meetingapi.CancelOptions) error {
	return s.send(ctx, "dates "+fmt.Sprint(ids), o, func() {
		m := s.Meetings[Weekly]
		all, _ := m.Series.Occurrences.Get()
		left := slices.DeleteFunc(slices.Clone(all), func(o meetingapi.Occurrence) bool { return slices.Contains(ids, o.ID) })
		m.Series = &meetingapi.Series{Rule: m.Series.Rule, Occurrences: meetingapi.Known(left)}
		s.Meetings[Weekly] = m
	})
}

// Invitees returns the invited people.
func (s *Service) Invitees(context.Context, meetingapi.ID, int) (meetingapi.InviteeList, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return meetingapi.InviteeList{Invitees: s.Invited, Total: meetingapi.Known(len(s.Invited))}, take(&s.ReadErrors)
}

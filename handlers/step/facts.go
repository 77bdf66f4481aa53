package step

import (
	"context"
	"slices"
	"strings"
	"time"

	"meetingbot/bot"
	"meetingbot/internal/cancellation"
	"meetingbot/meetingapi"
)

// Facts returns what a card shows of m. Occurrences that are over are left out.
func Facts(m meetingapi.Meeting, now time.Time) cancellation.Meeting {
	f := cancellation.Meeting{
		ID: string(m.ID), Number: m.Number, UUID: m.UUID, Subject: m.Subject,
		Start: m.Start, End: m.End, Running: m.State == meetingapi.Running,
		StateKnown: m.State != meetingapi.StateUnknown, People: m.PeopleOnline.Or(0),
		OwnerName: m.Owner.Name, OwnerUUID: m.Owner.UUID, OwnerEmail: ownerEmail(m), Notifies: notifies(m),
	}
	f.Invited, f.InvitedKnown = invitedPeople(m)
	f.KindUnknown = m.Kind == meetingapi.KindUnknown && !m.Webinar
	if m.Series == nil {
		return f
	}
	rule := m.Series.Rule
	f.Recurring = true
	f.Rule = cancellation.Rule{Cycle: string(rule.Cycle), Interval: rule.Interval, Points: rule.Points, Until: rule.EndDate}
	dates, known := m.Series.Occurrences.Get()
	f.DatesKnown = known
	f.MoreDates = m.Series.MayHaveMore()
	listed := make([]cancellation.OccurrenceRef, len(dates))
	for i, o := range dates {
		listed[i] = cancellation.OccurrenceRef{ID: string(o.ID), Start: o.Start, End: o.End}
	}
	f.Occurrences = cancellation.ToCome(listed, f.Running, now)
	return f
}

// invitedPeople returns how many people are invited. If m holds all the service's rows,
// room systems and duplicates are left out; otherwise it is the service's own count.
func invitedPeople(m meetingapi.Meeting) (n int, known bool) {
	n, known = m.Invited.Get()
	if !known || n != len(m.SomeInvitees) {
		return n, known
	}
	seen := map[string]bool{}
	for _, i := range m.SomeInvitees {
		email := strings.ToLower(strings.TrimSpace(i.Email))
		if i.Type == meetingapi.InviteeRoom || email != "" && seen[email] {
			n--
		}
		seen[email] = true
	}
	return n, known
}

// notifies reports whether the service notifies the people invited: "yes" if one of its
// flags is on, "no" if isSendNotify is off and no other is on, empty if that isn't known.
func notifies(m meetingapi.Meeting) string {
	mail, known := m.NotifyByMail.Get()
	switch {
	case mail || m.NotifyBySMS.Or(false) || m.NotifyByCalendar.Or(false):
		return "yes"
	case known:
		return "no"
	}
	return ""
}

// ownerEmail returns the address in the owner's own row among the invited, if there is
// exactly one.
func ownerEmail(m meetingapi.Meeting) string {
	var found []string
	for _, i := range m.SomeInvitees {
		if i.UserUUID != "" && i.UserUUID == m.Owner.UUID && i.Email != "" {
			found = append(found, strings.ToLower(i.Email))
		}
	}
	slices.Sort(found)
	if found = slices.Compact(found); len(found) == 1 {
		return found[0]
	}
	return ""
}

// IsGone reports whether a reading shows that the meeting is over or doesn't exist.
func IsGone(m meetingapi.Meeting, err error) bool {
	return meetingapi.IsNotFound(err) || meetingapi.IsEnded(err) || err == nil && m.State == meetingapi.Ended
}

// ZoneOf returns a person's time zone: the one Slack names, or Slack's offset for it if the
// name is unknown here. It never guesses: for people without a zone Slack sends California's
// offset.
func ZoneOf(p bot.Person) (*time.Location, bool) {
	if p.TimeZone != "" && p.TimeZone != "Local" {
		if zone, err := time.LoadLocation(p.TimeZone); err == nil {
			return zone, true
		}
	}
	if p.TimeZone != "" {
		return time.FixedZone(p.TimeZone, int(p.TimeOffset/time.Second)), true
	}
	return nil, false
}

// CountPeople sets how many people are in a running meeting. If the service can't say, the
// card leaves it out.
func (d *Deps) CountPeople(ctx context.Context, m *cancellation.Meeting) {
	if !m.Running || m.People > 0 {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, AnswerTime)
	defer cancel()
	if n, err := d.Meetings.PeopleOnline(ctx, meetingapi.ID(m.ID)); err == nil {
		m.People = n.Or(0)
	}
}

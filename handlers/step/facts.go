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

// Facts copies what a card shows out of what the service says. Occurrences
// that are over are left out.
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

// invitedPeople is how many people are invited. If the service shows all of its rows, room
// systems and repetitions don't count; otherwise it is the service's own count.
func invitedPeople(m meetingapi.Meeting) (n int, known bool) {
	n, known = m.Invited.Get()
	if !known || n != len(m.SomeInvitees) {
		return n, known
	}
	seen := map[string]bool{}
	for _, i := range m.SomeInvitees {
		email := strings.ToLower(strings.TrimSpace(i.Email))
		if i.Type == meetingapi.Terminal || email != "" && seen[email] {
			n--
		}
		seen[email] = true
	}
	return n, known
}

// notifies is whether the service tells those invited, as far as its flags say:
// "yes" if one of them does, "no" if the one for all ways says no and none of the
// others yes, empty while that is not known.
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

// ownerEmail is the address in the owner's own row among the invited, if there
// is exactly one.
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

// IsGone reports whether the reading says that the meeting is over or never existed.
func IsGone(m meetingapi.Meeting, err error) bool {
	return meetingapi.IsNotFound(err) || meetingapi.IsEnded(err) || err == nil && m.State == meetingapi.Ended
}

// ZoneOf returns a person's time zone: the one Slack names, or else the offset that Slack
// gives for it. It is never guessed: to people without a zone Slack gives California's offset.
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

// CountPeople adds how many people are in a running meeting. If that can't be found
// out, the card does without it.
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

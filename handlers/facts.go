package handlers

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"meetingbot/internal/cancellation"
	"meetingbot/meetingapi"
)

// facts copies what a card shows out of what the service says. Occurrences
// that are over are left out.
func facts(m meetingapi.Meeting, now time.Time) cancellation.Meeting {
	f := cancellation.Meeting{
		ID: string(m.ID), Number: m.Number, UUID: m.UUID, Subject: m.Subject,
		Start: m.Start, End: m.End, Running: m.State == meetingapi.Running,
		Told: m.State != meetingapi.StateUnknown, People: m.PeopleOnline,
		OwnerName: m.Owner.Name, OwnerUUID: m.Owner.UUID, OwnerEmail: ownerEmail(m),
	}
	if m.Series == nil {
		return f
	}
	rule := m.Series.Rule
	f.Recurring = true
	f.Rule = cancellation.Rule{Cycle: string(rule.Cycle), Interval: rule.Interval, Points: rule.Points, Until: rule.EndDate}
	for _, o := range m.Series.Occurrences {
		if o.End.IsZero() || o.End.After(now) {
			f.Occurrences = append(f.Occurrences, cancellation.OccurrenceRef{ID: string(o.ID), Start: o.Start, End: o.End})
		}
	}
	slices.SortStableFunc(f.Occurrences, func(a, b cancellation.OccurrenceRef) int { return a.Start.Compare(b.Start) })
	return f
}

// ownerEmail is the address in the owner's own row among the invited, if there
// is exactly one.
func ownerEmail(m meetingapi.Meeting) string {
	var found []string
	for _, i := range m.Invitees {
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

// choice is one line of a chooser or a list.
func choice(m cancellation.Meeting) cancellation.Choice {
	return cancellation.Choice{
		MeetingID: m.ID, Number: cmp.Or(m.Number, m.ID), Subject: m.Subject, Start: m.Start, End: m.End,
		Running: m.Running, Recurring: m.Recurring, Owner: m.OwnerName,
	}
}

// occurrencesAt are the occurrences that a person in this zone means by what
// they typed: a date, or a date and a time.
func occurrencesAt(m cancellation.Meeting, wanted string, zone *time.Location) (ids []string) {
	layout := time.DateOnly
	if strings.Contains(wanted, "T") {
		layout = "2006-01-02T15:04"
	}
	for _, o := range m.Occurrences {
		if o.Start.In(zone).Format(layout) == wanted {
			ids = append(ids, o.ID)
		}
	}
	return ids
}

// stillThere reports whether any of the chosen occurrences is among those to come.
func stillThere(m cancellation.Meeting, chosen []string) bool {
	return slices.ContainsFunc(m.Occurrences, func(o cancellation.OccurrenceRef) bool {
		return slices.Contains(chosen, o.ID)
	})
}

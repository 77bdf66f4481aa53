package ask

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"meetingbot/handlers/view/list"
	"meetingbot/internal/cancellation"
	"meetingbot/meetingapi"
)

// hasNumber reports whether one of the meetings has this number. The service's
// search finds it in subjects and names as well.
func hasNumber(all []meetingapi.Meeting, number string) bool {
	return slices.ContainsFunc(all, func(m meetingapi.Meeting) bool { return string(m.ID) == number || m.Number == number })
}

// Choices lists meetings for a chooser: running ones first, then the soonest, and last those
// whose start isn't known.
func Choices(all []cancellation.Meeting) []cancellation.Choice {
	list := make([]cancellation.Choice, 0, len(all))
	for _, m := range all {
		list = append(list, m.Choice())
	}
	slices.SortStableFunc(list, func(a, b cancellation.Choice) int {
		return cmp.Or(first(a.Running, b.Running), first(!a.Start.IsZero(), !b.Start.IsZero()), a.Start.Compare(b.Start))
	})
	return list
}

// Offered are the choices that a list or a chooser shows of some meetings, in order, and how many
// more there are. Only those with a button are stored.
func Offered(all []cancellation.Meeting) (shown []cancellation.Choice, more int) {
	shown = Choices(all)[:min(len(all), list.MaxChoices)]
	return shown, len(all) - len(shown)
}

// first orders what is true ahead of what is not.
func first(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return -1
	}
	return 1
}

// endOfDay is when the day of what they typed is over for a person in this zone.
func endOfDay(wanted string, zone *time.Location) time.Time {
	day, _, _ := strings.Cut(wanted, "T")
	begins, _ := time.ParseInLocation(time.DateOnly, day, zone)
	return begins.AddDate(0, 0, 1)
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

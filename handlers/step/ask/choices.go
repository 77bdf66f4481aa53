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

// hasNumber reports whether one of the meetings has this number. The service's search also
// matches subjects and names.
func hasNumber(all []meetingapi.Meeting, number string) bool {
	return slices.ContainsFunc(all, func(m meetingapi.Meeting) bool { return string(m.ID) == number || m.Number == number })
}

// Choices lists meetings for a chooser: running ones first, then by start, and last those
// whose start isn't known.
func Choices(all []cancellation.Meeting) []cancellation.Choice {
	list := make([]cancellation.Choice, 0, len(all))
	for _, m := range all {
		list = append(list, m.Choice())
	}
	slices.SortStableFunc(list, func(a, b cancellation.Choice) int {
		return cmp.Or(trueFirst(a.Running, b.Running), trueFirst(!a.Start.IsZero(), !b.Start.IsZero()), a.Start.Compare(b.Start))
	})
	return list
}

// Offered returns the choices that a list or a chooser shows, in order, and how many more
// meetings there are. Only those with a button are stored.
func Offered(all []cancellation.Meeting) (shown []cancellation.Choice, more int) {
	shown = Choices(all)[:min(len(all), list.MaxChoices)]
	return shown, len(all) - len(shown)
}

// trueFirst compares two booleans so that true sorts before false.
func trueFirst(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return -1
	}
	return 1
}

// endOfDay returns when the day of a typed date, or date and time, ends in zone.
func endOfDay(wanted string, zone *time.Location) time.Time {
	day, _, _ := strings.Cut(wanted, "T")
	begins, _ := time.ParseInLocation(time.DateOnly, day, zone)
	return begins.AddDate(0, 0, 1)
}

// occurrencesAt returns the occurrences that a person in zone means by a typed date, or date
// and time.
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

package ask

import (
	"slices"
	"testing"
	"time"

	"meetingbot/internal/cancellation"
)

// TestChoicesInOrder checks that running meetings come first, then the soonest, and that a
// series is sorted by its next date, not its first.
func TestChoicesInOrder(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	at := func(h int) time.Time { return now.Add(time.Duration(h) * time.Hour) }
	all := Choices([]cancellation.Meeting{
		{ID: "series", Recurring: true, Start: at(-500), Occurrences: []cancellation.OccurrenceRef{{ID: "d", Start: at(30)}}},
		{ID: "untold"},
		{ID: "later", Start: at(48)},
		{ID: "running", Start: at(40), Running: true},
		{ID: "soon", Start: at(1)},
	})
	var got []string
	for _, c := range all {
		got = append(got, c.MeetingID)
	}
	if want := []string{"running", "soon", "series", "later", "untold"}; !slices.Equal(got, want) {
		t.Errorf("Choices() = %v, want %v", got, want)
	}
	if got := all[2].Start; !got.Equal(at(30)) {
		t.Errorf("the series is listed for %v, want its next date", got)
	}
}

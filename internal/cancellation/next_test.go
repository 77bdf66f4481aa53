package cancellation_test

import (
	"testing"
	"time"

	"meetingbot/internal/cancellation"
)

// TestNext: a series starts at its next date, however long ago it began.
func TestNext(t *testing.T) {
	t.Parallel()
	first := time.Date(2026, 1, 5, 9, 0, 0, 0, time.UTC)
	next := first.AddDate(0, 0, 70)
	dates := []cancellation.OccurrenceRef{{ID: "b", Start: next, End: next.Add(time.Hour)}, {ID: "c", Start: next.AddDate(0, 0, 7)}}
	for name, tt := range map[string]struct {
		meeting cancellation.Meeting
		want    time.Time
	}{
		"single":              {cancellation.Meeting{Start: first}, first},
		"series":              {cancellation.Meeting{Start: first, Recurring: true, Occurrences: dates}, next},
		"dates not known":     {cancellation.Meeting{Start: first, Recurring: true}, first},
		"a date without time": {cancellation.Meeting{Start: first, Recurring: true, Occurrences: []cancellation.OccurrenceRef{{ID: "b"}}}, first},
	} {
		if got := tt.meeting.Next(); !got.Equal(tt.want) {
			t.Errorf("%s: Next() = %v, want %v", name, got, tt.want)
		}
	}
}

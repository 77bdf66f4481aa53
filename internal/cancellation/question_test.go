package cancellation_test

import (
	"testing"
	"time"

	"meetingbot/internal/cancellation"
)

func TestQuestionUntil(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 12, 1, 12, 0, 0, 0, time.UTC)
	const ttl = 15 * time.Minute
	in := func(d time.Duration) time.Time { return now.Add(d) }
	dates := []cancellation.OccurrenceRef{{ID: "a", Start: in(2 * time.Hour)}, {ID: "b", Start: in(26 * time.Hour)}}
	for name, tt := range map[string]struct {
		meeting cancellation.Meeting
		scope   cancellation.Scope
		chosen  []string
		asked   time.Duration // before now
		want    time.Duration
	}{
		"far away":                    {meeting: cancellation.Meeting{Start: in(72 * time.Hour)}, scope: cancellation.Whole, want: 24 * time.Hour},
		"today":                       {meeting: cancellation.Meeting{Start: in(3 * time.Hour)}, scope: cancellation.Whole, want: 3 * time.Hour},
		"about to start":              {meeting: cancellation.Meeting{Start: in(time.Minute)}, scope: cancellation.Whole, want: ttl},
		"running":                     {meeting: cancellation.Meeting{Start: in(-time.Hour), Running: true}, scope: cancellation.Whole, want: ttl},
		"start not known":             {scope: cancellation.Whole, want: 24 * time.Hour},
		"overdue, state unknown":      {meeting: cancellation.Meeting{Start: in(-time.Hour)}, scope: cancellation.Whole, want: ttl},
		"series, dates not known":     {meeting: cancellation.Meeting{Recurring: true, Start: in(time.Hour)}, scope: cancellation.Series, want: time.Hour},
		"series that began, likewise": {meeting: cancellation.Meeting{Recurring: true, Start: in(-70 * 24 * time.Hour)}, scope: cancellation.Series, want: 24 * time.Hour},
		"series that runs, likewise":  {meeting: cancellation.Meeting{Recurring: true, Running: true, Start: in(-time.Hour)}, scope: cancellation.Series, want: ttl},
		"series, one running":         {meeting: cancellation.Meeting{Recurring: true, Running: true, Occurrences: append([]cancellation.OccurrenceRef{{ID: "z", Start: in(-time.Minute)}}, dates...)}, want: ttl},
		"asked again":                 {meeting: cancellation.Meeting{Start: in(72 * time.Hour)}, scope: cancellation.Whole, asked: 20 * time.Hour, want: 4 * time.Hour},
		"asked again at the end":      {meeting: cancellation.Meeting{Start: in(72 * time.Hour)}, scope: cancellation.Whole, asked: 24 * time.Hour, want: ttl},
		"series":                      {meeting: cancellation.Meeting{Recurring: true, Occurrences: dates}, scope: cancellation.Series, want: 2 * time.Hour},
		"series, undecided":           {meeting: cancellation.Meeting{Recurring: true, Start: in(2 * time.Hour), Occurrences: dates}, want: 2 * time.Hour},
		"a later date":                {meeting: cancellation.Meeting{Recurring: true, Running: true, Occurrences: dates}, scope: cancellation.Occurrence, chosen: []string{"b"}, want: 24 * time.Hour},
		"dates":                       {meeting: cancellation.Meeting{Recurring: true, Occurrences: dates}, scope: cancellation.Occurrence, chosen: []string{"b", "a"}, want: 2 * time.Hour},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := cancellation.Request{Meeting: tt.meeting, Scope: tt.scope, Chosen: tt.chosen, CreatedAt: in(-tt.asked)}
			if got := r.QuestionUntil(now, ttl); !got.Equal(in(tt.want)) {
				t.Errorf("QuestionUntil() = %v from now, want %v", got.Sub(now), tt.want)
			}
		})
	}
}

package cancellation

import (
	"slices"
	"testing"
	"time"
)

// at returns a time the given number of hours after a fixed one.
func at(hours int) time.Time {
	return time.Date(2026, 12, 1, 12, 0, 0, 0, time.UTC).Add(time.Duration(hours) * time.Hour)
}

func TestOver(t *testing.T) {
	t.Parallel()
	series := Meeting{Recurring: true, DatesKnown: true, Occurrences: []OccurrenceRef{
		{ID: "a", Start: at(0), End: at(1)}, {ID: "b", Start: at(24), End: at(25)},
	}}
	for _, tt := range []struct {
		name string
		r    Request
		at   time.Time
		want bool
	}{
		{"before its end", Request{Meeting: Meeting{Start: at(0), End: at(1)}}, at(0), false},
		{"at its end", Request{Meeting: Meeting{Start: at(0), End: at(1)}}, at(1), true},
		{"no end known", Request{Meeting: Meeting{Start: at(0)}}, at(1), true},
		{"no time known", Request{Meeting: Meeting{}}, at(1), false},
		{"a chosen date", Request{Scope: Occurrence, Chosen: []string{"a"}, Meeting: series}, at(2), true},
		{"another date to come", Request{Scope: Occurrence, Chosen: []string{"a", "b"}, Meeting: series}, at(2), false},
		{"a series", Request{Scope: Series, Meeting: series}, at(2), false},
		{"a series after its last date", Request{Scope: Series, Meeting: series}, at(30), true},
		{"no dates known", Request{Scope: Series, Meeting: Meeting{Recurring: true}}, at(30), false},
	} {
		if got := tt.r.Over(tt.at); got != tt.want {
			t.Errorf("%s: Over() = %v, want %v", tt.name, got, tt.want)
		}
	}
}

func TestDiffers(t *testing.T) {
	t.Parallel()
	single := Meeting{ID: "914", Subject: "Budget", Start: at(1), End: at(2), StateKnown: true}
	series := Meeting{ID: "915", Recurring: true, DatesKnown: true, Start: at(1), End: at(2), Occurrences: []OccurrenceRef{
		{ID: "a", Start: at(1), End: at(2)}, {ID: "b", Start: at(25), End: at(26)},
	}}
	with := func(m Meeting, change func(*Meeting)) Meeting {
		m.Occurrences = slices.Clone(m.Occurrences)
		change(&m)
		return m
	}
	for _, tt := range []struct {
		name     string
		was, now Meeting
		want     AskAgain
	}{
		{"the same", single, single, ""},
		{"other people", single, with(single, func(m *Meeting) { m.Invited, m.People = 3, 2 }), ""},
		{"started", single, with(single, func(m *Meeting) { m.Running = true }), AskAgainStarted},
		{"the state was left out", single, with(single, func(m *Meeting) { m.StateKnown = false }), ""},
		{"moved", single, with(single, func(m *Meeting) { m.Start, m.End = at(3), at(4) }), AskAgainMoved},
		{"renamed", single, with(single, func(m *Meeting) { m.Subject = "Plans" }), AskAgainEdited},
		{"the dates were left out", series, with(series, func(m *Meeting) { m.DatesKnown, m.Occurrences = false, nil }), ""},
		{"a date moved", series, with(series, func(m *Meeting) { m.Occurrences[1].Start = at(28) }), AskAgainMoved},
		{"a date was removed", series, with(series, func(m *Meeting) { m.Occurrences = m.Occurrences[:1] }), AskAgainEdited},
		{"a date is over", series, with(series, func(m *Meeting) { m.Occurrences, m.Start, m.End = m.Occurrences[1:], at(25), at(26) }), AskAgainEdited},
	} {
		if got := tt.was.Differs(tt.now); got != tt.want {
			t.Errorf("%s: Differs() = %q, want %q", tt.name, got, tt.want)
		}
	}
}

func TestKept(t *testing.T) {
	t.Parallel()
	was := Meeting{Occurrences: []OccurrenceRef{{ID: "a", Start: at(0)}, {ID: "b", Start: at(24)}, {ID: "c", Start: at(48)}}}
	now := Meeting{Occurrences: []OccurrenceRef{{ID: "b", Start: at(24)}, {ID: "c", Start: at(50)}}}
	if got := was.Kept([]string{"a", "b", "c"}, now); !slices.Equal(got, []string{"b"}) {
		t.Errorf("Kept() = %v, want only the date that still exists at the same time", got)
	}
}

package cancellation

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func noon() time.Time { return time.Date(2026, 12, 1, 12, 0, 0, 0, time.UTC) }

func series() Meeting {
	return Meeting{
		ID: "914087436", Number: "914087436", Subject: "Stand-up", OwnerUUID: "u1",
		Start: noon(), End: noon().Add(time.Hour), StateKnown: true, Recurring: true, DatesKnown: true,
		Occurrences: []OccurrenceRef{
			{ID: "o1", Start: noon(), End: noon().Add(time.Hour)},
			{ID: "o2", Start: noon().AddDate(0, 0, 7), End: noon().AddDate(0, 0, 7).Add(time.Hour)},
		},
	}
}

// TestSameAs: a confirmation holds only for what the card showed.
func TestSameAs(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name        string
		shown, then func(*Meeting) // change the series as the card shows it, and as it is read again
		want        bool
	}{
		{name: "nothing changed", want: true},
		{name: "another id", then: func(m *Meeting) { m.ID = "other" }},
		{name: "another subject", then: func(m *Meeting) { m.Subject = "Party" }},
		{name: "another start", then: func(m *Meeting) { m.Start = m.Start.Add(time.Minute) }},
		{name: "another end", then: func(m *Meeting) { m.End = m.End.Add(time.Minute) }},
		{name: "another owner", then: func(m *Meeting) { m.OwnerUUID = "u2" }},
		{name: "no longer a series", then: func(m *Meeting) { m.Recurring = false }},
		{name: "has started", then: func(m *Meeting) { m.Running = true }},
		{name: "has stopped", shown: func(m *Meeting) { m.Running = true }},
		{
			name: "was running, state left out", want: true,
			shown: func(m *Meeting) { m.Running = true }, then: func(m *Meeting) { m.StateKnown = false },
		},
		{
			name: "running according to a refused call, denied by the details", want: true,
			shown: func(m *Meeting) { m.Running, m.StateKnown = true, false },
		},
		{name: "the subject is left out", then: func(m *Meeting) { m.Subject = "" }, want: true},
		{name: "the times are left out", then: func(m *Meeting) { m.Start, m.End = time.Time{}, time.Time{} }, want: true},
		{name: "the owner is left out", then: func(m *Meeting) { m.OwnerUUID = "" }, want: true},
		{name: "the dates are left out", then: func(m *Meeting) { m.Occurrences, m.DatesKnown = nil, false }},
		{name: "the dates are listed now", shown: func(m *Meeting) { m.Occurrences, m.DatesKnown = nil, false }, want: true},
		{name: "one date fewer", then: func(m *Meeting) { m.Occurrences = m.Occurrences[:1] }},
		{name: "another date", then: func(m *Meeting) { m.Occurrences[1].ID = "o3" }},
		{name: "a date moved", then: func(m *Meeting) { m.Occurrences[1].Start = noon() }},
		{name: "the session is known now", then: func(m *Meeting) { m.UUID = "s1" }, want: true},
		{
			name:  "another session",
			shown: func(m *Meeting) { m.UUID = "s1" }, then: func(m *Meeting) { m.UUID = "s2" },
		},
		{name: "more people", then: func(m *Meeting) { m.People = 9 }, want: true},
		{name: "the owner's name", then: func(m *Meeting) { m.OwnerName = "Ng, Carol" }, want: true},
		{
			name: "the same time in another zone", want: true,
			then: func(m *Meeting) { m.Start = m.Start.In(time.FixedZone("", 3600)) },
		},
	} {
		shown, now := series(), series()
		if tt.shown != nil {
			tt.shown(&shown)
		}
		if tt.then != nil {
			tt.then(&now)
		}
		if got := shown.SameAs(now); got != tt.want {
			t.Errorf("%s: SameAs() = %t, want %t", tt.name, got, tt.want)
		}
	}
}

// TestUnlisted: missing dates are not changed dates.
func TestUnlisted(t *testing.T) {
	t.Parallel()
	hidden := func(m *Meeting) { m.Occurrences, m.DatesKnown = nil, false }
	for _, tt := range []struct {
		name string
		then func(*Meeting)
		want bool
	}{
		{"nothing changed", func(*Meeting) {}, false},
		{"the dates are left out", hidden, true},
		{"the dates are left out, and it has started", func(m *Meeting) { hidden(m); m.Running = true }, false},
		{"no date is left", func(m *Meeting) { m.Occurrences = nil }, false},
	} {
		now := series()
		tt.then(&now)
		if got := series().Unlisted(now); got != tt.want {
			t.Errorf("%s: Unlisted() = %t, want %t", tt.name, got, tt.want)
		}
	}
}

// TestCompleted: an incomplete answer removes nothing from the card.
func TestCompleted(t *testing.T) {
	t.Parallel()
	card, answer := series(), series()
	answer.Number, answer.Subject, answer.Start, answer.End, answer.OwnerUUID, answer.OwnerName = "", "", time.Time{}, time.Time{}, "", ""
	if diff := cmp.Diff(card, answer.Completed(card)); diff != "" {
		t.Errorf("Completed() differs from what was known before (-want +got):\n%s", diff)
	}
	if answer.ID = "other"; answer.Completed(card).Subject != "" {
		t.Error("Completed() gave a meeting the subject of another")
	}
	moved := series()
	moved.Start = moved.Start.Add(time.Hour)
	if got := moved.Completed(card).Start; !got.Equal(moved.Start) {
		t.Errorf("Completed() starts %v, want the answer's start, %v", got, moved.Start)
	}
}

func TestLength(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		m    Meeting
		want time.Duration
	}{
		{Meeting{}, 0},
		{Meeting{Start: noon()}, 0},
		{Meeting{End: noon()}, 0},
		{Meeting{Start: noon(), End: noon().Add(-time.Hour)}, 0},
		{Meeting{Start: noon(), End: noon().Add(90 * time.Minute)}, 90 * time.Minute},
	} {
		if got := tt.m.Length(); got != tt.want {
			t.Errorf("%v to %v: Length() = %v, want %v", tt.m.Start, tt.m.End, got, tt.want)
		}
	}
}

func TestRunningDate(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name    string
		running bool
		at      time.Time
		dates   []OccurrenceRef
		want    string
	}{
		{"in the middle", true, noon().Add(time.Minute), series().Occurrences, "o1"},
		{"people came early", true, noon().Add(-10 * time.Minute), series().Occurrences, "o1"},
		{"not running", false, noon().Add(time.Minute), series().Occurrences, ""},
		{"an earlier one has overrun", true, noon().Add(2 * time.Hour), series().Occurrences[1:], ""},
		{"no dates", true, noon(), nil, ""},
	} {
		m := series()
		m.Running, m.Occurrences = tt.running, tt.dates
		if got := m.RunningDate(tt.at); got != tt.want {
			t.Errorf("%s: RunningDate() = %q, want %q", tt.name, got, tt.want)
		}
	}
}

// TestEnding: people are put out only if --end or the button said so, and only of the
// chosen dates.
func TestEnding(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		end, running bool
		scope        Scope
		chosen       []string
		unconfirmed  bool
		want         bool
	}{
		{end: true, running: true, scope: Whole, want: true},
		{end: true, running: false, scope: Whole},
		{end: false, running: true, scope: Whole},
		{end: true, running: true, scope: Series, want: true},
		{end: true, running: true, scope: Occurrence, chosen: []string{"o1"}, want: true},
		{end: true, running: true, scope: Occurrence, chosen: []string{"o2", "o1"}, want: true},
		{end: true, running: true, scope: Occurrence, chosen: []string{"o2"}},
		{end: true, running: false, scope: Occurrence, chosen: []string{"o1"}},
		{end: false, running: true, scope: Occurrence, chosen: []string{"o1"}},
		{end: true, running: true, scope: Occurrence, chosen: []string{"o1"}, unconfirmed: true, want: true},
		{end: true, running: true, scope: Occurrence, chosen: []string{"o2"}, unconfirmed: true},
	} {
		r := Request{End: tt.end, Scope: tt.scope, Chosen: tt.chosen, Meeting: series(), ConfirmedAt: noon().Add(time.Minute)}
		r.Meeting.Running = tt.running
		if tt.unconfirmed {
			r.ConfirmedAt = time.Time{}
		}
		if got := r.Ending(); got != tt.want {
			t.Errorf("%+v: Ending() = %t", tt, got)
		}
	}
}

func TestNewID(t *testing.T) {
	t.Parallel()
	a, b := NewID(), NewID()
	alphabet := []rune("abcdefghijklmnopqrstuvwxyz0123456789")
	strange := slices.ContainsFunc([]rune(a), func(c rune) bool { return !slices.Contains(alphabet, c) })
	if len(a) != 26 || strange || a == b {
		t.Errorf("NewID() = %q, then %q, want 26 lower-case letters and digits, never the same", a, b)
	}
}

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
		shown, then func(*Meeting) // what differs from the series on the card, and when it is read anew
		want        bool
	}{
		{name: "nothing changed", want: true},
		{name: "another id", then: func(m *Meeting) { m.ID = "other" }},
		{name: "another subject", then: func(m *Meeting) { m.Subject = "Party" }},
		{name: "another start", then: func(m *Meeting) { m.Start = m.Start.Add(time.Minute) }},
		{name: "another end", then: func(m *Meeting) { m.End = m.End.Add(time.Minute) }},
		{name: "another owner", then: func(m *Meeting) { m.OwnerUUID = "u2" }},
		{name: "no series any more", then: func(m *Meeting) { m.Recurring = false }},
		{name: "has started", then: func(m *Meeting) { m.Running = true }},
		{name: "has stopped", shown: func(m *Meeting) { m.Running = true }},
		{
			name: "ran, and nobody says now", want: true,
			shown: func(m *Meeting) { m.Running = true }, then: func(m *Meeting) { m.StateKnown = false },
		},
		{name: "the subject is left out", then: func(m *Meeting) { m.Subject = "" }, want: true},
		{name: "the times are left out", then: func(m *Meeting) { m.Start, m.End = time.Time{}, time.Time{} }, want: true},
		{name: "the owner is left out", then: func(m *Meeting) { m.OwnerUUID = "" }, want: true},
		{name: "the dates are left out", then: func(m *Meeting) { m.Occurrences, m.DatesKnown = nil, false }},
		{name: "the dates are told now", shown: func(m *Meeting) { m.Occurrences, m.DatesKnown = nil, false }, want: true},
		{name: "a date less", then: func(m *Meeting) { m.Occurrences = m.Occurrences[:1] }},
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

// TestUnlisted: dates that are not told are not dates that have changed.
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

// TestCompleted: an answer that leaves something out takes nothing from the card.
func TestCompleted(t *testing.T) {
	t.Parallel()
	card, answer := series(), series()
	answer.Number, answer.Subject, answer.Start, answer.End, answer.OwnerUUID, answer.OwnerName = "", "", time.Time{}, time.Time{}, "", ""
	if diff := cmp.Diff(card, answer.Completed(card)); diff != "" {
		t.Errorf("Completed() differs from what was known before (-want +got):\n%s", diff)
	}
	if answer.ID = "other"; answer.Completed(card).Subject != "" {
		t.Error("Completed() gives a meeting the subject of another")
	}
	moved := series()
	moved.Start = moved.Start.Add(time.Hour)
	if got := moved.Completed(card).Start; !got.Equal(moved.Start) {
		t.Errorf("Completed() starts %v, want what the answer says, %v", got, moved.Start)
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
		{"nobody is in it", false, noon().Add(time.Minute), series().Occurrences, ""},
		{"an earlier one goes on", true, noon().Add(2 * time.Hour), series().Occurrences[1:], ""},
		{"no dates", true, noon(), nil, ""},
	} {
		m := series()
		m.Running, m.Occurrences = tt.running, tt.dates
		if got := m.RunningDate(tt.at); got != tt.want {
			t.Errorf("%s: RunningDate() = %q, want %q", tt.name, got, tt.want)
		}
	}
}

// TestEnding: people are put out only where --end or the button said so, and
// only of what was chosen.
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

// TestDidFor: of two requests that found the same meeting gone, one has removed it.
func TestDidFor(t *testing.T) {
	t.Parallel()
	request := func(id ID, o Outcome, s Scope, at time.Time, chosen ...string) Request {
		return Request{ID: id, Outcome: o, Scope: s, ConfirmedAt: at, ClosedAt: at.Add(time.Second), Chosen: chosen, Meeting: series()}
	}
	elsewhere := request("a", Cancelled, Series, noon())
	elsewhere.Meeting.ID = "other"
	for _, tt := range []struct {
		name          string
		done, pending Request
		want          bool
	}{
		{"the whole meeting", request("a", Cancelled, Whole, noon()), request("b", "", Whole, noon()), true},
		{"ended", request("a", Ended, Whole, noon()), request("b", Unknown, Whole, noon()), true},
		{"itself", request("a", Cancelled, Whole, noon()), request("a", Unknown, Whole, noon()), false},
		{"found it gone as well", request("a", Gone, Whole, noon()), request("b", "", Whole, noon()), false},
		{"before it was confirmed", request("a", Cancelled, Whole, noon()), request("b", "", Whole, noon().Add(time.Minute)), false},
		{"another meeting", elsewhere, request("b", "", Series, noon()), false},
		{"the series took the date along", request("a", Cancelled, Series, noon()), request("b", "", Occurrence, noon(), "o1"), true},
		{"the same date and more", request("a", Cancelled, Occurrence, noon(), "o1", "o2"), request("b", "", Occurrence, noon(), "o1"), true},
		{"not all of the dates", request("a", Cancelled, Occurrence, noon(), "o1"), request("b", "", Occurrence, noon(), "o1", "o2"), false},
		{"a date is not the series", request("a", Cancelled, Occurrence, noon(), "o1"), request("b", "", Series, noon()), false},
	} {
		if got := tt.done.DidFor(tt.pending); got != tt.want {
			t.Errorf("%s: DidFor() = %t, want %t", tt.name, got, tt.want)
		}
	}
}

// TestMayHaveDoneFor: of two requests whose calls are open, only the later one may know.
func TestMayHaveDoneFor(t *testing.T) {
	t.Parallel()
	request := func(id ID, s Scope, after time.Duration, change func(*Request), chosen ...string) Request {
		r := Request{ID: id, State: Calling, Scope: s, Chosen: chosen, Meeting: series()}
		r.Begin(CallEffect, noon().Add(after))
		if change != nil {
			change(&r)
		}
		return r
	}
	refused := func(r *Request) { r.EndEffect(CallEffect, noon(), "", "not done") }
	for _, tt := range []struct {
		name        string
		open, other Request
		want        bool
	}{
		{"later", request("a", Whole, time.Second, nil), request("b", Whole, 0, nil), true},
		{"later, and not answered", request("a", Whole, time.Second, func(r *Request) { refused(r); r.Unanswered = 1 }), request("b", Whole, 0, nil), true},
		{"earlier", request("a", Whole, 0, nil), request("b", Whole, time.Second, nil), false},
		{"itself", request("a", Whole, time.Second, nil), request("a", Whole, 0, nil), false},
		{"refused for now", request("a", Whole, time.Second, refused), request("b", Whole, 0, nil), false},
		{"not begun", request("a", Whole, time.Second, func(r *Request) { r.State, r.Effects = Confirmed, nil }), request("b", Whole, 0, nil), false},
		{"over", request("a", Whole, time.Second, func(r *Request) { r.State = Done }), request("b", Whole, 0, nil), false},
		{"another date", request("a", Occurrence, time.Second, nil, "o2"), request("b", Occurrence, 0, nil, "o1"), false},
		{"the series takes the date along", request("a", Series, time.Second, nil), request("b", Occurrence, 0, nil, "o1"), true},
	} {
		if got := tt.open.MayHaveDoneFor(tt.other); got != tt.want {
			t.Errorf("%s: MayHaveDoneFor() = %t, want %t", tt.name, got, tt.want)
		}
	}
}

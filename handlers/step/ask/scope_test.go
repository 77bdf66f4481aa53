package ask

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"meetingbot/bot"
	"meetingbot/handlers/step"
	"meetingbot/handlers/view/answer"
	"meetingbot/handlers/view/list"
	"meetingbot/internal/cancellation"
	"meetingbot/meetingapi"
)

var dates = time.Date(2026, 12, 1, 23, 30, 0, 0, time.UTC) // the next day in Berlin, the same in Lima

// series returns a meeting with a date on each of three days, and a second one on the last.
func series(change func(*meetingapi.Meeting)) meetingapi.Meeting {
	at := func(id string, start time.Time) meetingapi.Occurrence {
		return meetingapi.Occurrence{ID: meetingapi.OccurrenceID(id), Start: start, End: start.Add(15 * time.Minute)}
	}
	m := meetingapi.Meeting{ID: "1", Kind: meetingapi.KindSeries, State: meetingapi.Scheduled, Series: &meetingapi.Series{Occurrences: meetingapi.Known([]meetingapi.Occurrence{
		at("d0", dates), at("d1", dates.AddDate(0, 0, 1)), at("d2", dates.AddDate(0, 0, 2)), at("d3", dates.AddDate(0, 0, 2).Add(-time.Hour)),
	})}}
	if change != nil {
		change(&m)
	}
	return m
}

// TestResolveScope checks for each command and meeting what the card asks, or why there is
// none. A day is read in the zone of the person who typed it, which is never guessed.
func TestResolveScope(t *testing.T) {
	t.Parallel()
	single := meetingapi.Meeting{ID: "1", Kind: meetingapi.KindSingle, State: meetingapi.Scheduled}
	is := func(m meetingapi.Meeting, change func(*meetingapi.Meeting)) meetingapi.Meeting { change(&m); return m }
	webinar := func(m *meetingapi.Meeting) { m.Webinar = true }
	over := func(m *meetingapi.Meeting) { m.State = meetingapi.Ended }
	running := func(m *meetingapi.Meeting) { m.State = meetingapi.Running }
	hidden := func(m *meetingapi.Meeting) { m.Series = &meetingapi.Series{} }
	one := func(m *meetingapi.Meeting) {
		all, _ := m.Series.Occurrences.Get()
		m.Series = &meetingapi.Series{Occurrences: meetingapi.Known(all[:1])}
	}
	full := func(m *meetingapi.Meeting) { // fifty dates on one day: there may be more on later ones
		var all []meetingapi.Occurrence
		for i := range 50 {
			start := dates.Add(time.Duration(i-49) * time.Minute)
			all = append(all, meetingapi.Occurrence{ID: meetingapi.OccurrenceID(fmt.Sprint(i)), Start: start, End: dates.Add(time.Hour)})
		}
		m.Series = &meetingapi.Series{Occurrences: meetingapi.Known(all)}
	}
	const day = cancellation.Occurrence
	for _, tt := range []struct {
		name   string
		m      meetingapi.Meeting
		scope  cancellation.Scope
		wanted string
		zone   string
		want   cancellation.Scope
		chosen []string
		unfit  answer.Kind
		note   answer.Kind
	}{
		{name: "a meeting", m: single, want: cancellation.Whole},
		{name: "a meeting, as a series", m: single, scope: cancellation.Series, unfit: answer.NotRecurring},
		{name: "a meeting, as a date", m: single, scope: day, wanted: "2026-12-01", zone: "UTC", unfit: answer.NotRecurring},
		{name: "a webinar", m: is(single, webinar), unfit: answer.WebinarNotSupported},
		{name: "a webinar that is over", m: is(is(single, webinar), over), unfit: answer.WebinarNotSupported},
		{name: "over", m: is(single, over), unfit: answer.AlreadyEnded},
		{name: "a series", m: series(nil)},
		{name: "a series, all of it", m: series(nil), scope: cancellation.Series, want: cancellation.Series},
		{name: "a series without dates, all of it", m: series(hidden), scope: cancellation.Series, want: cancellation.Series},
		{name: "a series without dates, a date", m: series(hidden), scope: day, wanted: "2026-12-01", zone: "UTC", unfit: answer.OccurrenceUnlisted},
		{name: "a date", m: series(nil), scope: day, wanted: "2026-12-01", zone: "UTC", want: day, chosen: []string{"d0"}},
		{name: "a date, in the east", m: series(nil), scope: day, wanted: "2026-12-02", zone: "Europe/Berlin", want: day, chosen: []string{"d0"}},
		{name: "a date, in the west", m: series(nil), scope: day, wanted: "2026-12-01", zone: "America/Lima", want: day, chosen: []string{"d0"}},
		{name: "a day with two", m: series(nil), scope: day, wanted: "2026-12-03", zone: "UTC", want: day, chosen: []string{"d3", "d2"}},
		{name: "a day with two, and a time", m: series(nil), scope: day, wanted: "2026-12-03T22:30", zone: "UTC", want: day, chosen: []string{"d3"}},
		{name: "a time in another zone", m: series(nil), scope: day, wanted: "2026-12-04T00:30", zone: "Europe/Berlin", want: day, chosen: []string{"d2"}},
		{name: "a time it doesn't have", m: series(nil), scope: day, wanted: "2026-12-03T22:31", zone: "UTC", unfit: answer.OccurrenceNotFound},
		{name: "a day it doesn't have", m: series(nil), scope: day, wanted: "2026-12-24", zone: "UTC", unfit: answer.OccurrenceNotFound},
		{name: "a later day than the service lists", m: series(full), scope: day, wanted: "2026-12-24", zone: "UTC", unfit: answer.OccurrenceUnlisted},
		{name: "an earlier day than the service lists", m: series(full), scope: day, wanted: "2026-11-24T10:00", zone: "UTC", unfit: answer.OccurrenceNotFound},
		{name: "a day without a zone", m: series(nil), scope: day, wanted: "2026-12-01", note: answer.ZoneUnknown},
		{name: "the last date is the series", m: series(one), scope: day, wanted: "2026-12-01", zone: "UTC", want: cancellation.Series},
		{name: "a series that runs", m: series(running), scope: cancellation.Series, want: cancellation.Series},
	} {
		a := &Asking{Visit: &step.Visit{Person: bot.Person{TimeZone: tt.zone}}}
		a.R.Scope, a.R.Wanted, a.R.Meeting = tt.scope, tt.wanted, step.Facts(tt.m, dates.Add(-24*time.Hour))
		unfit, note := a.ResolveScope(tt.m)
		kind := func(a *answer.Answer) answer.Kind {
			if a == nil {
				return ""
			}
			return a.Kind
		}
		if kind(unfit) != tt.unfit || kind(note) != tt.note {
			t.Errorf("%s: unfit %q, note %q, want %q, %q", tt.name, kind(unfit), kind(note), tt.unfit, tt.note)
		}
		if tt.unfit == "" && (a.R.Scope != tt.want || !slices.Equal(a.R.Chosen, tt.chosen) || tt.note != "" && a.R.Wanted != "") {
			t.Errorf("%s: the card asks about %q %v %q, want %q %v", tt.name, a.R.Scope, a.R.Chosen, a.R.Wanted, tt.want, tt.chosen)
		}
	}
}

// TestChoice checks that a line holds what tells a meeting from others, and that a chooser
// shows as many as it has buttons for.
func TestChoice(t *testing.T) {
	t.Parallel()
	m := cancellation.Meeting{ID: "77", Number: "914087436", Subject: "Budget", Start: dates, End: dates.Add(time.Hour), OwnerName: "Carol", Running: true}
	want := cancellation.Choice{MeetingID: "77", Number: "914087436", Subject: "Budget", Start: dates, Owner: "Carol", Running: true}
	if got := m.Choice(); got != want {
		t.Errorf("Choice() = %+v, want %+v", got, want)
	}
	m.Number = ""
	if got := m.Choice().Number; got != "77" {
		t.Errorf("a meeting without a number is listed as %q, want its id", got)
	}
	for n, want := range map[int]int{0: 0, 1: 1, list.MaxChoices: list.MaxChoices, list.MaxChoices + 2: list.MaxChoices} {
		if shown, more := Offered(make([]cancellation.Meeting, n)); len(shown) != want || more != n-want {
			t.Errorf("%d of %d choices are shown, with %d more; want %d", len(shown), n, more, want)
		}
	}
}

// TestHasNumber checks that only ids and numbers count; the service's search also matches
// subjects.
func TestHasNumber(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		m    meetingapi.Meeting
		want bool
	}{
		"its id":     {meetingapi.Meeting{ID: "914087436", Number: "5"}, true},
		"its number": {meetingapi.Meeting{ID: "5", Number: "914087436"}, true},
		"a subject":  {meetingapi.Meeting{ID: "5", Number: "5", Subject: "about 914087436"}, false},
		"longer":     {meetingapi.Meeting{ID: "9140874365", Number: "9140874365"}, false},
	} {
		if got := hasNumber([]meetingapi.Meeting{tt.m}, "914087436"); got != tt.want {
			t.Errorf("%s: hasNumber() = %t", name, got)
		}
	}
}

package handlers

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"meetingbot/internal/cancellation"
	"meetingbot/meetingapi"
)

func TestFacts(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 12, 1, 12, 0, 0, 0, time.UTC)
	date := func(id string, begin time.Duration) meetingapi.Occurrence {
		return meetingapi.Occurrence{ID: meetingapi.OccurrenceID(id), Start: now.Add(begin), End: now.Add(begin + time.Hour)}
	}
	m := meetingapi.Meeting{
		ID: "1", Number: "2", Subject: "s", State: meetingapi.Running, Owner: meetingapi.Owner{Name: "Carol", UUID: "u1"},
		Series: &meetingapi.Series{
			Rule: meetingapi.Rule{Cycle: "Week", Interval: 1, EndDate: "2026-12-31"},
			Occurrences: []meetingapi.Occurrence{
				date("later", 48*time.Hour), date("over", -2*time.Hour), date("just over", -time.Hour),
				date("running", -time.Minute),
				{ID: "endless", Start: now.Add(-time.Hour)},
			},
		},
	}
	got := facts(m, now)
	var ids []string
	for _, o := range got.Occurrences {
		ids = append(ids, o.ID)
	}
	if diff := cmp.Diff([]string{"endless", "running", "later"}, ids); diff != "" {
		t.Errorf("facts() occurrences, earliest first and none that is over (-want +got):\n%s", diff)
	}
	got.Occurrences = nil
	want := cancellation.Meeting{
		ID: "1", Number: "2", Subject: "s", Running: true, Told: true, OwnerName: "Carol", OwnerUUID: "u1",
		Recurring: true, Rule: cancellation.Rule{Cycle: "Week", Interval: 1, Until: "2026-12-31"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("facts() (-want +got):\n%s", diff)
	}
	m.State = meetingapi.StateUnknown
	if got := facts(m, now); got.Told || got.Running {
		t.Errorf("facts() of a state that was not told: told %t, running %t, want neither", got.Told, got.Running)
	}
}

// TestOwnerEmail: an address counts only if it is the owner's own, and the only one.
func TestOwnerEmail(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name    string
		owner   string
		invited []meetingapi.Invitee
		want    string
	}{
		{"the owner's row", "u1", []meetingapi.Invitee{{UserUUID: "u2", Email: "b@x"}, {UserUUID: "u1", Email: "A@x"}}, "a@x"},
		{"twice the same", "u1", []meetingapi.Invitee{{UserUUID: "u1", Email: "a@x"}, {UserUUID: "u1", Email: "A@X"}}, "a@x"},
		{"two addresses", "u1", []meetingapi.Invitee{{UserUUID: "u1", Email: "a@x"}, {UserUUID: "u1", Email: "c@x"}}, ""},
		{"only others", "u1", []meetingapi.Invitee{{UserUUID: "u2", Email: "b@x"}}, ""},
		{"nobody is the owner", "", []meetingapi.Invitee{{Email: "b@x"}}, ""},
	} {
		m := meetingapi.Meeting{Owner: meetingapi.Owner{UUID: tt.owner}, Invitees: tt.invited}
		if got := ownerEmail(m); got != tt.want {
			t.Errorf("%s: ownerEmail() = %q, want %q", tt.name, got, tt.want)
		}
	}
}

// TestOccurrencesAt: a date is one of the person who typed it, wherever the
// meeting is.
func TestOccurrencesAt(t *testing.T) {
	t.Parallel()
	at := func(id, start string) cancellation.OccurrenceRef {
		when, err := time.Parse(time.RFC3339, start)
		if err != nil {
			t.Fatal(err)
		}
		return cancellation.OccurrenceRef{ID: id, Start: when}
	}
	m := cancellation.Meeting{Occurrences: []cancellation.OccurrenceRef{
		at("late", "2026-12-01T23:30:00Z"), at("early", "2026-12-02T01:00:00Z"), at("noon", "2026-12-02T12:00:00Z"),
		// The clocks of Lisbon go back at 01:00 UTC: half past one comes twice there.
		at("summer", "2026-10-25T00:30:00Z"), at("winter", "2026-10-25T01:30:00Z"),
	}}
	for _, tt := range []struct {
		wanted, zone string
		want         []string
	}{
		{"2026-12-01", "UTC", []string{"late"}},
		{"2026-12-02", "UTC", []string{"early", "noon"}},
		{"2026-12-02", "Asia/Singapore", []string{"late", "early", "noon"}},
		{"2026-12-01", "America/Sao_Paulo", []string{"late", "early"}},
		{"2026-12-02T09:00", "Asia/Singapore", []string{"early"}},
		{"2026-12-01T22:00", "America/Sao_Paulo", []string{"early"}},
		{"2026-12-02T12:01", "UTC", nil},
		{"2026-10-25T01:30", "Europe/Lisbon", []string{"summer", "winter"}},
		{"2026-12-03", "UTC", nil},
		{"", "UTC", nil},
	} {
		zone, err := time.LoadLocation(tt.zone)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(tt.want, occurrencesAt(m, tt.wanted, zone)); diff != "" {
			t.Errorf("occurrencesAt(%q, %s) (-want +got):\n%s", tt.wanted, tt.zone, diff)
		}
	}
}

// TestVerdict: what settles a call whose answer never came.
func TestVerdict(t *testing.T) {
	t.Parallel()
	now := time.Now()
	series := func(ids ...meetingapi.OccurrenceID) meetingapi.Meeting {
		m := meetingapi.Meeting{ID: "1", Series: &meetingapi.Series{}}
		for _, id := range ids {
			// All of them are over by now, and were to come when it was confirmed.
			m.Series.Occurrences = append(m.Series.Occurrences, meetingapi.Occurrence{ID: id, Start: now.Add(-2 * time.Hour), End: now.Add(-time.Hour)})
		}
		return m
	}
	single := cancellation.Request{Scope: cancellation.Whole, ConfirmedAt: now}
	ending := single
	ending.End, ending.Meeting.Running = true, true
	dates := cancellation.Request{Scope: cancellation.Occurrence, Chosen: []string{"o1"}, ConfirmedAt: now.Add(-3 * time.Hour)}
	both, whole := dates, dates
	both.Chosen = []string{"o1", "o2"}
	whole.Scope, whole.Chosen = cancellation.Series, nil
	for _, tt := range []struct {
		name    string
		r       cancellation.Request
		m       meetingapi.Meeting
		err     error
		outcome cancellation.Outcome
		settled bool
	}{
		{"still there", single, meetingapi.Meeting{ID: "1"}, nil, cancellation.Unknown, false},
		{"not readable", single, meetingapi.Meeting{}, &meetingapi.Error{Class: meetingapi.ClassServer}, cancellation.Unknown, false},
		{"not found", single, meetingapi.Meeting{}, &meetingapi.Error{Class: meetingapi.ClassNotFound}, cancellation.Cancelled, true},
		{"has ended", ending, meetingapi.Meeting{ID: "1", State: meetingapi.Ended}, nil, cancellation.Ended, true},
		{"the date is gone", dates, series("o2"), nil, cancellation.Cancelled, true},
		{"the date is merely over", dates, series("o1", "o2"), nil, cancellation.Unknown, false},
		{"one of the dates is there", both, series("o2"), nil, cancellation.Unknown, false},
		{"the series is there", whole, series("o2"), nil, cancellation.Unknown, false},
		{"the series is gone", whole, meetingapi.Meeting{}, &meetingapi.Error{Class: meetingapi.ClassNotFound}, cancellation.Cancelled, true},
		{"may not be read", single, meetingapi.Meeting{}, &meetingapi.Error{Class: meetingapi.ClassDenied}, cancellation.Unknown, false},
	} {
		if o, settled := (&Handlers{}).verdict(tt.r, tt.m, tt.err); o != tt.outcome || settled != tt.settled {
			t.Errorf("%s: verdict() = %q, %t, want %q, %t", tt.name, o, settled, tt.outcome, tt.settled)
		}
	}
}

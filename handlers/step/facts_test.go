package step

import (
	"slices"
	"testing"
	"time"

	"meetingbot/bot"
	"meetingbot/internal/cancellation"
	"meetingbot/meetingapi"
)

func TestInvitedPeople(t *testing.T) {
	t.Parallel()
	ana, again := meetingapi.Invitee{Email: "ana@example.com"}, meetingapi.Invitee{Email: "Ana@example.com", Name: "Ana"}
	room, nameless := meetingapi.Invitee{Name: "Blue", Type: meetingapi.InviteeRoom}, meetingapi.Invitee{Name: "Bob"}
	for _, tt := range []struct {
		name  string
		count meetingapi.Optional[int]
		rows  []meetingapi.Invitee
		want  int
		known bool
	}{
		{"unknown", meetingapi.Optional[int]{}, nil, 0, false},
		{"none", meetingapi.Known(0), nil, 0, true},
		{"only a number", meetingapi.Known(12), nil, 12, true},
		{"some of many", meetingapi.Known(2000), []meetingapi.Invitee{ana, room}, 2000, true},
		{"all rows", meetingapi.Known(4), []meetingapi.Invitee{ana, again, room, nameless}, 2, true},
		{"without addresses", meetingapi.Known(2), []meetingapi.Invitee{nameless, {Name: "Eve"}}, 2, true},
	} {
		n, known := invitedPeople(meetingapi.Meeting{Invited: tt.count, SomeInvitees: tt.rows})
		if n != tt.want || known != tt.known {
			t.Errorf("%s: invitedPeople() = %d, %v, want %d, %v", tt.name, n, known, tt.want, tt.known)
		}
	}
}

func TestNotifies(t *testing.T) {
	t.Parallel()
	on, off := meetingapi.Known(true), meetingapi.Known(false)
	for _, tt := range []struct {
		name string
		m    meetingapi.Meeting
		want string
	}{
		{"unknown", meetingapi.Meeting{}, ""},
		{"by mail", meetingapi.Meeting{NotifyByMail: on}, "yes"},
		{"by text message only", meetingapi.Meeting{NotifyByMail: off, NotifyBySMS: on}, "yes"},
		{"not at all", meetingapi.Meeting{NotifyByMail: off, NotifyBySMS: off, NotifyByCalendar: off}, "no"},
		{"mail left out", meetingapi.Meeting{NotifyBySMS: off}, ""},
	} {
		if got := notifies(tt.m); got != tt.want {
			t.Errorf("%s: notifies() = %q, want %q", tt.name, got, tt.want)
		}
	}
}

// TestFacts checks what a card takes from the service's description of a meeting. A field
// that the service leaves out is unknown, not empty.
func TestFacts(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 12, 1, 9, 30, 0, 0, time.UTC)
	date := func(id string, hours int, open bool) meetingapi.Occurrence {
		o := meetingapi.Occurrence{ID: meetingapi.OccurrenceID(id), Start: now.Add(time.Duration(hours) * time.Hour)}
		if !open {
			o.End = o.Start.Add(time.Hour)
		}
		return o
	}
	series := func(all ...meetingapi.Occurrence) meetingapi.Meeting {
		return meetingapi.Meeting{Kind: meetingapi.KindSeries, Series: &meetingapi.Series{Occurrences: meetingapi.Known(all)}}
	}
	running := func(m meetingapi.Meeting) meetingapi.Meeting { m.State = meetingapi.Running; return m }
	has := func(ids ...string) func(cancellation.Meeting) bool {
		return func(f cancellation.Meeting) bool {
			return slices.EqualFunc(f.Occurrences, ids, func(o cancellation.OccurrenceRef, id string) bool { return o.ID == id })
		}
	}
	for _, tt := range []struct {
		name string
		m    meetingapi.Meeting
		want func(cancellation.Meeting) bool
	}{
		{"planned", meetingapi.Meeting{State: meetingapi.Scheduled}, func(f cancellation.Meeting) bool { return !f.Running && f.StateKnown }},
		{"running", meetingapi.Meeting{State: meetingapi.Running}, func(f cancellation.Meeting) bool { return f.Running && f.StateKnown }},
		{"state left out", meetingapi.Meeting{State: meetingapi.StateUnknown}, func(f cancellation.Meeting) bool { return !f.Running && !f.StateKnown }},
		{"people left out", meetingapi.Meeting{}, func(f cancellation.Meeting) bool { return f.People == 0 }},
		{"people known", meetingapi.Meeting{PeopleOnline: meetingapi.Known(4)}, func(f cancellation.Meeting) bool { return f.People == 4 }},
		{"single", meetingapi.Meeting{Kind: meetingapi.KindSingle}, func(f cancellation.Meeting) bool { return !f.Recurring && !f.KindUnknown }},
		{"kind left out", meetingapi.Meeting{Kind: meetingapi.KindUnknown}, func(f cancellation.Meeting) bool { return !f.Recurring && f.KindUnknown }},
		{"a webinar", meetingapi.Meeting{Kind: meetingapi.KindUnknown, Webinar: true}, func(f cancellation.Meeting) bool { return !f.KindUnknown }},
		{"dates left out", meetingapi.Meeting{Series: &meetingapi.Series{}}, func(f cancellation.Meeting) bool { return f.Recurring && !f.DatesKnown && !f.DatesListed() }},
		{"no dates left", series(), func(f cancellation.Meeting) bool { return f.Recurring && f.DatesKnown && len(f.Occurrences) == 0 }},
		{"dates in any order, some over", series(date("later", 48, false), date("over", -2, false), date("runs", 0, false), date("endless", -5, true)), has("endless", "runs", "later")},
		{"a date of last week without an end", series(date("long ago", -7*24, true), date("later", 48, true)), has("later")},
		{"a running date after one of last week without an end", running(series(date("long ago", -7*24, true), date("runs", 0, true))), has("runs")},
		{"the last date has overrun", running(series(date("later", 48, false), date("over", -26, false), date("overruns", -2, false))), has("overruns", "later")},
		{"the only date has overrun", running(series(date("overruns", -2, false))), has("overruns")},
		{"one runs on time", running(series(date("over", -2, false), date("runs", 0, false))), has("runs")},
		{"people came very early", running(series(date("over", -7*24, false), date("next", 3, false))), has("next")},
		{"people came early", running(series(date("over", -2, false), date("next", 1, false))), has("next")},
	} {
		if f := Facts(tt.m, now); !tt.want(f) {
			t.Errorf("%s: Facts() = %+v", tt.name, f)
		}
	}
}

// TestOwnerEmail checks that only the owner's own rows count, and only if they agree.
func TestOwnerEmail(t *testing.T) {
	t.Parallel()
	row := func(uuid, email string) meetingapi.Invitee { return meetingapi.Invitee{UserUUID: uuid, Email: email} }
	for name, tt := range map[string]struct {
		owner string
		rows  []meetingapi.Invitee
		want  string
	}{
		"no one invited":      {"u1", nil, ""},
		"their row":           {"u1", []meetingapi.Invitee{row("u2", "bob@example.com"), row("u1", "Ana@Example.com")}, "ana@example.com"},
		"only others":         {"u1", []meetingapi.Invitee{row("u2", "bob@example.com")}, ""},
		"the same twice":      {"u1", []meetingapi.Invitee{row("u1", "ana@example.com"), row("u1", "ANA@example.com")}, "ana@example.com"},
		"two addresses":       {"u1", []meetingapi.Invitee{row("u1", "ana@example.com"), row("u1", "ana@other.example.com")}, ""},
		"without an address":  {"u1", []meetingapi.Invitee{row("u1", "")}, ""},
		"rows without a user": {"", []meetingapi.Invitee{row("", "guest@example.com")}, ""},
	} {
		if got := ownerEmail(meetingapi.Meeting{Owner: meetingapi.Owner{UUID: tt.owner}, SomeInvitees: tt.rows}); got != tt.want {
			t.Errorf("%s: ownerEmail() = %q, want %q", name, got, tt.want)
		}
	}
}

func TestIsGone(t *testing.T) {
	t.Parallel()
	failed := func(c meetingapi.Class) error { return &meetingapi.Error{Class: c} }
	over := meetingapi.Meeting{State: meetingapi.Ended}
	for _, tt := range []struct {
		name string
		m    meetingapi.Meeting
		err  error
		want bool
	}{
		{"planned", meetingapi.Meeting{State: meetingapi.Scheduled}, nil, false},
		{"state unknown", meetingapi.Meeting{State: meetingapi.StateUnknown}, nil, false},
		{"over", over, nil, true},
		{"not found", meetingapi.Meeting{}, failed(meetingapi.ClassNotFound), true},
		{"closing", meetingapi.Meeting{}, failed(meetingapi.ClassEnded), true},
		{"denied", meetingapi.Meeting{}, failed(meetingapi.ClassDenied), false},
		{"another site's", meetingapi.Meeting{}, failed(meetingapi.ClassWrongSite), false},
		{"unavailable, with an old reading", over, failed(meetingapi.ClassUnavailable), false},
	} {
		if got := IsGone(tt.m, tt.err); got != tt.want {
			t.Errorf("%s: IsGone() = %t, want %t", tt.name, got, tt.want)
		}
	}
}

// TestZoneOf checks that a person's zone is taken from Slack and never guessed.
func TestZoneOf(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		zone   string
		offset time.Duration
		known  bool
		want   time.Duration // east of Greenwich, in summer
	}{
		{"Europe/Lisbon", 0, true, time.Hour}, // the name knows daylight saving; the offset may be winter's
		{"Asia/Kolkata", 0, true, 5*time.Hour + 30*time.Minute},
		{"Mars/Olympus", -5 * time.Hour, true, -5 * time.Hour},
		{"Local", 2 * time.Hour, true, 2 * time.Hour}, // LoadLocation would return this machine's zone
		{"", 0, false, 0},
		{"", 2 * time.Hour, false, 0},
		{"", -8 * time.Hour, false, 0}, // what Slack sends for people without a zone: "Pacific Standard Time"
	} {
		zone, known := ZoneOf(bot.Person{TimeZone: tt.zone, TimeOffset: tt.offset})
		if known != tt.known {
			t.Errorf("ZoneOf(%q, %s): known = %t, want %t", tt.zone, tt.offset, known, tt.known)
			continue
		}
		if !known {
			continue
		}
		if _, east := time.Date(2026, 7, 1, 12, 0, 0, 0, time.UTC).In(zone).Zone(); time.Duration(east)*time.Second != tt.want {
			t.Errorf("ZoneOf(%q, %s) is %ds east, want %s", tt.zone, tt.offset, east, tt.want)
		}
	}
}

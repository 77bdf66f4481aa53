package step

import (
	"testing"

	"meetingbot/meetingapi"
)

func TestInvitedPeople(t *testing.T) {
	t.Parallel()
	ana, again := meetingapi.Invitee{Email: "ana@example.com"}, meetingapi.Invitee{Email: "Ana@example.com", Name: "Ana"}
	room, nameless := meetingapi.Invitee{Name: "Blue", Type: meetingapi.Terminal}, meetingapi.Invitee{Name: "Bob"}
	for _, tt := range []struct {
		name  string
		count meetingapi.Optional[int]
		rows  []meetingapi.Invitee
		want  int
		known bool
	}{
		{"nothing is said", meetingapi.Optional[int]{}, nil, 0, false},
		{"nobody", meetingapi.Known(0), nil, 0, true},
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
		{"nothing is said", meetingapi.Meeting{}, ""},
		{"by mail", meetingapi.Meeting{NotifyByMail: on}, "yes"},
		{"by text message only", meetingapi.Meeting{NotifyByMail: off, NotifyBySMS: on}, "yes"},
		{"in no way", meetingapi.Meeting{NotifyByMail: off, NotifyBySMS: off, NotifyByCalendar: off}, "no"},
		{"mail was left out", meetingapi.Meeting{NotifyBySMS: off}, ""},
	} {
		if got := notifies(tt.m); got != tt.want {
			t.Errorf("%s: notifies() = %q, want %q", tt.name, got, tt.want)
		}
	}
}

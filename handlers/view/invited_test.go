package view

import (
	"testing"

	"meetingbot/internal/cancellation"
)

// The tick is there where it can mean something, and nowhere else.
func TestTellTick(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		tell cancellation.TellInvited
		m    cancellation.Meeting
		want bool
	}{
		{"asked", cancellation.TellAsk, cancellation.Meeting{Invited: 2, InvitedKnown: true}, true},
		{"never", cancellation.TellNever, cancellation.Meeting{Invited: 2, InvitedKnown: true}, false},
		{"always", cancellation.TellAlways, cancellation.Meeting{Invited: 2, InvitedKnown: true}, false},
		{"nobody is invited", cancellation.TellAsk, cancellation.Meeting{InvitedKnown: true}, false},
		{"the service does not say", cancellation.TellAsk, cancellation.Meeting{}, false},
	} {
		v := newRenderer(t, "en")
		v.Tell = tt.tell
		p := v.person("en")
		if got := p.tellTick(cancellation.Request{Meeting: tt.m}) != nil; got != tt.want {
			t.Errorf("%s: there is a tick: %v, want %v", tt.name, got, tt.want)
		}
	}
}

// The number is said of a cancellation, whatever is stored.
func TestToldInvited(t *testing.T) {
	t.Parallel()
	done := cancellation.Telling{Result: cancellation.TellDone, People: 12, Told: 9}
	for _, tt := range []struct {
		r    cancellation.Request
		want string
	}{
		{change(samplePlanned(), doneWith(cancellation.Cancelled, ""), told(done)), "9 of 12 invited people were told here."},
		{change(samplePlanned(), doneWith(cancellation.Cancelled, ""), told(cancellation.Telling{Wanted: true})), ""},
		{change(samplePlanned(), doneWith(cancellation.Gone, ""), told(done)), ""},
		{change(samplePlanned(), doneWith(cancellation.Failed, ""), told(cancellation.Telling{Result: cancellation.TellUnread})), ""},
	} {
		if got := newRenderer(t, "en").person("en").toldInvited(tt.r); got != tt.want {
			t.Errorf("toldInvited(%s, %+v) = %q, want %q", tt.r.Outcome, tt.r.Telling, got, tt.want)
		}
	}
}

func TestTickedRequest(t *testing.T) {
	t.Parallel()
	r := samplePlanned()
	for block, want := range map[string]cancellation.ID{
		"ticks:" + InputTell + ":" + string(r.ID): r.ID, "page:3:pick_meetings:" + string(r.ID): r.ID,
		"": "", "ticks:": "", "ticks": "", "choice-3": "", "page:x:pick_meetings:" + string(r.ID): "",
	} {
		if got := TickedRequest(block); got != want {
			t.Errorf("TickedRequest(%q) = %q, want %q", block, got, want)
		}
	}
}

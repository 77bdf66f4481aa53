package card_test

import (
	"testing"

	"meetingbot/handlers/view/card"
	"meetingbot/handlers/view/viewtest"
	"meetingbot/internal/cancellation"
)

// TestTellTick: the box is offered only where it can have an effect.
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
		p := viewtest.Page("en")
		p.Tell = tt.tell
		if got := card.TellTick(p, cancellation.Request{Meeting: tt.m}) != nil; got != tt.want {
			t.Errorf("%s: there is a box: %v, want %v", tt.name, got, tt.want)
		}
	}
}

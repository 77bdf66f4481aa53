package step

import (
	"strings"
	"testing"
	"unicode/utf8"

	"meetingbot/handlers/view/action"
	"meetingbot/internal/cancellation"
	"meetingbot/internal/command"
)

// TestShortReason: what a window sends is made fit, whatever Slack's client let through.
func TestShortReason(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"": "", " \n\t ": "", "\u200b\u2060": "", "\u200b火": "\u200b火", "fire\ndrill  at\tfour ": "fire drill at four",
		strings.Repeat("火", 4000): strings.Repeat("火", command.MaxReason),
	} {
		if got := (&Envelope{Reason: in}).ShortReason(); got != want {
			t.Errorf("ShortReason(%d characters) = %d characters, want %d", utf8.RuneCountInString(in), utf8.RuneCountInString(got), utf8.RuneCountInString(want))
		}
	}
}

func TestTellsInvited(t *testing.T) {
	t.Parallel()
	ticked := &Envelope{Selected: map[string][]string{action.InputTell: {"yes"}}}
	some, none := cancellation.Meeting{Invited: 2, InvitedKnown: true}, cancellation.Meeting{InvitedKnown: true}
	for _, tt := range []struct {
		name string
		rule cancellation.TellInvited
		in   *Envelope
		m    cancellation.Meeting
		want bool
	}{
		{"ticked", cancellation.TellAsk, ticked, some, true},
		{"not ticked", cancellation.TellAsk, &Envelope{}, some, false},
		{"another box is ticked", cancellation.TellAsk, &Envelope{Selected: map[string][]string{"pick_occurrences": {"yes"}}}, some, false},
		{"ticked on an old card", cancellation.TellNever, ticked, some, false},
		{"unset", "", ticked, some, false},
		{"always", cancellation.TellAlways, &Envelope{}, some, true},
		{"always, and the service does not say", cancellation.TellAlways, &Envelope{}, cancellation.Meeting{}, true},
		{"always, and nobody is invited", cancellation.TellAlways, &Envelope{}, none, false},
	} {
		if got := (Rules{TellInvited: tt.rule}).TellsInvited(tt.in, tt.m); got != tt.want {
			t.Errorf("%s: TellsInvited() = %v, want %v", tt.name, got, tt.want)
		}
	}
}

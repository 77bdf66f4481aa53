package step

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"meetingbot/bot"
	"meetingbot/handlers/view/action"
	"meetingbot/internal/cancellation"
	"meetingbot/internal/command"
)

// TestShortReason checks that any reason a modal sends is made to fit.
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
		{"always, number of invited unknown", cancellation.TellAlways, &Envelope{}, cancellation.Meeting{}, true},
		{"always, no one invited", cancellation.TellAlways, &Envelope{}, none, false},
	} {
		if got := (Rules{TellInvited: tt.rule}).TellsInvited(tt.in, tt.m); got != tt.want {
			t.Errorf("%s: TellsInvited() = %v, want %v", tt.name, got, tt.want)
		}
	}
}

// TestInitialKind checks what each action counts as, and whether a request is stored with it.
func TestInitialKind(t *testing.T) {
	t.Parallel()
	press := func(verb string) Envelope { return Envelope{Action: verb} }
	typed := func(verb command.Verb) Envelope { return Envelope{Command: command.Command{Verb: verb}} }
	for _, tt := range []struct {
		name   string
		in     Envelope
		want   string
		starts bool
	}{
		{"a number", typed(command.Cancel), KindStart, true},
		{"several", typed(command.CancelMany), KindStart, true},
		{"nothing typed", typed(command.Pick), KindStart, false},
		{"list", typed(command.List), KindLook, false},
		{"history", typed(command.History), KindCommand, false},
		{"help", typed(command.Help), KindCommand, false},
		{"a mistake", Envelope{Command: command.Command{Verb: command.Cancel}, Fault: &command.Fault{}}, KindCommand, false},
		{"a pick", press(action.Choose), KindStart, false},
		{"a meeting in Home", press(action.HomeMeeting), KindStart, false},
		{"asking the owner", press(action.AskOwner), KindClick, false},
		{"its modal", press(action.ModalAskOwner), KindStart, false},
		{"a reason", press(action.ModalReason), KindSubmission, false},
		{"delegating", press(action.ModalDelegate), KindSubmission, false},
		{"checking again", press(action.CheckAgain), KindLook, false},
		{"cancelling", press(action.Cancel), KindClick, false},
		{"keeping", press(action.Keep), KindClick, false},
		{"undoing", press(action.Undo), KindClick, false},
		{"a tick", press(action.Inputs()[0]), KindClick, false},
	} {
		if got := tt.in.initialKind(); got != tt.want || tt.in.Starts() != tt.starts {
			t.Errorf("%s counts as %s and starts a request: %t; want %s, %t", tt.name, got, tt.in.Starts(), tt.want, tt.starts)
		}
	}
}

// TestNewRequest checks the request made of a command. Its time to live starts when the
// command was typed, not when it is handled.
func TestNewRequest(t *testing.T) {
	t.Parallel()
	made := time.Date(2026, 12, 1, 9, 0, 0, 0, time.UTC)
	rules := Rules{ConfirmTTL: 15 * time.Minute}
	for _, tt := range []struct {
		name   string
		c      command.Command
		at     time.Time
		until  time.Time
		scope  cancellation.Scope
		wanted string
		batch  bool
	}{
		{name: "a number", c: command.Command{Verb: command.Cancel}, at: made, until: made.Add(15 * time.Minute)},
		{name: "the series", c: command.Command{Verb: command.Cancel, Series: true}, at: made, until: made.Add(15 * time.Minute), scope: cancellation.Series},
		{name: "a day", c: command.Command{Verb: command.Cancel, Occurrence: command.Occurrence{Date: "2026-12-02"}}, at: made, until: made.Add(15 * time.Minute), scope: cancellation.Occurrence, wanted: "2026-12-02"},
		{name: "a day and a time", c: command.Command{Verb: command.Cancel, Occurrence: command.Occurrence{Date: "2026-12-02", Time: "10:00"}}, at: made, until: made.Add(15 * time.Minute), scope: cancellation.Occurrence, wanted: "2026-12-02T10:00"},
		{name: "several", c: command.Command{Verb: command.CancelMany}, at: made, until: made.Add(15 * time.Minute), batch: true},
	} {
		tt.c.Number, tt.c.End, tt.c.Reason, tt.c.As = "914087436", true, "no room", "/cancel"
		r := rules.NewRequest(&Envelope{
			Request: "r1", Person: "U0ANA", Team: "T0", Channel: "C0", Thread: "5.5", Response: "https://hooks.example.com/1", Command: tt.c, At: tt.at,
		})
		if r.State != cancellation.Received || r.Scope != tt.scope || r.Wanted != tt.wanted || (r.Batch != nil) != tt.batch || !r.ExpiresAt.Equal(tt.until) {
			t.Errorf("%s: the request is %s of %q %q until %v, several: %t", tt.name, r.State, r.Scope, r.Wanted, r.ExpiresAt, r.Batch != nil)
		}
		if r.ID != "r1" || r.Asker != "U0ANA" || r.Team != "T0" || r.Channel != "C0" || r.Thread != "5.5" || r.Number != "914087436" || !r.End || r.Reason != "no room" || r.As != "/cancel" {
			t.Errorf("%s: part of the command is lost: %+v", tt.name, r)
		}
		if r.Response.URL == "" || r.Response.OfClick || r.ConfirmedBy != "" {
			t.Errorf("%s: its response_url is %+v", tt.name, r.Response)
		}
	}
}

// TestAnswerPlace checks whether an action is answered in a thread, and whether its
// response_url can edit a card.
func TestAnswerPlace(t *testing.T) {
	t.Parallel()
	at := bot.MessageRef{Channel: "C0", TS: "1.1"}
	for _, tt := range []struct {
		name     string
		in       Envelope
		inThread bool
		ofClick  bool
	}{
		{"typed", Envelope{Channel: "C0"}, false, false},
		{"the shortcut on a message", Envelope{Channel: "C0", Message: at, FromMessage: true}, false, false},
		{"the shortcut on a reply", Envelope{Channel: "C0", Thread: "0.5", Message: at, FromMessage: true}, true, false},
		{"a card", Envelope{Channel: "C0", Message: at, Action: action.Cancel}, false, true},
		{"a card that has replies", Envelope{Channel: "C0", Thread: "1.1", Message: at, Action: action.Cancel}, false, true},
		{"a card in a thread", Envelope{Channel: "C0", Thread: "0.5", Message: at, Action: action.Cancel}, true, true},
		{"an answer to one person", Envelope{Channel: "C0", Message: at, Ephemeral: true, Action: action.Choose}, false, false},
		{"a modal", Envelope{Thread: "0.5", Action: action.ModalReason}, false, false},
	} {
		if got := tt.in.inThread(); got != tt.inThread {
			t.Errorf("%s: inThread() = %t", tt.name, got)
		}
		if got := tt.in.ResponseURL().OfClick; got != tt.ofClick {
			t.Errorf("%s: its response_url edits the card: %t, want %t", tt.name, got, tt.ofClick)
		}
	}
}

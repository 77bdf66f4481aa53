package step

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode"

	"meetingbot/bot"
	"meetingbot/handlers/view/action"
	"meetingbot/internal/cancellation"
	"meetingbot/internal/command"
	"meetingbot/internal/jobs"
	"meetingbot/internal/store"
	"meetingbot/meetingapi"
)

// The kinds of envelope, as they are stored. KindStart and KindLook are rate-limited
// separately, each at the number of requests a person may make in a minute.
const (
	KindStart      = "start"      // a command, shortcut, click or modal that starts a request
	KindLook       = "look"       // a command or click that only reads from the meeting service
	KindCommand    = "command"    // any other command or shortcut
	KindClick      = "click"      // any other click
	KindSubmission = "submission" // any other modal

	kindRefused = "refused" // over the rate limit, or would have started a request but didn't
	KindReason  = "reason"  // a submission whose reason is recorded; the card may not show it yet
	KindGiven   = "given"   // a submission whose delegation is stored; its giver may not have been told yet
)

// An Envelope is the stored form of one thing a person did. It holds what was understood,
// never the text itself, which may be an invitation with its password.
type Envelope struct {
	Team       string `json:"team"`
	Enterprise string `json:"enterprise,omitempty"`
	Channel    string `json:"channel"`
	Thread     string `json:"thread,omitempty"`
	Response   string `json:"response,omitempty"` // response_url: a credential, dropped once handled
	Trigger    string `json:"trigger,omitempty"`

	Command     command.Command `json:"command,omitzero"`
	Fault       *command.Fault  `json:"fault,omitempty"`
	FromMessage bool            `json:"from_message,omitempty"` // by the message shortcut

	Action    string              `json:"action,omitempty"`
	Block     string              `json:"block,omitempty"`
	Message   bot.MessageRef      `json:"message,omitzero"`
	Ephemeral bool                `json:"ephemeral,omitempty"`
	Selected  map[string][]string `json:"selected,omitempty"`
	Reason    string              `json:"reason,omitempty"` // typed into the modal
	Home      bool                `json:"home,omitempty"`   // clicked in Home, which is redrawn afterwards
	Hash      string              `json:"hash,omitempty"`   // of the Home clicked in

	// Lag is the time between the action and its arrival here, as far as Slack says.
	Lag time.Duration `json:"lag,omitempty"`

	// Request is the request a click is about. For a command that starts a request it is
	// the id the new one gets, so that a repeated run finds it.
	Request cancellation.ID `json:"request"`
	Started cancellation.ID `json:"started,omitempty"` // likewise, for a request started by a pick from a chooser or a question to an owner

	ID     string    `json:"-"` // the envelope's own
	Key    string    `json:"-"` // identifies the event: the same for every delivery
	Kind   string    `json:"-"` // one of the kinds above, as last stored
	Person string    `json:"-"` // who did it
	At     time.Time `json:"-"` // when they did it
}

// initialKind returns the kind that a command or click is stored as when it arrives.
func (in *Envelope) initialKind() string {
	switch {
	case in.Action == action.Choose, in.Action == action.HomeMeeting, in.Action == action.ModalAskOwner:
		return KindStart
	case in.Action == action.CheckAgain:
		return KindLook
	case in.Action == action.ModalReason, in.Action == action.ModalDelegate:
		return KindSubmission
	case in.Action != "":
		return KindClick
	case in.Fault != nil:
		return KindCommand
	}
	switch in.Command.Verb {
	case command.Cancel, command.Pick, command.CancelMany:
		return KindStart
	case command.List:
		return KindLook
	case command.History, command.Help:
	}
	return KindCommand
}

// limitedAs returns the kind whose rate limit applies to in. A question to an owner counts once it
// is sent, but is refused before anything is typed.
func (in *Envelope) limitedAs() string {
	if in.Action == action.AskOwner {
		return KindStart
	}
	return in.initialKind()
}

// Starts reports whether the envelope is a command whose request is stored together with
// it. A picker and a pick store theirs later.
func (in *Envelope) Starts() bool {
	return in.Action == "" && in.Fault == nil && (in.Command.Verb == command.Cancel || in.Command.Verb == command.CancelMany)
}

// Received returns when the event reached us. An undo window, for example, starts then.
func (in *Envelope) Received() time.Time { return in.At.Add(in.Lag) }

// Stored returns the envelope as the store keeps it.
func (in *Envelope) Stored() (store.Envelope, error) {
	body, err := json.Marshal(in)
	if err != nil {
		return store.Envelope{}, fmt.Errorf("encode envelope: %w", err)
	}
	return store.Envelope{
		ID: in.ID, Key: in.Key, Kind: in.initialKind(), Person: in.Person, Request: in.Request, Action: in.Action,
		Body: string(body), At: in.At,
	}, nil
}

// ResponseURL returns the response_url, which can answer the person even in a channel the
// bot isn't in.
func (in *Envelope) ResponseURL() cancellation.ResponseURL {
	return cancellation.ResponseURL{URL: in.Response, At: in.At, OfClick: in.OnCard(), By: in.Person}
}

// OnCard reports whether a button of a card was clicked, on the card or a copy of it. A refusal
// has a button too, and is a message of its own if it could only be sent directly.
func (in *Envelope) OnCard() bool {
	return in.Action != "" && in.Action != action.AskOwner && !in.Message.IsZero() && !in.Ephemeral
}

// inThread reports whether the person acted on a reply. A thread's parent message carries
// the thread's timestamp too, so that alone doesn't tell.
func (in *Envelope) inThread() bool {
	return in.Channel != "" && in.Thread != "" && in.Thread != in.Message.TS
}

// ShortReason returns the reason typed into a modal as it is stored: on one line, and cut
// to the length allowed for a reason in a command. It is empty if none of it is visible.
func (in *Envelope) ShortReason() string {
	if strings.IndexFunc(in.Reason, func(r rune) bool { return unicode.IsGraphic(r) && !unicode.IsSpace(r) }) < 0 {
		return ""
	}
	runes := []rune(strings.Join(strings.Fields(in.Reason), " "))
	return string(runes[:min(len(runes), command.MaxReason)])
}

// An Arrival is what the process that stored an envelope hands to its first run,
// so that nothing has to be read back. Every field but Envelope may be zero.
type Arrival struct {
	Envelope   *Envelope
	Request    store.Request                  // as it was stored with the envelope
	Found      *Promise[[]meetingapi.Meeting] // the meetings behind a command's number
	Prefetched *Promise[Prefetched]           // what a click needs
}

// Prefetched is what was read for a click while it was being stored. Changes to the
// request are saved over the version read here, see [Change].
type Prefetched struct {
	Request store.Request
	Reading *Promise[meetingapi.Meeting] // nil: not read
}

// arrival returns what the run was handed, or else reads the stored envelope. It returns
// nil if the envelope was already handled.
func (d *Deps) arrival(ctx context.Context, run *jobs.Run) (*Arrival, error) {
	if a, ok := run.Carry.(*Arrival); ok {
		return a, nil
	}
	e, err := d.Store.Envelopes.Get(ctx, run.Subject)
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil //nolint:nilnil // nothing is left to do
	}
	if err != nil {
		return nil, err
	}
	in, err := decode(e)
	return &Arrival{Envelope: in}, err
}

// decode returns the envelope that was stored as e.
func decode(e store.Envelope) (*Envelope, error) {
	in := &Envelope{ID: e.ID, Kind: e.Kind, Person: e.Person, At: e.At}
	if err := json.Unmarshal([]byte(e.Body), in); err != nil {
		return nil, fmt.Errorf("decode envelope %s: %w", e.ID, err)
	}
	return in, nil
}

// NewRequest returns the request that a command or a pick starts.
func (r Rules) NewRequest(in *Envelope) cancellation.Request {
	req := cancellation.Request{
		ID: in.Request, State: cancellation.Received,
		Asker: in.Person, Team: in.Team, Channel: in.Channel, Thread: in.Thread,
		As: in.Command.As, Number: in.Command.Number, End: in.Command.End, Reason: in.Command.Reason,
		CreatedAt: in.At, ExpiresAt: in.At.Add(r.ConfirmTTL),
		Response: cancellation.ResponseURL{URL: in.Response, At: in.At, By: in.Person},
	}
	switch {
	case in.Command.Verb == command.CancelMany:
		req.Batch = &cancellation.Batch{Line: in.Command.String()}
	case in.Command.Series:
		req.Scope = cancellation.Series
	case in.Command.Occurrence.Date != "":
		req.Scope, req.Wanted = cancellation.Occurrence, in.Command.Occurrence.String()
	}
	return req
}

// TellsInvited reports whether to tell the people invited to m: the operator decides, or
// leaves it to the tick sent with the click.
func (r Rules) TellsInvited(in *Envelope, m cancellation.Meeting) bool {
	switch {
	case m.InvitedKnown && m.Invited <= 0:
		return false
	case r.TellInvited == cancellation.TellAsk:
		return action.TellTicked(in.Selected)
	}
	return r.TellInvited == cancellation.TellAlways
}

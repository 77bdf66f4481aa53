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

// The kinds of envelope, as they are stored. What starts a request counts against
// the requests a person may make in a minute, and what only has the meeting
// service asked against as many of its own.
const (
	KindStart      = "start"   // a command, shortcut or click that starts a request
	KindLook       = "look"    // a command or click that looks at the meetings
	KindCommand    = "command" // any other command or shortcut
	KindClick      = "click"   // any other click
	KindSubmission = "submission"

	kindRefused = "refused" // what was one too many, or was to start a request and did not
	KindReason  = "reason"  // a submission whose reason is recorded; the card may not show it yet
	KindGiven   = "given"   // a submission whose delegation is stored; its giver may not know yet
)

// An Envelope is what is stored of something a person did: what was understood,
// never the text itself, which may be an invitation with its password.
type Envelope struct {
	Team       string `json:"team"`
	Enterprise string `json:"enterprise,omitempty"`
	Channel    string `json:"channel"`
	Thread     string `json:"thread,omitempty"`
	Response   string `json:"response,omitempty"` // response_url: a credential, forgotten once handled
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
	Home      bool                `json:"home,omitempty"`   // clicked in Home, which is drawn afterwards
	Hash      string              `json:"hash,omitempty"`   // of the Home clicked in

	// Lag is how much later than it was made an event was received, as far as Slack says.
	Lag time.Duration `json:"lag,omitempty"`

	// Request is the request that a click is about; for what starts a request,
	// the id that the new one gets, so that a repeated run finds it.
	Request cancellation.ID `json:"request"`
	Started cancellation.ID `json:"started,omitempty"` // the same for the request that a pick from a chooser, or a question to an owner, starts

	ID     string    `json:"-"` // the envelope's own
	Key    string    `json:"-"` // the same whenever the same event is delivered again
	Kind   string    `json:"-"` // what it has come to by now
	Person string    `json:"-"` // who did it
	At     time.Time `json:"-"` // when they did it
}

// counted is the kind by which a command or click is counted when it comes.
func (in *Envelope) counted() string {
	switch {
	case in.Action == action.Choose, in.Action == action.HomeMeeting, in.Action == action.AskOwner:
		return KindStart // a question to an owner counts before anything is typed
	case in.Action == action.CheckAgain:
		return KindLook
	case in.Action == action.ModalReason, in.Action == action.ModalDelegate, in.Action == action.ModalAskOwner:
		return KindSubmission
	case in.Action != "":
		return KindClick
	case in.Fault != nil:
		return KindCommand
	}
	switch in.Command.Verb {
	case command.Cancel, command.Pick, command.Many:
		return KindStart
	case command.List:
		return KindLook
	case command.History, command.Help:
	}
	return KindCommand
}

// Starts reports whether the request of a command is stored together with it;
// a pick and a chooser store theirs later.
func (in *Envelope) Starts() bool {
	return in.Action == "" && in.Fault == nil && (in.Command.Verb == command.Cancel || in.Command.Verb == command.Many)
}

// Received is when the event reached us. What begins with it, such as an undo window,
// lasts from then on.
func (in *Envelope) Received() time.Time { return in.At.Add(in.Lag) }

// Stored is the envelope as the store keeps it.
func (in *Envelope) Stored() (store.Envelope, error) {
	body, err := json.Marshal(in)
	if err != nil {
		return store.Envelope{}, fmt.Errorf("encode envelope: %w", err)
	}
	return store.Envelope{
		ID: in.ID, Key: in.Key, Kind: in.counted(), Person: in.Person, Request: in.Request, Action: in.Action,
		Body: string(body), At: in.At,
	}, nil
}

// ResponseURL is where the person can be answered without being in a channel with them.
func (in *Envelope) ResponseURL() cancellation.Response {
	return cancellation.Response{URL: in.Response, At: in.At, OfClick: in.Action != "" && !in.Message.IsZero() && !in.Ephemeral, By: in.Person}
}

// inThread reports whether somebody acted on a reply: also the message above a
// thread bears the thread's timestamp.
func (in *Envelope) inThread() bool {
	return in.Channel != "" && in.Thread != "" && in.Thread != in.Message.TS
}

// ShortReason is what was typed into a window, as it is stored: on one line, and no
// longer than a reason that is typed with the command. It is empty if nobody would see
// any of it.
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
	Found      *Promise[[]meetingapi.Meeting] // what a command's number leads to
	Prefetched *Promise[Prefetched]           // what a click needs
}

// Prefetched is what was read for a click while it was being stored. Whoever changes the
// request does so over the version that was read, see [Change].
type Prefetched struct {
	Request store.Request
	Begun   bool                         // the rest, which the button alone needs, has been asked for
	Meeting *Promise[meetingapi.Meeting] // nil: not read
}

// arrival returns what the run is about: what it was handed, or what is stored.
// It is nil if the envelope was handled already.
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

// decode is the envelope as it was before it was stored.
func decode(e store.Envelope) (*Envelope, error) {
	in := &Envelope{ID: e.ID, Kind: e.Kind, Person: e.Person, At: e.At}
	if err := json.Unmarshal([]byte(e.Body), in); err != nil {
		return nil, fmt.Errorf("decode envelope %s: %w", e.ID, err)
	}
	return in, nil
}

// NewRequest is the request that a command or a choice starts.
func (r Rules) NewRequest(in *Envelope) cancellation.Request {
	req := cancellation.Request{
		ID: in.Request, State: cancellation.Received,
		Asker: in.Person, Team: in.Team, Channel: in.Channel, Thread: in.Thread,
		As: in.Command.As, Number: in.Command.Number, End: in.Command.End, Reason: in.Command.Reason,
		CreatedAt: in.At, ExpiresAt: in.At.Add(r.ConfirmTTL),
		Response: cancellation.Response{URL: in.Response, At: in.At, By: in.Person},
	}
	switch {
	case in.Command.Verb == command.Many:
		req.Batch = &cancellation.Batch{Line: in.Command.String()}
	case in.Command.Series:
		req.Scope = cancellation.Series
	case in.Command.Occurrence.Date != "":
		req.Scope, req.Wanted = cancellation.Occurrence, in.Command.Occurrence.String()
	}
	return req
}

// TellsInvited reports whether those invited are to be told, as the operator or the tick
// that came with a click says.
func (r Rules) TellsInvited(in *Envelope, m cancellation.Meeting) bool {
	switch {
	case m.InvitedKnown && m.Invited <= 0:
		return false
	case r.TellInvited == cancellation.TellAsk:
		return action.TellTicked(in.Selected)
	}
	return r.TellInvited == cancellation.TellAlways
}

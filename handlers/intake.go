package handlers

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"meetingbot/bot"
	"meetingbot/internal/cancellation"
	"meetingbot/internal/command"
	"meetingbot/internal/failpoint"
	"meetingbot/internal/jobs"
	"meetingbot/internal/store"
)

// The kinds of envelope, as they are stored. What starts a request counts against
// the requests a person may make in a minute, and what only has the meeting
// service asked against as many of its own.
const (
	kindStart      = "start"   // a command, shortcut or click that starts a request
	kindLook       = "look"    // a command or click that looks at the meetings
	kindCommand    = "command" // any other command or shortcut
	kindClick      = "click"   // any other click
	kindRefused    = "refused" // what was one too many, or was to start a request and did not
	kindSubmission = "submission"
	kindReason     = "reason" // a submission whose reason is recorded; the card may not show it yet
)

// An intake is what is stored of something a person did: what was understood,
// never the text itself, which may be an invitation with its password.
type intake struct {
	Team       string `json:"team"`
	Enterprise string `json:"enterprise,omitempty"`
	Channel    string `json:"channel"`
	Thread     string `json:"thread,omitempty"`
	Response   string `json:"response,omitempty"` // response_url: a credential, forgotten once handled
	Trigger    string `json:"trigger,omitempty"`

	Command command.Command `json:"command,omitzero"`
	Fault   *command.Fault  `json:"fault,omitempty"`
	FromMsg bool            `json:"from_message,omitempty"` // by the message shortcut

	Action    string              `json:"action,omitempty"`
	Block     string              `json:"block,omitempty"`
	Message   bot.MessageRef      `json:"message,omitzero"`
	Ephemeral bool                `json:"ephemeral,omitempty"`
	Selected  map[string][]string `json:"selected,omitempty"`
	Reason    string              `json:"reason,omitempty"` // typed into the modal

	// Request is the request that a click is about; for what starts a request,
	// the id that the new one gets, so that a repeated run finds it.
	Request cancellation.ID `json:"request"`
	Started cancellation.ID `json:"started,omitempty"` // the same for the request that a pick from a chooser starts

	id     string    // of the envelope
	kind   string    // what it has come to by now
	person string    // who did it
	at     time.Time // when
}

// receiveCommand hands a command over to the store.
func (h *Handlers) receiveCommand(ctx context.Context, c bot.Command) error {
	in := fromOrigin(c.Origin)
	parsed, err := command.Parse(c.Text)
	in.Command = parsed
	if err != nil && !errors.As(err, &in.Fault) {
		return err
	}
	return h.handOverCommand(ctx, in)
}

// receiveShortcut hands over the number that was found in a message.
func (h *Handlers) receiveShortcut(ctx context.Context, s bot.Shortcut) error {
	in := fromOrigin(s.Origin)
	in.FromMsg, in.Thread, in.Message = true, s.Thread, s.Message
	number, err := command.FindNumber(s.Text)
	in.Command = command.Command{Verb: command.Cancel, Number: number}
	if err != nil && !errors.As(err, &in.Fault) {
		return err
	}
	return h.handOverCommand(ctx, in)
}

// handOverCommand hands over what was typed, or what a shortcut stands for. Both
// a cancellation and a list to pick from are stored as a request.
func (h *Handlers) handOverCommand(ctx context.Context, in intake) error {
	in.Request = cancellation.NewID()
	h.lookAhead(in)
	return h.handOver(ctx, stepCommand, in.counted(), in)
}

// counted is the kind by which a command or click is counted when it comes.
func (in *intake) counted() string {
	switch {
	case in.Action == ActionChoose:
		return kindStart
	case in.Action == ActionCheckAgain:
		return kindLook
	case in.Action != "":
		return kindClick
	case in.Fault != nil:
		return kindCommand
	}
	switch in.Command.Verb {
	case command.Cancel, command.Pick:
		return kindStart
	case command.List:
		return kindLook
	case command.History, command.Help:
	}
	return kindCommand
}

// receiveClick hands over the press of a button.
func (h *Handlers) receiveClick(ctx context.Context, c bot.Click) error {
	if c.Action == ActionPickOccurrences {
		return nil // the choice comes with the button that is pressed after it
	}
	in := fromOrigin(c.Origin)
	in.Action, in.Block, in.Message, in.Ephemeral = c.Action, c.BlockID, c.Message, c.Ephemeral
	in.Thread, in.Selected = c.Thread, c.Selected
	in.Request = cancellation.ID(c.Value)
	if c.Action == ActionChoose {
		in.Started = cancellation.NewID()
	}
	h.readAhead(in)
	return h.handOver(ctx, stepClick, in.counted(), in)
}

// receiveSubmission hands over a reason typed into the modal.
func (h *Handlers) receiveSubmission(ctx context.Context, s bot.Submission) error {
	in := fromOrigin(s.Origin)
	in.Action, in.Request, in.Reason = ModalReason, cancellation.ID(s.Private), s.Values[InputReason]
	return h.handOver(ctx, stepClick, kindSubmission, in)
}

func fromOrigin(o bot.Origin) intake {
	return intake{
		Team: string(o.Team), Enterprise: o.Enterprise, Channel: string(o.Channel),
		Response: o.ResponseURL.Reveal(), Trigger: o.TriggerID,
		id: o.EnvelopeID, person: string(o.User), at: o.Received,
	}
}

// handOver stores the envelope, the request it starts and the job that goes on
// with it, in one transaction. When it returns nil, Slack may have its ack. An
// envelope that was stored before changes nothing and is acked again.
func (h *Handlers) handOver(ctx context.Context, step jobs.Step, kind string, in intake) error {
	inserts := step == stepCommand && kind == kindStart && in.Command.Verb == command.Cancel // the others insert theirs later
	body, err := json.Marshal(in)
	if err != nil {
		return fmt.Errorf("encode envelope: %w", err)
	}
	err = h.store.Do(store.Urgent(ctx), func(tx *store.Tx) error {
		e := store.Envelope{ID: in.id, Kind: kind, Person: in.person, Body: string(body)}
		if err := tx.Receive(ctx, e); err != nil {
			return err
		}
		if inserts {
			if err := h.insertReceived(ctx, tx, in); err != nil {
				return err
			}
		}
		return h.queue.Enqueue(ctx, tx, jobs.Job{Step: step, Subject: in.id})
	})
	if errors.Is(err, store.ErrDuplicate) {
		return nil
	}
	failpoint.Here(failpoint.HandedOver)
	return err
}

// insertReceived stores the request that a command starts, and that it was made.
func (h *Handlers) insertReceived(ctx context.Context, tx *store.Tx, in intake) error {
	r := h.newRequest(in, tx.Now())
	if _, err := tx.Insert(ctx, r); err != nil {
		return err
	}
	return auditRequested(ctx, tx, r, "")
}

// auditRequested writes down who asks for what. From is the request that this
// one follows from: a list that it was picked from, or the card that it takes
// over; empty if somebody typed it.
func auditRequested(ctx context.Context, tx *store.Tx, r cancellation.Request, from cancellation.ID) error {
	detail := map[string]string{"channel": r.Channel, "end": yes(r.End), "scope": string(r.Scope), "reason": r.Reason}
	if from != "" {
		detail["from"] = string(from)
	}
	return tx.Audit(ctx, r, store.EventRequested, r.Asker, detail)
}

// auditAsked writes down that the card is about to be shown.
func auditAsked(ctx context.Context, tx *store.Tx, r cancellation.Request) error {
	return tx.Audit(ctx, r, store.EventAsked, r.Asker, map[string]string{
		"channel": r.Channel, "running": yes(r.Meeting.Running), "recurring": yes(r.Meeting.Recurring),
	})
}

// newRequest is the request that a command or a choice starts.
func (h *Handlers) newRequest(in intake, now time.Time) cancellation.Request {
	r := cancellation.Request{
		ID: in.Request, State: cancellation.Received,
		Asker: in.person, Channel: in.Channel, Thread: in.Thread,
		Number: in.Command.Number, End: in.Command.End, Reason: in.Command.Reason,
		CreatedAt: now, ExpiresAt: now.Add(h.rules.ConfirmTTL),
		Response: cancellation.Response{URL: in.Response, At: now},
	}
	switch {
	case in.Command.Series:
		r.Scope = cancellation.Series
	case in.Command.Occurrence.Date != "":
		r.Scope, r.Wanted = cancellation.Occurrence, wanted(in.Command.Occurrence)
	}
	return r
}

// wanted writes an occurrence as it was typed.
func wanted(o command.Occurrence) string {
	if o.Time == "" {
		return o.Date
	}
	return o.Date + "T" + o.Time
}

// load reads a stored envelope. It returns nil if it was handled already.
func (h *Handlers) load(ctx context.Context, id string) (*intake, error) {
	e, err := h.store.Envelope(ctx, id)
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	in := &intake{id: e.ID, kind: e.Kind, person: e.Person, at: e.At}
	if err := json.Unmarshal([]byte(e.Body), in); err != nil {
		return nil, fmt.Errorf("decode envelope %s: %w", id, err)
	}
	return in, nil
}

// yes writes a flag for the audit trail; a flag that is not set is left out.
func yes(b bool) string {
	if b {
		return "yes"
	}
	return ""
}

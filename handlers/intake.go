package handlers

import (
	"cmp"
	"context"
	"errors"
	"strings"
	"time"

	"meetingbot/bot"
	"meetingbot/handlers/step"
	"meetingbot/handlers/view/action"
	"meetingbot/internal/cancellation"
	"meetingbot/internal/command"
	"meetingbot/internal/failpoint"
	"meetingbot/internal/jobs"
	"meetingbot/internal/store"
	"meetingbot/meetingapi"
)

// receiveCommand hands a command over to the store.
func (h *Handlers) receiveCommand(ctx context.Context, c bot.Command) error {
	in := h.fromOrigin(c.Origin)
	parsed, err := command.ParseAs(cmp.Or(c.Name, command.Name), c.Text)
	in.Command = parsed
	in.Command.Reason = command.Readable(parsed.Reason)
	if err != nil && !errors.As(err, &in.Fault) {
		return err
	}
	return h.storeCommand(ctx, in)
}

// receiveShortcut hands over the number that was found in a message.
func (h *Handlers) receiveShortcut(ctx context.Context, s bot.Shortcut) error {
	in := h.fromOrigin(s.Origin)
	in.FromMessage, in.Thread, in.Message = true, s.Thread, s.Message
	number, err := command.FindNumber(s.Text)
	in.Command = command.Command{Verb: command.Cancel, Number: number}
	if err != nil && !errors.As(err, &in.Fault) {
		return err
	}
	return h.storeCommand(ctx, in)
}

// storeCommand stores what was typed, or what a shortcut stands for. Meanwhile its person
// is looked up, and its meeting with the owner, unless the person has asked too often.
func (h *Handlers) storeCommand(ctx context.Context, in *step.Envelope) error {
	in.Request = cancellation.NewID()
	a := &step.Arrival{Envelope: in}
	if in.Starts() && in.Command.Verb == command.Cancel {
		a.Found = step.Begin(h.deps.Background, func(ctx context.Context) ([]meetingapi.Meeting, error) { return h.find(ctx, in) })
		step.Begin(h.deps.Background, func(ctx context.Context) (bot.Person, error) { // remembered until the step asks
			return h.deps.Slack.Person(bot.WithTeam(ctx, bot.TeamID(in.Team)), bot.UserID(in.Person))
		})
	}
	return h.store(ctx, step.CommandStep, a)
}

// find looks up what was typed, and in the background the owner, which takes longest:
// whether the asker may cancel can depend on it, and so can the first click.
func (h *Handlers) find(ctx context.Context, in *step.Envelope) ([]meetingapi.Meeting, error) {
	if err := h.deps.Rules.MayStart(ctx, h.deps.Store, in); err != nil {
		return nil, err
	}
	found, err := h.deps.Meetings.Find(ctx, in.Command.Number)
	if err == nil && len(found) == 1 {
		h.deps.Owners.Prepare(bot.WithTeam(ctx, bot.TeamID(in.Team)), step.Facts(found[0], h.deps.Store.Now()))
	}
	return found, err
}

// receiveClick hands over the press of a button, on a card or in Home.
func (h *Handlers) receiveClick(ctx context.Context, c bot.Click) error {
	in := h.fromOrigin(c.Origin)
	in.Action, in.Block, in.Message, in.Ephemeral, in.Thread = c.Action, c.BlockID, c.Message, c.Ephemeral, c.Thread
	in.Request, in.Selected = cancellation.ID(c.Value), c.Selected
	in.Home, in.Hash = c.Message.IsZero() && c.View.ID != "", c.View.Hash
	return h.storeAction(ctx, in)
}

// receiveTick hands over a tick on a card, which has no value to say of which request.
func (h *Handlers) receiveTick(ctx context.Context, c bot.Click) error {
	c.Value = string(action.TickedRequest(c.BlockID))
	if c.Value == "" {
		return nil // it comes with the button pressed after it
	}
	return h.receiveClick(ctx, c)
}

// receiveSubmission hands over what was typed or chosen in a modal.
func (h *Handlers) receiveSubmission(ctx context.Context, s bot.Submission) error {
	in := h.fromOrigin(s.Origin)
	in.Action, in.Request = s.View.Callback, cancellation.ID(s.View.Private)
	in.Reason = strings.Join(s.Selected[action.InputReason], "")
	if in.Action == action.ModalDelegate {
		in.Selected = s.Selected
	}
	return h.storeAction(ctx, in)
}

// storeAction stores what was pressed or submitted. Meanwhile it prefetches what the run of
// a click on a card will wait for.
func (h *Handlers) storeAction(ctx context.Context, in *step.Envelope) error {
	a, next := &step.Arrival{Envelope: in}, step.ClickStep
	switch in.Action {
	case action.Choose, action.ModalAskOwner, action.HomeMeeting: // each starts a request of its own
		in.Started = cancellation.NewID()
	}
	switch in.Action {
	case action.Delegate, action.DelegateAdd, action.DelegateRemove, action.ModalDelegate:
		next = step.LetStep
	case action.HomeCard, action.HomeMeeting:
		next = step.HomeClickStep
	default:
		a.Prefetched = h.clicks.Prefetch(in)
	}
	return h.store(ctx, next, a)
}

// fromOrigin returns an envelope with what every event carries. Its time is that of the
// store's clock, which all replicas share, less how long the event was on its way.
func (h *Handlers) fromOrigin(o bot.Origin) *step.Envelope {
	at := h.deps.Store.Now()
	if !o.Received.IsZero() {
		at = at.Add(-time.Since(o.Received))
	}
	lag := lagOf(o, at)
	return &step.Envelope{
		Lag:  lag,
		Team: string(o.Team), Enterprise: o.Enterprise, Channel: string(o.Channel),
		Response: o.ResponseURL.Reveal(), Trigger: o.TriggerID,
		ID: o.EnvelopeID, Key: o.DedupKey(), Person: string(o.User), At: at.Add(-lag),
	}
}

// lagOf is how long an event that came at a given time was on its way. Slack's clock may differ
// from ours: an event from the future has only just been made, and none is older than Slack
// waits for an ack.
func lagOf(o bot.Origin, at time.Time) time.Duration {
	if o.Made.IsZero() {
		return 0
	}
	return min(max(0, at.Sub(o.Made)), step.LongestLag)
}

// store stores the envelope, the request it starts and the job that goes on
// with it, in one transaction. When it returns nil, Slack may have its ack. An
// envelope that was stored before changes nothing and is acked again.
func (h *Handlers) store(ctx context.Context, next jobs.Step, a *step.Arrival) error {
	e, err := a.Envelope.Stored()
	if err != nil {
		return err
	}
	a.Envelope.Kind = e.Kind
	if next == step.ClickStep {
		ctx = store.Clicked(ctx) // somebody decides; that comes before what is merely asked
	}
	err = h.deps.Store.Do(ctx, func(tx *store.Tx) error {
		if err := tx.Envelopes.Receive(ctx, e); err != nil {
			return err
		}
		if a.Envelope.Starts() {
			r, err := tx.Requests.Insert(ctx, h.deps.Rules.NewRequest(a.Envelope))
			if err != nil {
				return err
			}
			a.Request = r
		}
		return h.queue.Enqueue(ctx, tx, jobs.Job{Step: next, Subject: e.ID, Carry: a})
	})
	if errors.Is(err, store.ErrDuplicate) {
		return bot.ErrDuplicate
	}
	failpoint.Here(failpoint.HandedOver)
	return err
}

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
	"meetingbot/handlers/view/hometab"
	"meetingbot/internal/cancellation"
	"meetingbot/internal/command"
	"meetingbot/internal/failpoint"
	"meetingbot/internal/jobs"
	"meetingbot/internal/store"
	"meetingbot/meetingapi"
)

// receiveCommand stores a slash command.
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

// receiveShortcut stores the meeting number found in a message.
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

// storeCommand stores a command or a shortcut. While the commit runs, it starts looking up the
// person, and the meeting with its owner unless the person is over the rate limit.
func (h *Handlers) storeCommand(ctx context.Context, in *step.Envelope) error {
	in.Request = cancellation.NewID()
	a := &step.Arrival{Envelope: in}
	if in.Starts() && in.Command.Verb == command.Cancel {
		a.Found = step.Begin(h.deps.Background, func(ctx context.Context) ([]meetingapi.Meeting, error) { return h.find(ctx, in) })
		step.Begin(h.deps.Background, func(ctx context.Context) (bot.Person, error) { // fills the cache for the step
			return h.deps.Slack.Person(bot.WithTeam(ctx, bot.TeamID(in.Team)), bot.UserID(in.Person))
		})
	}
	return h.store(ctx, step.CommandStep, a)
}

// find looks up the meeting that was typed. It looks up the owner in the background because
// that takes longest: whether the asker may cancel can depend on it, and so can the first
// click.
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

// receiveClick stores a button press, on a card or in Home.
func (h *Handlers) receiveClick(ctx context.Context, c bot.Click) error {
	in := h.fromOrigin(c.Origin)
	in.Action, in.Block, in.Message, in.Ephemeral, in.Thread = c.Action, c.BlockID, c.Message, c.Ephemeral, c.Thread
	in.Request, in.Selected = cancellation.ID(c.Value), c.Selected
	in.Home, in.Hash = c.Message.IsZero() && c.View.ID != "", c.View.Hash
	return h.storeAction(ctx, in)
}

// receiveTick stores a tick on a card. A checkbox has no value, so the request comes from the
// block_id.
func (h *Handlers) receiveTick(ctx context.Context, c bot.Click) error {
	c.Value = string(action.TickedRequest(c.BlockID))
	if c.Value == "" {
		return nil // the tick comes again with the next button press
	}
	return h.receiveClick(ctx, c)
}

// receiveSubmission stores what was entered in a modal.
func (h *Handlers) receiveSubmission(ctx context.Context, s bot.Submission) error {
	in := h.fromOrigin(s.Origin)
	in.Action, in.Request = s.View.Callback, cancellation.ID(s.View.Private)
	in.Reason = strings.Join(s.Selected[action.InputReason], "")
	if in.Action == action.ModalDelegate {
		in.Selected = s.Selected
	}
	return h.storeAction(ctx, in)
}

// storeAction stores a press or a submission. While the commit runs, it prefetches what the
// step of a click on a card will need.
func (h *Handlers) storeAction(ctx context.Context, in *step.Envelope) error {
	a, next := &step.Arrival{Envelope: in}, step.ClickStep
	switch in.Action {
	case action.Choose, action.ModalAskOwner, action.HomeMeeting: // each starts a new request
		in.Started = cancellation.NewID()
	}
	switch in.Action {
	case action.Delegate, action.DelegateAdd, action.DelegateRemove, action.ModalDelegate:
		next = step.DelegateStep
	case action.HomeCard, action.HomeMeeting:
		next = step.HomeClickStep
	default:
		a.Prefetched = h.clicks.Prefetch(in)
	}
	return h.store(ctx, next, a)
}

// fromOrigin returns an envelope with what every event carries. Its time is by the store's
// clock, which all replicas share, minus how long the event was in transit.
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

// lagOf returns how long an event received at a given time was in transit. Slack's clock may
// differ from ours, so an event from the future counts as just made, and none counts as older
// than Slack waits for an ack.
func lagOf(o bot.Origin, at time.Time) time.Duration {
	if o.ActedAt.IsZero() {
		return 0
	}
	return min(max(0, at.Sub(o.ActedAt)), step.LongestLag)
}

// store stores the envelope, the request it starts and the job that continues with it, in one
// transaction. If it returns nil, Slack may be acked. Redelivery of a stored envelope changes
// nothing and is acked again.
func (h *Handlers) store(ctx context.Context, next jobs.Step, a *step.Arrival) error {
	e, err := a.Envelope.Stored()
	if err != nil {
		return err
	}
	a.Envelope.Kind = e.Kind
	if next == step.ClickStep {
		ctx = store.Clicked(ctx) // decisions go before mere questions
	}
	err = h.deps.Store.Do(ctx, func(tx *store.Tx) error { return h.insert(ctx, tx, e, next, a) })
	if errors.Is(err, store.ErrDuplicate) {
		return bot.ErrDuplicate
	}
	failpoint.Here(failpoint.EnvelopeStored)
	return err
}

// insert inserts the rows of [Handlers.store].
func (h *Handlers) insert(ctx context.Context, tx *store.Tx, e store.Envelope, next jobs.Step, a *step.Arrival) error {
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
	return h.deps.Queue.Enqueue(ctx, tx, jobs.Job{Step: next, Subject: e.ID, Carry: a})
}

// Warm prepares the store for a rush of commands, by rehearsing to store one.
func (h *Handlers) Warm(ctx context.Context) error {
	return h.deps.Store.Warm(ctx, func(tx *store.Tx) error {
		id := cancellation.NewID()
		in := &step.Envelope{ID: string(id), Request: id, Command: command.Command{Verb: command.Cancel}, At: tx.Now()}
		e, err := in.Stored()
		if err != nil {
			return err
		}
		return h.insert(ctx, tx, e, step.CommandStep, &step.Arrival{Envelope: in})
	})
}

// kindHome is the kind of the envelope that records an opened Home. It doesn't count toward
// anyone's rate limit.
const kindHome = "home"

// receiveHome stores that a person opened Home and enqueues the draw. Nothing else in the
// event matters, so the envelope is stored as already handled; it is there only to detect
// redelivery.
func (h *Handlers) receiveHome(ctx context.Context, e bot.HomeOpened) error {
	if e.Tab != "home" {
		return nil
	}
	in := h.fromOrigin(e.Origin)
	err := h.deps.Store.Do(ctx, func(tx *store.Tx) error {
		if err := tx.Envelopes.Receive(ctx, store.Envelope{ID: in.ID, Key: in.Key, Kind: kindHome, Person: in.Person, At: in.At}); err != nil {
			return err
		}
		due, err := tx.Homes.Open(ctx, in.Person, in.Team, in.Channel)
		if err == nil && due {
			err = h.enqueueHome(ctx, tx, jobs.Job{Step: step.HomeStep, Subject: in.Person, Carry: e.View.Hash})
		}
		return errors.Join(err, tx.Envelopes.Handled(ctx, in.ID))
	})
	if errors.Is(err, store.ErrDuplicate) {
		return bot.ErrDuplicate
	}
	failpoint.Here(failpoint.HomeOpened)
	if err != nil {
		h.showHomeError(ctx, e)
	}
	return err
}

// enqueueHome enqueues a draw of Home: immediately, or, if many people open theirs, at a pace
// that leaves some of Slack's limit to people who type commands.
func (h *Handlers) enqueueHome(ctx context.Context, tx *store.Tx, j jobs.Job) error {
	at, err := tx.Homes.NextDrawing(ctx)
	if at.After(tx.Now()) {
		j.Due = at
	}
	return errors.Join(err, h.deps.Queue.Enqueue(ctx, tx, j))
}

// showHomeError draws an error in the Home of a person whose opening of it could not be stored.
// Slack redelivers the event, and then the real Home is drawn. If something newer has been
// drawn since, it stays.
func (h *Handlers) showHomeError(ctx context.Context, e bot.HomeOpened) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), step.AnswerTime)
	defer cancel()
	who, _ := h.deps.Slack.CachedPerson(e.User)
	if err := h.deps.Slack.PublishHome(ctx, e.User, hometab.Failed(h.deps.Views.Person(who.Locale), hometab.NotRead), e.View.Hash); err != nil {
		h.deps.Log.InfoContext(ctx, "the error could not be shown in Home", "user", e.User, "error", err)
	}
}

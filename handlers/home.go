package handlers

import (
	"context"
	"errors"

	"meetingbot/bot"
	"meetingbot/handlers/step"
	"meetingbot/handlers/view/hometab"
	"meetingbot/internal/failpoint"
	"meetingbot/internal/jobs"
	"meetingbot/internal/store"
)

// kindHome is the kind under which it is stored that somebody looks at the bot's Home. It
// counts against nothing.
const kindHome = "home"

// receiveHome hands over that somebody has opened Home. Nothing of the event is needed
// but who it was: it is stored as handled, to be known when it comes again.
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
			err = h.drawHome(ctx, tx, jobs.Job{Step: step.HomeStep, Subject: in.Person, Carry: e.View.Hash})
		}
		return errors.Join(err, tx.Envelopes.Handled(ctx, in.ID))
	})
	if errors.Is(err, store.ErrDuplicate) {
		return bot.ErrDuplicate
	}
	failpoint.Here(failpoint.HomeOpened)
	if err != nil {
		h.homeNotRead(ctx, e)
	}
	return err
}

// drawHome has a Home drawn at once, or, if many open theirs, at a pace that leaves some of
// what Slack allows to people who type commands.
func (h *Handlers) drawHome(ctx context.Context, tx *store.Tx, j jobs.Job) error {
	at, err := tx.Homes.NextDrawing(ctx)
	if at.After(tx.Now()) {
		j.Due = at
	}
	return errors.Join(err, h.queue.Enqueue(ctx, tx, j))
}

// homeNotRead says in Home that it can't be drawn, to somebody whose opening of it could
// not be stored. Slack repeats the event, and then it is drawn; what was drawn meanwhile
// stays.
func (h *Handlers) homeNotRead(ctx context.Context, e bot.HomeOpened) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), step.AnswerTime)
	defer cancel()
	who, _ := h.deps.Slack.CachedPerson(e.User)
	if err := h.deps.Slack.PublishHome(ctx, e.User, hometab.Failed(h.deps.Views.Person(who.Locale), hometab.NotRead), e.View.Hash); err != nil {
		h.deps.Log.InfoContext(ctx, "nothing could be said in Home", "user", e.User, "error", err)
	}
}

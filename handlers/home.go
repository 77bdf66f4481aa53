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
		h.deps.Log.InfoContext(ctx, "Home error not shown", "user", e.User, "error", err)
	}
}

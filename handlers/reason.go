package handlers

import (
	"context"
	"errors"
	"strings"

	"meetingbot/bot"
	"meetingbot/internal/cancellation"
	"meetingbot/internal/command"
	"meetingbot/internal/jobs"
	"meetingbot/internal/store"
)

// addReason opens the window in which a reason is typed. Who may is asked when
// it comes back: Slack's permission to open it does not wait.
func (h *Handlers) addReason(ctx context.Context, l jobs.Lease, in *intake) error {
	r, err := h.store.Request(ctx, in.Request)
	if errors.Is(err, store.ErrNotFound) {
		return h.say(ctx, l, in, "", Answer{Kind: UnknownButton})
	}
	if err != nil {
		return err
	}
	person, _ := h.bot.CachedPerson(bot.UserID(in.person)) // its language, if known: there is no time to ask
	if a := h.tooLate(r.Request, in.at); a != nil {
		return h.say(ctx, l, in, person.Locale, *a)
	}
	// Before the window opens: what comes back from it draws the card.
	if err := h.rememberPlace(ctx, in, r.Request); err != nil {
		return err
	}
	if err := h.bot.OpenModal(ctx, in.Trigger, h.views.ReasonModal(person.Locale, r.Request)); err != nil {
		h.logger(r.Request).WarnContext(ctx, "window for a reason not opened", "error", err)
		return h.say(ctx, l, in, person.Locale, Answer{Kind: Busy, Request: r.Request})
	}
	return h.finish(ctx, l, in.id)
}

// rememberPlace keeps where a card stands that was posted through a
// response_url, or may have been, if its way is not recorded yet: the reason is
// to change that card, not to follow it with a second one.
func (h *Handlers) rememberPlace(ctx context.Context, in *intake, r cancellation.Request) error {
	if r.Card.Way == cancellation.ByMessage || r.Card.Way == cancellation.ByDirect {
		return nil
	}
	_, err := h.store.Update(ctx, in.Request, func(tx *store.Tx, r *store.Request) error {
		if r.State == cancellation.Asked {
			h.fromClick(&r.Request, in, tx.Now())
		}
		return nil
	})
	return err
}

// saveReason puts the reason on the card. The asker may give one, and whoever
// may confirm. A run that is repeated only draws the card: somebody else may have
// given a later reason meanwhile, which the same one once more would undo.
func (h *Handlers) saveReason(ctx context.Context, l jobs.Lease, in *intake, r store.Request, p bot.Person) error {
	in.Channel = r.Card.Channel // a window has no channel of its own
	if in.kind == kindReason {
		return h.drawReason(ctx, l, in, r, p)
	}
	if in.person != r.Asker {
		a, err := h.mayPress(ctx, in, r.Request, p)
		if err != nil {
			return h.cannotServe(ctx, l, in, err)
		}
		if a != nil {
			return h.say(ctx, l, in, p.Locale, *a)
		}
	}
	reason := []rune(strings.Join(strings.Fields(in.Reason), " "))
	reason = reason[:min(len(reason), command.MaxReason)]
	_, err := h.store.Update(ctx, r.ID, func(tx *store.Tx, r *store.Request) error {
		if r.State != cancellation.Asked || !tx.Now().Before(r.ExpiresAt) {
			return store.ErrConflict
		}
		r.Reason = string(reason)
		return errors.Join(
			tx.Audit(ctx, r.Request, store.EventReason, in.person, map[string]string{"reason": r.Reason}),
			tx.Relabel(ctx, in.id, kindReason),
		)
	})
	if errors.Is(err, store.ErrConflict) {
		return h.beaten(ctx, l, in, r.ID, p)
	}
	if err != nil {
		return err
	}
	return h.drawReason(ctx, l, in, r, p)
}

// drawReason shows the card with the reason, whoever gave the last one.
func (h *Handlers) drawReason(ctx context.Context, l jobs.Lease, in *intake, r store.Request, p bot.Person) error {
	if _, err := h.redraw(ctx, r.ID, cancellation.Asked); err != nil {
		if !permanent(err) {
			return retryLater(err)
		}
		// The card can't be redrawn; the reason counts all the same.
		return h.say(ctx, l, in, p.Locale, Answer{Kind: ReasonSaved, Request: r.Request})
	}
	return h.finish(ctx, l, in.id)
}

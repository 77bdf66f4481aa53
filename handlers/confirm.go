package handlers

import (
	"context"
	"errors"
	"slices"
	"time"

	"meetingbot/bot"
	"meetingbot/internal/cancellation"
	"meetingbot/internal/failpoint"
	"meetingbot/internal/jobs"
	"meetingbot/internal/store"
)

// confirm lets one click win: the request becomes confirmed if it is still
// asked, and the call follows from the same transaction. The other clicks, on
// any replica, are told who was first.
func (h *Handlers) confirm(ctx context.Context, l jobs.Lease, in *intake, r store.Request, p bot.Person) error {
	scope, chosen, a := h.chosen(in, r.Request)
	if a != nil {
		return h.say(ctx, l, in, p.Locale, *a)
	}
	h.readOn(in, r.Request)
	id := r.ID
	r, err := h.store.Update(ctx, id, func(tx *store.Tx, r *store.Request) error {
		if r.State != cancellation.Asked || !tx.Now().Before(r.ExpiresAt) {
			return store.ErrConflict
		}
		if err := r.Become(cancellation.Confirmed); err != nil {
			return err
		}
		r.Scope, r.Chosen = scope, chosen
		r.End = in.Action == ActionEnd || r.End
		r.ConfirmedBy, r.ConfirmedAt = in.person, tx.Now()
		h.fromClick(&r.Request, in, tx.Now())
		call := jobs.Job{Step: stepCall, Subject: string(r.ID)}
		if h.rules.UndoWindow > 0 {
			r.UndoUntil = tx.Now().Add(h.rules.UndoWindow)
			call.Due = r.UndoUntil
		}
		return errors.Join(
			tx.Audit(ctx, r.Request, store.EventConfirmed, in.person, map[string]string{
				"button": in.Action, "scope": string(scope), "asker": r.Asker,
			}),
			h.queue.Enqueue(ctx, tx, call),
			h.handled(ctx, tx, l, in.id),
		)
	})
	if err != nil {
		h.ahead.take(string(id)) // nobody else will
	}
	if errors.Is(err, store.ErrConflict) {
		return h.beaten(ctx, l, in, r.ID, p)
	}
	if err != nil {
		return err
	}
	failpoint.Here(failpoint.Confirmed)
	if h.rules.UndoWindow > 0 {
		h.beside(h.rules.UndoWindow+answerTime, func(ctx context.Context) { h.countDown(ctx, r.Request) })
	}
	return nil
}

// chosen is what a button, and the menu beside it, say about how much is to be
// cancelled. The menu's values are positions in the stored list, checked
// against it.
func (h *Handlers) chosen(in *intake, r cancellation.Request) (cancellation.Scope, []string, *Answer) {
	switch in.Action {
	case ActionCancelSeries:
		return cancellation.Series, nil, nil
	case ActionCancelOccurrences:
		if ids := r.Chosen; r.Scope == cancellation.Occurrence && len(ids) > 0 {
			return cancellation.Occurrence, ids, nil
		}
		var ids []string
		for _, v := range in.Selected[ActionPickOccurrences] {
			i, ok := OptionIndex(v)
			if ok && i < len(r.Meeting.Occurrences) && !slices.Contains(ids, r.Meeting.Occurrences[i].ID) {
				ids = append(ids, r.Meeting.Occurrences[i].ID)
			}
		}
		if len(ids) == 0 {
			return "", nil, &Answer{Kind: PickFirst, Request: r}
		}
		return cancellation.Occurrence, ids, nil
	}
	if r.Meeting.Recurring && in.Action == ActionEnd && r.Scope != cancellation.Undecided {
		return r.Scope, r.Chosen, nil // what was typed has chosen already
	}
	if r.Meeting.Recurring {
		// A recurring meeting has no plain button; a card that shows one is not ours.
		return "", nil, &Answer{Kind: UnknownButton, Request: r}
	}
	return cancellation.Whole, nil, nil
}

// countDownEvery is how often the seconds on a card with an undo window are
// set right. Slack takes about one update a second of one message.
const countDownEvery = 5 * time.Second

// countDown shows the undo window running out. It only ever draws what the
// store says: what must happen at its end is a job of its own.
func (h *Handlers) countDown(ctx context.Context, r cancellation.Request) {
	t := time.NewTicker(countDownEvery)
	defer t.Stop()
	for {
		now, err := h.redraw(ctx, r.ID, cancellation.Confirmed)
		if err != nil {
			h.logger(r).InfoContext(ctx, "countdown not shown", "error", err)
		}
		if now.State != cancellation.Confirmed || now.Card.Way == cancellation.ByResponse {
			return
		}
		select {
		case <-ctx.Done():
			return
		case <-t.C:
		}
	}
}

// undo takes the confirmation back while the window is open. Whoever may cancel
// may undo, and so may the two people involved.
func (h *Handlers) undo(ctx context.Context, l jobs.Lease, in *intake, r store.Request, p bot.Person) error {
	if in.person != r.Asker && in.person != r.ConfirmedBy {
		a, err := h.mayPress(ctx, in, r.Request, p)
		if err != nil {
			return h.cannotServe(ctx, l, in, err)
		}
		if a != nil && a.Kind != SecondPersonNeeded {
			return h.say(ctx, l, in, p.Locale, *a)
		}
	}
	_, err := h.store.Update(ctx, r.ID, func(tx *store.Tx, r *store.Request) error {
		if r.State != cancellation.Confirmed || !tx.Now().Before(r.UndoUntil) {
			return store.ErrConflict
		}
		if err := r.Become(cancellation.Declined); err != nil {
			return err
		}
		r.ClosedBy, r.ClosedAt = in.person, tx.Now()
		h.fromClick(&r.Request, in, tx.Now())
		return errors.Join(
			tx.Audit(ctx, r.Request, store.EventUndone, in.person, nil),
			h.reportNext(ctx, tx, r.Request),
			h.handled(ctx, tx, l, in.id),
		)
	})
	if errors.Is(err, store.ErrConflict) {
		if r, err = h.store.Request(ctx, r.ID); err != nil {
			return err
		}
		return h.say(ctx, l, in, p.Locale, Answer{Kind: UndoTooLate, Request: r.Request})
	}
	if err == nil {
		h.observe.Question("undone")
	}
	return err
}

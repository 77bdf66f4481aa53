package handlers

import (
	"context"
	"errors"
	"slices"
	"time"

	"meetingbot/bot"
	"meetingbot/internal/cancellation"
	"meetingbot/internal/jobs"
	"meetingbot/internal/store"
	"meetingbot/meetingapi"
)

// offer lets the asker choose among several meetings behind one room number.
// Only the asker sees them, and of them only what they may cancel.
//
// The choices are stored before they are shown: a button says only which of
// them, and a run that is repeated shows the same ones.
func (h *Handlers) offer(ctx context.Context, l jobs.Lease, in *intake, r store.Request, p bot.Person, found []meetingapi.Meeting) error {
	if len(r.Choices) == 0 {
		refusal, err := h.storeChoices(ctx, &r, p, found)
		if err != nil {
			return h.cannotServe(ctx, l, in, err)
		}
		if refusal != nil {
			return h.refuse(ctx, l, in, r, p, *refusal)
		}
	}
	h.observe.Command("offered")
	return h.answer(ctx, l, in, h.views.Chooser(p.Locale, r.Request))
}

// storeChoices settles what a chooser offers, or returns why there is nothing
// to offer. The URL of the command is not needed after it: a pick brings its own.
func (h *Handlers) storeChoices(ctx context.Context, r *store.Request, p bot.Person, found []meetingapi.Meeting) (*Answer, error) {
	now := time.Now()
	var may []cancellation.Meeting
	var refusal *Answer
	for _, m := range found {
		f := facts(m, now)
		_, a, err := h.mayCancel(ctx, p, f)
		if err != nil {
			return nil, err
		}
		if a != nil {
			refusal = a
			continue
		}
		may = append(may, f)
	}
	if len(may) == 0 {
		return refusal, nil
	}
	shown, more := offered(choices(may))
	stored, err := h.store.Update(ctx, r.ID, func(_ *store.Tx, now *store.Request) error {
		if len(now.Choices) == 0 {
			now.Choices, now.More = shown, more
		}
		now.Response = cancellation.Response{}
		return nil
	})
	if err == nil {
		*r = stored
	}
	return nil, err
}

// choices lists meetings for a chooser, latest start first.
func choices(all []cancellation.Meeting) []cancellation.Choice {
	list := make([]cancellation.Choice, 0, len(all))
	for _, m := range all {
		list = append(list, choice(m))
	}
	slices.SortStableFunc(list, func(a, b cancellation.Choice) int { return b.Start.Compare(a.Start) })
	return list
}

// offered are the choices that a chooser has buttons for, in their order, and how
// many there are besides. Only the former are stored.
func offered(all []cancellation.Choice) (shown []cancellation.Choice, more int) {
	for _, i := range soonest(all) {
		shown = append(shown, all[i])
	}
	return shown, len(all) - len(shown)
}

// choose goes on with the meeting that was picked from a chooser. Every pick is
// a request of its own, so that a chooser can be used more than once.
func (h *Handlers) choose(ctx context.Context, l jobs.Lease, in *intake, from store.Request, p bot.Person) error {
	r, err := h.store.Request(ctx, in.Started)
	if errors.Is(err, store.ErrNotFound) { // else an earlier run has begun
		var refusal *Answer
		if r, refusal, err = h.startChosen(ctx, in, from.Request); err == nil && refusal != nil {
			return h.say(ctx, l, in, p.Locale, *refusal)
		}
	}
	if err != nil {
		return err
	}
	in.Request = r.ID
	if r.State != cancellation.Received {
		return h.resumeCard(ctx, l, in, r)
	}
	refusal, err := h.admit(ctx, in, p, r.Channel)
	if err != nil {
		return h.cannotServe(ctx, l, in, err)
	}
	if refusal != nil {
		return h.refuse(ctx, l, in, r, p, *refusal)
	}
	found, lookUp := h.find(ctx, r.Number)
	// The pick was of a meeting, not of a number: others under it don't count.
	found = slices.DeleteFunc(found, func(m meetingapi.Meeting) bool { return string(m.ID) != r.Number })
	if lookUp == nil && len(found) == 0 {
		return h.refuse(ctx, l, in, r, p, Answer{Kind: NotFound, Request: r.Request})
	}
	return h.ask(ctx, l, in, r, p, found, lookUp)
}

// startChosen stores the request of a pick, under the id that was made when the
// click came in, or returns the answer that says why there is none.
func (h *Handlers) startChosen(ctx context.Context, in *intake, from cancellation.Request) (store.Request, *Answer, error) {
	picked, refusal := pickedFrom(in, from)
	if refusal != nil {
		return store.Request{}, refusal, h.startsNothing(ctx, in)
	}
	if refusal, err := h.tooMany(ctx, in); err != nil || refusal != nil {
		return store.Request{}, refusal, err
	}
	fresh := *in
	fresh.Request, fresh.Thread = in.Started, from.Thread
	fresh.Command.Number = picked.MeetingID
	fresh.Command.End, fresh.Command.Reason = from.End, from.Reason
	var stored store.Request
	err := h.store.Do(ctx, func(tx *store.Tx) (err error) {
		r := h.newRequest(fresh, tx.Now())
		r.Scope, r.Wanted, r.Channel = from.Scope, from.Wanted, from.Channel
		if stored, err = tx.Insert(ctx, r); err != nil {
			return err
		}
		return auditRequested(ctx, tx, r, from.ID)
	})
	return stored, nil, err
}

// pickedFrom is what was picked, or the answer that says why nothing was.
func pickedFrom(in *intake, from cancellation.Request) (cancellation.Choice, *Answer) {
	i, ok := ChoiceIndex(in.Block)
	switch {
	case in.person != from.Asker || in.Started == "":
		return cancellation.Choice{}, &Answer{Kind: UnknownButton}
	case from.State != cancellation.Received:
		return cancellation.Choice{}, &Answer{Kind: CardExpired, Request: from}
	case !ok || i >= len(from.Choices):
		return cancellation.Choice{}, &Answer{Kind: UnknownButton}
	}
	return from.Choices[i], nil
}

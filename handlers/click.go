package handlers

import (
	"context"
	"errors"
	"time"

	"meetingbot/bot"
	"meetingbot/internal/cancellation"
	"meetingbot/internal/jobs"
	"meetingbot/internal/store"
)

// click is the step of a stored click or submission: which request is it about,
// is it still open, and may this person. Everything a person presses gets a
// visible answer: the card changes, or they alone are told why it does not.
func (h *Handlers) click(ctx context.Context, l jobs.Lease, envelope string) error {
	in, err := h.load(ctx, envelope)
	if err != nil {
		return err
	}
	if in == nil {
		return h.finish(ctx, l, envelope)
	}
	if in.Action == ActionAddReason {
		// Slack's permission to open a window lasts 3 seconds: nothing comes before it.
		return h.addReason(ctx, l, in)
	}
	r, err := h.store.Request(ctx, in.Request)
	if errors.Is(err, store.ErrNotFound) {
		return h.say(ctx, l, in, "", Answer{Kind: UnknownButton})
	}
	if err != nil {
		return err
	}
	p, err := h.bot.Person(ctx, bot.UserID(in.person))
	if err != nil {
		return h.cannotServe(ctx, l, in, err)
	}
	switch in.Action {
	case ActionChoose:
		return h.choose(ctx, l, in, r, p)
	case ActionCheckAgain:
		return h.checkAgain(ctx, l, in, r, p)
	case ActionUndo:
		return h.undo(ctx, l, in, r, p)
	case ModalReason:
		return h.saveReason(ctx, l, in, r, p)
	default:
		return h.decide(ctx, l, in, r, p)
	}
}

// decide is a click on a card that asks: keep, or one of the buttons that
// confirm.
func (h *Handlers) decide(ctx context.Context, l jobs.Lease, in *intake, r store.Request, p bot.Person) error {
	if a := h.tooLate(r.Request, time.Now()); a != nil {
		return h.closed(ctx, l, in, r, p, *a)
	}
	a, err := h.mayPress(ctx, in, r.Request, p)
	if err != nil {
		return h.cannotServe(ctx, l, in, err)
	}
	if a != nil {
		return h.say(ctx, l, in, p.Locale, *a)
	}
	if in.Action == ActionKeep {
		return h.keep(ctx, l, in, r, p)
	}
	return h.confirm(ctx, l, in, r, p)
}

// tooLate says why a request no longer waits for an answer; nil if it does.
func (h *Handlers) tooLate(r cancellation.Request, now time.Time) *Answer {
	switch r.State {
	case cancellation.Asked:
		if now.Before(r.ExpiresAt) {
			return nil
		}
		return &Answer{Kind: CardExpired, Request: r}
	case cancellation.Expired:
		return &Answer{Kind: CardExpired, Request: r}
	case cancellation.Superseded:
		return &Answer{Kind: CardReplaced, Request: r}
	case cancellation.Received, cancellation.Confirmed, cancellation.Calling, cancellation.Done, cancellation.Declined:
	}
	return &Answer{Kind: AlreadyAnswered, Request: r, Who: r.ConfirmedBy}
}

// closed answers a click that came too late, and puts the card that was clicked
// right: it may be a second copy of it, or have missed its last change.
func (h *Handlers) closed(ctx context.Context, l jobs.Lease, in *intake, r store.Request, p bot.Person, a Answer) error {
	if r.State == cancellation.Asked {
		if err := h.store.Do(ctx, func(tx *store.Tx) error { return h.expireIfDue(ctx, tx, r.ID) }); err != nil {
			return err
		}
	}
	if r.State.Final() && r.State != cancellation.Superseded {
		h.beside(lookUpTime, func(ctx context.Context) { h.straighten(ctx, in, r.Request) })
	}
	return h.say(ctx, l, in, p.Locale, a)
}

// straighten gives the clicked message the final state of its request.
func (h *Handlers) straighten(ctx context.Context, in *intake, r cancellation.Request) {
	if in.Message.IsZero() || in.Ephemeral {
		return
	}
	r.Card.Channel, r.Card.TS = string(in.Message.Channel), in.Message.TS
	r.Response = in.response()
	if err := h.show(ctx, r); err != nil {
		h.log.InfoContext(ctx, "a late click's card could not be put right", "request", r.ID, "error", err)
	}
}

// mayPress says whether this person may press this button. Authority is looked
// up anew, whoever asked.
func (h *Handlers) mayPress(ctx context.Context, in *intake, r cancellation.Request, p bot.Person) (*Answer, error) {
	if a, err := h.admit(ctx, in, p, r.Channel); a != nil || err != nil {
		return a, err
	}
	if in.Action == ActionKeep && string(p.ID) == r.Asker {
		return nil, nil // whoever asked may take the question back
	}
	as, a, err := h.mayCancel(ctx, p, r.Meeting)
	if err != nil {
		return nil, err
	}
	if scope, chosen, pickFirst := h.chosen(in, r); a == nil && pickFirst == nil && in.Action != ActionKeep {
		r.Scope, r.Chosen = scope, chosen
		a = h.tooSoon(as, r, time.Now())
	}
	if a != nil {
		if a.Kind == NotAllowed && string(p.ID) != r.Asker {
			a.Kind = NotYourButton
		}
		a.Request = r
		return a, nil
	}
	series := in.Action == ActionCancelSeries || r.Scope == cancellation.Series
	if in.Action != ActionKeep && string(p.ID) == r.Asker && h.rules.Second.Needs(in.Action == ActionEnd || r.Meeting.Running, series) {
		return &Answer{Kind: SecondPersonNeeded, Request: r, Users: h.rules.AllowUsers, Groups: h.rules.AllowGroups}, nil
	}
	return nil, nil
}

// keep closes the question: the meeting stays.
func (h *Handlers) keep(ctx context.Context, l jobs.Lease, in *intake, r store.Request, p bot.Person) error {
	_, err := h.store.Update(ctx, r.ID, func(tx *store.Tx, r *store.Request) error {
		if r.State != cancellation.Asked {
			return store.ErrConflict
		}
		if err := r.Become(cancellation.Declined); err != nil {
			return err
		}
		r.ClosedBy, r.ClosedAt = in.person, tx.Now()
		h.fromClick(&r.Request, in, tx.Now())
		return errors.Join(
			tx.Audit(ctx, r.Request, store.EventDeclined, in.person, nil),
			h.reportNext(ctx, tx, r.Request),
			h.handled(ctx, tx, l, in.id),
		)
	})
	if errors.Is(err, store.ErrConflict) {
		return h.beaten(ctx, l, in, r.ID, p)
	}
	if err == nil {
		h.observe.Question("declined")
	}
	return err
}

// beaten answers a click that lost against another one.
func (h *Handlers) beaten(ctx context.Context, l jobs.Lease, in *intake, id cancellation.ID, p bot.Person) error {
	r, err := h.store.Request(ctx, id)
	if err != nil {
		return err
	}
	a := h.tooLate(r.Request, time.Now())
	if a == nil {
		return errors.New("a click lost against nobody; trying again")
	}
	return h.say(ctx, l, in, p.Locale, *a)
}

// fromClick keeps what only a click tells: where a card stands that was posted
// through a response_url, and a fresh response_url.
func (h *Handlers) fromClick(r *cancellation.Request, in *intake, now time.Time) {
	if in.Response != "" {
		r.Response = cancellation.Response{URL: in.Response, At: now}
	}
	if r.Card.TS == "" && !in.Message.IsZero() && !in.Ephemeral {
		if r.Card.Way == "" {
			r.Card.Way = cancellation.ByMessage
		}
		r.Card.Channel, r.Card.TS = string(in.Message.Channel), in.Message.TS
	}
}

// say tells the person one sentence and is done with the envelope.
func (h *Handlers) say(ctx context.Context, l jobs.Lease, in *intake, locale string, a Answer) error {
	return h.answer(ctx, l, in, h.views.Answer(locale, a))
}

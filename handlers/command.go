package handlers

import (
	"context"
	"errors"
	"time"

	"golang.org/x/sync/errgroup"

	"meetingbot/bot"
	"meetingbot/internal/cancellation"
	"meetingbot/internal/command"
	"meetingbot/internal/jobs"
	"meetingbot/internal/store"
	"meetingbot/meetingapi"
)

const (
	lookUpTime = 8 * time.Second // for finding a meeting or a person
	answerTime = 3 * time.Second // for telling one person something
)

// command is the step of a stored command: who is it, and what do they want.
func (h *Handlers) command(ctx context.Context, l jobs.Lease, envelope string) error {
	in, err := h.load(ctx, envelope)
	if err != nil {
		return err
	}
	if in == nil {
		return h.finish(ctx, l, envelope)
	}
	if in.Command.Verb == command.Cancel && in.Fault == nil {
		return h.cancel(ctx, l, in)
	}
	person, err := h.bot.Person(ctx, bot.UserID(in.person))
	if err != nil {
		return h.cannotServe(ctx, l, in, err)
	}
	m, err := h.personal(ctx, in, person)
	if err != nil {
		return h.cannotServe(ctx, l, in, err)
	}
	return h.answer(ctx, l, in, m)
}

// personal is what everything but a cancellation is answered with: a message
// that only the person sees.
func (h *Handlers) personal(ctx context.Context, in *intake, p bot.Person) (bot.Message, error) {
	if in.Fault != nil {
		h.observe.Command("fault")
		return h.faultMessage(in, p), nil //nolint:nilerr // the fault is what the person is told
	}
	if in.Command.Verb == command.Help {
		h.observe.Command("help")
		return h.help(ctx, p)
	}
	refusal, err := h.admit(ctx, in, p, in.Channel)
	if err == nil && refusal == nil && in.Command.Verb != command.History {
		refusal, err = h.tooMany(ctx, in)
	}
	if err != nil {
		return bot.Message{}, err
	}
	if refusal != nil {
		h.observe.Command("refused")
		return h.views.Answer(p.Locale, *refusal), nil
	}
	h.observe.Command(in.Command.Verb.String())
	switch in.Command.Verb {
	case command.History:
		return h.history(ctx, in, p)
	case command.List:
		return h.list(ctx, p)
	case command.Pick, command.Cancel, command.Help:
	}
	return h.pick(ctx, in, p)
}

// faultMessage says what is wrong with what was typed, or with the message that
// the shortcut was used on.
func (h *Handlers) faultMessage(in *intake, p bot.Person) bot.Message {
	switch {
	case !in.FromMsg:
		return h.views.Fault(p.Locale, in.Fault)
	case in.Fault.Kind == command.TwoNumbers:
		return h.views.Answer(p.Locale, Answer{Kind: TwoNumbersInMessage})
	default:
		return h.views.Answer(p.Locale, Answer{Kind: NoNumberInMessage})
	}
}

// cancel looks the person and the meeting up at once, and asks.
func (h *Handlers) cancel(ctx context.Context, l jobs.Lease, in *intake) error {
	r, err := h.store.Request(ctx, in.Request)
	if err != nil {
		return err
	}
	if r.State != cancellation.Received {
		// The card was begun, or more: a repeated run goes on from there.
		return h.resumeCard(ctx, l, in, r)
	}
	if refusal, err := h.tooMany(ctx, in); err != nil {
		return h.cannotServe(ctx, l, in, err)
	} else if refusal != nil {
		person, _ := h.bot.CachedPerson(bot.UserID(in.person))
		return h.refuse(ctx, l, in, r, person, *refusal)
	}
	var person bot.Person
	var found []meetingapi.Meeting
	var lookUp error
	var g errgroup.Group
	g.Go(func() (err error) { person, err = h.bot.Person(ctx, bot.UserID(in.person)); return err })
	g.Go(func() error { found, lookUp = h.findAnew(ctx, in, r.Number); return nil })
	if err := g.Wait(); err != nil {
		return h.cannotServe(ctx, l, in, err)
	}
	refusal, err := h.admit(ctx, in, person, r.Channel)
	if err != nil {
		return h.cannotServe(ctx, l, in, err)
	}
	if refusal != nil {
		return h.refuse(ctx, l, in, r, person, *refusal)
	}
	return h.ask(ctx, l, in, r, person, found, lookUp)
}

// tooMany says whether a person has started as many requests within a minute as
// they may, or looked as often, and how long until there is room for another.
// What is refused for it no longer counts: whoever goes on trying is let in as
// soon as others are.
func (h *Handlers) tooMany(ctx context.Context, in *intake) (*Answer, error) {
	from, err := h.roomFrom(ctx, in)
	if err != nil || from.IsZero() {
		return nil, err
	}
	return &Answer{Kind: TooMany, Wait: from.Sub(in.at)}, h.startsNothing(ctx, in)
}

// roomFrom is when a person who has asked too often may ask again; zero if they
// may now.
func (h *Handlers) roomFrom(ctx context.Context, in *intake) (time.Time, error) {
	if h.rules.PerMinute <= 0 {
		return time.Time{}, nil
	}
	this := store.Envelope{ID: in.id, Kind: in.counted(), Person: in.person, At: in.at}
	leaves, err := h.store.NthBefore(ctx, this, h.rules.PerMinute, in.at.Add(-time.Minute))
	if err != nil || leaves.IsZero() {
		return time.Time{}, err
	}
	return leaves.Add(time.Minute), nil
}

// startsNothing has an envelope no longer count among those that start a request.
func (h *Handlers) startsNothing(ctx context.Context, in *intake) error {
	return h.store.Do(ctx, func(tx *store.Tx) error { return tx.Relabel(ctx, in.id, kindRefused) })
}

// refuse ends a request before it was asked, and says why to the asker alone.
func (h *Handlers) refuse(ctx context.Context, l jobs.Lease, in *intake, r store.Request, p bot.Person, a Answer) error {
	h.observe.Command(string(a.Kind))
	a.Request = r.Request
	if err := h.tell(ctx, l, in, h.views.Answer(p.Locale, a)); err != nil {
		return err
	}
	return h.store.Do(ctx, func(tx *store.Tx) error {
		if _, err := h.closeUnasked(ctx, tx, r.ID, a); err != nil && !errors.Is(err, store.ErrConflict) {
			return err
		}
		return h.handled(ctx, tx, l, in.id)
	})
}

// closeUnasked ends a request that never had a card.
func (h *Handlers) closeUnasked(ctx context.Context, tx *store.Tx, id cancellation.ID, a Answer) (store.Request, error) {
	r, err := tx.Request(ctx, id)
	if err != nil {
		return r, err
	}
	if r.State != cancellation.Received {
		return r, store.ErrConflict
	}
	outcome := cancellation.Refused
	switch a.Kind {
	case LookupFailed, Busy, CannotPostHere:
		outcome = cancellation.Failed
	case AlreadyEnded, NotFound:
		outcome = cancellation.Gone
	default: // every other answer refuses
	}
	r.Meeting, r.Reference = a.Request.Meeting, a.Reference
	why := a.Class
	if why == "" {
		why = string(a.Kind)
	}
	if err := r.Finish(outcome, why, tx.Now()); err != nil {
		return r, err
	}
	r.Response = cancellation.Response{}
	if err := tx.Audit(ctx, r.Request, store.EventRefused, "", map[string]string{"why": why, "reference": r.Reference}); err != nil {
		return r, err
	}
	return r, tx.Save(ctx, &r)
}

// answer tells the person, and is done with the envelope.
func (h *Handlers) answer(ctx context.Context, l jobs.Lease, in *intake, m bot.Message) error {
	if err := h.tell(ctx, l, in, m); err != nil {
		return err
	}
	return h.finish(ctx, l, in.id)
}

// cannotServe tries again while that can help soon; then it tells the person
// that nothing was done.
func (h *Handlers) cannotServe(ctx context.Context, l jobs.Lease, in *intake, cause error) error {
	if l.Attempt() < 2 && !permanent(cause) {
		return cause
	}
	h.log.ErrorContext(ctx, "command could not be served", "envelope", in.id, "request", in.Request, "error", cause)
	h.observe.Command("failed")
	a := Answer{Kind: Busy, Class: classOf(cause), Reference: string(in.Request)}
	if err := h.tell(ctx, l, in, h.views.Answer("", a)); err != nil {
		return err
	}
	return h.store.Do(ctx, func(tx *store.Tx) error {
		_, err := h.closeUnasked(ctx, tx, in.Request, a)
		if err != nil && !errors.Is(err, store.ErrConflict) && !errors.Is(err, store.ErrNotFound) {
			return err
		}
		return h.handled(ctx, tx, l, in.id)
	})
}

// finish is done with an envelope.
func (h *Handlers) finish(ctx context.Context, l jobs.Lease, envelope string) error {
	return h.store.Do(ctx, func(tx *store.Tx) error { return h.handled(ctx, tx, l, envelope) })
}

// handled marks the envelope as handled and ends its job, in tx.
func (h *Handlers) handled(ctx context.Context, tx *store.Tx, l jobs.Lease, envelope string) error {
	return errors.Join(tx.Handled(ctx, envelope), h.queue.Finish(ctx, tx, l))
}

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
	"meetingbot/meetingapi"
)

const historyDays = 30 // how far back "has ended already" is told from "does not exist"

// ask posts the card for what was found, or says why there is none.
func (h *Handlers) ask(ctx context.Context, l jobs.Lease, in *intake, r store.Request, p bot.Person, found []meetingapi.Meeting, lookUp error) error {
	switch {
	case lookUp != nil:
		return h.refuse(ctx, l, in, r, p, h.lookUpFailed(ctx, r.Number, lookUp))
	case len(found) > 1:
		return h.offer(ctx, l, in, r, p, found)
	}
	now := time.Now()
	r.Meeting = facts(found[0], now)
	as, refusal, err := h.mayCancel(ctx, p, r.Meeting)
	if err != nil {
		return h.cannotServe(ctx, l, in, err)
	}
	if refusal == nil {
		refusal = h.unfit(&r.Request, found[0], p)
	}
	if refusal == nil {
		refusal = h.tooSoon(as, r.Request, now)
	}
	if refusal != nil {
		return h.refuse(ctx, l, in, r, p, *refusal)
	}
	h.countPeople(ctx, &r.Meeting)
	failpoint.Here(failpoint.BeforeAsked)
	open, err := h.begin(ctx, l, &r)
	switch {
	case errors.Is(err, store.ErrDuplicate) && open.Card.Way == "" && l.Attempt() <= cardRuns:
		return &jobs.Later{Err: errCardUnderWay, After: time.Second}
	case errors.Is(err, store.ErrDuplicate):
		a := Answer{Kind: OpenCard, Link: h.permalink(ctx, refOf(open.Card))}
		if open.State != cancellation.Asked {
			a.Kind, a.Who = UnderWay, open.ConfirmedBy
		}
		return h.refuse(ctx, l, in, r, p, a)
	case err != nil:
		return err
	}
	failpoint.Here(failpoint.Asked)
	h.observe.Command("asked")
	h.logger(r.Request).InfoContext(ctx, "question asked", "user", r.Asker, "channel", r.Channel)
	return h.postCard(ctx, l, in, r)
}

// cardRuns is how often a second command waits for the card of the first one,
// which it points to: the card may be on its way, or its replica dead.
const cardRuns = 3

var errCardUnderWay = errors.New("the card for the same meeting is just being posted")

// lookUpFailed is the answer to a number that leads to no meeting.
func (h *Handlers) lookUpFailed(ctx context.Context, number string, err error) Answer {
	if !meetingapi.IsNotFound(err) {
		h.log.WarnContext(ctx, "meeting could not be looked up", "meeting", number, "error", err)
		return Answer{Kind: LookupFailed, Class: classOf(err), Reference: meetingapi.RequestID(err)}
	}
	ctx, cancel := context.WithTimeout(ctx, answerTime)
	defer cancel()
	now := time.Now()
	past, historyErr := h.meetings.History(ctx, now.AddDate(0, 0, -historyDays), now, meetingapi.ListOptions{All: true, Search: number})
	// The search finds the number in subjects and names as well.
	was := func(m meetingapi.Meeting) bool { return string(m.ID) == number || m.Number == number }
	if historyErr == nil && slices.ContainsFunc(past, was) {
		return Answer{Kind: AlreadyEnded}
	}
	return Answer{Kind: NotFound, Reference: meetingapi.RequestID(err)}
}

// unfit says why a meeting that exists cannot be asked about as it was typed,
// and settles the scope where it can.
func (h *Handlers) unfit(r *cancellation.Request, m meetingapi.Meeting, p bot.Person) *Answer {
	switch {
	case m.Webinar:
		return &Answer{Kind: WebinarNotSupported}
	case m.State == meetingapi.Ended:
		return &Answer{Kind: AlreadyEnded}
	case !r.Meeting.Recurring && r.Scope != cancellation.Undecided:
		return &Answer{Kind: NotRecurring}
	case !r.Meeting.Recurring:
		r.Scope = cancellation.Whole
	case r.Scope == cancellation.Occurrence:
		zone, err := time.LoadLocation(p.TimeZone)
		if err != nil {
			zone = time.UTC
		}
		if r.Chosen = occurrencesAt(r.Meeting, r.Wanted, zone); len(r.Chosen) == 0 {
			return &Answer{Kind: OccurrenceNotFound}
		}
	}
	return nil
}

// countPeople adds how many are in a running meeting. Not knowing is no reason
// not to ask.
func (h *Handlers) countPeople(ctx context.Context, m *cancellation.Meeting) {
	if !m.Running || m.People > 0 {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, answerTime)
	defer cancel()
	if n, err := h.meetings.PeopleOnline(ctx, meetingapi.ID(m.ID)); err == nil {
		m.People = n
	}
}

// begin makes the request an asked one and records that its card is about to be
// posted. It returns [store.ErrDuplicate] and the other request if a card for
// the same meeting is open in the same channel, or was confirmed there and is
// being worked on: whoever types again while a replica is away would otherwise
// get a second card, and its click would be a second call.
func (h *Handlers) begin(ctx context.Context, l jobs.Lease, r *store.Request) (open store.Request, err error) {
	err = h.store.Do(store.Urgent(ctx), func(tx *store.Tx) error {
		if err := h.queue.Hold(ctx, tx, l); err != nil {
			return err
		}
		var err error
		if open, err = tx.OpenCard(ctx, r.Channel, r.Meeting.ID); err == nil {
			if open.State != cancellation.Asked || tx.Now().Before(open.ExpiresAt) {
				return store.ErrDuplicate
			}
			if err := h.expire(ctx, tx, &open); err != nil {
				return err
			}
		} else if !errors.Is(err, store.ErrNotFound) {
			return err
		}
		if err := r.Become(cancellation.Asked); err != nil {
			return err
		}
		if err := tx.Save(ctx, r); err != nil {
			return err
		}
		return errors.Join(tx.Begin(ctx, r.ID, store.CardEffect), auditAsked(ctx, tx, r.Request))
	})
	return open, err
}

// resumeCard goes on with a card that an earlier run began: it may stand
// already.
func (h *Handlers) resumeCard(ctx context.Context, l jobs.Lease, in *intake, r store.Request) error {
	effects, err := h.store.Effects(ctx, r.ID)
	if err != nil {
		return err
	}
	begun := effects[store.CardEffect]
	switch {
	case !begun.Begun() || begun.Ended():
		return h.finish(ctx, l, in.id)
	case r.Card.TS != "": // somebody has pressed it before it was recorded
		return h.carded(ctx, l, in, r, r.Card)
	case r.State != cancellation.Asked:
		return h.finish(ctx, l, in.id)
	}
	place := bot.MessageRef{Channel: bot.ChannelID(r.Channel), TS: r.Thread}
	ref, found, err := h.posted(ctx, place, r.ID, store.CardEffect, begun.BegunAt)
	if err != nil {
		return retryLater(err)
	}
	if found {
		return h.carded(ctx, l, in, r, cardAt(ref, cancellation.ByMessage))
	}
	return h.postCard(ctx, l, in, r)
}

// postCard posts the card by the best way there is, and records where it stands.
func (h *Handlers) postCard(ctx context.Context, l jobs.Lease, in *intake, r store.Request) error {
	h.findOwnerBeside(r.Meeting)
	card, err := h.sendCard(ctx, r.Request, l.Attempt() < urlRuns)
	if err != nil && !permanent(err) {
		return retryLater(err)
	}
	if err != nil {
		h.logger(r.Request).ErrorContext(ctx, "card could not be posted", "error", err)
		return h.uncarded(ctx, l, in, r)
	}
	failpoint.Here(failpoint.CardPosted)
	return h.carded(ctx, l, in, r, card)
}

// sendCard tries the ways in order: a message where it was typed, the asker's
// response_url, which needs no membership, and a direct message to the asker.
// patient is whether a response_url in trouble is worth waiting for.
func (h *Handlers) sendCard(ctx context.Context, r cancellation.Request, patient bool) (cancellation.Card, error) {
	m := h.marked(h.views.Card(r, time.Now()), r.ID, store.CardEffect)
	place := bot.MessageRef{Channel: bot.ChannelID(r.Channel), TS: r.Thread}
	ref, err := h.bot.Reply(ctx, place, m)
	if err == nil {
		return cardAt(ref, cancellation.ByMessage), nil
	}
	if !errors.Is(err, bot.ErrCannotPost) {
		return cancellation.Card{}, err
	}
	if patient && r.Response.Usable(time.Now()) {
		err = h.bot.Respond(ctx, bot.Secret(r.Response.URL), bot.Response{Message: m, InChannel: true, Thread: r.Thread})
		if err == nil {
			return cancellation.Card{Channel: r.Channel, Way: cancellation.ByResponse}, nil
		}
		if !bot.Permanent(err) {
			return cancellation.Card{}, err
		}
	}
	ref, err = h.bot.DM(ctx, bot.UserID(r.Asker), m)
	return cardAt(ref, cancellation.ByDirect), err
}

func refOf(c cancellation.Card) bot.MessageRef {
	return bot.MessageRef{Channel: bot.ChannelID(c.Channel), TS: c.TS}
}

func cardAt(ref bot.MessageRef, way cancellation.Way) cancellation.Card {
	return cancellation.Card{Channel: string(ref.Channel), TS: ref.TS, Way: way}
}

// carded records where the card stands. Somebody may have pressed its button
// already; then the press has told where, but not by which way it came there.
func (h *Handlers) carded(ctx context.Context, l jobs.Lease, in *intake, r store.Request, card cancellation.Card) error {
	_, err := h.store.Update(ctx, r.ID, func(tx *store.Tx, now *store.Request) error {
		if now.Card.TS == "" {
			now.Card = card
		}
		now.Card.Way = card.Way
		return errors.Join(
			tx.End(ctx, r.ID, store.CardEffect, card.Channel+"/"+card.TS, string(card.Way)),
			h.handled(ctx, tx, l, in.id),
		)
	})
	failpoint.Here(failpoint.CardRecorded)
	if err == nil && card.TS != "" {
		h.beside(lookUpTime, func(ctx context.Context) { h.permalink(ctx, refOf(card)) }) // only to have it at hand
	}
	return err
}

// uncarded ends a request whose card nobody can be shown.
func (h *Handlers) uncarded(ctx context.Context, l jobs.Lease, in *intake, r store.Request) error {
	a := Answer{Kind: CannotPostHere, Request: r.Request}
	if err := h.tell(ctx, l, in, h.views.Answer("", a)); err != nil {
		return err
	}
	_, err := h.store.Update(ctx, r.ID, func(tx *store.Tx, now *store.Request) error {
		if now.State != cancellation.Asked {
			return store.ErrConflict
		}
		if err := now.Finish(cancellation.Failed, "post", tx.Now()); err != nil {
			return err
		}
		now.Response = cancellation.Response{} // a credential that nobody needs any more
		return errors.Join(
			tx.Audit(ctx, now.Request, store.EventRefused, "", map[string]string{"why": "post"}),
			h.handled(ctx, tx, l, in.id),
		)
	})
	return err
}

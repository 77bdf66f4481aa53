package handlers

import (
	"context"
	"errors"
	"time"

	"meetingbot/bot"
	"meetingbot/internal/cancellation"
	"meetingbot/internal/failpoint"
	"meetingbot/internal/store"
)

// thread replies in the card's thread, or puts a reply right that came too early
// to say whether the owner was told.
func (p *reporting) thread(ctx context.Context) error {
	switch e := p.done[store.ThreadEffect]; {
	case !e.Ended():
		return p.reply(ctx)
	case e.Result == resultEarly && p.r.Owner.Result != cancellation.NoticeDelayed:
		return p.correct(ctx, refOfEnding(e.Ref), p.threadReply(), resultSent)
	}
	return nil
}

func (p *reporting) threadReply() bot.Message {
	return p.marked(p.views.ThreadReply(p.r), p.r.ID, store.ThreadEffect)
}

// correct has a reply that stands in the thread say what is true now.
func (p *reporting) correct(ctx context.Context, ref bot.MessageRef, m bot.Message, result string) error {
	err := p.bot.Update(ctx, ref, m)
	if err != nil && !bot.Permanent(err) {
		return err
	}
	if err != nil {
		p.logger(p.r).WarnContext(ctx, "the reply in the thread can't be put right", "error", err)
	}
	p.note(store.ThreadEffect, ref, result)
	return nil
}

// errCardFirst keeps a reply back: each answer at a response_url that fails may
// count as one of its five, and the card needs one more than the reply does.
var errCardFirst = errors.New("the reply waits for the card")

// reply posts the reply by the best way there is, unless it stands already.
func (p *reporting) reply(ctx context.Context) error {
	m := p.threadReply()
	parent := refOf(p.r.Card)
	if p.r.Thread != "" && p.r.Card.Way == cancellation.ByMessage {
		parent.TS = p.r.Thread // a card inside a thread is answered in that thread
	}
	result := resultSent
	if p.r.Owner.Result == cancellation.NoticeDelayed {
		result = resultEarly
	}
	ref, found, err := p.posted(ctx, parent, p.r.ID, store.ThreadEffect, p.since(store.ThreadEffect))
	if err != nil {
		return err
	}
	if found && time.Since(p.r.ClosedAt) < ownerPatience {
		p.note(store.ThreadEffect, ref, result)
		return nil
	}
	if found {
		return p.correct(ctx, ref, m, result) // nobody knows any more what it says of the owner
	}
	err = bot.ErrGone
	if p.r.Card.Way != cancellation.ByResponse && !parent.IsZero() {
		if ref, err = p.bot.Reply(ctx, parent, m); err == nil {
			failpoint.Here(failpoint.ThreadTold)
			p.note(store.ThreadEffect, ref, result)
			return nil
		}
		if !bot.Permanent(err) {
			return err
		}
	}
	if p.lease.Attempt() < urlRuns && p.r.Response.Usable(time.Now()) {
		if p.cardLater {
			return errCardFirst
		}
		err = p.bot.Respond(ctx, bot.Secret(p.r.Response.URL), bot.Response{Message: m, InChannel: true, Thread: parent.TS})
		if err == nil {
			p.note(store.ThreadEffect, parent, resultOther)
			return nil
		}
		if !bot.Permanent(err) {
			return err
		}
	}
	p.logger(p.r).WarnContext(ctx, "no reply possible in the card's thread", "error", err)
	return p.tellAsker(ctx, store.ThreadEffect)
}

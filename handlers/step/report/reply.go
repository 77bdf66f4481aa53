package report

import (
	"context"
	"errors"

	"meetingbot/bot"
	"meetingbot/handlers/card"
	"meetingbot/handlers/step"
	"meetingbot/internal/cancellation"
	"meetingbot/internal/failpoint"
)

// thread replies in the card's thread, or corrects a reply that came too early
// to say whether the owner was told.
func (p *reporting) thread(ctx context.Context) error {
	switch e := p.r.Effects[cancellation.ThreadEffect]; {
	case !e.Ended():
		return p.reply(ctx)
	case e.Result == Early && p.r.Owner.Result != cancellation.NoticeDelayed:
		return p.correct(ctx, RefOf(e.Ref), p.threadReply(), Sent)
	}
	return nil
}

func (p *reporting) threadReply() bot.Message {
	return card.Mark(p.Views.ThreadReply(p.r.Request), p.r.ID, cancellation.ThreadEffect)
}

// correct has a reply that stands in the thread say what is true now.
func (p *reporting) correct(ctx context.Context, ref bot.MessageRef, m bot.Message, result string) error {
	err := p.Slack.Update(ctx, ref, m)
	if err != nil && !bot.Permanent(err) {
		return err
	}
	if err != nil {
		p.Logger(p.r.Request).WarnContext(ctx, "the reply in the thread can't be corrected", "error", err)
	}
	p.note(cancellation.ThreadEffect, ref, result)
	return nil
}

// errCardFirst keeps a reply back: each answer at a response_url that fails may
// count as one of its five, and the card needs one more than the reply does.
var errCardFirst = errors.New("the reply waits for the card")

// reply posts the reply by the best way there is, unless it stands already.
func (p *reporting) reply(ctx context.Context) error {
	m, result := p.threadReply(), Sent
	if p.r.Owner.Result == cancellation.NoticeDelayed {
		result = Early
	}
	parent := ThreadOf(p.r.Request)
	ref, found, err := p.Board.Find(ctx, parent, p.r.ID, cancellation.ThreadEffect, p.since())
	switch {
	case err != nil:
		return err
	case found && ref.IsZero():
		p.note(cancellation.ThreadEffect, parent, Other)
		return nil
	case found && p.Store.Now().Sub(p.r.ClosedAt) < Patience:
		p.note(cancellation.ThreadEffect, ref, result)
		return nil
	case found:
		return p.correct(ctx, ref, m, result) // nobody knows any more what it says of the owner
	}
	answer := Reply{To: p.r.Request, Message: m, ByURL: p.run.Attempt < card.URLRuns}
	if p.cardLater {
		answer.hold = errCardFirst
	}
	ref, way, err := answer.Post(ctx, p.Deps)
	switch {
	case err == nil && way == Other:
		p.note(cancellation.ThreadEffect, parent, Other)
		return nil
	case err == nil:
		failpoint.Here(failpoint.ThreadTold)
		p.note(cancellation.ThreadEffect, ref, result)
		return nil
	case !errors.Is(err, ErrNoWay):
		return err
	}
	p.Logger(p.r.Request).WarnContext(ctx, "no reply possible in the card's thread", "error", err)
	return p.tellAsker(ctx, cancellation.ThreadEffect)
}

// A Reply is a message to post in the thread of a card.
type Reply struct {
	To      cancellation.Request
	Message bot.Message
	ByURL   bool  // whether its response_url may be used, if there is no other way
	hold    error // why it may not be used yet; nil if it may
}

// ThreadOf is the message under which the card of r is answered.
func ThreadOf(r cancellation.Request) bot.MessageRef {
	parent := card.RefOf(r.Card)
	if r.Thread != "" && r.Card.Way != cancellation.ByDirect {
		parent.TS = r.Thread // a card inside a thread is answered in that thread
	}
	return parent
}

// ErrNoWay means that there is no way left to post a reply.
var ErrNoWay = errors.New("no way to reply is left")

// Post posts it in the best way available. way is Sent, or Other for a reply that can't
// be changed later, whose ref is zero. The error is ErrNoWay if no way is left.
func (a Reply) Post(ctx context.Context, d *step.Deps) (ref bot.MessageRef, way string, err error) {
	parent := ThreadOf(a.To)
	if a.To.Card.Way != cancellation.ByResponse && !parent.IsZero() {
		if ref, err = d.Board.Reply(ctx, parent, a.Message); err == nil || !bot.Permanent(err) {
			return ref, Sent, err
		}
	}
	if a.ByURL && a.To.Response.Usable(d.Store.Now()) {
		if a.hold != nil {
			return bot.MessageRef{}, "", a.hold
		}
		err = d.Board.Follow(ctx, bot.Secret(a.To.Response.URL), parent, a.Message)
		if err == nil || !bot.Permanent(err) {
			return bot.MessageRef{}, Other, err
		}
	}
	return bot.MessageRef{}, "", errors.Join(ErrNoWay, err)
}

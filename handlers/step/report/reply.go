package report

import (
	"context"
	"errors"
	"time"

	"meetingbot/bot"
	"meetingbot/handlers/card"
	"meetingbot/internal/cancellation"
	"meetingbot/internal/failpoint"
)

// replyInThread replies in the card's thread. A reply posted too early to say whether the owners
// were told, or to know every outcome, is corrected.
func (p *reportRun) replyInThread(ctx context.Context, said cancellation.Request) error {
	result := Sent
	if said.Owner.Result == cancellation.NoticeDelayed {
		result = SentEarly
	}
	e := p.R.Effects[cancellation.ThreadEffect]
	if e.Ended() && (e.Result != SentEarly || result == SentEarly) {
		return nil
	}
	m := card.Mark(p.Views.ThreadReply(said), p.R.ID, cancellation.ThreadEffect)
	posted := ParsePlace(e.Ref)
	if p.R.Batch != nil {
		posted = ParsePlace(p.R.Batch.ThreadRef)
	}
	if !posted.IsZero() {
		return p.correct(ctx, posted, m, result)
	}
	parent := ThreadOf(p.R.Request)
	c, found, err := p.Board.Find(ctx, parent, p.R.ID, cancellation.ThreadEffect, since(p.Task))
	switch {
	case err != nil:
		return err
	case found && c.TS == "":
		p.note(cancellation.ThreadEffect, parent, byURL)
		return nil
	case found && p.R.Batch == nil && p.Store.Now().Sub(p.R.ClosedAt) < OwnerPatience:
		p.note(cancellation.ThreadEffect, card.RefOf(c), result)
		return nil
	case found:
		return p.correct(ctx, card.RefOf(c), m, result) // what it says about the owners isn't known any more
	}
	return p.reply(ctx, said, parent, m, result)
}

// ThreadOf returns the message to reply to about the card of r.
func ThreadOf(r cancellation.Request) bot.MessageRef {
	parent := card.RefOf(r.Card)
	if r.Thread != "" && r.Card.Way != cancellation.ByDirect {
		parent.TS = r.Thread // a card inside a thread is answered in that thread
	}
	return parent
}

// correct edits a reply in the thread so that it says what is true now.
func (p *reportRun) correct(ctx context.Context, ref bot.MessageRef, m bot.Message, result string) error {
	err := p.Slack.Update(ctx, ref, m)
	if err != nil && !bot.Permanent(err) {
		return err
	}
	if err != nil {
		p.Logger(p.R.Request).WarnContext(ctx, "the reply in the thread can't be corrected", "error", err)
	}
	p.note(cancellation.ThreadEffect, ref, result)
	return nil
}

// errCardFirst delays a reply: each failed answer at a response_url may count as one of its
// five, and the card needs that more than the reply does.
var errCardFirst = errors.New("the reply waits for the card")

// urlPatience is how long after the outcome a reply tries a response_url, however many runs were
// spent on waiting for the owners.
const urlPatience = OwnerPatience + 7*time.Second

// reply posts m, the reply about r, in the best way available.
func (p *reportRun) reply(ctx context.Context, r cancellation.Request, parent bot.MessageRef, m bot.Message, result string) error {
	refusal := bot.ErrGone
	byURLOnly := r.Card.Way == cancellation.ByResponse
	if !byURLOnly && !parent.IsZero() {
		refusal = p.replyByMessage(ctx, parent, m, result)
		if refusal == nil || !bot.Permanent(refusal) {
			return refusal
		}
	}
	patient := p.Attempt < card.URLRuns || !p.cardLater && p.Store.Now().Sub(r.ClosedAt) < urlPatience
	if patient && r.Response.Usable(p.Store.Now()) {
		if p.cardLater {
			return errCardFirst
		}
		err := p.Board.ReplyByURL(ctx, bot.Secret(r.Response.URL), parent, m)
		switch {
		case err == nil:
			p.note(cancellation.ThreadEffect, parent, byURL) // this can't be edited later
			return nil
		case !bot.Permanent(err):
			return err
		}
		refusal = err
	}
	if byURLOnly && !parent.IsZero() {
		// The bot may be a member: the card may have gone to the URL because messages were refused for a while.
		err := p.replyByMessage(ctx, parent, m, result)
		if err == nil || bot.Temporary(err) {
			return err
		}
	}
	p.Logger(r).WarnContext(ctx, "no reply possible in the card's thread", "error", refusal)
	return p.tellDirectly(ctx, cancellation.ThreadEffect, r, "")
}

// replyByMessage posts m below parent, as a message that can be corrected later.
func (p *reportRun) replyByMessage(ctx context.Context, parent bot.MessageRef, m bot.Message, result string) error {
	ref, err := p.Board.Reply(ctx, parent, m)
	if err != nil {
		return err
	}
	failpoint.Here(failpoint.ThreadTold)
	p.note(cancellation.ThreadEffect, ref, result)
	return nil
}

package report

import (
	"cmp"
	"context"
	"errors"
	"slices"

	"meetingbot/bot"
	"meetingbot/handlers/access"
	"meetingbot/handlers/card"
	"meetingbot/handlers/step"
	"meetingbot/handlers/view/batch"
	"meetingbot/handlers/view/notice"
	"meetingbot/internal/cancellation"
	"meetingbot/internal/store"
)

// A lastResort is what came of telling people directly.
type lastResort struct {
	result string
	err    error // some could not be told for now
}

// tellDirectly is the last resort: it sends the outcome of r in direct messages, in place of
// the effect of this kind, to the asker and those who pressed, but not to the person who saw
// it, if any. One message each does for both the card and the reply. A later run passes over
// those who were told.
func (p *reportRun) tellDirectly(ctx context.Context, kind cancellation.EffectKind, r cancellation.Request, saw string) error {
	if p.direct == nil {
		p.direct = &lastResort{result: Sent}
		if r.IsQuestion() {
			p.direct.result = refused // unless the owner pressed, nobody waits for its card
		}
		draw := notice.Asker
		if r.Batch != nil {
			draw = batch.Asker
		}
		link, told := p.Board.Permalink(ctx, card.RefOf(r.Card)), ""
		for _, to := range unaware(r, saw) {
			p.direct.result = refused
			person := p.Reader(ctx, to)
			_, way, err := p.writeTo(ctx, to, r, cancellation.FinalEffect, draw(p.Views.Person(person.Locale), r, link), byDM)
			switch {
			case err == nil:
				told = way
			case bot.Permanent(err):
				p.Logger(r).ErrorContext(ctx, "could not tell a person the outcome", "user", to, "error", err)
			default:
				p.direct.err = errors.Join(p.direct.err, err)
			}
		}
		p.direct.result = cmp.Or(told, p.direct.result)
	}
	if p.direct.err == nil {
		p.note(kind, bot.MessageRef{}, p.direct.result)
	}
	return p.direct.err
}

// mayPress returns a person, and whether they may press something on the card. Those who have lost
// every right to it, or have left, must not get a copy of their own: it shows more than a channel
// may see.
func mayPress(ctx context.Context, t *step.Task, to bot.UserID) (bot.Person, bool, error) {
	v := &step.Visit{Deps: t.Deps, Run: t.Run, In: &step.Envelope{Person: string(to), Channel: t.R.Channel}}
	if err := v.Identify(ctx); err != nil {
		return bot.Person{}, false, err
	}
	refusal, err := v.May(ctx, access.Keep, t.R.Request)
	return v.Person, err == nil && refusal == nil, err
}

// askDirectly sends a card that asks again to the asker and the person who confirmed, or to the
// owner who was asked, if it can't be changed where it is: there nobody could answer. What they get
// is the card from then on. If answerLeft, one answer of the old card's response_url was reserved for
// its end, and now says that there is a newer card.
func (p *reportRun) askDirectly(ctx context.Context, answerLeft bool) error {
	before, err := p.Store.Requests.Get(ctx, p.R.Supersedes)
	if err != nil {
		return err
	}
	asked := unaware(cancellation.Request{Asker: p.R.Asker, ConfirmedBy: before.ConfirmedBy}, "")
	if p.R.IsQuestion() {
		asked = []bot.UserID{bot.UserID(p.R.For)} // the person who had the owner asked may not know the subject
	}
	sent, result, err := p.sendCards(ctx, asked)
	switch {
	case err != nil:
		return err
	case len(sent) == 0:
		p.note(cancellation.FinalEffect, bot.MessageRef{}, result)
		return nil
	}
	if err := step.Insist(ctx, func() error { return recordSent(ctx, p.Task, sent) }); err != nil {
		return step.IgnoreConflict(err)
	}
	if answerLeft {
		before.Response = p.R.Response // taken over with the card
		if _, err := p.Board.Draw(ctx, before.Request); err != nil {
			p.Logger(before.Request).InfoContext(ctx, "card not drawn", "state", before.State, "error", err)
		}
	}
	p.note(cancellation.FinalEffect, card.RefOf(sent[0]), result)
	return nil
}

// sendCards sends each person a card of their own, if they may press something on it. It returns the
// cards that can be found again, and what came of the last one that was sent.
func (p *reportRun) sendCards(ctx context.Context, asked []bot.UserID) (sent []cancellation.Card, result string, err error) {
	result = refused
	for _, to := range asked {
		person, may, err := mayPress(ctx, p.Task, to)
		switch {
		case err != nil && (len(sent) == 0 || p.Attempt < card.URLRuns):
			return nil, "", err
		case !may: // or that can't be found out, and others need not wait longer
			p.Logger(p.R.Request).InfoContext(ctx, "a person is not asked again", "user", to, "error", err)
			continue
		}
		c := cancellation.Card{Way: cancellation.ByDirect, Locale: person.Locale}
		ref, way, err := p.writeTo(ctx, to, p.R.Request, cancellation.CardEffect, p.Views.Card(p.R.On(c), p.Store.Now()), Sent)
		switch {
		case err == nil && !ref.IsZero():
			c.Channel, c.TS = string(ref.Channel), ref.TS
			sent, result = append(sent, c), way
		case err == nil:
			result = way
		case bot.Permanent(err):
			p.Logger(p.R.Request).ErrorContext(ctx, "could not ask a person again", "user", to, "error", err)
		default:
			return nil, "", err
		}
	}
	return sent, result, nil
}

// recordSent records where a card that asks again was sent. If one of them was answered while others
// were being sent, all show that.
func recordSent(ctx context.Context, t *step.Task, sent []cancellation.Card) error {
	r := t.R
	return t.Record(ctx, func(tx *store.Tx) error {
		err := step.Change(ctx, tx, &r, func(r *store.Request) error {
			again := func(c cancellation.Card) bool { // revealed by an early click
				return slices.ContainsFunc(sent, func(s cancellation.Card) bool { return card.RefOf(s) == card.RefOf(c) })
			}
			r.Copies = append(slices.DeleteFunc(slices.Clone(r.Copies), again), sent[1:]...)
			r.Card, r.Response = sent[0], cancellation.ResponseURL{} // whatever it answers is in the channel, which may see less
			if r.State != cancellation.Asked {
				t.Board.Announce(&r.Request, tx.Now())
			}
			return nil
		})
		if err != nil || r.State == cancellation.Asked {
			return err
		}
		return t.Queue.Enqueue(ctx, tx, step.Draw(&r))
	})
}

// unaware returns who is told the outcome of r if its card can't show it: the asker, the person
// who answered the question, and the one whose click found out the outcome. A person who had the
// owner asked gets a message of their own.
func unaware(r cancellation.Request, saw string) (all []bot.UserID) {
	asker, closedBy := r.Asker, r.ClosedBy
	if r.IsQuestion() {
		asker = ""
	}
	if r.ClosedElsewhere {
		closedBy = "" // not from this card
	}
	for _, who := range []string{asker, r.ConfirmedBy, closedBy, r.FoundBy} {
		if id := bot.UserID(who); who != "" && who != saw && !slices.Contains(all, id) {
			all = append(all, id)
		}
	}
	return all
}

// writeTo sends a person a direct message about r, as the effect of this kind. If Slack refuses
// that, for good or until an operator changes something, m is shown to them alone where the
// meeting was asked about. The result is sent or byEphemeral.
func (p *reportRun) writeTo(ctx context.Context, to bot.UserID, r cancellation.Request, kind cancellation.EffectKind, m bot.Message, sent string) (_ bot.MessageRef, result string, err error) {
	as := string(r.ID) + "/" + string(to)
	if p.Board.Answers.Given(as, m.Text) { // nobody can look for what was shown to them alone
		return bot.MessageRef{}, byEphemeral, nil
	}
	ref, err := p.DMOnce(ctx, p.Run, to, m, r.ID, markOf(r, kind), since(p.Task))
	if refuses := bot.Permanent(err) || bot.NeedsOperator(err); !refuses || r.Channel == "" {
		return ref, sent, err
	}
	switch other := p.Slack.Ephemeral(ctx, bot.ChannelID(r.Channel), to, r.Thread, m); {
	case other == nil:
		p.Board.Answers.Keep(as, m.Text)
		return bot.MessageRef{}, byEphemeral, nil
	case !bot.Permanent(other):
		err = other // it may work later
	}
	return ref, sent, err
}

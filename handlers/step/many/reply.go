package many

import (
	"context"
	"errors"

	"meetingbot/bot"
	"meetingbot/handlers/card"
	"meetingbot/handlers/step/report"
	"meetingbot/internal/cancellation"
	"meetingbot/internal/failpoint"
)

// errUnrecorded is of somebody who was told while that could not be recorded: the reply in
// the thread would say that they were not.
var errUnrecorded = errors.New("what was told could not be recorded")

// thread replies in the card's thread, or corrects the reply. whole is whether
// every owner is told.
func (p *reporting) thread(ctx context.Context, whole bool) error {
	r := p.request()
	e := r.Effects[cancellation.ThreadEffect]
	result := report.Sent
	if !whole {
		result = report.Early
	}
	if e.Ended() && (e.Result != report.Early || !whole) {
		return nil
	}
	m := card.Mark(p.Views.ThreadReply(r), r.ID, cancellation.ThreadEffect)
	if ref := report.RefOf(r.Batch.ThreadRef); !ref.IsZero() {
		return p.correct(ctx, ref, m, result)
	}
	if p.run.Attempt > 0 {
		ref, found, err := p.Board.Find(ctx, report.ThreadOf(r), r.ID, cancellation.ThreadEffect, r.ClosedAt)
		if err != nil {
			return err
		}
		if found && ref.IsZero() {
			return p.note(ctx, cancellation.ThreadEffect, "", report.Other)
		}
		if found {
			return p.correct(ctx, ref, m, result)
		}
	}
	return p.reply(ctx, r, m, result)
}

// correct has the reply say what is true now.
func (p *reporting) correct(ctx context.Context, ref bot.MessageRef, m bot.Message, result string) error {
	err := p.Slack.Update(ctx, ref, m)
	if err != nil && !bot.Permanent(err) {
		return err
	}
	return p.note(ctx, cancellation.ThreadEffect, report.PlaceOf(ref), result)
}

// reply posts it by the best way there is.
func (p *reporting) reply(ctx context.Context, r cancellation.Request, m bot.Message, result string) error {
	ref, way, err := report.Reply{To: r, Message: m, ByURL: p.run.Attempt < card.URLRuns}.Post(ctx, p.Deps)
	switch {
	case err == nil && way == report.Other:
		return p.note(ctx, cancellation.ThreadEffect, "", report.Other)
	case err == nil:
		failpoint.Here(failpoint.ManyReplied)
		return p.note(ctx, cancellation.ThreadEffect, report.PlaceOf(ref), result)
	case !errors.Is(err, report.ErrNoWay):
		return err
	}
	p.Logger(r).WarnContext(ctx, "no reply possible in the card's thread", "error", err)
	return p.tellAsker(ctx, cancellation.ThreadEffect)
}

// tellAsker is the last way of telling. One message stands for the card and for
// the reply.
func (p *reporting) tellAsker(ctx context.Context, kind cancellation.EffectKind) error {
	r := p.request()
	for _, e := range r.Effects {
		if e.Result == report.Direct {
			return p.note(ctx, kind, "", report.Direct)
		}
	}
	_, result, err := report.TellAsker(ctx, p.Deps, p.run, r, kind, r.ClosedAt)
	if err != nil {
		return err
	}
	return p.note(ctx, kind, "", result)
}

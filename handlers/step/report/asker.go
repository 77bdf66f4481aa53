package report

import (
	"context"

	"meetingbot/bot"
	"meetingbot/handlers/view/notice"
	"meetingbot/internal/cancellation"
	"meetingbot/internal/failpoint"
)

// asker sends the person who asked the owner a direct message about how their question
// ended.
func (p *reporting) asker(ctx context.Context) error {
	if !p.R.TellsAsker() || p.R.Effects[cancellation.AskerEffect].Ended() {
		return nil
	}
	to := bot.UserID(p.R.Asker)
	person, err := p.Slack.Person(ctx, to)
	if err != nil {
		person, _ = p.Slack.CachedPerson(to) // only the language is missing, and it has a default
	}
	ref, way, err := p.writeTo(ctx, to, p.R.Request, cancellation.AskerEffect, notice.Question(p.Views.Person(person.Locale), p.R.Request))
	switch {
	case err == nil:
		failpoint.Here(failpoint.AskerTold)
		p.note(cancellation.AskerEffect, ref, way)
	case bot.Permanent(err):
		p.Logger(p.R.Request).WarnContext(ctx, "could not message the asker", "error", err)
		p.note(cancellation.AskerEffect, bot.MessageRef{}, refused)
	default:
		return err
	}
	return nil
}

// writeTo sends a person a direct message about r, as the effect of this kind. If Slack refuses
// that, for good or until an operator changes something, m is shown to them alone where the
// meeting was asked about. It returns which way it went.
func (p *reporting) writeTo(ctx context.Context, to bot.UserID, r cancellation.Request, kind cancellation.EffectKind, m bot.Message) (bot.MessageRef, string, error) {
	ref, err := p.DMOnce(ctx, p.Run, to, m, r.ID, markOf(r, kind), p.since())
	refuses := bot.Permanent(err) || bot.NeedsOperator(err)
	if refuses && r.Channel != "" && p.Slack.Ephemeral(ctx, bot.ChannelID(r.Channel), to, r.Thread, m) == nil {
		return bot.MessageRef{}, aside, nil
	}
	return ref, direct, err
}

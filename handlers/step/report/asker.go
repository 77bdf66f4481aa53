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
	ref, way, err := p.writeTo(ctx, to, p.R.Request, cancellation.AskerEffect, notice.Question(p.Views.Person(person.Locale), p.R.Request), Sent)
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

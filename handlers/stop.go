package handlers

import (
	"context"

	"meetingbot/bot"
	"meetingbot/internal/jobs"
)

// A stepSlack is Slack for the steps. A process that is being stopped begins no message that
// Slack may not confirm before the step is interrupted: the next process would post it again.
type stepSlack struct{ *bot.Client }

// Post overrides [bot.Client.Post].
func (s stepSlack) Post(ctx context.Context, at bot.MessageRef, m bot.Message) (bot.MessageRef, error) {
	ctx, cancel := jobs.BeforeStop(ctx)
	defer cancel()
	return s.Client.Post(ctx, at, m)
}

// DM overrides [bot.Client.DM].
func (s stepSlack) DM(ctx context.Context, user bot.UserID, m bot.Message) (bot.MessageRef, error) {
	ctx, cancel := jobs.BeforeStop(ctx)
	defer cancel()
	return s.Client.DM(ctx, user, m)
}

// Respond overrides [bot.Client.Respond].
func (s stepSlack) Respond(ctx context.Context, to bot.Secret, r bot.Response) error {
	ctx, cancel := jobs.BeforeStop(ctx)
	defer cancel()
	return s.Client.Respond(ctx, to, r)
}

// Ephemeral overrides [bot.Client.Ephemeral].
func (s stepSlack) Ephemeral(ctx context.Context, channel bot.ChannelID, user bot.UserID, thread string, m bot.Message) error {
	ctx, cancel := jobs.BeforeStop(ctx)
	defer cancel()
	return s.Client.Ephemeral(ctx, channel, user, thread, m)
}

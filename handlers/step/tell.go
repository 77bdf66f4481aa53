package step

import (
	"context"
	"time"

	"meetingbot/bot"
)

// URLRuns is in how many runs of a step, some seven seconds in all, a response_url is
// tried. It takes five answers within half an hour, and an answer that fails may count
// as one; after that, people are told by the next best way. Only a card that nothing
// else can change is tried for as long as the address is good.
const URLRuns = 4

// AnswerFor is how long an answer to one person is tried. What was acked gets
// one, however long the bot was away.
const AnswerFor = 24 * time.Hour

// Tell answers one person where they typed or clicked. It returns an error if
// that is worth another run: nil means that they were told, or never can be.
func (v *Visit) Tell(ctx context.Context, m bot.Message) error {
	err := v.TellNow(ctx, v.In, m, v.Run.Attempt < URLRuns)
	if err != nil && !bot.Permanent(err) && v.Store.Now().Sub(v.In.At) < AnswerFor {
		return RetryLater(err)
	}
	if err != nil {
		v.Log.WarnContext(ctx, "a person could not be told", "user", v.In.Person, "envelope", v.In.ID, "error", err)
	}
	return nil
}

// TellNow tells the person of in, trying the ways in order. Their response_url works
// everywhere but can't answer one person inside a thread; chat.postEphemeral can, and
// is also for when the response_url is used up or in trouble. A window brings none, and
// may be about a card where the bot is no member: then only a direct message is left.
// patient is whether a way that may work soon is worth waiting for.
func (d *Deps) TellNow(ctx context.Context, in *Envelope, m bot.Message, patient bool) error {
	if in.inThread() && d.tellIn(ctx, in.Person, in.Channel, in.Thread, m) == nil {
		return nil
	}
	err := bot.ErrGone
	if patient && in.ResponseURL().Usable(d.Store.Now()) {
		if err = d.respond(ctx, in.Response, m); err == nil {
			return nil
		}
	}
	other := d.tellIn(ctx, in.Person, in.Channel, "", m)
	switch {
	case other == nil:
		return nil
	case patient && !bot.Permanent(err):
		return err // the way that works everywhere may work later
	case patient && !bot.Permanent(other) || in.Channel == "":
		return other
	}
	return d.tellIn(ctx, in.Person, "", "", m)
}

// respond answers through a person's response_url.
func (d *Deps) respond(ctx context.Context, url string, m bot.Message) error {
	ctx, cancel := context.WithTimeout(ctx, AnswerTime)
	defer cancel()
	return d.Slack.Respond(ctx, bot.Secret(url), bot.Response{Message: m})
}

// tellIn answers one person without their response_url: in a channel or,
// without one, in a direct message.
func (d *Deps) tellIn(ctx context.Context, person, channel, thread string, m bot.Message) error {
	ctx, cancel := context.WithTimeout(ctx, AnswerTime)
	defer cancel()
	if channel == "" {
		_, err := d.Slack.DM(ctx, bot.UserID(person), m)
		return err
	}
	return d.Slack.Ephemeral(ctx, bot.ChannelID(channel), bot.UserID(person), thread, m)
}

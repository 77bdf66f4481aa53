package step

import (
	"context"
	"time"

	"meetingbot/bot"
	"meetingbot/handlers/card"
)

// AnswerFor is how long the bot keeps trying to answer one person. Whatever was acked
// gets an answer, however long the bot was away.
const AnswerFor = 24 * time.Hour

// tellTime is how long one way of telling a person may take. Slack shows what it is slow to
// confirm all the same: whoever is told in the next way meanwhile reads it twice.
const tellTime = 6 * time.Second

// Tell answers one person where they typed or clicked, unless an earlier run of this process
// has, and could not record it. It returns an error if another run is worth it; nil means
// that they were told, or never can be.
func (v *Visit) Tell(ctx context.Context, m bot.Message) error {
	if v.Board.Answers.Given(v.In.ID, m.Text) {
		return nil
	}
	err := v.TellNow(ctx, v.In, m, v.Run.Attempt < card.URLRuns)
	if err == nil {
		v.Board.Answers.Keep(v.In.ID, m.Text)
	}
	if err != nil && !bot.Permanent(err) && v.Store.Now().Sub(v.In.At) < AnswerFor {
		return RetryLater(err)
	}
	if err != nil {
		v.Log.WarnContext(ctx, "a person could not be told", "user", v.In.Person, "envelope", v.In.ID, "error", err)
	}
	return nil
}

// TellNow tells the person of in, trying each way in order. Their response_url works
// everywhere but can't answer one person inside a thread; chat.postEphemeral can, and
// also helps when the response_url is used up or failing. A modal comes with no
// response_url and may be about a card in a channel that the bot isn't in: then only a
// direct message is left. patient says whether to wait for a way that may work soon.
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
	ctx, cancel := context.WithTimeout(ctx, tellTime)
	defer cancel()
	return d.Slack.Respond(ctx, bot.Secret(url), bot.Response{Message: m})
}

// tellIn answers one person without their response_url: in a channel or,
// without one, in a direct message.
func (d *Deps) tellIn(ctx context.Context, person, channel, thread string, m bot.Message) error {
	ctx, cancel := context.WithTimeout(ctx, tellTime)
	defer cancel()
	if channel == "" {
		_, err := d.Slack.DM(ctx, bot.UserID(person), m)
		return err
	}
	return d.Slack.Ephemeral(ctx, bot.ChannelID(channel), bot.UserID(person), thread, m)
}

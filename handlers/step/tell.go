package step

import (
	"context"
	"time"

	"meetingbot/bot"
	"meetingbot/handlers/card"
	"meetingbot/internal/cancellation"
	"meetingbot/internal/jobs"
)

// AnswerFor is how long the bot keeps trying to answer one person. Whatever was acked
// gets an answer, however long the bot was away.
const AnswerFor = 24 * time.Hour

// tellTime is how long one way of telling a person may take. Slack also shows what it is slow
// to confirm, so a person who is told in the next way too soon reads it twice.
const tellTime = 6 * time.Second

// Tell answers one person where they typed or clicked, unless an earlier run has and could
// not record it: one of this process or, by direct message and where the bot may look, of
// any. It returns an error if another run is worth it; nil means that they were told, or
// never can be.
func (v *Visit) Tell(ctx context.Context, m bot.Message) error {
	if v.Board.Answers.Given(v.In.ID, m.Text) {
		return nil
	}
	err := v.TellNow(ctx, v.Run, v.In, m)
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
// direct message is left. The first runs wait for a way that may work soon.
func (d *Deps) TellNow(ctx context.Context, run *jobs.Run, in *Envelope, m bot.Message) error {
	patient := run.Attempt < card.URLRuns
	if in.inThread() && d.tellIn(ctx, in, in.Thread, m) == nil {
		return nil
	}
	err := bot.ErrGone
	if patient && in.ResponseURL().Usable(d.Store.Now()) {
		if err = d.respond(ctx, in.Response, m); err == nil {
			return nil
		}
	}
	if in.Channel != "" {
		other := d.tellIn(ctx, in, "", m)
		switch {
		case other == nil:
			return nil
		case patient && !bot.Permanent(err):
			return err // the way that works everywhere may work later
		case patient && !bot.Permanent(other):
			return other
		}
	}
	_, err = d.DMOnce(ctx, run, bot.UserID(in.Person), m, cancellation.ID(in.ID), card.AnswerEffect(m.Text), in.At)
	return err
}

// respond answers through a person's response_url.
func (d *Deps) respond(ctx context.Context, url string, m bot.Message) error {
	ctx, cancel := context.WithTimeout(ctx, tellTime)
	defer cancel()
	return d.Slack.Respond(ctx, bot.Secret(url), bot.Response{Message: m})
}

// tellIn answers one person in the channel of in without their response_url.
func (d *Deps) tellIn(ctx context.Context, in *Envelope, thread string, m bot.Message) error {
	ctx, cancel := context.WithTimeout(ctx, tellTime)
	defer cancel()
	return d.Slack.Ephemeral(ctx, bot.ChannelID(in.Channel), bot.UserID(in.Person), thread, m)
}

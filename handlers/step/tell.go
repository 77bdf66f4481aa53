package step

import (
	"context"
	"time"

	"meetingbot/bot"
	"meetingbot/handlers/card"
	"meetingbot/internal/cancellation"
	"meetingbot/internal/jobs"
)

// AnswerFor is how long after a person acted the bot keeps retrying to answer them. The
// first attempt is always made: everything acked gets an answer.
const AnswerFor = 24 * time.Hour

// tellTime is the limit for one way of telling a person. Slack may show a message and be
// slow to confirm it, so moving on to the next way too soon shows it twice.
const tellTime = 6 * time.Second

// Tell answers one person where they typed or clicked. It skips answers that an earlier run
// gave without recording it: any run of this process, or of another process if the answer
// was a direct message and the bot may search for it. An error means that a retry may help;
// nil means that they were told, or can't be.
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
// everywhere but can't answer one person inside a thread; chat.postEphemeral can, and it
// also helps when the response_url is used up or failing. A modal comes without a
// response_url, and its card may be in a channel that the bot isn't in; that leaves only a
// direct message. The first runs return an error if a better way may work soon.
func (d *Deps) TellNow(ctx context.Context, run *jobs.Run, in *Envelope, m bot.Message) error {
	patient := run.Attempt < card.URLRuns
	if in.inThread() && d.ephemeral(ctx, in, in.Thread, m) == nil {
		return nil
	}
	err := bot.ErrGone
	if patient && in.ResponseURL().Usable(d.Store.Now()) {
		if err = d.respond(ctx, in.Response, m); err == nil {
			return nil
		}
	}
	if in.Channel != "" {
		other := d.ephemeral(ctx, in, "", m)
		switch {
		case other == nil:
			return nil
		case patient && !bot.Permanent(err):
			return err // the response_url works everywhere, and may work later
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

// ephemeral answers one person in the channel of in, without their response_url.
func (d *Deps) ephemeral(ctx context.Context, in *Envelope, thread string, m bot.Message) error {
	ctx, cancel := context.WithTimeout(ctx, tellTime)
	defer cancel()
	return d.Slack.Ephemeral(ctx, bot.ChannelID(in.Channel), bot.UserID(in.Person), thread, m)
}

// readerTime is how long a message waits for its reader's language.
const readerTime = time.Second

// Reader looks up a person who gets a message, for their language. If Slack doesn't answer in time,
// it returns what is cached of them, or a zero Person, who reads the default language.
func (d *Deps) Reader(ctx context.Context, to bot.UserID) bot.Person {
	limited, cancel := context.WithTimeout(ctx, readerTime)
	defer cancel()
	person, err := d.Slack.Person(limited, to)
	if err != nil {
		person, _ = d.Slack.CachedPerson(to)
	}
	return person
}

package handlers

import (
	"context"
	"time"

	"meetingbot/bot"
	"meetingbot/internal/cancellation"
	"meetingbot/internal/jobs"
)

// A response_url takes five answers within half an hour, and an answer that
// fails may count as one. What is told through it is therefore tried in the
// first urlRuns runs of a step, some seven seconds in all, and after that by the
// next best way. Only a card that nothing else can change is tried for as long
// as the address is good.
const urlRuns = 4

// answerFor is how long an answer to one person is tried. It is what Slack gives
// a response_url; after that nobody waits for it.
const answerFor = cancellation.ResponseLife

// tell answers one person where they typed or clicked. It returns an error if
// that is worth another run: nil means that they were told, or never can be.
func (h *Handlers) tell(ctx context.Context, l jobs.Lease, in *intake, m bot.Message) error {
	err := h.tellNow(ctx, in, m, l.Attempt() < urlRuns)
	if err != nil && !bot.Permanent(err) && time.Since(in.at) < answerFor {
		return retryLater(err)
	}
	if err != nil {
		h.log.WarnContext(ctx, "a person could not be told", "user", in.person, "envelope", in.id, "error", err)
	}
	return nil
}

// tellNow tries the ways in order. Their response_url works everywhere but can't
// answer one person inside a thread; chat.postEphemeral can, and is also for
// when the response_url is used up or in trouble. A window brings none, and may
// be about a card where the bot is no member: then there is only a direct message
// left. patient is whether a way that may work soon is worth waiting for.
func (h *Handlers) tellNow(ctx context.Context, in *intake, m bot.Message, patient bool) error {
	if in.inThread() && h.tellBeside(ctx, in, in.Channel, in.Thread, m) == nil {
		return nil
	}
	err := bot.ErrGone
	if patient && in.response().Usable(time.Now()) {
		if err = h.respond(ctx, in, m); err == nil {
			return nil
		}
	}
	other := h.tellBeside(ctx, in, in.Channel, "", m)
	switch {
	case other == nil:
		return nil
	case patient && !bot.Permanent(err):
		return err // the way that works everywhere may work later
	case patient && !bot.Permanent(other) || in.Channel == "":
		return other
	}
	return h.tellBeside(ctx, in, "", "", m)
}

// response is where the person can be answered without being in a channel with them.
func (in *intake) response() cancellation.Response {
	return cancellation.Response{URL: in.Response, At: in.at}
}

// inThread reports whether somebody acted on a reply: also the message above a
// thread bears the thread's timestamp.
func (in *intake) inThread() bool {
	return in.Channel != "" && in.Thread != "" && in.Thread != in.Message.TS
}

// respond answers through the person's response_url.
func (h *Handlers) respond(ctx context.Context, in *intake, m bot.Message) error {
	ctx, cancel := context.WithTimeout(ctx, answerTime)
	defer cancel()
	return h.bot.Respond(ctx, bot.Secret(in.Response), bot.Response{Message: m})
}

// tellBeside answers one person without their response_url: in a channel or,
// without one, in a direct message.
func (h *Handlers) tellBeside(ctx context.Context, in *intake, channel, thread string, m bot.Message) error {
	ctx, cancel := context.WithTimeout(ctx, answerTime)
	defer cancel()
	if channel == "" {
		_, err := h.bot.DM(ctx, bot.UserID(in.person), m)
		return err
	}
	return h.bot.Ephemeral(ctx, bot.ChannelID(channel), bot.UserID(in.person), thread, m)
}

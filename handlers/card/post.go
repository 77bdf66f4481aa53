package card

import (
	"context"
	"errors"
	"slices"
	"time"

	"meetingbot/bot"
	"meetingbot/internal/cancellation"
	"meetingbot/internal/failpoint"
)

// RefOf is where a card is.
func RefOf(c cancellation.Card) bot.MessageRef {
	return bot.MessageRef{Channel: bot.ChannelID(c.Channel), TS: c.TS}
}

// At is a card at ref, and how it was posted.
func At(ref bot.MessageRef, way cancellation.Way) cancellation.Card {
	return cancellation.Card{Channel: string(ref.Channel), TS: ref.TS, Way: way}
}

// IsCopy reports whether the message at ref is known to be a copy of the card of r.
func IsCopy(r cancellation.Request, ref bot.MessageRef) bool {
	return slices.ContainsFunc(r.Copies, func(c cancellation.Card) bool { return RefOf(c) == ref })
}

// URLRuns is how many runs of a step, over some seven seconds, try a response_url. It
// takes five answers in half an hour, and a failed answer may count; after that, people
// are told in the next best way. Only a card that can't be changed otherwise is tried
// for as long as the address is valid.
const URLRuns = 4

// messageRuns is how many runs try only a message, while Slack gives no usable answer: one
// that it carried out all the same would be a second card.
const messageRuns = 2

// Post posts the card of r in the best way available: a message where the command was
// typed, the asker's response_url, which needs no membership, no token, and has limits of its
// own, or a direct message to the asker. A question goes only to its addressee. runs is how
// many have tried to post it before.
func (b *Board) Post(ctx context.Context, r cancellation.Request, runs int) (cancellation.Card, error) {
	c, err := b.post(ctx, r, runs)
	if err == nil {
		b.posts.keep(postKey(CardPlace(r), effectName(r.ID, cancellation.CardEffect)), c, b.now())
	}
	return c, err
}

func (b *Board) post(ctx context.Context, r cancellation.Request, runs int) (cancellation.Card, error) {
	if r.IsQuestion() {
		ref, err := b.slack.DM(ctx, bot.UserID(r.For), marked(b.views, r, b.now()))
		return At(ref, cancellation.ByDirect), err
	}
	ref, err := b.slack.Post(ctx, CardPlace(r), marked(b.views, r, b.now()))
	if err == nil {
		return At(ref, cancellation.ByMessage), nil
	}
	if !goesElsewhere(err, runs) {
		return cancellation.Card{}, err
	}
	if runs < URLRuns && r.Response.Usable(b.now()) {
		r.Card.Way = cancellation.ByResponse // what is shown there depends on it
		err = b.slack.Respond(ctx, bot.Secret(r.Response.URL), bot.Response{Message: marked(b.views, r, b.now()), InChannel: true, Thread: r.Thread})
		if err == nil {
			return cancellation.Card{Channel: r.Channel, Way: cancellation.ByResponse}, nil
		}
		if !bot.Permanent(err) {
			return cancellation.Card{}, err
		}
	}
	r.Card.Way = cancellation.ByDirect
	ref, err = b.slack.DM(ctx, bot.UserID(r.Asker), marked(b.views, r, b.now()))
	return At(ref, cancellation.ByDirect), err
}

// goesElsewhere reports whether a card that could not be posted as a message goes another
// way: Slack refused the place or the token, or asks to wait for long, or the person has
// waited long enough for a usable answer.
func goesElsewhere(err error, runs int) bool {
	return errors.Is(err, bot.ErrCannotPost) || bot.Mendable(err) || bot.HeldBack(err) || runs >= messageRuns && bot.Temporary(err)
}

// The metadata by which we find our messages again, if the history scopes allow it.
const (
	metadataType = "meetingbot"
	metadataKey  = "effect"
)

// Mark adds to a message what it is found again by.
func Mark(m bot.Message, id cancellation.ID, kind cancellation.EffectKind) bot.Message {
	m.Metadata = &bot.Metadata{Type: metadataType, Payload: map[string]string{
		metadataKey: effectName(id, kind), "request": string(id),
	}}
	return m
}

func effectName(id cancellation.ID, kind cancellation.EffectKind) string {
	return string(id) + "/" + string(kind)
}

const (
	searchLag = time.Minute // how far Slack's clock and ours may differ when we look for a message
	showTime  = time.Second // how long Slack may take to show a message that it has accepted
)

// Find looks for a message that an earlier run may have posted since a moment: among
// what this process remembers, whose ref is zero if a response_url brought it, and then
// in Slack. If the bot may not look there, the answer is no, and the message is posted
// again: without the history scopes the promise is "at least once". An error means that
// Slack could not be asked, so nothing may be posted yet.
func (b *Board) Find(ctx context.Context, place bot.MessageRef, id cancellation.ID, kind cancellation.EffectKind, since time.Time) (bot.MessageRef, bool, error) {
	if since.IsZero() {
		return bot.MessageRef{}, false, nil
	}
	if c, ours := b.Remembered(place, id, kind, since); ours {
		return RefOf(c), true, nil
	}
	if failpoint.Blind() {
		return bot.MessageRef{}, false, nil
	}
	if may, err := b.CanLook(ctx); !may || err != nil {
		return bot.MessageRef{}, false, err
	}
	mark := bot.Metadata{Type: metadataType, Payload: map[string]string{metadataKey: effectName(id, kind)}}
	find := func() (bot.MessageRef, bool, error) {
		return b.slack.FindPosted(ctx, place, mark, since.Add(-searchLag))
	}
	ref, found, err := find()
	if err == nil && !found {
		// The earlier run may have ended a moment ago, and what it posted not show yet.
		select {
		case <-ctx.Done():
			return bot.MessageRef{}, false, ctx.Err()
		case <-time.After(showTime):
			ref, found, err = find()
		}
	}
	if err != nil && (bot.Permanent(err) || errors.Is(err, bot.ErrMissingScope)) {
		b.log.WarnContext(ctx, "not allowed to look for a message posted before", "request", id, "effect", kind, "error", err)
		return bot.MessageRef{}, false, nil
	}
	return ref, found, err
}

// CanLook reports whether the app has the scopes to look for its own messages. Right
// after the start, this has to be asked first.
func (b *Board) CanLook(ctx context.Context) (bool, error) {
	if _, err := b.slack.Identify(ctx); err != nil {
		return false, err
	}
	return b.slack.CanSearch(), nil
}

// Permalink returns a message's address, or "" if it has none. It is usually
// remembered for as long as a question is open.
func (b *Board) Permalink(ctx context.Context, ref bot.MessageRef) string {
	if ref.IsZero() {
		return ""
	}
	link, err := b.links.Get(ctx, string(ref.Channel)+"/"+ref.TS, func(ctx context.Context) (string, error) {
		return b.slack.Permalink(ctx, ref)
	})
	if err != nil && !errors.Is(err, context.Canceled) {
		b.log.InfoContext(ctx, "no permalink", "channel", ref.Channel, "error", err)
	}
	return link
}

// PrepareLink fetches the address of a message that will be needed soon.
func (b *Board) PrepareLink(ref bot.MessageRef) {
	b.inBackground(drawTime, func(ctx context.Context) { b.Permalink(ctx, ref) })
}

package card

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"time"

	"meetingbot/bot"
	"meetingbot/internal/background"
	"meetingbot/internal/cancellation"
	"meetingbot/internal/failpoint"
	"meetingbot/internal/memo"
)

// Posts posts messages, and finds those that were posted.
type Posts struct {
	slack Slack
	views Renderer
	now   func() time.Time
	log   *slog.Logger
	links *memo.Memo[string, string]

	recent  memory  // what this process has posted
	Answers Answers // what individual people were told
}

// marked renders the card of r, marked so that it can be found again.
func (p *Posts) marked(r cancellation.Request) bot.Message {
	return Mark(p.views.Card(r, p.now()), r.ID, cancellation.CardEffect)
}

// RefOf returns the message reference of a card.
func RefOf(c cancellation.Card) bot.MessageRef {
	return bot.MessageRef{Channel: bot.ChannelID(c.Channel), TS: c.TS}
}

// At returns the card at ref that was posted in a given way.
func At(ref bot.MessageRef, way cancellation.Way) cancellation.Card {
	return cancellation.Card{Channel: string(ref.Channel), TS: ref.TS, Way: way}
}

// IsCopy reports whether the message at ref is a known copy of r's card.
func IsCopy(r cancellation.Request, ref bot.MessageRef) bool {
	return slices.ContainsFunc(r.Copies, func(c cancellation.Card) bool { return RefOf(c) == ref })
}

// URLRuns is how many runs of a step, over some seven seconds, try a response_url. It takes
// five answers in half an hour, and a failed answer may count; after that, people are told in
// the next best way. Only a card that can't be changed otherwise is retried for as long as the
// address is valid.
const URLRuns = 4

// messageRuns is how many runs try to post a message and nothing else while Slack gives no
// usable answer: if Slack posted it all the same, another way would bring a second card.
const messageRuns = 2

// Post posts the card of r in the best way available: as a message where the command was
// typed; through the asker's response_url, which needs no membership and no token and has
// limits of its own; or as a direct message to the asker. A question goes only to its
// addressee. runs is how many earlier runs have tried.
func (p *Posts) Post(ctx context.Context, r cancellation.Request, runs int) (cancellation.Card, error) {
	c, err := p.post(ctx, r, runs)
	if err == nil {
		p.recent.keep(postKey(CardPlace(r), effectName(r.ID, cancellation.CardEffect)), c, p.now())
	}
	return c, err
}

func (p *Posts) post(ctx context.Context, r cancellation.Request, runs int) (cancellation.Card, error) {
	if r.IsQuestion() {
		ref, err := p.slack.DM(ctx, bot.UserID(r.For), p.marked(r))
		return At(ref, cancellation.ByDirect), err
	}
	ref, err := p.slack.Post(ctx, CardPlace(r), p.marked(r))
	if err == nil {
		return At(ref, cancellation.ByMessage), nil
	}
	if !shouldFallBack(err, runs) {
		return cancellation.Card{}, err
	}
	there := err
	if runs < URLRuns && r.Response.Usable(p.now()) {
		r.Card.Way = cancellation.ByResponse // the view depends on it
		err = p.slack.Respond(ctx, bot.Secret(r.Response.URL), bot.Response{Message: p.marked(r), InChannel: true, Thread: r.Thread})
		if err == nil {
			return cancellation.Card{Channel: r.Channel, Way: cancellation.ByResponse}, nil
		}
		if !bot.Permanent(err) {
			return cancellation.Card{}, err
		}
	}
	r.Card.Way = cancellation.ByDirect
	ref, direct := p.slack.DM(ctx, bot.UserID(r.Asker), p.marked(r))
	if direct != nil {
		return cancellation.Card{}, &NotPostedError{There: there, Direct: direct}
	}
	return At(ref, cancellation.ByDirect), nil
}

// A NotPostedError says why a card could be posted neither where the command was typed nor as a
// direct message. Whether to try again depends on the latter, what to tell the asker on the
// former.
type NotPostedError struct{ There, Direct error }

func (e *NotPostedError) Error() string {
	return fmt.Sprintf("%v; then, as a direct message: %v", e.There, e.Direct)
}

func (e *NotPostedError) Unwrap() error { return e.Direct }

// shouldFallBack reports whether a card that could not be posted as a message goes another
// way: Slack refused the place or the token, or the thread is gone, or Slack asked for a long
// wait, or the person has waited long enough for a usable answer.
func shouldFallBack(err error, runs int) bool {
	return errors.Is(err, bot.ErrCannotPost) || errors.Is(err, bot.ErrGone) || bot.NeedsOperator(err) || bot.IsLongWait(err) || runs >= messageRuns && bot.Temporary(err)
}

// The metadata by which the bot finds its own messages again, if it has the history scopes.
const (
	metadataType = "meetingbot"
	metadataKey  = "effect"
)

// Mark adds the metadata by which a message can be found again.
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
	searchLag = time.Minute     // how far Slack's clock and ours may differ in a search
	showTime  = time.Second     // how long Slack may take to show a message that it has accepted
	postTime  = 3 * time.Second // what a search leaves of its run for the post that follows
)

// Find looks for a message that an earlier run may have posted since a given time: first in
// this process's memory, where it has no TS if it went through a response_url, then in Slack.
// Without the history scopes the bot can't look there, so Find reports that there is none and
// the message is posted again: the promise is then "at least once". An error means that Slack
// could not be asked, so nothing may be posted yet.
func (p *Posts) Find(ctx context.Context, place bot.MessageRef, id cancellation.ID, kind cancellation.EffectKind, since time.Time) (cancellation.Card, bool, error) {
	if since.IsZero() {
		return cancellation.Card{}, false, nil
	}
	if c, ok := p.recent.since(postKey(place, effectName(id, kind)), since); ok || failpoint.Blind() {
		return c, ok, nil
	}
	// Right after the start, only Identify finds out which scopes the app has.
	if _, err := p.slack.Identify(ctx); err != nil || !p.slack.CanSearch() {
		return cancellation.Card{}, false, err
	}
	mark := bot.Metadata{Type: metadataType, Payload: map[string]string{metadataKey: effectName(id, kind)}}
	ref, found, err := p.search(ctx, place, mark, since.Add(-searchLag))
	if err != nil && (bot.Permanent(err) || errors.Is(err, bot.ErrMissingScope)) {
		p.log.WarnContext(ctx, "not allowed to look for an earlier message", "request", id, "effect", kind, "error", err)
		return cancellation.Card{}, false, nil
	}
	return At(ref, cancellation.ByMessage), found, err
}

// search looks in Slack for a message posted since a given time. It looks twice, because an
// earlier run may have posted it a moment ago, and Slack not show it yet.
func (p *Posts) search(ctx context.Context, in bot.MessageRef, mark bot.Metadata, since time.Time) (ref bot.MessageRef, found bool, err error) {
	if deadline, ok := ctx.Deadline(); ok { // a run that spends all its time waiting for Slack's limits never posts
		var cancel context.CancelFunc
		ctx, cancel = context.WithDeadline(ctx, deadline.Add(-postTime))
		defer cancel()
	}
	if isPerson(in) {
		if in.Channel, err = p.slack.DirectChannel(ctx, bot.UserID(in.Channel)); err != nil {
			return bot.MessageRef{}, false, err
		}
	}
	if ref, found, err = p.slack.FindPosted(ctx, in, mark, since); found || err != nil {
		return ref, found, err
	}
	if err := background.Sleep(ctx, showTime); err != nil {
		return bot.MessageRef{}, false, err
	}
	return p.slack.FindPosted(ctx, in, mark, since)
}

// linkTime is how long a message waits for a link in it.
const linkTime = 2 * time.Second

// Permalink returns a message's address, or "" if it has none or Slack doesn't say in time. It is
// cached for long enough that what a click prepares serves the reports that follow.
func (p *Posts) Permalink(ctx context.Context, ref bot.MessageRef) string {
	if ref.IsZero() {
		return ""
	}
	limited, cancel := context.WithTimeout(ctx, linkTime)
	defer cancel()
	link, err := p.links.Get(limited, string(ref.Channel)+"/"+ref.TS, func(ctx context.Context) (string, error) {
		return p.slack.Permalink(ctx, ref)
	})
	if err != nil && !errors.Is(err, context.Canceled) {
		p.log.InfoContext(ctx, "the link to a message could not be fetched", "channel", ref.Channel, "error", err)
	}
	return link
}

// Direct returns the place of a person's direct messages, as Slack and the memory know it.
func Direct(to bot.UserID) bot.MessageRef { return bot.MessageRef{Channel: bot.ChannelID(to)} }

// isPerson reports whether a place is a person's direct messages, see [Direct].
func isPerson(place bot.MessageRef) bool { return strings.IndexAny(string(place.Channel), "UW") == 0 }

// CardPlace returns where the card of r is posted if possible.
func CardPlace(r cancellation.Request) bot.MessageRef {
	if r.IsQuestion() {
		return Direct(bot.UserID(r.For))
	}
	return bot.MessageRef{Channel: bot.ChannelID(r.Channel), TS: r.Thread}
}

// Reply posts a marked message in a thread, and remembers it.
func (p *Posts) Reply(ctx context.Context, parent bot.MessageRef, m bot.Message) (bot.MessageRef, error) {
	ref, err := p.slack.Post(ctx, parent, m)
	if err == nil {
		p.recent.keepMarked(parent, m, At(ref, cancellation.ByMessage), p.now())
	}
	return ref, err
}

// DM sends a marked message to a person, and remembers it.
func (p *Posts) DM(ctx context.Context, to bot.UserID, m bot.Message) (bot.MessageRef, error) {
	ref, err := p.slack.DM(ctx, to, m)
	if err == nil {
		p.recent.keepMarked(Direct(to), m, At(ref, cancellation.ByDirect), p.now())
	}
	return ref, err
}

// ReplyByURL is Reply through a response_url, which needs no membership. The message can't be
// changed later.
func (p *Posts) ReplyByURL(ctx context.Context, to bot.Secret, parent bot.MessageRef, m bot.Message) error {
	err := p.slack.Respond(ctx, to, bot.Response{Message: m, InChannel: true, Thread: parent.TS})
	if err == nil {
		p.recent.keepMarked(parent, m, cancellation.Card{Way: cancellation.ByResponse}, p.now())
	}
	return err
}

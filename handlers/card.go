package handlers

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"meetingbot/bot"
	"meetingbot/internal/cancellation"
	"meetingbot/internal/failpoint"
	"meetingbot/internal/store"
)

// metadata by which a message of ours is found again, where the history scopes
// let us look.
const (
	metadataType = "meetingbot"
	metadataKey  = "effect"
)

// searchLag is how far Slack's clock and ours may be apart when a message is
// looked for.
const searchLag = time.Minute

// showTime is how long Slack may take to show a message that it has accepted,
// where we look for it.
const showTime = time.Second

// marked gives a message what it is found again by.
func (h *Handlers) marked(m bot.Message, id cancellation.ID, kind store.EffectKind) bot.Message {
	m.Metadata = &bot.Metadata{Type: metadataType, Payload: map[string]string{
		metadataKey: effectName(id, kind), "request": string(id),
	}}
	return m
}

func effectName(id cancellation.ID, kind store.EffectKind) string {
	return string(id) + "/" + string(kind)
}

// posted looks for a message that an earlier run may have posted. Where the bot
// may not look, the answer is no, and the message is posted again: at least
// once is the promise without the history scopes. An error means that Slack
// could not be asked for the moment, and that nothing may be posted yet.
func (h *Handlers) posted(ctx context.Context, place bot.MessageRef, id cancellation.ID, kind store.EffectKind, since time.Time) (bot.MessageRef, bool, error) {
	if since.IsZero() || failpoint.Blind() {
		return bot.MessageRef{}, false, nil
	}
	// Right after a start nobody has asked yet what this bot may do.
	if _, err := h.bot.Identify(ctx); err != nil && !bot.Permanent(err) {
		return bot.MessageRef{}, false, err
	}
	if !h.bot.CanSearch() {
		return bot.MessageRef{}, false, nil
	}
	find := func() (bot.MessageRef, bool, error) {
		return h.bot.FindPosted(ctx, place.Channel, place.TS, metadataType, metadataKey, effectName(id, kind), since.Add(-searchLag))
	}
	ref, found, err := find()
	if young := showTime - time.Since(since); err == nil && !found && young > 0 {
		// It may have been posted this very moment, and not show yet.
		select {
		case <-ctx.Done():
			return bot.MessageRef{}, false, ctx.Err()
		case <-time.After(min(young, showTime)):
			ref, found, err = find()
		}
	}
	if err != nil && bot.Permanent(err) {
		h.log.WarnContext(ctx, "not allowed to look for a message posted before", "request", id, "effect", kind, "error", err)
		return bot.MessageRef{}, false, nil
	}
	return ref, found, err
}

// locks let one goroutine at a time do something for a request: change its card,
// so that "Working…" can never overtake the final state.
type locks struct {
	mu   sync.Mutex
	held map[cancellation.ID]*lock
}

type lock struct {
	sync.Mutex
	users int
}

func (c *locks) lock(id cancellation.ID) (unlock func()) {
	c.mu.Lock()
	if c.held == nil {
		c.held = map[cancellation.ID]*lock{}
	}
	l := c.held[id]
	if l == nil {
		l = &lock{}
		c.held[id] = l
	}
	l.users++
	c.mu.Unlock()
	l.Lock()
	return func() {
		l.Unlock()
		c.mu.Lock()
		defer c.mu.Unlock()
		if l.users--; l.users == 0 {
			delete(c.held, id)
		}
	}
}

// redraw shows the card as its request stands now, if it stands in one of the
// states given; none given is any. Whoever calls it last draws the latest state,
// in whatever order the calls began. Whoever draws beside a step names the
// states: the card of a superseded request belongs to another one.
func (h *Handlers) redraw(ctx context.Context, id cancellation.ID, in ...cancellation.State) (cancellation.Request, error) {
	defer h.cards.lock(id)()
	r, err := h.store.Request(ctx, id)
	if err != nil {
		return cancellation.Request{}, err
	}
	if len(in) > 0 && !slices.Contains(in, r.State) {
		return r.Request, nil
	}
	if r.Supersedes != "" {
		// The same card: what was begun for the earlier request must not end up on top.
		defer h.cards.lock(r.Supersedes)()
	}
	return r.Request, h.show(ctx, r.Request)
}

// show draws the card of r by the way it was posted.
func (h *Handlers) show(ctx context.Context, r cancellation.Request) error {
	m := h.marked(h.views.Card(r, time.Now()), r.ID, store.CardEffect)
	ref := refOf(r.Card)
	if !ref.IsZero() && r.Card.Way != cancellation.ByResponse {
		err := h.bot.Update(ctx, ref, m)
		if clicked := r.ConfirmedBy != "" || r.ClosedBy != "" || r.Supersedes != ""; !clicked || !errors.Is(err, bot.ErrCannotPost) {
			return err
		}
		// The bot was put out of the channel; the URL of the click still reaches the card.
	}
	if !r.Response.Usable(time.Now()) {
		return fmt.Errorf("card of request %s: %w", r.ID, bot.ErrGone)
	}
	// The URL of a click replaces the card that was clicked. That of the
	// command cannot: a card nobody has clicked is followed by its new state.
	return h.bot.Respond(ctx, bot.Secret(r.Response.URL), bot.Response{
		Message: m, InChannel: true, Replace: r.Card.TS != "", Thread: threadOf(r),
	})
}

// threadOf is where a card that is followed rather than replaced goes on.
func threadOf(r cancellation.Request) string {
	if r.Card.TS != "" {
		return ""
	}
	return r.Thread
}

// links remembers what a channel's permalinks look like. Slack is asked once a
// channel; after that a link is made of the part before the message's own
// number, if Slack's answer had the documented form.
type links struct {
	mu     sync.Mutex
	prefix map[bot.ChannelID]string
}

// permalink returns the address of a message, or "" if there is none to be had.
func (h *Handlers) permalink(ctx context.Context, ref bot.MessageRef) string {
	if ref.IsZero() {
		return ""
	}
	name := "/p" + strings.ReplaceAll(ref.TS, ".", "")
	h.links.mu.Lock()
	prefix, known := h.links.prefix[ref.Channel]
	h.links.mu.Unlock()
	if known {
		return prefix + name
	}
	link, err := h.bot.Permalink(ctx, ref)
	if err != nil {
		if !errors.Is(err, context.Canceled) {
			h.log.InfoContext(ctx, "no permalink", "channel", ref.Channel, "error", err)
		}
		return ""
	}
	if prefix, ok := strings.CutSuffix(link, name); ok {
		h.links.mu.Lock()
		if h.links.prefix == nil {
			h.links.prefix = map[bot.ChannelID]string{}
		}
		h.links.prefix[ref.Channel] = prefix
		h.links.mu.Unlock()
	}
	return link
}

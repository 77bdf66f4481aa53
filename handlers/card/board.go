package card

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"meetingbot/bot"
	"meetingbot/internal/background"
	"meetingbot/internal/cancellation"
	"meetingbot/internal/memo"
)

// Slack posts and changes messages.
type Slack interface {
	Post(ctx context.Context, at bot.MessageRef, m bot.Message) (bot.MessageRef, error)
	Update(ctx context.Context, ref bot.MessageRef, m bot.Message) error
	Respond(ctx context.Context, to bot.Secret, r bot.Response) error
	DM(ctx context.Context, user bot.UserID, m bot.Message) (bot.MessageRef, error)
	DirectChannel(ctx context.Context, user bot.UserID) (bot.ChannelID, error)
	Permalink(ctx context.Context, ref bot.MessageRef) (string, error)
	Identify(ctx context.Context) (bot.Identity, error)
	CanSearch() bool
	FindPosted(ctx context.Context, in bot.MessageRef, want bot.Metadata, since time.Time) (bot.MessageRef, bool, error)
}

// A Renderer renders the card of a request as it looks at a given time.
type Renderer interface {
	Card(r cancellation.Request, now time.Time) bot.Message
}

// A Board draws cards, and posts them with its Posts. Make it with [New].
type Board struct {
	*Posts
	latest     func(context.Context, cancellation.ID) (cancellation.Request, error)
	self       string
	background *background.Group // draws without a waiting caller

	mu        sync.Mutex
	draws     map[cancellation.ID]*draws
	lastSweep time.Time
}

// Options are what [New] needs; all are required.
type Options struct {
	Slack  Slack
	Views  Renderer
	Latest func(context.Context, cancellation.ID) (cancellation.Request, error) // reads the request whose state the card shows now: this one, or the one that took over its card
	Now    func() time.Time                                                     // the clock of stored times
	Log    *slog.Logger
}

// New returns a board for one run of a process.
func New(o Options) *Board {
	posts := &Posts{
		slack: o.Slack, views: o.Views, now: o.Now, log: o.Log, links: memo.New[string, string](linkMemory, 10_000),
		recent: memory{at: map[string]posted{}}, Answers: Answers{memory{at: map[string]posted{}}},
	}
	return &Board{
		Posts: posts, latest: o.Latest, self: string(cancellation.NewID()), background: background.New(), draws: map[cancellation.ID]*draws{},
	}
}

// Close stops background draws and waits for them.
func (b *Board) Close() {
	b.background.Close()
	b.links.Close()
}

// How long the parts of a draw take.
const (
	drawTime     = 8 * time.Second // for one background draw
	patience     = time.Second     // how long a draw waits for earlier ones
	lateDraw     = drawTime + time.Second
	linkMemory   = 15 * time.Minute
	countdownGap = 5 * time.Second // Slack accepts about one update a second per message
	countdownEnd = 2 * time.Second // stop this long before the window ends: the next state is about to be drawn
)

// Announce records in r that this process may start draws until the given time. Commit it
// together with the state to be drawn. An earlier announcement stays for as long as its draws
// may take effect.
func (b *Board) Announce(r *cancellation.Request, until time.Time) {
	mine := cancellation.Drawing{By: b.self, Until: until}
	if b.now().Before(r.Drawing.SettledAt(b.self)) {
		mine.By = cancellation.Several
	}
	if r.Drawing.Until.After(until) {
		mine.Until = r.Drawing.Until
	}
	r.Drawing = mine
}

// Drawing reports whether this process announced the draws of r, and so is alive to make them.
// If that process died, another has to.
func (b *Board) Drawing(r cancellation.Request) bool { return r.Drawing.By == b.self }

// Show draws the card of r in the background, unless a later state has been drawn. r must be
// committed together with what Announce recorded in it.
func (b *Board) Show(r cancellation.Request) {
	if r.Parent != "" {
		return // another request owns its card
	}
	d, n := b.register(r)
	if !b.inBackground(drawTime, func(ctx context.Context) { b.drawOnce(ctx, d, n, r) }) {
		d.done(n, nil)
	}
}

// CountDown redraws the card of r while its undo window runs out. It only draws; a separate
// job acts when the window ends. Another process may have handled an Undo and drawn that, so
// each further draw checks first that the stored state is still this one.
func (b *Board) CountDown(r cancellation.Request) {
	d, n := b.register(r)
	draws := b.inBackground(r.UndoUntil.Sub(b.now())+drawTime, func(ctx context.Context) {
		t := time.NewTicker(countdownGap)
		defer t.Stop()
		for {
			n = b.drawOnce(ctx, d, n, r)
			if d.usesResponseURL(r) {
				return // five answers are not enough for a countdown
			}
			select {
			case <-ctx.Done():
				return
			case <-t.C:
			}
			var ok bool
			if n, ok = d.next(n); !ok || r.UndoUntil.Sub(b.now()) < countdownEnd || !b.isStored(ctx, r) {
				d.done(n, nil)
				return
			}
		}
	})
	if !draws {
		d.done(n, nil)
	}
}

// inBackground starts f with a time limit, and reports whether it did: a closed board starts
// nothing.
func (b *Board) inBackground(limit time.Duration, f func(context.Context)) bool {
	return b.background.Go(context.Background(), limit, f) //nolint:forbidigo // outlives the caller
}

// drawOnce makes one draw, unless a later one has started, and returns its number.
func (b *Board) drawOnce(ctx context.Context, d *draws, n int, r cancellation.Request) int {
	d.wait(ctx, n, patience)
	if !d.isCurrent(n) {
		d.done(n, nil)
		return n
	}
	n, _, err := b.draw(ctx, d, n, r)
	if err != nil {
		b.log.InfoContext(ctx, "card not drawn", "request", r.ID, "state", r.State, "error", err)
	}
	return n
}

// draw draws r, and redraws it if an earlier draw was still open and may have replaced it. It
// returns the number of the last draw. Its landing says to draw again if an earlier one is
// still open.
func (b *Board) draw(ctx context.Context, d *draws, n int, r cancellation.Request) (last int, at Landing, err error) {
	for {
		open := d.openBefore(n)
		at, err = b.changeAll(ctx, d, r)
		d.done(n, err)
		announced := r.Drawing.By == b.self && b.now().Sub(r.Drawing.Until) <= lateDraw
		if mayShow := err == nil || unanswered(err); mayShow && !announced {
			b.redrawStored(r.ID, &r) // no other process waited for this draw, so the state may have moved on
		}
		if err != nil {
			return n, at, err
		}
		if len(open) > 0 && !d.wait(ctx, n, drawTime) {
			at.Again = patience
			return n, at, nil
		}
		enough := len(open) == 0 || d.usesResponseURL(r) && d.uncertainFor(r) > 0 // save answers: redraw once, when no earlier draw can take effect any more
		if enough {
			d.keepUnknown(r)
		}
		if d.uncertainFor(r) > 0 && !d.showsUnknown(r) && d.redrawing.CompareAndSwap(false, true) {
			b.redrawLater(d, r.ID)
		}
		if enough {
			return n, at, nil
		}
		var ok bool
		if n, ok = d.next(n); !ok {
			return n, at, nil // another draw has started, perhaps of this very state; open draws stay open
		}
	}
}

// A Landing says where a draw ended up, and whether it stays there.
type Landing struct {
	Again time.Duration // after which to draw again, because an earlier draw may replace this one; zero if none can
	// Only is the one person who is certain to see the draw; empty if everyone who sees the card
	// does. A response_url that can't replace a deleted card shows the draw to its owner alone,
	// and Slack doesn't say so.
	Only string
}

// Shows reports whether a person who sees the card is certain to see the draw.
func (l Landing) Shows(person string) bool { return l.Only == "" || l.Only == person }

// Draw draws the card of r and says where that landed. An error is the draw's own: it landed
// nowhere.
func (b *Board) Draw(ctx context.Context, r cancellation.Request) (Landing, error) {
	d, n := b.register(r)
	d.wait(ctx, n, patience)
	_, at, err := b.draw(ctx, d, n, r)
	if err != nil || at.Again > 0 || d.showsUnknown(r) {
		return at, err
	}
	at.Again = b.replaceableFor(d, r)
	return at, nil
}

// replaceableFor returns for how long an earlier draw, by this or another process, may replace the
// card of r; zero if none can.
func (b *Board) replaceableFor(d *draws, r cancellation.Request) time.Duration {
	left := d.uncertainFor(r)
	if at := r.Drawing.SettledAt(b.self); !at.IsZero() {
		left = max(left, d.othersFor(at, at.Sub(b.now())))
	}
	return left
}

// change replaces the card itself. If Slack refuses to edit the message, or won't do it soon,
// a click's response_url can still replace it, because it needs no token.
func (b *Board) change(ctx context.Context, d *draws, r cancellation.Request) (at Landing, err error) {
	m, err := b.marked(r), bot.ErrGone
	if ref := RefOf(r.Card); !ref.IsZero() && r.Card.Way != cancellation.ByResponse {
		err = b.slack.Update(ctx, ref, m)
		refused := bot.Permanent(err) || bot.NeedsOperator(err) || bot.IsLongWait(err)
		if !refused || !r.Response.OfClick || errors.Is(err, bot.ErrGone) && showsWorking(r, b.now()) {
			return at, err // in place of a deleted card this would post a message that can't be changed again
		}
	}
	response := bot.Response{Message: m, InChannel: true, Replace: r.Card.TS != ""}
	if !response.Replace && showsWorking(r, b.now()) || !r.Response.Usable(b.now()) {
		return at, err // "Working…" as a message of its own would stay
	}
	if !d.spendAnswer(r) {
		if bot.Permanent(err) {
			err = ErrReserved
		}
		return at, err
	}
	if !response.Replace {
		response.Thread = r.Thread // a new message follows the card instead of replacing it
	} else if errors.Is(err, bot.ErrGone) { // or nobody knows whether it is
		at.Only = r.Response.By
	}
	e := b.slack.Respond(ctx, bot.Secret(r.Response.URL), response)
	d.giveBack(r, e)
	if bot.Permanent(e) && !bot.Permanent(err) {
		return at, err // the message may become editable later, even if its url is used up
	}
	return at, e
}

// showsWorking reports whether the card of r only says that the bot is working, with nothing
// to press.
func showsWorking(r cancellation.Request, now time.Time) bool {
	return (r.State == cancellation.Confirmed || r.State == cancellation.Calling) && r.WaitUntil.IsZero() && !cancellation.CanUndo(r, now)
}

// PrepareLink fetches in the background the address of the card of r.
func (b *Board) PrepareLink(r cancellation.Request) {
	b.inBackground(drawTime, func(ctx context.Context) { b.Permalink(ctx, RefOf(r.Card)) })
}

// DrawElsewhere draws r on another message: a copy of its card that was clicked.
func (b *Board) DrawElsewhere(r cancellation.Request, at bot.MessageRef, url cancellation.ResponseURL) {
	for _, c := range r.Copies {
		if RefOf(c) == at {
			r = r.On(c)
		}
	}
	r.Card.Channel, r.Card.TS, r.Response, r.Copies = string(at.Channel), at.TS, url, nil
	b.inBackground(drawTime, func(ctx context.Context) {
		if _, err := b.change(ctx, nil, r); err != nil {
			b.log.InfoContext(ctx, "the card of a late click could not be repaired", "request", r.ID, "error", err)
		}
	})
}

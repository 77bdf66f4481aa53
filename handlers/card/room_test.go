package card

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"meetingbot/bot"
	"meetingbot/internal/cancellation"
)

// slackStub is a channel in which each change takes as long as the test says, and takes effect
// even if the caller has given up.
type slackStub struct {
	mu     sync.Mutex
	shown  map[string]string // text by ts
	drawn  []string          // applied changes, in order
	answer []reply           // replies to the next changes; then all succeed at once
	calls  int
	search bool // the history scopes are granted
	posted bot.MessageRef
	scopes error // from asking who the bot is
}

// reply is how Slack reacts to one change.
type reply struct {
	takes time.Duration // until it is applied, and answered
	froze time.Duration // first the whole process freezes, deadlines and all
	err   error         // refuses it
}

const clientTimeout = 3 * time.Second // what bot.Client gives a change

func (s *slackStub) next() reply {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.calls++
	if len(s.answer) == 0 {
		return reply{}
	}
	a := s.answer[0]
	s.answer = s.answer[1:]
	return a
}

func (s *slackStub) apply(ts, text string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.shown[ts] = text
	s.drawn = append(s.drawn, text)
}

// text returns what a message shows.
func (s *slackStub) text(ts string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.shown[ts]
}

// all returns the changes applied so far, in order.
func (s *slackStub) all() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.drawn)
}

// change is a chat.update as the client makes it: given up after a timeout, but applied all
// the same.
func (s *slackStub) change(ctx context.Context, ts, text string) error {
	a := s.next()
	if a.err != nil {
		return a.err
	}
	time.Sleep(a.froze) // in the bubble's time
	if a.takes == 0 {
		s.apply(ts, text)
		return nil
	}
	done := make(chan struct{})
	go func() {
		time.Sleep(a.takes)
		s.apply(ts, text)
		close(done)
	}()
	ctx, cancel := context.WithTimeout(ctx, clientTimeout)
	defer cancel()
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("%w: %w", bot.ErrUnavailable, ctx.Err())
	}
}

func (s *slackStub) Update(ctx context.Context, ref bot.MessageRef, m bot.Message) error {
	return s.change(ctx, ref.TS, m.Text)
}

func (s *slackStub) Respond(ctx context.Context, _ bot.Secret, r bot.Response) error {
	return s.change(ctx, map[bool]string{true: "replaced", false: "followed"}[r.Replace], r.Text)
}

func (s *slackStub) Post(ctx context.Context, parent bot.MessageRef, m bot.Message) (bot.MessageRef, error) {
	return bot.MessageRef{Channel: parent.Channel, TS: "posted"}, s.change(ctx, "posted", m.Text)
}

func (s *slackStub) DM(ctx context.Context, _ bot.UserID, m bot.Message) (bot.MessageRef, error) {
	return bot.MessageRef{Channel: "D0", TS: "direct"}, s.change(ctx, "direct", m.Text)
}

func (s *slackStub) DirectChannel(_ context.Context, to bot.UserID) (bot.ChannelID, error) {
	return bot.ChannelID("D" + to), nil
}

func (s *slackStub) Permalink(_ context.Context, ref bot.MessageRef) (string, error) {
	return "https://example.com/" + ref.TS, s.scopes
}

func (s *slackStub) Identify(context.Context) (bot.Identity, error) { return bot.Identity{}, s.scopes }
func (s *slackStub) CanSearch() bool                                { return s.search }

// FindPosted answers when Slack's limits allow, or refuses at once if its caller can't wait for that long.
func (s *slackStub) FindPosted(ctx context.Context, in bot.MessageRef, _ bot.Metadata, _ time.Time) (bot.MessageRef, bool, error) {
	a := s.next()
	if deadline, ok := ctx.Deadline(); ok && time.Until(deadline) <= a.takes {
		return bot.MessageRef{}, false, bot.ErrThrottled
	}
	time.Sleep(a.takes)
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.posted, !s.posted.IsZero() && s.posted.Channel == in.Channel, nil
}

// words renders a request as its state.
type words struct{}

func (words) Card(r cancellation.Request, now time.Time) bot.Message {
	text := string(r.State)
	if r.State == cancellation.Confirmed && !r.UndoUntil.IsZero() {
		text = fmt.Sprintf("undo within %v", r.UndoUntil.Sub(now).Round(time.Second))
	}
	return bot.Message{Text: text}
}

// A room is a board inside a synctest bubble.
type room struct {
	*Board
	slack  *slackStub
	stored cancellation.Request
	mu     sync.Mutex
	reads  []error // from the next reads of stored; then all succeed
	read   int
}

func inRoom(t *testing.T, f func(t *testing.T, b *room)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		b := &room{slack: &slackStub{shown: map[string]string{}}}
		b.Board = New(Options{
			Slack: b.slack, Views: words{}, Now: time.Now, Log: slog.New(slog.DiscardHandler),
			Latest: func(context.Context, cancellation.ID) (r cancellation.Request, err error) {
				b.mu.Lock()
				defer b.mu.Unlock()
				b.read++
				if len(b.reads) > 0 {
					err, b.reads = b.reads[0], b.reads[1:]
					return r, err
				}
				return b.stored, nil
			},
		})
		f(t, b)
		b.Close()
		synctest.Wait()
	})
}

// request returns a request in a state, with a card in a channel.
func (b *room) request(s cancellation.State) cancellation.Request {
	r := cancellation.Request{
		ID: "r1", State: s, Asker: "U0ANA", Channel: "C0",
		Card: cancellation.Card{Channel: "C0", TS: "card", Way: cancellation.ByMessage},
	}
	b.Announce(&r, time.Now())
	return r
}

// store makes r the stored request, also while something may be reading it.
func (b *room) store(r cancellation.Request) cancellation.Request {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.stored = r
	return r
}

// announced returns the announcement of this process after another's.
func (b *room) announced(other cancellation.Drawing) cancellation.Drawing {
	r := cancellation.Request{Drawing: other}
	b.Announce(&r, time.Now())
	return r.Drawing
}

// settled draws, as the report step does, until the state is certain to stay, and returns how
// long that took.
func (b *room) settled(t *testing.T, r cancellation.Request) time.Duration {
	t.Helper()
	began := time.Now()
	for range 20 {
		at, err := b.Draw(t.Context(), r)
		switch {
		case err != nil:
			time.Sleep(time.Second)
		case at.Again == 0:
			return time.Since(began)
		default:
			time.Sleep(at.Again)
		}
	}
	t.Fatal("the board never reported the state as settled")
	return 0
}

package bot_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"meetingbot/bot"
	"meetingbot/bot/internal/fake"
)

// TestPostedInTime: what people would read twice is not begun when there is hardly any time left to learn what became of it.
// A replacement, which looks the same when it is made again, is.
func TestPostedInTime(t *testing.T) {
	t.Parallel()
	x := bot.Message{Text: "x"}
	for name, row := range map[string]struct {
		call func(context.Context, *bot.Client, string) error
		made string
		goes bool // with a second left
	}{
		"a message": {func(ctx context.Context, c *bot.Client, _ string) error {
			_, err := c.Post(ctx, bot.MessageRef{Channel: "C1"}, x)
			return err
		}, "chat.postMessage", false},
		"an answer": {func(ctx context.Context, c *bot.Client, url string) error {
			return c.Respond(ctx, bot.Secret(url), bot.Response{Message: x})
		}, "hook", false},
		"a replacement": {func(ctx context.Context, c *bot.Client, url string) error {
			return c.Respond(ctx, bot.Secret(url), bot.Response{Message: x, Replace: true})
		}, "hook", true},
		"an edit": {func(ctx context.Context, c *bot.Client, _ string) error {
			return c.Update(ctx, bot.MessageRef{Channel: "C1", TS: "1.2"}, x)
		}, "chat.update", true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, left := range []time.Duration{time.Second, time.Minute} {
				f := newFake(t)
				f.Answer(row.made, fake.Reply(`{"ok":true,"channel":"C1","ts":"1.2"}`))
				ctx, cancel := context.WithTimeout(t.Context(), left)
				defer cancel()
				err := row.call(ctx, bot.NewClient(f.config()), f.URL+"/hook/x")
				goes := row.goes || left == time.Minute
				if made := len(f.Made(row.made)) == 1; made != goes || (err == nil) != goes {
					t.Errorf("with %v left: sent %t, %v, want sent %t", left, made, err, goes)
				}
				if !goes && (!errors.Is(err, bot.ErrNotSent) || !bot.Temporary(err)) {
					t.Errorf("with %v left: %v, want it not sent, and worth trying again", left, err)
				}
			}
		})
	}
}

// TestPostWaitsInTime: a wait that leaves no time for the message itself is not begun.
func TestPostWaitsInTime(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.Answer("chat.postMessage", fake.Status(429, "Retry-After", "8"))
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	c := bot.NewClient(f.config())
	for range 2 {
		begin := time.Now()
		_, err := c.Post(ctx, bot.MessageRef{Channel: "C1"}, bot.Message{Text: "x"})
		if !errors.Is(err, bot.ErrThrottled) || time.Since(begin) > time.Second {
			t.Errorf("Post() = %v after %v, want at once that it would have to wait", err, time.Since(begin))
		}
	}
	if n := len(f.Made("chat.postMessage")); n != 1 {
		t.Errorf("requests = %d, want 1", n)
	}
}

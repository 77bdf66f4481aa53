package bot_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"meetingbot/bot"
	"meetingbot/bot/internal/fake"
)

// TestNoLatePost: a message that people could see twice is not sent if too little time is left to get the answer, be it the
// call's time or the process's. What only one person sees needs less, and a replacement, which looks the same when repeated,
// none.
func TestNoLatePost(t *testing.T) {
	t.Parallel()
	x := bot.Message{Text: "x"}
	for name, row := range map[string]struct {
		call  func(context.Context, *bot.Client, string) error
		made  string
		needs time.Duration
	}{
		"a message": {func(ctx context.Context, c *bot.Client, _ string) error {
			_, err := c.Post(ctx, bot.MessageRef{Channel: "C1"}, x)
			return err
		}, "chat.postMessage", 3500 * time.Millisecond},
		"a message to one person": {func(ctx context.Context, c *bot.Client, _ string) error {
			return c.Ephemeral(ctx, "C1", "U1", "", x)
		}, "chat.postEphemeral", 1500 * time.Millisecond},
		"an answer": {func(ctx context.Context, c *bot.Client, url string) error {
			return c.Respond(ctx, bot.Secret(url), bot.Response{Message: x})
		}, "hook", 1500 * time.Millisecond},
		"an answer for all": {func(ctx context.Context, c *bot.Client, url string) error {
			return c.Respond(ctx, bot.Secret(url), bot.Response{Message: x, InChannel: true})
		}, "hook", 3500 * time.Millisecond},
		"a replacement": {func(ctx context.Context, c *bot.Client, url string) error {
			return c.Respond(ctx, bot.Secret(url), bot.Response{Message: x, Replace: true})
		}, "hook", 0},
		"an edit": {func(ctx context.Context, c *bot.Client, _ string) error {
			return c.Update(ctx, bot.MessageRef{Channel: "C1", TS: "1.2"}, x)
		}, "chat.update", 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, left := range []time.Duration{time.Second, 2500 * time.Millisecond, time.Minute} {
				for _, whose := range []string{"call", "process"} {
					f := newFake(t)
					f.Answer(row.made, fake.Reply(`{"ok":true,"channel":"C1","ts":"1.2","message_ts":"1.2"}`))
					cfg, ctx := f.config(), t.Context()
					bound := func(ctx context.Context) (context.Context, context.CancelFunc) { return context.WithTimeout(ctx, left) }
					if whose == "process" {
						cfg.StopBy = bound
					} else {
						var cancel context.CancelFunc
						ctx, cancel = bound(ctx)
						defer cancel()
					}
					err := row.call(ctx, bot.NewClient(cfg), f.URL+"/hook/x")
					goes := left > row.needs
					if made := len(f.Made(row.made)) == 1; made != goes || (err == nil) != goes {
						t.Errorf("%v left for the %s: sent %t, %v, want sent %t", left, whose, made, err, goes)
					}
					if !goes && (!errors.Is(err, bot.ErrNotSent) || !bot.Temporary(err)) {
						t.Errorf("%v left for the %s: %v, want a temporary ErrNotSent", left, whose, err)
					}
				}
			}
		})
	}
}

// TestPostFailsFastWhenThrottled: Post doesn't start a wait that would leave no time for the message itself.
func TestPostFailsFastWhenThrottled(t *testing.T) {
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
			t.Errorf("Post() = %v after %v, want ErrThrottled at once", err, time.Since(begin))
		}
	}
	if n := len(f.Made("chat.postMessage")); n != 1 {
		t.Errorf("requests = %d, want 1", n)
	}
}

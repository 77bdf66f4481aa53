package socket_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"go.uber.org/goleak"

	"meetingbot/bot"
	"meetingbot/bot/internal/fake"
	"meetingbot/bot/socket"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestCommandIsStoredThenAcked(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	var got bot.Command
	ackedBefore := -1
	b := socket.New(f.client(), f.config())
	b.HandleCommands(func(_ context.Context, c bot.Command) error {
		got, ackedBefore = c, f.ackedNow("e1")
		return nil
	})
	run(t, b)
	f.socket(1).command("e1", "914087436 --end")
	f.await("ack of e1", func() bool { return f.acked("e1") == 1 })

	if ackedBefore != 0 {
		t.Errorf("acks of e1 while the handler ran = %d, want 0", ackedBefore)
	}
	want := bot.Command{
		Origin: bot.Origin{
			EnvelopeID: "e1", User: "U1", Team: "T1", Channel: "C1",
			ResponseURL: bot.Secret(f.URL + "/hook/e1"), TriggerID: "1.2.3",
		},
		Name: "/cancel-meeting", Text: "914087436 --end",
	}
	if diff := cmp.Diff(want, got, cmpopts.IgnoreFields(bot.Origin{}, "Received")); diff != "" {
		t.Errorf("command mismatch (-want +got):\n%s", diff)
	}
	if got.Received.IsZero() {
		t.Error("Command.Received is zero")
	}
}

// TestDuplicatesAreAcked delivers the same envelope over two sockets. Every delivery reaches the handler, and the ones it
// reports as duplicates are acked too.
func TestDuplicatesAreAcked(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	cfg := f.config()
	cfg.Connections = 2
	var results []string // guarded by the fake
	cfg.Observer.Envelope = func(_, result string, _ time.Duration) {
		f.update(func() { results = append(results, result) })
	}
	b := socket.New(f.client(), cfg)
	var stored sync.Map
	b.HandleCommands(func(_ context.Context, c bot.Command) error {
		if _, known := stored.LoadOrStore(c.DedupKey(), true); known {
			return fmt.Errorf("envelope: %w", bot.ErrDuplicate)
		}
		return nil
	})
	run(t, b)
	one, two := f.socket(1), f.socket(2)
	one.command("e1", "x")
	two.command("e1", "x")
	one.command("e2", "x") // a new envelope with the same trigger
	f.await("three acks", func() bool { return f.acked("e1") == 2 && f.acked("e2") == 1 && len(results) == 3 })
	slices.Sort(results)
	if diff := cmp.Diff([]string{"duplicate", "duplicate", "stored"}, results); diff != "" {
		t.Errorf("results (-want +got):\n%s", diff)
	}
}

func TestFailedHandlerIsNotAcked(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		handler func(context.Context, bot.Command) error
		told    string // the error in the answer
	}{
		"Error": {func(context.Context, bot.Command) error { return errors.New("disk full") }, "disk full"},
		"Panic": {func(context.Context, bot.Command) error { panic("no") }, "panic: no"},
		"SlowButObedient": {func(ctx context.Context, _ bot.Command) error {
			<-ctx.Done()
			return fmt.Errorf("not begun: %w", ctx.Err())
		}, "not begun: context deadline exceeded"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inBubble(t, func(t *testing.T, f *fakeSlack) {
				cfg := f.config()
				cfg.HandOverTimeout = 50 * time.Millisecond
				var results []string // guarded by the fake
				cfg.Observer.Envelope = func(_, result string, _ time.Duration) {
					f.update(func() { results = append(results, result) })
				}
				cfg.NotStored = func(o bot.Origin, err error) bot.Message {
					return bot.Message{Text: "not stored for " + string(o.User) + ": " + err.Error()}
				}
				b := socket.New(f.client(), cfg)
				var again atomic.Bool
				b.HandleCommands(func(ctx context.Context, c bot.Command) error {
					if again.Load() {
						return nil
					}
					return tt.handler(ctx, c)
				})
				run(t, b)
				s := f.socket(1)
				s.command("e1", "x")
				f.await("the person is told", func() bool { return len(f.Made("hook")) == 1 })
				want := `{"response_type":"ephemeral","replace_original":false,"text":"not stored for U1: ` + tt.told + `"}`
				if got := f.Made("hook")[0].Body; got != want {
					t.Errorf("told %s, want %s", got, want)
				}
				// The connection survives, and a redelivery is handled again.
				again.Store(true)
				s.command("e1", "x")
				f.await("ack of the redelivery", func() bool { return f.acked("e1") == 1 })
				f.await("both results", func() bool { return len(results) == 2 })
				if diff := cmp.Diff([]string{"failed", "stored"}, results); diff != "" {
					t.Errorf("results (-want +got):\n%s", diff)
				}
			})
		})
	}
}

// TestToldOnce: a person isn't told the same thing again when Slack redelivers an envelope, because a response_url takes
// only five answers.
func TestToldOnce(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	cfg := f.config()
	cfg.NotStored = func(_ bot.Origin, err error) bot.Message { return bot.Message{Text: err.Error()} }
	var failed atomic.Int32
	cfg.Observer.Envelope = func(_, result string, _ time.Duration) {
		if result == "failed" {
			failed.Add(1)
		}
	}
	b := socket.New(f.client(), cfg)
	var calls atomic.Int32
	b.HandleCommands(func(context.Context, bot.Command) error {
		if calls.Add(1) == 3 {
			return errors.New("locked")
		}
		return errors.New("disk full")
	})
	run(t, b)
	s := f.socket(1)
	for i, want := range []int{1, 1, 2, 2} {
		s.command("e1", "x")
		f.await("the failure", func() bool { return int(failed.Load()) == i+1 })
		f.await("what the person is told", func() bool { return len(f.Made("hook")) >= want })
	}
	s.command("e2", "x")
	f.await("another envelope's answer", func() bool { return len(f.Made("hook")) == 3 })
}

func TestHandlerThatIgnoresItsDeadline(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, f *fakeSlack) {
		cfg := f.config()
		cfg.HandOverTimeout = 30 * time.Millisecond
		cfg.NotStored = func(_ bot.Origin, err error) bot.Message {
			if !errors.Is(err, socket.ErrOverdue) {
				t.Errorf("NotStored(%v), want ErrOverdue: the handler may still succeed", err)
			}
			return bot.Message{Text: "not certain"}
		}
		b := socket.New(f.client(), cfg)
		release := make(chan struct{})
		b.HandleCommands(func(context.Context, bot.Command) error {
			<-release
			return nil
		})
		run(t, b)
		f.socket(1).command("e1", "x")
		f.await("the person is told while the handler hangs", func() bool { return len(f.Made("hook")) == 1 })
		if n := f.ackedNow("e1"); n != 0 {
			t.Errorf("acks of e1 = %d, want 0", n)
		}
		close(release)
		f.await("a late success is acked", func() bool { return f.acked("e1") == 1 })
		if n := len(f.Made("hook")); n != 1 {
			t.Errorf("the person was told %d times, want once", n)
		}
	})
}

func TestTellFallsBackToEphemeral(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.Answer("hook", fake.Status(404))
	f.Answer("chat.postEphemeral", fake.Reply(`{"ok":true,"message_ts":"1.1"}`))
	b := socket.New(f.client(), f.config())
	b.HandleCommands(func(context.Context, bot.Command) error { return errors.New("no") })
	run(t, b)
	f.socket(1).command("e1", "x")
	f.await("ephemeral", func() bool { return len(f.Made("chat.postEphemeral")) == 1 })
	form := f.Made("chat.postEphemeral")[0].Form
	if form.Get("channel") != "C1" || form.Get("user") != "U1" || !strings.Contains(form.Get("text"), "try again") {
		t.Errorf("chat.postEphemeral form = %v, want channel C1, user U1, a text that says try again", form)
	}
}

// TestTellWhileResponseURLHangs: a response_url that doesn't answer leaves time for the conversation. There, a click on the
// message that began a thread is answered next to that message, not in the thread.
func TestTellWhileResponseURLHangs(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct{ clicked, thread string }{
		"command":       {},
		"thread's root": {clicked: "1.1"},
		"reply":         {clicked: "1.2", thread: "1.1"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inBubble(t, func(t *testing.T, f *fakeSlack) {
				f.Answer("hook", func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
				f.Answer("chat.postEphemeral", fake.Reply(`{"ok":true,"message_ts":"1.3"}`))
				b := socket.New(f.client(), f.config())
				b.HandleCommands(func(context.Context, bot.Command) error { return errors.New("no") })
				b.HandleClick("cancel", func(context.Context, bot.Click) error { return errors.New("no") })
				run(t, b)
				if tt.clicked == "" {
					f.socket(1).command("e1", "x")
				} else {
					f.socket(1).say(`{"type":"interactive","envelope_id":"e1","payload":{"type":"block_actions","user":{"id":"U1"},"channel":{"id":"C1"},`+
						`"container":{"message_ts":%q,"thread_ts":"1.1"},"response_url":"%s/hook/e1","actions":[{"type":"button","action_id":"cancel"}]}}`,
						tt.clicked, f.URL)
				}
				f.await("the person is told", func() bool { return len(f.Made("chat.postEphemeral")) == 1 })
				if form := f.Made("chat.postEphemeral")[0].Form; form.Get("thread_ts") != tt.thread {
					t.Errorf("chat.postEphemeral got %v, want thread_ts %q", form, tt.thread)
				}
			})
		})
	}
}

func TestInvalidRegistrationPanics(t *testing.T) {
	t.Parallel()
	for name, register := range map[string]func(*socket.Bot){
		"shortcut twice": func(b *socket.Bot) {
			b.HandleShortcut("a", func(context.Context, bot.Shortcut) error { return nil })
			b.HandleShortcut("a", func(context.Context, bot.Shortcut) error { return nil })
		},
		"click without name":  func(b *socket.Bot) { b.HandleClick("", func(context.Context, bot.Click) error { return nil }) },
		"shortcut without fn": func(b *socket.Bot) { b.HandleShortcut("x", nil) },
		"home without fn":     func(b *socket.Bot) { b.HandleHome(nil) },
		"commands twice": func(b *socket.Bot) {
			b.HandleCommands(func(context.Context, bot.Command) error { return nil })
			b.HandleCommands(func(context.Context, bot.Command) error { return nil })
		},
		"submission without fn": func(b *socket.Bot) {
			b.HandleSubmission("x", nil)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			defer func() {
				if recover() == nil {
					t.Errorf("%s: no panic, want one", name)
				}
			}()
			register(socket.New(bot.NewClient(bot.Config{}), socket.Config{}))
		})
	}
}

func TestTellingDoesNotBlockRedelivery(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.Answer("hook", func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	b := socket.New(f.client(), f.config())
	var calls atomic.Int32
	b.HandleCommands(func(context.Context, bot.Command) error {
		if calls.Add(1) == 1 {
			return errors.New("no")
		}
		return nil
	})
	run(t, b)
	s := f.socket(1)
	s.command("e1", "x")
	f.await("telling has begun", func() bool { return len(f.Made("hook")) == 1 })
	s.command("e1", "x")
	f.awaitWithin(2*time.Second, "ack of the redelivery", func() bool { return f.acked("e1") == 1 })
	f.CloseClientConnections() // ends the hanging answer
}

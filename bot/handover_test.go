package bot_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"go.uber.org/goleak"

	"meetingbot/bot"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestCommandIsHandedOverThenAcked(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	var got bot.Command
	ackedBefore := -1
	b := bot.New(f.config())
	b.HandleCommand("/cancel-meeting", func(_ context.Context, c bot.Command) error {
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

func TestDuplicatesAreAckedAndNotHandedOver(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	cfg := f.config()
	cfg.Connections = 2
	var duplicates, calls atomic.Int32
	cfg.Observer.Duplicate = func() { duplicates.Add(1) }
	release := make(chan struct{})
	b := bot.New(cfg)
	b.HandleCommand("/cancel-meeting", func(context.Context, bot.Command) error {
		calls.Add(1)
		<-release
		return nil
	})
	run(t, b)
	one, two := f.socket(1), f.socket(2)
	one.command("e1", "x")
	two.command("e1", "x") // while the first is being handled: it must wait for the outcome
	one.command("e1", "x")
	if n := f.ackedNow("e1"); n != 0 {
		t.Errorf("acks of e1 before it was handed over = %d, want 0", n)
	}
	close(release)
	f.await("three acks of e1", func() bool { return f.acked("e1") == 3 })
	two.command("e1", "x") // long after
	f.await("four acks of e1", func() bool { return f.acked("e1") == 4 })
	if calls.Load() != 1 || duplicates.Load() != 3 {
		t.Errorf("handler calls, duplicates = %d, %d, want 1, 3", calls.Load(), duplicates.Load())
	}
}

func TestNotStoredIsNotAckedAndThePersonIsTold(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		handler func(context.Context, bot.Command) error
		told    string // of the error
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
			f := newFake(t)
			cfg := f.config()
			cfg.HandOverTimeout = 50 * time.Millisecond
			var results []string // guarded by the fake
			cfg.Observer.Envelope = func(_, result string, _ time.Duration) {
				f.update(func() { results = append(results, result) })
			}
			cfg.NotStored = func(o bot.Origin, err error) bot.Message {
				return bot.Message{Text: "not stored for " + string(o.User) + ": " + err.Error()}
			}
			b := bot.New(cfg)
			var again atomic.Bool
			b.HandleCommand("/cancel-meeting", func(ctx context.Context, c bot.Command) error {
				if again.Load() {
					return nil
				}
				return tt.handler(ctx, c)
			})
			run(t, b)
			s := f.socket(1)
			s.command("e1", "x")
			f.await("the person is told", func() bool { return len(f.madeLocked("hook")) == 1 })
			want := `{"response_type":"ephemeral","replace_original":false,"text":"not stored for U1: ` + tt.told + `"}`
			if got := f.made("hook")[0].Body; got != want {
				t.Errorf("told %s, want %s", got, want)
			}
			// The connection has survived, and a redelivery gets another chance.
			again.Store(true)
			s.command("e1", "x")
			f.await("ack of the redelivery", func() bool { return f.acked("e1") == 1 })
			f.await("both results", func() bool { return len(results) == 2 })
			if diff := cmp.Diff([]string{"failed", "stored"}, results); diff != "" {
				t.Errorf("results (-want +got):\n%s", diff)
			}
		})
	}
}

func TestHandlerThatIgnoresItsDeadline(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	cfg := f.config()
	cfg.HandOverTimeout = 30 * time.Millisecond
	cfg.NotStored = func(_ bot.Origin, err error) bot.Message {
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("NotStored(%v), want a time-out: the handler may yet succeed", err)
		}
		return bot.Message{Text: "not certain"}
	}
	b := bot.New(cfg)
	release := make(chan struct{})
	b.HandleCommand("/cancel-meeting", func(context.Context, bot.Command) error {
		<-release
		return nil
	})
	run(t, b)
	f.socket(1).command("e1", "x")
	f.await("the person is told while the handler hangs", func() bool { return len(f.madeLocked("hook")) == 1 })
	if n := f.ackedNow("e1"); n != 0 {
		t.Errorf("acks of e1 = %d, want 0", n)
	}
	close(release)
	f.await("a late success is acked", func() bool { return f.acked("e1") == 1 })
	if n := len(f.made("hook")); n != 1 {
		t.Errorf("the person was told %d times, want once", n)
	}
}

func TestWithoutResponseURLThePersonIsToldInTheConversation(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.answer("hook", status(404))
	f.answer("chat.postEphemeral", reply(`{"ok":true,"message_ts":"1.1"}`))
	b := bot.New(f.config())
	b.HandleCommand("/cancel-meeting", func(context.Context, bot.Command) error { return errors.New("no") })
	run(t, b)
	f.socket(1).command("e1", "x")
	f.await("ephemeral", func() bool { return len(f.madeLocked("chat.postEphemeral")) == 1 })
	form := f.made("chat.postEphemeral")[0].Form
	if form.Get("channel") != "C1" || form.Get("user") != "U1" || !strings.Contains(form.Get("text"), "try again") {
		t.Errorf("chat.postEphemeral form = %v, want channel C1, user U1, a text that says try again", form)
	}
}

func TestBusy(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	cfg := f.config()
	cfg.InFlight = 2
	cfg.NotStored = func(_ bot.Origin, err error) bot.Message {
		if errors.Is(err, bot.ErrBusy) {
			return bot.Message{Text: "busy"}
		}
		return bot.Message{Text: "?"}
	}
	b := bot.New(cfg)
	release, started := make(chan struct{}), make(chan struct{}, 9)
	b.HandleCommand("/cancel-meeting", func(context.Context, bot.Command) error {
		started <- struct{}{}
		<-release
		return nil
	})
	run(t, b)
	s := f.socket(1)
	s.command("e1", "x")
	s.command("e2", "x")
	<-started
	<-started
	s.command("e3", "x")
	f.await("e3 is told", func() bool { return len(f.madeLocked("hook")) == 1 })
	if c := f.made("hook")[0]; c.Path != "/hook/e3" || !strings.Contains(c.Body, `"text":"busy"`) {
		t.Errorf("told %s %s, want /hook/e3 busy", c.Path, c.Body)
	}
	close(release)
	f.await("acks of e1 and e2", func() bool { return f.acked("e1") == 1 && f.acked("e2") == 1 })
	s.command("e3", "x")
	f.await("e3 is taken when there is room", func() bool { return f.acked("e3") == 1 })
}

func TestWhatNobodyHandles(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	b := bot.New(f.config())
	run(t, b)
	s := f.socket(1)
	click := `{"type":"interactive","envelope_id":%q,"payload":{"type":"block_actions","user":{"id":"U1"},"channel":{"id":"C1"},` +
		`"container":{"message_ts":"1.2"},"response_url":"` + f.URL + `/hook/%s","actions":[%s]}}`
	s.say(click, "button", "button", `{"type":"button","action_id":"gone","value":"v"}`)
	s.say(click, "link", "link", `{"type":"button","action_id":"open","url":"https://example.com"}`)
	s.say(click, "menu", "menu", `{"type":"static_select","action_id":"which","selected_option":{"value":"v"}}`)
	s.say(`{"type":"events_api","envelope_id":"event","payload":{"event":{"type":"app_home_opened"}}}`)
	s.say(`{"type":"interactive","envelope_id":"closed","payload":{"type":"view_closed","user":{"id":"U1"}}}`)
	s.say(`{"type":"never_heard_of","envelope_id":"new","payload":[1,2]}`)
	s.say(`{"type":"slash_commands","envelope_id":"broken","payload":{"command":`)
	s.say(`{"payload":{"text":"\"envelope_id\":\"inner\""`)
	s.say(`no json at all`)
	s.say(`{"type":"slash_commands","payload":{"command":"/cancel-meeting"}}`)
	s.command("last", "x")
	for _, id := range []string{"button", "link", "menu", "event", "closed", "new", "broken", "last"} {
		f.await("ack of "+id, func() bool { return f.acked(id) == 1 })
	}
	f.await("two people told", func() bool { return len(f.madeLocked("hook")) == 2 })
	paths := []string{f.made("hook")[0].Path, f.made("hook")[1].Path}
	less := func(a, b string) bool { return a < b }
	if diff := cmp.Diff([]string{"/hook/button", "/hook/last"}, paths, cmpopts.SortSlices(less)); diff != "" {
		t.Errorf("told through (-want +got):\n%s", diff)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if n := len(f.sockets); n != 1 {
		t.Errorf("connections = %d, want the first one to have survived", n)
	}
}

func TestRegisteringTwiceOrNothingPanics(t *testing.T) {
	t.Parallel()
	for name, register := range map[string]func(*bot.Bot){
		"command twice": func(b *bot.Bot) {
			b.HandleCommand("/a", func(context.Context, bot.Command) error { return nil })
			b.HandleCommand("/a", func(context.Context, bot.Command) error { return nil })
		},
		"click without name":  func(b *bot.Bot) { b.HandleClick("", func(context.Context, bot.Click) error { return nil }) },
		"shortcut without fn": func(b *bot.Bot) { b.HandleShortcut("x", nil) },
		"submission without fn": func(b *bot.Bot) {
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
			register(bot.New(bot.Config{}))
		})
	}
}

func TestRedeliveryNeedNotWaitUntilThePersonIsTold(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.answer("hook", func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	b := bot.New(f.config())
	var calls atomic.Int32
	b.HandleCommand("/cancel-meeting", func(context.Context, bot.Command) error {
		if calls.Add(1) == 1 {
			return errors.New("no")
		}
		return nil
	})
	run(t, b)
	s := f.socket(1)
	s.command("e1", "x")
	f.await("telling has begun", func() bool { return len(f.madeLocked("hook")) == 1 })
	s.command("e1", "x")
	f.awaitWithin(2*time.Second, "ack of the redelivery", func() bool { return f.acked("e1") == 1 })
	f.CloseClientConnections() // so that telling ends
}

package socket_test

import (
	"context"
	"errors"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"meetingbot/bot"
	"meetingbot/bot/internal/fake"
	"meetingbot/bot/socket"
)

func TestHomeIsStoredThenAcked(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	got := make(chan bot.HomeOpened, 2)
	var handed atomic.Int32
	b := socket.New(f.client(), f.config())
	b.HandleHome(func(_ context.Context, h bot.HomeOpened) error {
		got <- h
		if handed.Add(1) == 1 {
			return errors.New("disk full")
		}
		return nil
	})
	run(t, b)
	s := f.socket(1)
	event := `{"type":"events_api","envelope_id":%q,"payload":{"team_id":"T1","event_id":"Ev1","event":{"type":"app_home_opened","user":"U1","channel":"D1","tab":"home"}}}`
	s.say(event, "e1")
	<-got
	s.say(event, "e2") // as Slack redelivers without an ack
	want := bot.HomeOpened{Origin: bot.Origin{EnvelopeID: "e2", EventID: "Ev1", User: "U1", Team: "T1", Channel: "D1"}, Tab: "home"}
	if diff := cmp.Diff(want, <-got, cmpopts.IgnoreFields(bot.Origin{}, "Received")); diff != "" {
		t.Errorf("event (-want +got):\n%s", diff)
	}
	f.await("ack of e2", func() bool { return f.acked("e2") == 1 })
	if f.ackedNow("e1") != 0 {
		t.Error("e1 was acked but not stored")
	}
	for _, c := range f.Calls() {
		if strings.HasPrefix(c.Method, "chat.") {
			t.Errorf("%s %s: opening a Home needs no answer", c.Method, c.Body)
		}
	}
}

// TestRenamedCommand: an administrator may have renamed the command.
func TestRenamedCommand(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	b := socket.New(f.client(), f.config())
	got := make(chan string, 2)
	b.HandleCommands(func(_ context.Context, c bot.Command) error { got <- c.Name; return nil })
	run(t, b)
	s := f.socket(1)
	for _, name := range []string{"/cancel-meeting", "/absagen"} {
		s.say(`{"type":"slash_commands","envelope_id":%q,"payload":{"command":%q,"text":"914087436","user_id":"U1"}}`, name, name)
		if g := <-got; g != name {
			t.Errorf("the handler gets %q, want %q", g, name)
		}
		f.await("ack", func() bool { return f.acked(name) == 1 })
	}
}

// TestNobodysEventIsOnlyAcked: an event that doesn't say who caused it is acked and counted, and does nothing.
func TestNobodysEventIsOnlyAcked(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	cfg := f.config()
	results := make(chan string, 4)
	cfg.Observer.Envelope = func(kind, result string, _ time.Duration) { results <- kind + " " + result }
	b := socket.New(f.client(), cfg)
	handled := func(what string) error { t.Errorf("%s was handled", what); return nil }
	b.HandleCommands(func(context.Context, bot.Command) error { return handled("the command") })
	b.HandleClick("cancel", func(context.Context, bot.Click) error { return handled("the click") })
	b.HandleSubmission("ask", func(context.Context, bot.Submission) error { return handled("the submission") })
	b.HandleHome(func(context.Context, bot.HomeOpened) error { return handled("the Home") })
	run(t, b)
	s := f.socket(1)
	for kind, frame := range map[string]string{
		"command":    `{"type":"slash_commands","envelope_id":%q,"payload":{"command":"/cancel-meeting","text":"914087436","channel_id":"C1"}}`,
		"click":      `{"type":"interactive","envelope_id":%q,"payload":{"type":"block_actions","user":{"name":"ana"},"actions":[{"type":"button","action_id":"cancel"}]}}`,
		"submission": `{"type":"interactive","envelope_id":%q,"payload":{"type":"view_submission","user":null,"view":{"id":"V1","callback_id":"ask"}}}`,
		"home":       `{"type":"events_api","envelope_id":%q,"payload":{"event_id":"Ev1","event":{"type":"app_home_opened","tab":"home"}}}`,
	} {
		s.say(frame, kind)
		f.await("ack", func() bool { return f.acked(kind) == 1 })
		if got := <-results; got != kind+" malformed" {
			t.Errorf("counted as %q, want %q", got, kind+" malformed")
		}
	}
}

// TestClickInHomeIsAnsweredByDM: it has neither a response_url nor a conversation.
func TestClickInHomeIsAnsweredByDM(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.Answer("chat.postMessage", fake.Reply(`{"ok":true,"channel":"D1","ts":"1.1"}`))
	b := socket.New(f.client(), f.config())
	b.HandleClick("cancel", func(context.Context, bot.Click) error { return errors.New("disk full") })
	run(t, b)
	f.socket(1).say(`{"type":"interactive","envelope_id":"e1","payload":{"type":"block_actions","user":{"id":"U1"},"container":{"type":"view"},` +
		`"view":{"id":"V1"},"actions":[{"type":"button","action_id":"cancel"}]}}`)
	f.await("the person is told", func() bool { return len(f.Made("chat.postMessage")) == 1 })
	if form := f.Made("chat.postMessage")[0].Form; form.Get("channel") != "U1" || !strings.Contains(form.Get("text"), "try again") {
		t.Errorf("chat.postMessage got %v, want a direct message that says try again", form)
	}
}

// TestQueuedTooLongIsRejected: a busy bot rejects a command rather than handling it late.
func TestQueuedTooLongIsRejected(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, f *fakeSlack) {
		cfg := f.config()
		cfg.Workers, cfg.HandOverTimeout = 1, 500*time.Millisecond
		cfg.NotStored = func(_ bot.Origin, err error) bot.Message { return bot.Message{Text: err.Error()} }
		b := socket.New(f.client(), cfg)
		release, inside := make(chan struct{}), make(chan struct{})
		b.HandleCommands(func(_ context.Context, c bot.Command) error {
			if c.Text == "first" {
				close(inside)
				<-release
			}
			return nil
		})
		run(t, b)
		s := f.socket(1)
		s.command("e1", "first")
		<-inside
		s.command("e2", "second")
		f.await("e2 is told", func() bool {
			for _, c := range f.Made("hook") {
				if c.Path == "/hook/e2" && strings.Contains(c.Body, socket.ErrBusy.Error()) {
					return true
				}
			}
			return false
		})
		close(release)
		s.command("e3", "third")
		f.await("e3", func() bool { return f.acked("e3") == 1 })
		if f.ackedNow("e2") != 0 {
			t.Error("e2 was acked after its person was told to try again")
		}
	})
}

func TestHandlerContextHasTeam(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.Answer("auth.test", fake.Reply(`{"ok":true,"team_id":"E1","user_id":"UBOT","bot_id":"B1","is_enterprise_install":true}`))
	client := f.client()
	b := socket.New(client, f.config())
	if _, err := client.Identify(t.Context()); err != nil {
		t.Fatal(err)
	}
	b.HandleCommands(func(ctx context.Context, _ bot.Command) error {
		_, _ = client.GroupMembers(ctx, "S1")
		return nil
	})
	run(t, b)
	f.socket(1).command("e1", "x")
	f.await("ack", func() bool { return f.acked("e1") == 1 })
	if got := f.Made("usergroups.users.list")[0].Form.Get("team_id"); got != "T1" {
		t.Errorf("team_id = %q, want the command's T1", got)
	}
}

// TestFailingMenuIsAnswered: a menu without a handler needs no answer, but one that could not be stored does.
func TestFailingMenuIsAnswered(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.Answer("hook", fake.Reply("ok"))
	b := socket.New(f.client(), f.config())
	b.HandleClick("dates", func(context.Context, bot.Click) error { return errors.New("disk full") })
	run(t, b)
	f.socket(1).say(`{"type":"interactive","envelope_id":"e1","payload":{"type":"block_actions","user":{"id":"U1"},"channel":{"id":"C1"},"response_url":"%s/hook/e1",`+
		`"actions":[{"type":"checkboxes","action_id":"dates","selected_options":[{"value":"a"}]}]}}`, f.URL)
	f.await("the person is told", func() bool { return len(f.Made("hook")) == 1 })
}

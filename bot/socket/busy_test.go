package socket_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"meetingbot/bot"
	"meetingbot/bot/socket"
)

func TestBusy(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	cfg := f.config()
	cfg.InFlight = 2
	cfg.NotStored = func(_ bot.Origin, err error) bot.Message {
		if errors.Is(err, socket.ErrBusy) {
			return bot.Message{Text: "busy"}
		}
		return bot.Message{Text: "?"}
	}
	b := socket.New(f.client(), cfg)
	release, started := make(chan struct{}), make(chan struct{}, 9)
	b.HandleCommands(func(context.Context, bot.Command) error {
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
	f.await("e3 is told", func() bool { return len(f.Made("hook")) == 1 })
	if c := f.Made("hook")[0]; c.Path != "/hook/e3" || !strings.Contains(c.Body, `"text":"busy"`) {
		t.Errorf("told %s %s, want /hook/e3 busy", c.Path, c.Body)
	}
	close(release)
	f.await("acks of e1 and e2", func() bool { return f.acked("e1") == 1 && f.acked("e2") == 1 })
	s.command("e3", "x")
	f.await("e3 is accepted once there is room", func() bool { return f.acked("e3") == 1 })
}

func TestUnhandledFrames(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	b := socket.New(f.client(), f.config())
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
	f.await("two people told", func() bool { return len(f.Made("hook")) == 2 })
	paths := []string{f.Made("hook")[0].Path, f.Made("hook")[1].Path}
	less := func(a, b string) bool { return a < b }
	if diff := cmp.Diff([]string{"/hook/button", "/hook/last"}, paths, cmpopts.SortSlices(less)); diff != "" {
		t.Errorf("told through (-want +got):\n%s", diff)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if n := len(f.sockets); n != 1 {
		t.Errorf("connections = %d, want only the first", n)
	}
}

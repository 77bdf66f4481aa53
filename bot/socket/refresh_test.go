package socket_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/gorilla/websocket"

	"meetingbot/bot"
	"meetingbot/bot/internal/fake"
	"meetingbot/bot/socket"
)

// countingBot returns a bot that stores every command, and a function that returns the texts stored so far.
func countingBot(f *fakeSlack, cfg socket.Config) (b *socket.Bot, stored func() map[string]int) {
	var mu sync.Mutex
	seen := make(map[string]int)
	b = socket.New(f.client(), cfg)
	b.HandleCommands(func(_ context.Context, c bot.Command) error {
		mu.Lock()
		defer mu.Unlock()
		seen[c.Text]++
		return nil
	})
	return b, func() map[string]int {
		mu.Lock()
		defer mu.Unlock()
		copied := make(map[string]int, len(seen))
		for k, v := range seen {
			copied[k] = v
		}
		return copied
	}
}

func TestRefreshLosesNothing(t *testing.T) {
	t.Parallel()
	for _, reason := range []string{"warning", "refresh_requested", "something_new"} {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			f := newFake(t)
			b, stored := countingBot(f, f.config())
			run(t, b)
			first := f.socket(1)
			first.command("before", "before")
			first.say(`{"type":"disconnect","reason":%q,"debug_info":{"host":"h"}}`, reason)
			first.command("after", "after") // slack-go's client loses this one
			second := f.socket(2)
			f.await("acks on the old socket", func() bool { return len(first.acks) == 2 })
			first.command("late", "late") // the bot still reads the old socket
			second.command("new", "new")
			f.await("late and new", func() bool { return len(first.acks) == 3 && len(second.acks) == 1 })

			f.mu.Lock()
			open := !first.ended
			f.mu.Unlock()
			if !open {
				t.Error("the bot closed the old socket before Slack did")
			}
			_ = first.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(1000, ""), time.Now().Add(time.Second))
			f.await("the old socket has ended", func() bool { return first.ended })
			second.command("end", "end")
			f.await("end", func() bool { return f.acked("end") == 1 })
			want := map[string]int{"before": 1, "after": 1, "late": 1, "new": 1, "end": 1}
			if diff := cmp.Diff(want, stored()); diff != "" {
				t.Errorf("stored (-want +got):\n%s", diff)
			}
			if n := len(f.Made("apps.connections.open")); n != 2 {
				t.Errorf("apps.connections.open calls = %d, want 2", n)
			}
		})
	}
}

func TestOldSocketStaysUntilNextOpens(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	open := f.giveURL
	b, _ := countingBot(f, f.config())
	run(t, b)
	first := f.socket(1)
	first.command("e0", "x")
	f.await("e0", func() bool { return f.acked("e0") == 1 })
	f.Answer("apps.connections.open", fake.Status(500))
	first.say(`{"type":"disconnect","reason":"warning"}`)
	f.await("a failed attempt", func() bool { return len(f.Made("apps.connections.open")) >= 2 })
	first.command("e1", "x")
	f.await("e1 through the old socket", func() bool { return f.acked("e1") == 1 })
	if ok, why := b.Ready(); !ok {
		t.Errorf("Ready() = false, %q, want true while the old socket works", why)
	}
	f.Answer("apps.connections.open", open)
	f.socket(2).command("e2", "x")
	f.await("e2", func() bool { return f.acked("e2") == 1 })
}

func TestReplacedSocketIsClosedGracefully(t *testing.T) {
	t.Parallel()
	for name, busy := range map[string]bool{"Idle": false, "Busy": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inBubble(t, func(t *testing.T, f *fakeSlack) {
				b, stored := countingBot(f, f.config())
				b.SetTiming(10*time.Second, 300*time.Millisecond, time.Second)
				f.onOpen = func(s *peer) { // an envelope crosses the bot's close frame
					s.SetCloseHandler(func(code int, _ string) error {
						s.command("crossing", "crossing")
						return s.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(code, ""), time.Now().Add(time.Second))
					})
				}
				stop, result := run(t, b)
				first := f.socket(1)
				first.say(`{"type":"disconnect","reason":"warning"}`)
				second := f.socket(2)
				start := time.Now()
				for i := 0; busy && time.Since(start) < 700*time.Millisecond; i++ {
					id := fmt.Sprint("busy", i)
					first.command(id, id)
					f.await(id, func() bool { return f.acked(id) == 1 })
					time.Sleep(100 * time.Millisecond)
				}
				f.await("the old socket is closed gracefully", func() bool { return first.ended && first.closeCode == websocket.CloseNormalClosure })
				f.await("ack of the crossing envelope over the new socket", func() bool { return len(second.acks) == 1 })
				if took := time.Since(start); busy && took < 700*time.Millisecond {
					t.Errorf("a busy socket was closed after %s, want it kept", took)
				}
				if n := stored()["crossing"]; n != 1 {
					t.Errorf("stored the crossing envelope %d times, want once", n)
				}
				stop()
				if err := <-result; err != nil {
					t.Errorf("Run() = %v, want nil", err)
				}
			})
		})
	}
}

package bot_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/gorilla/websocket"

	"meetingbot/bot"
)

// counting returns a bot with a handler that stores every command, and the texts stored so far.
func counting(cfg bot.Config) (b *bot.Bot, stored func() map[string]int) {
	var mu sync.Mutex
	seen := make(map[string]int)
	b = bot.New(cfg)
	b.HandleCommand("/cancel-meeting", func(_ context.Context, c bot.Command) error {
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
			b, stored := counting(f.config())
			run(t, b)
			first := f.socket(1)
			first.command("before", "before")
			first.say(`{"type":"disconnect","reason":%q,"debug_info":{"host":"h"}}`, reason)
			first.command("after", "after") // slack-go's client loses this one
			second := f.socket(2)
			f.await("acks on the old socket", func() bool { return len(first.acks) == 2 })
			first.command("late", "late") // the successor is there; the old one is still listened to
			second.command("new", "new")
			f.await("late and new", func() bool { return len(first.acks) == 3 && len(second.acks) == 1 })

			f.mu.Lock()
			open := !first.ended
			f.mu.Unlock()
			if !open {
				t.Error("the bot left the old socket before Slack closed it")
			}
			_ = first.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(1000, ""), time.Now().Add(time.Second))
			f.await("the old socket has ended", func() bool { return first.ended })
			second.command("end", "end")
			f.await("end", func() bool { return f.acked("end") == 1 })
			want := map[string]int{"before": 1, "after": 1, "late": 1, "new": 1, "end": 1}
			if diff := cmp.Diff(want, stored()); diff != "" {
				t.Errorf("stored (-want +got):\n%s", diff)
			}
			if n := len(f.made("apps.connections.open")); n != 2 {
				t.Errorf("apps.connections.open calls = %d, want 2", n)
			}
		})
	}
}

func TestOldSocketIsKeptWhileTheNextCannotBeOpened(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	open := f.answers["apps.connections.open"]
	b, _ := counting(f.config())
	run(t, b)
	first := f.socket(1)
	first.command("e0", "x")
	f.await("e0", func() bool { return f.acked("e0") == 1 })
	f.answer("apps.connections.open", status(500))
	first.say(`{"type":"disconnect","reason":"warning"}`)
	f.await("a failed attempt", func() bool { return len(f.madeLocked("apps.connections.open")) >= 2 })
	first.command("e1", "x")
	f.await("e1 through the old socket", func() bool { return f.acked("e1") == 1 })
	if ok, why := b.Ready(); !ok {
		t.Errorf("Ready() = false, %q, want true while the old socket works", why)
	}
	f.answer("apps.connections.open", open)
	f.socket(2).command("e2", "x")
	f.await("e2", func() bool { return f.acked("e2") == 1 })
}

func TestReplacedSocketIsLeftWithACloseFrame(t *testing.T) {
	t.Parallel()
	for name, busy := range map[string]bool{"Idle": false, "Busy": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFake(t)
			b, stored := counting(f.config())
			b.SetTiming(10*time.Second, 100*time.Millisecond, 400*time.Millisecond)
			f.onOpen = func(s *socket) { // an envelope crosses the bot's close frame
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
			for i := 0; busy && time.Since(start) < 300*time.Millisecond; i++ {
				id := fmt.Sprint("busy", i)
				first.command(id, id)
				f.await(id, func() bool { return f.acked(id) == 1 })
			}
			f.await("the old socket is closed in good order", func() bool { return first.ended && first.closeCode == websocket.CloseNormalClosure })
			f.await("what crossed the close frame is acked over the new socket", func() bool { return len(second.acks) == 1 })
			if took := time.Since(start); busy && took < 300*time.Millisecond {
				t.Errorf("a busy socket was left after %s, want it kept", took)
			}
			if n := stored()["crossing"]; n != 1 {
				t.Errorf("stored what crossed the close frame %d times, want once", n)
			}
			stop()
			if err := <-result; err != nil {
				t.Errorf("Run() = %v, want nil", err)
			}
		})
	}
}

func TestSocketWithoutHelloIsLiveOnceItDelivers(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.greet = false
	b, _ := counting(f.config())
	run(t, b)
	f.socket(1).command("e1", "x")
	f.await("e1", func() bool { return f.acked("e1") == 1 })
	if ok, why := b.Ready(); !ok {
		t.Errorf("Ready() = false, %q, want true", why)
	}
}

func TestSilenceInsteadOfHello(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.greet = false
	b, _ := counting(f.config())
	b.SetTiming(100*time.Millisecond, time.Second, time.Second)
	run(t, b)
	f.socket(1)
	f.update(func() { f.greet = true })
	f.socket(2).command("e1", "x")
	f.await("e1 on the second connection", func() bool { return f.acked("e1") == 1 })
}

func TestDrops(t *testing.T) {
	t.Parallel()
	for name, drop := range map[string]func(*socket){
		"Reset": func(s *socket) { s.reset() },
		"FIN":   func(s *socket) { _ = s.NetConn().Close() },
		"Close": func(s *socket) {
			_ = s.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(1001, ""), time.Now().Add(time.Second))
		},
		"HalfAFrame": func(s *socket) {
			_, _ = s.NetConn().Write([]byte{0x81, 0x7e, 0x10})
			_ = s.NetConn().Close()
		},
		"NotWebSocket": func(s *socket) { _, _ = io.WriteString(s.NetConn(), "HTTP/1.1 400 Bad Request\r\n\r\n") },
		"TooLarge": func(s *socket) {
			_, _ = s.NetConn().Write([]byte{0x81, 0x7f, 0, 0, 0, 0, 0x7f, 0, 0, 0})
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFake(t)
			b, _ := counting(f.config())
			run(t, b)
			s := f.socket(1)
			s.command("e1", "x")
			f.await("e1", func() bool { return f.acked("e1") == 1 })
			drop(s)
			f.socket(2).command("e2", "x")
			f.await("e2 on the next connection", func() bool { return f.acked("e2") == 1 })
		})
	}
}

func TestSilence(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	cfg := f.config()
	cfg.ReadDeadline = 200 * time.Millisecond
	cfg.PingEvery = time.Hour
	var mu sync.Mutex
	var reasons []string
	cfg.Observer.Reconnect = func(r string) {
		mu.Lock()
		defer mu.Unlock()
		reasons = append(reasons, r)
	}
	b, _ := counting(cfg)
	run(t, b)
	first := f.socket(1)
	start := time.Now()
	for range 4 { // pings are signs of life
		time.Sleep(100 * time.Millisecond) //nolint:forbidigo // real time is what is tested
		_ = first.WriteControl(websocket.PingMessage, []byte("p"), time.Now().Add(time.Second))
	}
	f.socket(2)
	took := time.Since(start)
	if took < 550*time.Millisecond || took > 5*time.Second {
		t.Errorf("replaced after %s, want about 600 ms: 200 after the last ping", took)
	}
	mu.Lock()
	defer mu.Unlock()
	if diff := cmp.Diff([]string{"silent"}, reasons); diff != "" {
		t.Errorf("reasons (-want +got):\n%s", diff)
	}
}

func TestOwnPingsKeepAQuietLinkAlive(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	cfg := f.config()
	cfg.ReadDeadline, cfg.PingEvery = 300*time.Millisecond, 50*time.Millisecond
	b, _ := counting(cfg)
	run(t, b)
	s := f.socket(1)
	f.await("twenty pings", func() bool { return s.pings >= 20 })
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.sockets) != 1 {
		t.Errorf("connections = %d, want 1: the pongs are signs of life", len(f.sockets))
	}
}

func TestAckGoesOverAnotherLinkWhenItsOwnIsDead(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	cfg := f.config()
	cfg.Connections = 2
	b := bot.New(cfg)
	release, inside := make(chan struct{}), make(chan struct{})
	b.HandleCommand("/cancel-meeting", func(context.Context, bot.Command) error {
		close(inside)
		<-release
		return nil
	})
	run(t, b)
	one, two := f.socket(1), f.socket(2)
	f.await("both live", func() bool { return len(f.sockets) == 2 })
	one.command("e1", "x")
	<-inside
	f.answer("apps.connections.open", status(500)) // no successor
	one.reset()
	f.await("the fake notices", func() bool { return one.ended })
	close(release)
	f.await("ack on the other socket", func() bool { return len(two.acks) == 1 })
}

func TestAckWaitsForTheNextConnection(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	b := bot.New(f.config())
	release, inside := make(chan struct{}), make(chan struct{})
	b.HandleCommand("/cancel-meeting", func(context.Context, bot.Command) error {
		close(inside)
		<-release
		return nil
	})
	run(t, b)
	one := f.socket(1)
	one.command("e1", "x")
	<-inside
	one.reset()
	close(release)
	two := f.socket(2)
	f.await("ack on the next socket", func() bool { return len(two.acks) == 1 })
}

func TestAcksAreSmallSingleFrames(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	b, _ := counting(f.config())
	run(t, b)
	s := f.socket(1)
	long := strings.Repeat("e", 19_000)
	s.command(long, "x")
	f.await("a long id in one frame", func() bool { return f.acked(long) == 1 }) // gorilla's reader joins fragments, see below
	s.command(strings.Repeat("f", 20_480), "x")
	s.command("end", "x")
	f.await("end", func() bool { return f.acked("end") == 1 })
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(s.acks) != 2 {
		t.Errorf("acks = %d, want 2: an ack too long for Slack must not be sent", len(s.acks))
	}
}

// TestNoFragments reads the bot's ack as bytes, because every WebSocket library hides fragments.
func TestNoFragments(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	first := make(chan []byte, 1)
	server, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	f.answer("apps.connections.open", reply(fmt.Sprintf(`{"ok":true,"url":"ws://%s/"}`, server.Addr())))
	var once atomic.Bool
	hs := &http.Server{ReadHeaderTimeout: time.Second, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c, err := (&websocket.Upgrader{}).Upgrade(w, r, nil)
		if err != nil || !once.CompareAndSwap(false, true) {
			return
		}
		defer c.Close()
		s := &socket{Conn: c, f: f}
		s.say(`{"type":"hello"}`)
		s.command(strings.Repeat("e", 19_000), "x")
		buf := make([]byte, 8)
		_, _ = io.ReadFull(c.NetConn(), buf)
		first <- buf
	})}
	go func() { _ = hs.Serve(server) }()
	defer hs.Close()
	b, _ := counting(f.config())
	stop, _ := run(t, b)
	got := <-first
	stop()
	// FIN and text in the first byte, masked with a 16 bit length in the second.
	if got[0] != 0x81 || got[1] != 0xfe {
		t.Errorf("the frame begins %#x %#x, want 0x81 0xfe", got[0], got[1])
	}
}

// TestReconnectsAreSpaced lets every kind of useless connection run for a while: accepted and closed, sent away at once,
// refused, garbage. Slack must not see more than one apps.connections.open a second on average, the first ones excepted.
func TestReconnectsAreSpaced(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes six seconds")
	}
	const window = 6 * time.Second
	spoils := map[string]func(*fakeSlack){
		"AcceptAndClose": func(f *fakeSlack) { f.greet = false; f.onOpen = func(s *socket) { _ = s.NetConn().Close() } },
		"HelloAndClose":  func(f *fakeSlack) { f.onOpen = func(s *socket) { _ = s.NetConn().Close() } },
		"DisconnectAtOnce": func(f *fakeSlack) {
			f.onOpen = func(s *socket) { s.say(`{"type":"disconnect","reason":"refresh_requested"}`) }
		},
		"TooMany": func(f *fakeSlack) {
			f.greet = false
			f.onOpen = func(s *socket) { s.say(`{"type":"disconnect","reason":"too_many_websockets"}`) }
		},
		"HTTP500": func(f *fakeSlack) { f.answers["apps.connections.open"] = status(500) },
		"HTML200": func(f *fakeSlack) { f.answers["apps.connections.open"] = status(200) },
		"Empty":   func(f *fakeSlack) { f.answers["apps.connections.open"] = reply(`{}`) },
		"NoURL":   func(f *fakeSlack) { f.answers["apps.connections.open"] = reply(`{"ok":true}`) },
		"DeadURL": func(f *fakeSlack) {
			f.answers["apps.connections.open"] = reply(`{"ok":true,"url":"ws://127.0.0.1:1/x"}`)
		},
		"NoUpgrade": func(f *fakeSlack) {
			f.answers["apps.connections.open"] = reply(`{"ok":true,"url":"ws` + f.URL[4:] + `/api/x"}`)
		},
		"Internal": func(f *fakeSlack) {
			f.answers["apps.connections.open"] = reply(`{"ok":false,"error":"internal_error"}`)
		},
		"RateLimited": func(f *fakeSlack) {
			f.answers["apps.connections.open"] = status(429, "Retry-After", "2")
		},
	}
	fakes := make(map[string]*fakeSlack)
	for name, spoil := range spoils { // all at once, for the window is real time
		f := newFake(t)
		f.mu.Lock()
		spoil(f)
		f.mu.Unlock()
		cfg := f.config()
		cfg.Connections = 2
		b, _ := counting(cfg)
		run(t, b)
		fakes[name] = f
	}
	time.Sleep(window) //nolint:forbidigo // a rate needs a window
	for name, f := range fakes {
		n := len(f.made("apps.connections.open"))
		if limit := 2 + int(window/time.Second); n > limit {
			t.Errorf("%s: apps.connections.open calls in %s = %d, want at most %d", name, window, n, limit)
		}
		if n < 2 {
			t.Errorf("%s: apps.connections.open calls = %d, want both connections to have tried", name, n)
		}
		t.Logf("%s: %d calls", name, n)
	}
}

func TestRetryAfterOfConnectionsOpenIsObeyed(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.answer("apps.connections.open", inTurn(status(429, "Retry-After", "2"), f.answers["apps.connections.open"]))
	b, _ := counting(f.config())
	run(t, b)
	f.socket(1)
	calls := f.made("apps.connections.open")
	if len(calls) != 2 || calls[1].At.Sub(calls[0].At) < 2*time.Second {
		t.Errorf("%d calls of apps.connections.open, want the second one 2 s after the first", len(calls))
	}
	if calls[0].Auth != "Bearer xapp-1-secret" || strings.Contains(calls[0].Body, "xapp") {
		t.Errorf("apps.connections.open had Authorization %q and body %q, want the app token in the header only", calls[0].Auth, calls[0].Body)
	}
}

func TestHangingCallsAreGivenUp(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	hang := func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }
	f.answer("apps.connections.open", inTurn(hang, f.answers["apps.connections.open"]))
	b, _ := counting(f.config())
	b.SetTiming(200*time.Millisecond, time.Second, time.Second)
	run(t, b)
	f.socket(1) // after the call that hung
}

func TestPermanentFaultsEndRun(t *testing.T) {
	t.Parallel()
	type fault struct {
		method string
		answer http.HandlerFunc
		reason string
		advice string // a piece of it
	}
	var faults []fault
	for code, advice := range map[string]string{
		"invalid_auth": "SLACK_APP_TOKEN", "not_authed": "SLACK_APP_TOKEN", "token_revoked": "App-Level Tokens",
		"token_expired": "App-Level Tokens", "account_inactive": "Install App", "app_uninstalled": "Install App",
		"not_allowed_token_type": "xapp-", "missing_scope": "connections:write", "no_permission": "connections:write",
		"team_access_not_granted": "administrator", "org_login_required": "administrator", "access_denied": "administrator",
		"enterprise_is_restricted": "administrator", "forbidden_team": "administrator",
	} {
		faults = append(faults, fault{"apps.connections.open", reply(`{"ok":false,"error":"` + code + `"}`), code, advice})
	}
	for _, code := range []int{401, 403, 404} {
		faults = append(faults, fault{"apps.connections.open", status(code), fmt.Sprintf("http_%d", code), "SLACK_API_URL"})
	}
	for code, advice := range map[string]string{
		"invalid_auth": "OAuth & Permissions", "token_revoked": "SLACK_BOT_TOKEN", "account_inactive": "Install App", "not_allowed_token_type": "xoxb-",
	} {
		faults = append(faults, fault{"auth.test", reply(`{"ok":false,"error":"` + code + `"}`), code, advice})
	}
	for _, want := range faults {
		t.Run(want.method+" "+want.reason, func(t *testing.T) {
			t.Parallel()
			f := newFake(t)
			f.answer(want.method, want.answer)
			cfg := f.config()
			cfg.Connections = 2
			b, _ := counting(cfg)
			_, result := run(t, b)
			checkPermanent(t, result, want.reason, want.advice)
		})
	}
	t.Run("link_disabled", func(t *testing.T) {
		t.Parallel()
		f := newFake(t)
		b, _ := counting(f.config())
		_, result := run(t, b)
		f.socket(1).say(`{"type":"disconnect","reason":"link_disabled"}`)
		checkPermanent(t, result, "link_disabled", "Socket Mode")
	})
	t.Run("link_disabled before hello", func(t *testing.T) {
		t.Parallel()
		f := newFake(t)
		f.greet = false
		f.onOpen = func(s *socket) { s.say(`{"type":"disconnect","reason":"link_disabled"}`) }
		b, _ := counting(f.config())
		_, result := run(t, b)
		checkPermanent(t, result, "link_disabled", "Socket Mode")
	})
}

func checkPermanent(t *testing.T, result <-chan error, reason, advice string) {
	t.Helper()
	select {
	case err := <-result:
		fatal, ok := errors.AsType[*bot.PermanentError](err)
		if !ok || fatal.Reason != reason || !strings.Contains(fatal.Error(), advice) {
			t.Errorf("Run() = %v, want a PermanentError %q that mentions %q", err, reason, advice)
		}
		if strings.Contains(fmt.Sprint(err), "secret") {
			t.Errorf("Run() = %v, which gives a secret away", err)
		}
	case <-time.After(5 * time.Second):
		t.Errorf("Run() still runs after 5 s, want a PermanentError %q", reason)
	}
}

func TestPassingFaultsDoNotEndRun(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	good := f.answers["auth.test"]
	f.answer("auth.test", inTurn(status(500), status(200), reply(`{}`), good))
	b, _ := counting(f.config())
	run(t, b)
	f.await("auth.test until there is an answer", func() bool { return len(f.madeLocked("auth.test")) == 4 })
	f.socket(1).command("e1", "x")
	f.await("e1", func() bool { return f.acked("e1") == 1 })
}

func TestStopFinishesWhatIsBeingHandedOver(t *testing.T) {
	t.Parallel()
	for name, viaClose := range map[string]bool{"ContextEnds": false, "Close": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFake(t)
			cfg := f.config()
			cfg.Connections = 2
			b := bot.New(cfg)
			release, inside := make(chan struct{}), make(chan struct{}, 2)
			b.HandleCommand("/cancel-meeting", func(ctx context.Context, _ bot.Command) error {
				inside <- struct{}{}
				select {
				case <-release:
					return nil
				case <-ctx.Done():
					return ctx.Err()
				}
			})
			stop, result := run(t, b)
			one, two := f.socket(1), f.socket(2)
			one.command("e1", "x")
			<-inside
			closed := make(chan error, 1)
			if viaClose {
				go func() { closed <- b.Close(t.Context()) }()
			} else {
				stop()
				closed <- nil
			}
			for ok := true; ok; {
				ok, _ = b.Ready()
			}
			two.command("e2", "x") // stopping, and still taken
			<-inside
			close(release)
			if err := <-result; err != nil {
				t.Errorf("Run() = %v, want nil", err)
			}
			if err := <-closed; err != nil {
				t.Errorf("Close() = %v, want nil", err)
			}
			f.await("both sockets closed", func() bool { return one.ended && two.ended })
			if f.ackedNow("e1") != 1 || f.ackedNow("e2") != 1 {
				t.Errorf("acks of e1, e2 = %d, %d, want 1, 1", f.ackedNow("e1"), f.ackedNow("e2"))
			}
			if one.closeCode != 1000 || two.closeCode != 1000 {
				t.Errorf("close codes = %d, %d, want 1000, 1000", one.closeCode, two.closeCode)
			}
			if ok, why := b.Ready(); ok || why != "stopping" {
				t.Errorf("Ready() = %t, %q, want false, stopping", ok, why)
			}
		})
	}
}

func TestCloseGivesUpOnStuckHandlers(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	cfg := f.config()
	cfg.HandOverTimeout = 50 * time.Millisecond
	b := bot.New(cfg)
	release, inside := make(chan struct{}), make(chan struct{})
	defer close(release)
	b.HandleCommand("/cancel-meeting", func(context.Context, bot.Command) error {
		close(inside)
		<-release
		return nil
	})
	_, result := run(t, b)
	f.socket(1).command("e1", "x")
	<-inside
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	if err := b.Close(ctx); !errors.Is(err, context.DeadlineExceeded) && err != nil {
		t.Errorf("Close() = %v, want nil or a deadline", err)
	}
	select {
	case err := <-result:
		if err != nil {
			t.Errorf("Run() = %v, want nil", err)
		}
	case <-time.After(5 * time.Second):
		t.Error("Run() still runs 5 s after Close gave up")
	}
}

func TestReadyAndStats(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.greet = false
	cfg := f.config()
	live := make(chan int, 8)
	cfg.Observer.Connected = func(n int) { live <- n }
	b, _ := counting(cfg)
	if ok, why := b.Ready(); ok || why == "" {
		t.Errorf("Ready() before Run = %t, %q, want false and why", ok, why)
	}
	run(t, b)
	s := f.socket(1)
	if ok, _ := b.Ready(); ok {
		t.Error("Ready() before hello = true, want false")
	}
	s.say(`{"type":"hello","num_connections":3}`)
	if n := <-live; n != 1 {
		t.Errorf("Connected(%d), want 1", n)
	}
	if ok, why := b.Ready(); !ok {
		t.Errorf("Ready() = false, %q, want true", why)
	}
	if st := b.Stats(); st.Connections != 1 || st.NumConnections != 3 || time.Since(st.LastFrame) > time.Minute {
		t.Errorf("Stats() = %+v, want 1 live of 3, heard just now", st)
	}
	f.answer("apps.connections.open", status(500))
	s.reset()
	if n := <-live; n != 0 {
		t.Errorf("Connected(%d), want 0", n)
	}
	if ok, why := b.Ready(); ok || !strings.Contains(why, "lost") {
		t.Errorf("Ready() = %t, %q, want false, lost", ok, why)
	}
}

func TestProbe(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	b := bot.New(f.config())
	got, err := b.Probe(t.Context())
	if err != nil {
		t.Fatalf("Probe() = %v", err)
	}
	if got.AppID != "A1" || got.NumConnections != 1 || got.Lifetime != 18060*time.Second || got.Took <= 0 {
		t.Errorf("Probe() = %+v, want app A1, 1 connection, 18060 s", got)
	}
	s := f.socket(1)
	f.await("closed in good order", func() bool { return s.ended && s.closeCode == 1000 })

	f.answer("apps.connections.open", reply(`{"ok":false,"error":"missing_scope","needed":"connections:write","provided":"none"}`))
	_, err = b.Probe(t.Context())
	if fatal, ok := errors.AsType[*bot.PermanentError](err); !ok || fatal.Reason != "missing_scope" {
		t.Errorf("Probe() = %v, want a PermanentError missing_scope", err)
	}
}

func TestPlainSocketIsRefusedBehindTLS(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.answer("apps.connections.open", reply(`{"ok":true,"url":"ws://127.0.0.1:9/secret-ticket"}`))
	tls := newTLSFront(t, f)
	cfg := f.config()
	cfg.APIURL, cfg.HTTP = tls.URL+"/api/", tls.Client()
	_, err := bot.New(cfg).Probe(t.Context())
	if err == nil || strings.Contains(err.Error(), "ticket") || !strings.Contains(err.Error(), "TLS") {
		t.Errorf("Probe() = %v, want a refusal that names TLS and not the ticket", err)
	}
	f.answer("apps.connections.open", reply(`{"ok":true,"url":"wss`+strings.TrimPrefix(tls.URL, "https")+`/link/"}`))
	if _, err := bot.New(cfg).Probe(t.Context()); err != nil {
		t.Errorf("Probe() over wss with the client's certificates = %v, want nil", err)
	}
}

package socket_test

import (
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/gorilla/websocket"

	"meetingbot/bot/internal/fake"
)

func TestDeliveryReplacesHello(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.greet = false
	b, _ := countingBot(f, f.config())
	run(t, b)
	f.socket(1).command("e1", "x")
	f.await("e1", func() bool { return f.acked("e1") == 1 })
	if ok, why := b.Ready(); !ok {
		t.Errorf("Ready() = false, %q, want true", why)
	}
}

func TestMissingHelloTimesOut(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, f *fakeSlack) {
		f.greet = false
		b, _ := countingBot(f, f.config())
		b.SetTiming(100*time.Millisecond, time.Second, time.Second)
		run(t, b)
		f.socket(1)
		f.update(func() { f.greet = true })
		f.socket(2).command("e1", "x")
		f.await("e1 on the second connection", func() bool { return f.acked("e1") == 1 })
	})
}

func TestDrops(t *testing.T) {
	t.Parallel()
	for name, drop := range map[string]func(*peer){
		"Reset": func(s *peer) { s.reset() },
		"FIN":   func(s *peer) { _ = s.NetConn().Close() },
		"Close": func(s *peer) {
			_ = s.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(1001, ""), time.Now().Add(time.Second))
		},
		"HalfFrame": func(s *peer) {
			_, _ = s.NetConn().Write([]byte{0x81, 0x7e, 0x10})
			_ = s.NetConn().Close()
		},
		"NotWebSocket": func(s *peer) { _, _ = io.WriteString(s.NetConn(), "HTTP/1.1 400 Bad Request\r\n\r\n") },
		"TooLarge": func(s *peer) {
			_, _ = s.NetConn().Write([]byte{0x81, 0x7f, 0, 0, 0, 0, 0x7f, 0, 0, 0})
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFake(t)
			b, _ := countingBot(f, f.config())
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
	inBubble(t, func(t *testing.T, f *fakeSlack) {
		cfg := f.config()
		cfg.ReadDeadline = time.Second
		cfg.PingEvery = time.Hour
		var mu sync.Mutex
		var reasons []string
		cfg.Observer.Reconnect = func(r string) {
			mu.Lock()
			defer mu.Unlock()
			reasons = append(reasons, r)
		}
		b, _ := countingBot(f, cfg)
		run(t, b)
		first := f.socket(1)
		start := time.Now()
		for range 4 { // pings are signs of life
			time.Sleep(300 * time.Millisecond)
			_ = first.WriteControl(websocket.PingMessage, []byte("p"), time.Now().Add(time.Second))
		}
		f.socket(2)
		took := time.Since(start)
		if took < 2200*time.Millisecond || took > 8*time.Second {
			t.Errorf("replaced after %s, want about 2.5 s: a second after the last ping, plus the pause", took)
		}
		mu.Lock()
		defer mu.Unlock()
		if diff := cmp.Diff([]string{"silent"}, reasons); diff != "" {
			t.Errorf("reasons (-want +got):\n%s", diff)
		}
	})
}

func TestOwnPingsKeepAQuietLinkAlive(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, f *fakeSlack) {
		cfg := f.config()
		cfg.ReadDeadline, cfg.PingEvery = time.Second, 50*time.Millisecond
		b, _ := countingBot(f, cfg)
		run(t, b)
		s := f.socket(1)
		f.await("pings beyond the deadline", func() bool { return s.pings >= 30 })
		f.mu.Lock()
		defer f.mu.Unlock()
		if len(f.sockets) != 1 {
			t.Errorf("connections = %d, want 1: the pongs are signs of life", len(f.sockets))
		}
	})
}

// TestReconnectsArePaced fails connections in every way for a while. Apart from the first calls, the bot must not call
// apps.connections.open more than once a second on average.
func TestReconnectsArePaced(t *testing.T) {
	t.Parallel()
	const window = 6 * time.Second
	faults := map[string]func(*fakeSlack){
		"CloseNewSockets": func(f *fakeSlack) { f.greet = false; f.onOpen = func(s *peer) { _ = s.NetConn().Close() } },
		"HelloAndClose":   func(f *fakeSlack) { f.onOpen = func(s *peer) { _ = s.NetConn().Close() } },
		"DisconnectAtOnce": func(f *fakeSlack) {
			f.onOpen = func(s *peer) { s.say(`{"type":"disconnect","reason":"refresh_requested"}`) }
		},
		"TooMany": func(f *fakeSlack) {
			f.greet = false
			f.onOpen = func(s *peer) { s.say(`{"type":"disconnect","reason":"too_many_websockets"}`) }
		},
		"HTTP500": func(f *fakeSlack) { f.Answer("apps.connections.open", fake.Status(500)) },
		"HTML200": func(f *fakeSlack) { f.Answer("apps.connections.open", fake.Status(200)) },
		"Empty":   func(f *fakeSlack) { f.Answer("apps.connections.open", fake.Reply(`{}`)) },
		"NoURL":   func(f *fakeSlack) { f.Answer("apps.connections.open", fake.Reply(`{"ok":true}`)) },
		"DeadURL": func(f *fakeSlack) {
			f.Answer("apps.connections.open", fake.Reply(`{"ok":true,"url":"ws://127.0.0.1:1/x"}`))
		},
		"NoUpgrade": func(f *fakeSlack) {
			f.Answer("apps.connections.open", fake.Reply(`{"ok":true,"url":"ws`+f.URL[4:]+`/api/x"}`))
		},
		"Internal": func(f *fakeSlack) {
			f.Answer("apps.connections.open", fake.Reply(`{"ok":false,"error":"internal_error"}`))
		},
		"RateLimited": func(f *fakeSlack) {
			f.Answer("apps.connections.open", fake.Status(429, "Retry-After", "2"))
		},
	}
	for name, inject := range faults {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inBubble(t, func(t *testing.T, f *fakeSlack) {
				inject(f)
				cfg := f.config()
				cfg.Connections = 2
				b, _ := countingBot(f, cfg)
				run(t, b)
				time.Sleep(window)
				synctest.Wait()
				n := len(f.Made("apps.connections.open"))
				if limit := 2 + int(window/time.Second); n > limit {
					t.Errorf("apps.connections.open calls in %s = %d, want at most %d", window, n, limit)
				}
				if n < 2 {
					t.Errorf("apps.connections.open calls = %d, want both connections to have tried", n)
				}
				t.Logf("%d calls", n)
			})
		})
	}
}

func TestRetryAfterIsObeyed(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, f *fakeSlack) {
		f.Answer("apps.connections.open", fake.InTurn(fake.Status(429, "Retry-After", "2"), f.giveURL))
		b, _ := countingBot(f, f.config())
		run(t, b)
		f.socket(1)
		calls := f.Made("apps.connections.open")
		if len(calls) != 2 || calls[1].At.Sub(calls[0].At) < 2*time.Second {
			t.Errorf("%d calls of apps.connections.open, want the second one 2 s after the first", len(calls))
		}
		if calls[0].Auth != "Bearer xapp-1-secret" || strings.Contains(calls[0].Body, "xapp") {
			t.Errorf("apps.connections.open had Authorization %q and body %q, want the app token in the header only", calls[0].Auth, calls[0].Body)
		}
	})
}

func TestHangingOpenTimesOut(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, f *fakeSlack) {
		hang := func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }
		f.Answer("apps.connections.open", fake.InTurn(hang, f.giveURL))
		b, _ := countingBot(f, f.config())
		b.SetTiming(200*time.Millisecond, time.Second, time.Second)
		run(t, b)
		f.socket(1) // after the call that hung
	})
}

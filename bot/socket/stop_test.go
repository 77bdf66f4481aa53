package socket_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"meetingbot/bot"
	"meetingbot/bot/internal/fake"
	"meetingbot/bot/socket"
)

func TestStopWaitsForHandlers(t *testing.T) {
	t.Parallel()
	for name, viaClose := range map[string]bool{"ContextEnds": false, "Close": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFake(t)
			cfg := f.config()
			cfg.Connections = 2
			b := socket.New(f.client(), cfg)
			release, inside := make(chan struct{}), make(chan struct{}, 2)
			b.HandleCommands(func(ctx context.Context, _ bot.Command) error {
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
			two.command("e2", "x") // still accepted while stopping
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
	b := socket.New(f.client(), cfg)
	release, inside := make(chan struct{}), make(chan struct{})
	defer close(release)
	b.HandleCommands(func(context.Context, bot.Command) error {
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
	b, _ := countingBot(f, cfg)
	if ok, why := b.Ready(); ok || why == "" {
		t.Errorf("Ready() before Run = %t, %q, want false and a reason", ok, why)
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
	if st := b.Stats(); st.Connections != 1 || time.Since(st.LastFrame) > time.Minute {
		t.Errorf("Stats() = %+v, want 1 live, with a recent frame", st)
	}
	f.Answer("apps.connections.open", fake.Status(500))
	s.reset()
	if n := <-live; n != 0 {
		t.Errorf("Connected(%d), want 0", n)
	}
	if ok, why := b.Ready(); ok || why != "no connection to Slack" {
		t.Errorf("Ready() = %t, %q, want no connection", ok, why)
	}
}

func TestProbe(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	b := socket.New(f.client(), f.config())
	got, err := b.Probe(t.Context())
	if err != nil {
		t.Fatalf("Probe() = %v", err)
	}
	if got.AppID != "A1" || got.NumConnections != 1 || got.Took <= 0 {
		t.Errorf("Probe() = %+v, want app A1, 1 connection", got)
	}
	s := f.socket(1)
	f.await("closed gracefully", func() bool { return s.ended && s.closeCode == 1000 })

	f.Answer("apps.connections.open", fake.Reply(`{"ok":false,"error":"missing_scope","needed":"connections:write","provided":"none"}`))
	_, err = b.Probe(t.Context())
	if fatal, ok := errors.AsType[*socket.PermanentError](err); !ok || fatal.Reason != "missing_scope" {
		t.Errorf("Probe() = %v, want a PermanentError missing_scope", err)
	}
}

func TestSocketWithoutTLSIsRefused(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.Answer("apps.connections.open", fake.Reply(`{"ok":true,"url":"ws://127.0.0.1:9/secret-ticket"}`))
	tls := f.OverTLS()
	api := f.api()
	api.APIURL, api.HTTP = tls.URL+"/api/", tls.Client()
	b := socket.New(bot.NewClient(api), f.config())
	_, err := b.Probe(t.Context())
	if err == nil || strings.Contains(err.Error(), "ticket") || !strings.Contains(err.Error(), "TLS") {
		t.Errorf("Probe() = %v, want an error about TLS without the ticket", err)
	}
	f.Answer("apps.connections.open", fake.Reply(`{"ok":true,"url":"wss`+strings.TrimPrefix(tls.URL, "https")+`/link/"}`))
	if _, err := b.Probe(t.Context()); err != nil {
		t.Errorf("Probe() over wss with the client's certificates = %v, want nil", err)
	}
}

// TestCloseBeforeRun: Run returns at once if the program was told to stop while starting.
func TestCloseBeforeRun(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	b := socket.New(f.client(), f.config())
	if err := b.Close(t.Context()); err != nil {
		t.Errorf("Close() = %v", err)
	}
	_, result := run(t, b)
	select {
	case err := <-result:
		if err != nil {
			t.Errorf("Run() = %v, want nil", err)
		}
	case <-time.After(5 * time.Second):
		t.Error("Run() still runs 5 s after an earlier Close")
	}
	if ok, why := b.Ready(); ok || why != "stopping" {
		t.Errorf("Ready() = %t, %q, want false, stopping", ok, why)
	}
}

// TestStopDoesNotWaitForHandshake: a proxy that holds WebSockets back may never answer the handshake.
func TestStopDoesNotWaitForHandshake(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	requested, over := make(chan struct{}), make(chan struct{})
	f.Mux.HandleFunc("/silent/", func(http.ResponseWriter, *http.Request) {
		close(requested)
		<-over
	})
	t.Cleanup(func() { close(over) })
	f.Answer("apps.connections.open", fake.Reply(`{"ok":true,"url":"ws`+strings.TrimPrefix(f.URL, "http")+`/silent/"}`))
	stop, result := run(t, socket.New(f.client(), f.config()))
	<-requested
	stop()
	select {
	case err := <-result:
		if err != nil {
			t.Errorf("Run() = %v, want nil", err)
		}
	case <-time.After(5 * time.Second):
		t.Error("Run still waits for the handshake after 5 s")
	}
}

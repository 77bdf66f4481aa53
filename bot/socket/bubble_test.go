package socket_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gorilla/websocket"

	"meetingbot/bot"
	"meetingbot/bot/socket"
)

// memory is an in-memory network with one listener. It works inside a synctest bubble.
type memory struct {
	conns chan net.Conn
	done  chan struct{}
}

func newMemory() *memory {
	return &memory{conns: make(chan net.Conn), done: make(chan struct{})}
}

func (m *memory) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	client, server := net.Pipe()
	select {
	case m.conns <- server:
		return client, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-m.done:
		return nil, net.ErrClosed
	}
}

func (m *memory) Accept() (net.Conn, error) {
	select {
	case c := <-m.conns:
		return c, nil
	case <-m.done:
		return nil, net.ErrClosed
	}
}

func (m *memory) Close() error   { close(m.done); return nil }
func (m *memory) Addr() net.Addr { return &net.UnixAddr{Name: "memory"} }

// bubbleSlack is a minimal Slack: it greets every socket and records acks.
type bubbleSlack struct {
	net *memory
	srv *http.Server

	mu      sync.Mutex
	sockets []*websocket.Conn
	mute    bool // new sockets don't answer pings
	acks    []string
	opened  []time.Time
}

func newBubbleSlack(t *testing.T) *bubbleSlack {
	t.Helper()
	s := &bubbleSlack{net: newMemory()}
	mux := http.NewServeMux()
	mux.HandleFunc("/api/auth.test", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, `{"ok":true,"team_id":"T1","user_id":"UBOT","bot_id":"B1"}`)
	})
	mux.HandleFunc("/api/apps.connections.open", func(w http.ResponseWriter, _ *http.Request) {
		s.mu.Lock()
		s.opened = append(s.opened, time.Now())
		s.mu.Unlock()
		_, _ = io.WriteString(w, `{"ok":true,"url":"ws://slack/link"}`)
	})
	mux.HandleFunc("/link", s.serve)
	s.srv = &http.Server{Handler: mux, ReadHeaderTimeout: time.Minute}
	go func() { _ = s.srv.Serve(s.net) }()
	return s
}

func (s *bubbleSlack) serve(w http.ResponseWriter, r *http.Request) {
	c, err := (&websocket.Upgrader{}).Upgrade(w, r, nil)
	if err != nil {
		return
	}
	defer c.Close()
	s.mu.Lock()
	s.sockets = append(s.sockets, c)
	if s.mute {
		c.SetPingHandler(func(string) error { return nil })
	}
	s.mu.Unlock()
	_ = c.WriteMessage(websocket.TextMessage, []byte(`{"type":"hello","num_connections":1}`))
	for {
		_, data, err := c.ReadMessage()
		if err != nil {
			return
		}
		s.mu.Lock()
		s.acks = append(s.acks, string(data))
		s.mu.Unlock()
	}
}

func (s *bubbleSlack) client() (*bot.Client, *http.Transport) {
	transport := &http.Transport{DialContext: s.net.dial}
	return bot.NewClient(bot.Config{
		AppToken: "xapp-1-secret", BotToken: "xoxb-2-secret", APIURL: "http://slack/api/", HTTP: &http.Client{Transport: transport},
	}), transport
}

// count returns the number of sockets and acks so far.
func (s *bubbleSlack) count() (sockets, acks int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.sockets), len(s.acks)
}

// TestSilentSocketIsReplacedOnTime runs a bot with fake time and an in-memory network. The bubble also checks that no
// goroutine is left at the end.
func TestSilentSocketIsReplacedOnTime(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newBubbleSlack(t)
		s.mute = true
		client, transport := s.client()
		cfg := socket.Config{Connections: 1, Dial: s.net.dial, Logger: slog.New(slog.DiscardHandler), NotStored: notStored, UnknownAction: unknown}
		var reasons []string
		cfg.Observer.Reconnect = func(reason string) { reasons = append(reasons, reason) }
		b := socket.New(client, cfg)
		b.HandleCommands(func(context.Context, bot.Command) error { return nil })
		ended := make(chan error)
		go func() { ended <- b.Run(context.WithoutCancel(t.Context())) }()
		synctest.Wait()
		for i := range 3 {
			s.mu.Lock()
			c := s.sockets[len(s.sockets)-1]
			s.mu.Unlock()
			_ = c.WriteMessage(websocket.TextMessage, fmt.Appendf(nil, `{"type":"slash_commands","envelope_id":"e%d","payload":{"command":"/cancel-meeting"}}`, i))
			synctest.Wait()
			if sockets, acks := s.count(); sockets != i+1 || acks != i+1 {
				t.Fatalf("sockets, acks = %d, %d, want %d of both", sockets, acks, i+1)
			}
			if ok, why := b.Ready(); !ok {
				t.Errorf("Ready() = false, %s", why)
			}
			time.Sleep(44 * time.Second)
			synctest.Wait()
			if sockets, _ := s.count(); sockets != i+1 {
				t.Errorf("sockets after 44 s of silence = %d, want still %d", sockets, i+1)
			}
			time.Sleep(2 * time.Second)
			synctest.Wait()
		}
		if len(reasons) != 3 || reasons[0] != "silent" {
			t.Errorf("reasons = %q, want silent three times", reasons)
		}
		if err := b.Close(t.Context()); err != nil {
			t.Errorf("Close() = %v", err)
		}
		if err := <-ended; err != nil {
			t.Errorf("Run() = %v", err)
		}
		client.Close()
		transport.CloseIdleConnections()
		_ = s.srv.Close()
	})
}

package socket_test

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"meetingbot/bot"
	"meetingbot/bot/internal/fake"
	"meetingbot/bot/socket"
)

func TestAckFallsBackToAnotherLink(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	cfg := f.config()
	cfg.Connections = 2
	b := socket.New(f.client(), cfg)
	release, inside := make(chan struct{}), make(chan struct{})
	b.HandleCommands(func(context.Context, bot.Command) error {
		close(inside)
		<-release
		return nil
	})
	run(t, b)
	one, two := f.socket(1), f.socket(2)
	f.await("both live", func() bool { return len(f.sockets) == 2 })
	one.command("e1", "x")
	<-inside
	f.Answer("apps.connections.open", fake.Status(500)) // no successor
	one.reset()
	f.await("the fake notices", func() bool { return one.ended })
	close(release)
	f.await("ack on the other socket", func() bool { return len(two.acks) == 1 })
}

func TestAckWaitsForNextConnection(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	b := socket.New(f.client(), f.config())
	release, inside := make(chan struct{}), make(chan struct{})
	b.HandleCommands(func(context.Context, bot.Command) error {
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

func TestOverlongAckIsNotSent(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	b, _ := countingBot(f, f.config())
	run(t, b)
	s := f.socket(1)
	long := strings.Repeat("e", 19_000)
	s.command(long, "x")
	f.await("ack of a long id", func() bool { return f.acked(long) == 1 }) // gorilla's reader joins fragments, see below
	s.command(strings.Repeat("f", 20_480), "x")
	s.command("end", "x")
	f.await("end", func() bool { return f.acked("end") == 1 })
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(s.acks) != 2 {
		t.Errorf("acks = %d, want 2: one too long for Slack must not be sent", len(s.acks))
	}
}

// TestNoFragments reads the raw bytes of an ack, because WebSocket libraries hide fragments.
func TestNoFragments(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	first := make(chan []byte, 1)
	server, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	f.Answer("apps.connections.open", fake.Reply(fmt.Sprintf(`{"ok":true,"url":"ws://%s/"}`, server.Addr())))
	var once atomic.Bool
	hs := &http.Server{ReadHeaderTimeout: time.Second, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c, err := (&websocket.Upgrader{}).Upgrade(w, r, nil)
		if err != nil || !once.CompareAndSwap(false, true) {
			return
		}
		defer c.Close()
		s := &peer{Conn: c, f: f}
		s.say(`{"type":"hello"}`)
		s.command(strings.Repeat("e", 19_000), "x")
		buf := make([]byte, 8)
		_, _ = io.ReadFull(c.NetConn(), buf)
		first <- buf
	})}
	go func() { _ = hs.Serve(server) }()
	defer hs.Close()
	b, _ := countingBot(f, f.config())
	stop, _ := run(t, b)
	got := <-first
	stop()
	// FIN and text in the first byte, masked with a 16 bit length in the second.
	if got[0] != 0x81 || got[1] != 0xfe {
		t.Errorf("the frame begins %#x %#x, want 0x81 0xfe", got[0], got[1])
	}
}

package socket_test

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"meetingbot/bot"
	"meetingbot/bot/internal/fake"
	"meetingbot/bot/socket"
	"meetingbot/internal/memnet"
)

// fakeSlack is a fake Web API that also serves sockets.
type fakeSlack struct {
	*fake.Slack
	t   *testing.T
	net *memnet.Network // nil: the fake listens on this machine

	mu      sync.Mutex
	sockets []*peer
	opened  int
	greet   bool // say hello to new sockets
	onOpen  func(*peer)
	changed *sync.Cond
}

func newFake(t *testing.T) *fakeSlack {
	t.Helper()
	return serveFake(t, fake.New(), nil)
}

// inBubble runs a test with fake time and an in-memory network, so that it doesn't matter how busy the machine is. The
// bubble also checks that no goroutine is left at the end.
func inBubble(t *testing.T, test func(t *testing.T, f *fakeSlack)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		m := memnet.New("memory")
		test(t, serveFake(t, fake.NewOn(m), m))
	})
}

func serveFake(t *testing.T, slack *fake.Slack, m *memnet.Network) *fakeSlack {
	t.Helper()
	f := &fakeSlack{Slack: slack, t: t, net: m, greet: true}
	f.changed = sync.NewCond(&f.mu)
	f.OnCall = func() { f.update(func() {}) }
	f.Mux.HandleFunc("/link/", f.serveSocket)
	t.Cleanup(func() {
		f.mu.Lock()
		for _, s := range f.sockets {
			_ = s.Close()
		}
		f.mu.Unlock()
		f.Close()
	})
	f.Answer("apps.connections.open", f.giveURL)
	return f
}

func (f *fakeSlack) giveURL(w http.ResponseWriter, _ *http.Request) {
	fmt.Fprintf(w, `{"ok":true,"url":"ws%s/link/?ticket=secret-ticket"}`, strings.TrimPrefix(f.URL, "http"))
}

func (f *fakeSlack) update(change func()) {
	f.mu.Lock()
	defer f.mu.Unlock()
	change()
	f.changed.Broadcast()
}

// await waits until holds returns true. holds may read the fake's state.
func (f *fakeSlack) await(what string, holds func() bool) {
	f.t.Helper()
	f.awaitWithin(10*time.Second, what, holds)
}

func (f *fakeSlack) awaitWithin(limit time.Duration, what string, holds func() bool) {
	f.t.Helper()
	over := false
	timer := time.AfterFunc(limit, func() { f.update(func() { over = true }) })
	defer timer.Stop()
	f.mu.Lock()
	defer f.mu.Unlock()
	for !holds() {
		if over {
			f.t.Fatalf("not within %s: %s", limit, what)
		}
		f.changed.Wait()
	}
}

// socket waits for the n-th connection, counted from 1.
func (f *fakeSlack) socket(n int) *peer {
	f.t.Helper()
	f.await(fmt.Sprintf("connection %d", n), func() bool { return len(f.sockets) >= n })
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.sockets[n-1]
}

func (f *fakeSlack) connections() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return len(f.sockets)
}

// acked counts the acks of an envelope on all sockets. Call it inside await or with f.mu held.
func (f *fakeSlack) acked(id string) int {
	n := 0
	for _, s := range f.sockets {
		for _, a := range s.acks {
			if a == id {
				n++
			}
		}
	}
	return n
}

func (f *fakeSlack) ackedNow(id string) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.acked(id)
}

// api points a client at the fake.
func (f *fakeSlack) api() bot.Config {
	return bot.Config{AppToken: "xapp-1-secret", BotToken: "xoxb-2-secret", APIURL: f.URL + "/api/"}
}

// client returns a client of the fake.
func (f *fakeSlack) client() *bot.Client {
	api := f.api()
	if f.net != nil {
		transport := &http.Transport{DialContext: f.net.DialContext}
		f.t.Cleanup(transport.CloseIdleConnections)
		api.HTTP = &http.Client{Transport: transport}
	}
	c := bot.NewClient(api)
	f.t.Cleanup(c.Close)
	return c
}

func (f *fakeSlack) config() socket.Config {
	cfg := socket.Config{
		Connections: 1, Logger: slog.New(slog.NewTextHandler(testLog{f.t}, &slog.HandlerOptions{Level: slog.LevelDebug})),
		NotStored: notStored, UnknownAction: unknown,
	}
	if f.net != nil {
		cfg.Dial = f.net.DialContext
	}
	return cfg
}

func notStored(_ bot.Origin, err error) bot.Message {
	return bot.Message{Text: "try again: " + err.Error()}
}

func unknown(bot.Origin) bot.Message { return bot.Message{Text: "unknown"} }

// testLog fails the test if the bot's log holds a secret.
type testLog struct{ t *testing.T }

func (l testLog) Write(p []byte) (int, error) {
	line := strings.TrimSpace(string(p))
	for _, secret := range []string{"xapp-1", "xoxb-2", "secret-ticket", "/hook/"} {
		if strings.Contains(line, secret) {
			l.t.Errorf("the log holds a secret (%s): %s", secret, line)
		}
	}
	return len(p), nil
}

// run starts b, and stops it when the test ends. The channel receives Run's result.
func run(t *testing.T, b *socket.Bot) (stop context.CancelFunc, result <-chan error) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	out := make(chan error, 1)
	over := make(chan struct{})
	go func() {
		defer close(over)
		out <- b.Run(ctx)
	}()
	t.Cleanup(func() {
		cancel()
		<-over
	})
	return cancel, out
}

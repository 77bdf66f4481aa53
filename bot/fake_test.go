package bot_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"meetingbot/bot"
)

// fakeSlack is Slack's side of the wire, made of raw bytes: it knows none of slack-go's types, so that a wrong field name
// can't agree with itself.
type fakeSlack struct {
	*httptest.Server
	t *testing.T

	mu      sync.Mutex
	calls   []call
	answers map[string]http.HandlerFunc // by method; missing ones get {"ok":true}
	sockets []*socket
	opened  int
	greet   bool // say hello to new sockets
	onOpen  func(*socket)
	changed *sync.Cond
}

// call is a request as it arrived.
type call struct {
	Method, Path, Auth, Type, Body string
	Form                           url.Values
	At                             time.Time
}

// socket is one WebSocket, seen from Slack.
type socket struct {
	*websocket.Conn
	f         *fakeSlack
	acks      []string // guarded by f.mu, like the rest
	pings     int
	closeCode int // 0 while open
	ended     bool
	writes    sync.Mutex
}

func newFake(t *testing.T) *fakeSlack {
	t.Helper()
	f := &fakeSlack{t: t, answers: make(map[string]http.HandlerFunc), greet: true}
	f.changed = sync.NewCond(&f.mu)
	mux := http.NewServeMux()
	mux.HandleFunc("/api/{method}", f.serveCall)
	mux.HandleFunc("/hook/{id}", f.serveCall)
	mux.HandleFunc("/link/", f.serveSocket)
	f.Server = httptest.NewServer(mux)
	t.Cleanup(func() {
		f.mu.Lock()
		for _, s := range f.sockets {
			_ = s.Close()
		}
		f.mu.Unlock()
		f.CloseClientConnections()
		f.Close()
	})
	f.answer("apps.connections.open", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprintf(w, `{"ok":true,"url":"ws%s/link/?ticket=secret-ticket"}`, strings.TrimPrefix(f.URL, "http"))
	})
	f.answer("auth.test", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("X-OAuth-Scopes", "chat:write,commands, users:read")
		_, _ = io.WriteString(w, `{"ok":true,"url":"https://acme.slack.com/","team":"Acme","user":"bot","team_id":"T1","user_id":"UBOT","bot_id":"B1"}`)
	})
	return f
}

func (f *fakeSlack) serveCall(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return // the bot took it back before it was complete
	}
	form, _ := url.ParseQuery(string(body))
	method := r.PathValue("method")
	if method == "" {
		method = "hook"
	}
	f.mu.Lock()
	f.calls = append(f.calls, call{
		Method: method, Path: r.URL.RequestURI(), Auth: r.Header.Get("Authorization"),
		Type: r.Header.Get("Content-Type"), Body: string(body), Form: form, At: time.Now(),
	})
	h := f.answers[method]
	f.changed.Broadcast()
	f.mu.Unlock()
	if h == nil {
		h = reply(`{"ok":true}`)
	}
	h(w, r)
}

func (f *fakeSlack) serveSocket(w http.ResponseWriter, r *http.Request) {
	conn, err := (&websocket.Upgrader{}).Upgrade(w, r, nil)
	if err != nil {
		return
	}
	s := &socket{Conn: conn, f: f}
	conn.SetPingHandler(func(data string) error {
		f.update(func() { s.pings++ })
		return conn.WriteControl(websocket.PongMessage, []byte(data), time.Now().Add(time.Second))
	})
	f.mu.Lock()
	f.opened++
	n, greet, onOpen := f.opened, f.greet, f.onOpen
	f.mu.Unlock()
	if greet { // before the test gets hold of the socket: hello comes first
		s.say(`{"type":"hello","num_connections":%d,"connection_info":{"app_id":"A1"},"debug_info":{"host":"h","approximate_connection_time":18060}}`, n)
	}
	f.update(func() { f.sockets = append(f.sockets, s) })
	if onOpen != nil {
		onOpen(s)
	}
	s.listen()
}

func (s *socket) listen() {
	for {
		_, data, err := s.ReadMessage()
		if err != nil {
			code := websocket.CloseAbnormalClosure
			if c, ok := err.(*websocket.CloseError); ok { //nolint:errorlint // gorilla returns it bare
				code = c.Code
			}
			s.f.update(func() { s.closeCode, s.ended = code, true })
			return
		}
		var ack struct {
			ID string `json:"envelope_id"`
		}
		if err := json.Unmarshal(data, &ack); err != nil || ack.ID == "" {
			s.f.t.Errorf("the bot sent %q, want an ack", data)
			continue
		}
		s.f.update(func() { s.acks = append(s.acks, ack.ID) })
	}
}

func (s *socket) say(format string, args ...any) {
	s.writes.Lock()
	defer s.writes.Unlock()
	_ = s.WriteMessage(websocket.TextMessage, fmt.Appendf(nil, format, args...))
}

// command sends "/cancel-meeting text" in an envelope.
func (s *socket) command(envelopeID, text string) {
	s.say(`{"type":"slash_commands","envelope_id":%q,"accepts_response_payload":true,"payload":{"command":"/cancel-meeting","text":%q,`+
		`"user_id":"U1","team_id":"T1","channel_id":"C1","response_url":"%s/hook/%s","trigger_id":"1.2.3"}}`,
		envelopeID, text, s.f.URL, envelopeID)
}

// reset ends the TCP connection with a RST.
func (s *socket) reset() {
	_ = s.NetConn().(*net.TCPConn).SetLinger(0)
	_ = s.NetConn().Close()
}

func (f *fakeSlack) update(change func()) {
	f.mu.Lock()
	defer f.mu.Unlock()
	change()
	f.changed.Broadcast()
}

// await waits until the predicate holds on the fake's state.
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
func (f *fakeSlack) socket(n int) *socket {
	f.t.Helper()
	f.await(fmt.Sprintf("connection %d", n), func() bool { return len(f.sockets) >= n })
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.sockets[n-1]
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

// made returns the calls of a method so far.
func (f *fakeSlack) made(method string) []call {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.madeLocked(method)
}

func (f *fakeSlack) madeLocked(method string) []call {
	var some []call
	for _, c := range f.calls {
		if c.Method == method {
			some = append(some, c)
		}
	}
	return some
}

func (f *fakeSlack) answer(method string, h http.HandlerFunc) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.answers[method] = h
}

// reply answers with a body.
func reply(body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
		_, _ = io.WriteString(w, body)
	}
}

// status answers with a bare status.
func status(code int, header ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		for i := 0; i+1 < len(header); i += 2 {
			w.Header().Set(header[i], header[i+1])
		}
		w.WriteHeader(code)
		_, _ = io.WriteString(w, "<html>not JSON</html>")
	}
}

// inTurn answers the first call with the first, and so on; the last one stays.
func inTurn(all ...http.HandlerFunc) http.HandlerFunc {
	var mu sync.Mutex
	n := 0
	return func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		h := all[min(n, len(all)-1)]
		n++
		mu.Unlock()
		h(w, r)
	}
}

// config points a bot at the fake.
func (f *fakeSlack) config() bot.Config {
	return bot.Config{
		AppToken: "xapp-1-secret", BotToken: "xoxb-2-secret", APIURL: f.URL + "/api/", Connections: 1,
		Logger: slog.New(slog.NewTextHandler(testLog{f.t}, &slog.HandlerOptions{Level: slog.LevelDebug})),
	}
}

// testLog writes the bot's log into the test's and fails the test if a secret is in it.
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

// run starts b and stops it at the end of the test at the latest. The channel gets Run's result.
func run(t *testing.T, b *bot.Bot) (stop context.CancelFunc, result <-chan error) {
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

// newTLSFront serves the same fake over TLS.
func newTLSFront(t *testing.T, f *fakeSlack) *httptest.Server {
	t.Helper()
	s := httptest.NewTLSServer(f.Config.Handler)
	t.Cleanup(func() {
		s.CloseClientConnections()
		s.Close()
	})
	return s
}

// pass lets await look again although nothing has arrived; f.mu is held. It returns false.
func (f *fakeSlack) pass() bool {
	time.AfterFunc(5*time.Millisecond, f.changed.Broadcast)
	return false
}

// Package fake is Slack's Web API made of raw bytes, for the tests of bot and bot/socket. It shares no types with them or
// with slack-go, so a wrong field name can't go unnoticed.
package fake

import (
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"sync"
	"time"
)

// Slack records its calls. By default it answers auth.test with Identity and every other call with {"ok":true}. Make one
// with New.
type Slack struct {
	*httptest.Server
	Mux    *http.ServeMux // serves /api/ and /hook/; more may be added
	OnCall func()         // called when a request has arrived; set it before the first call

	mu      sync.Mutex
	calls   []Call
	answers map[string]http.HandlerFunc
	fronts  []*httptest.Server
}

// Call is a request as it arrived.
type Call struct {
	Method, Path, Auth, Type, Body string
	Form                           url.Values
	At                             time.Time
}

// New starts a Slack; Close stops it.
func New() *Slack {
	l, err := net.Listen("tcp", "127.0.0.1:0") //nolint:noctx // on this machine
	if err != nil {
		panic(err)
	}
	return NewOn(l)
}

// NewOn starts a Slack that listens on l; Close stops both.
func NewOn(l net.Listener) *Slack {
	s := &Slack{Mux: http.NewServeMux(), OnCall: func() {}, answers: make(map[string]http.HandlerFunc)}
	s.Mux.HandleFunc("/api/{method}", s.serve)
	s.Mux.HandleFunc("/hook/{id}", s.serve)
	s.Server = &httptest.Server{Listener: l, Config: &http.Server{Handler: s.Mux}} //nolint:gosec // a test's clients send their headers
	s.Start()
	s.fronts = []*httptest.Server{s.Server}
	s.Answer("auth.test", Identity)
	return s
}

// OverTLS serves the same Slack over TLS too, until Close.
func (s *Slack) OverTLS() *httptest.Server {
	front := httptest.NewTLSServer(s.Mux)
	s.fronts = append(s.fronts, front)
	return front
}

// Close stops the servers and closes all connections.
func (s *Slack) Close() {
	for _, front := range s.fronts {
		front.CloseClientConnections()
		front.Close()
	}
}

func (s *Slack) serve(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return // the caller gave up while sending
	}
	form, _ := url.ParseQuery(string(body))
	method := r.PathValue("method")
	if method == "" {
		method = "hook"
	}
	s.mu.Lock()
	s.calls = append(s.calls, Call{
		Method: method, Path: r.URL.RequestURI(), Auth: r.Header.Get("Authorization"),
		Type: r.Header.Get("Content-Type"), Body: string(body), Form: form, At: time.Now(),
	})
	h := s.answers[method]
	s.mu.Unlock()
	s.OnCall()
	if h == nil {
		h = Reply(`{"ok":true}`)
	}
	h(w, r)
}

// Answer sets the handler of a method; "hook" handles every response_url.
func (s *Slack) Answer(method string, h http.HandlerFunc) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.answers[method] = h
}

// Calls returns all calls so far.
func (s *Slack) Calls() []Call {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.calls)
}

// Made returns the calls of a method so far.
func (s *Slack) Made(method string) []Call {
	return slices.DeleteFunc(s.Calls(), func(c Call) bool { return c.Method != method })
}

// Reply answers with a body.
func Reply(body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
		_, _ = io.WriteString(w, body)
	}
}

// Identity answers auth.test with a good token.
func Identity(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("X-OAuth-Scopes", "chat:write,commands, users:read")
	_, _ = io.WriteString(w, `{"ok":true,"url":"https://acme.slack.com/","team":"Acme","user":"bot","team_id":"T1","user_id":"UBOT","bot_id":"B1"}`)
}

// Status answers with a bare status and headers given as pairs.
func Status(code int, header ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		for i := 0; i+1 < len(header); i += 2 {
			w.Header().Set(header[i], header[i+1])
		}
		w.WriteHeader(code)
		_, _ = io.WriteString(w, "<html>not JSON</html>")
	}
}

// InTurn answers each call with the next handler; the last one repeats.
func InTurn(all ...http.HandlerFunc) http.HandlerFunc {
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

package socket_test

import (
	"bufio"
	"crypto/tls"
	"encoding/pem"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"

	"meetingbot/bot"
	"meetingbot/bot/internal/fake"
	"meetingbot/bot/socket"
)

// connectProxy is an HTTP proxy made of raw bytes: it answers CONNECT with the given line, and connects if that says 200.
type connectProxy struct {
	answer string

	mu       sync.Mutex
	connects []string // the host and Proxy-Authorization of every CONNECT
}

// open starts the proxy, over TLS if over is not nil, and returns its address.
func (g *connectProxy) open(t *testing.T, over *tls.Config) *url.URL {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	at := &url.URL{Scheme: "http", User: url.UserPassword("ana", "hunter2"), Host: l.Addr().String()}
	if over != nil {
		at.Scheme, l = "https", tls.NewListener(l, over)
	}
	var all sync.WaitGroup
	t.Cleanup(func() { _ = l.Close(); all.Wait() })
	all.Go(func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			all.Go(func() { g.serve(conn) })
		}
	})
	return at
}

func (g *connectProxy) serve(conn net.Conn) {
	defer func() { _ = conn.Close() }()
	r, err := http.ReadRequest(bufio.NewReader(conn))
	if err != nil {
		return
	}
	g.mu.Lock()
	g.connects = append(g.connects, r.Host+" "+r.Header.Get("Proxy-Authorization"))
	g.mu.Unlock()
	_, _ = io.WriteString(conn, g.answer+"\r\n\r\n")
	if !strings.Contains(g.answer, " 200") {
		return
	}
	target, err := net.Dial("tcp", r.Host)
	if err != nil {
		return
	}
	go func() {
		_, _ = io.Copy(target, conn)
		_ = target.Close()
	}()
	_, _ = io.Copy(conn, target)
}

// TestProxy: sockets go through a proxy, with or without TLS, and cope with every form of refusal.
func TestProxy(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, answer, want string // want is the error
		secure             bool
	}{
		{"lets through", "HTTP/1.1 200 Connection established", "", false},
		{"lets through over TLS", "HTTP/1.1 200", "", true},
		{"refuses without status text", "HTTP/1.1 407", "407 Proxy Authentication Required", false},
		{"refuses with its own text", "HTTP/1.1 403 Weg da", "proxyconnect tcp: the proxy refuses: 403 Forbidden", false},
		{"refuses over TLS", "HTTP/1.1 502 ", "502 Bad Gateway", true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			f, g := newFake(t), &connectProxy{answer: tt.answer}
			front := f.OverTLS()
			f.Answer("apps.connections.open", fake.Reply(`{"ok":true,"url":"wss`+strings.TrimPrefix(front.URL, "https")+`/link/"}`))
			var over *tls.Config
			if tt.secure {
				over = front.TLS.Clone()
				over.NextProtos = nil
			}
			api, at := f.api(), g.open(t, over)
			var err error
			if api.HTTP, err = bot.NewHTTP(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: front.Certificate().Raw})); err != nil {
				t.Fatal(err)
			}
			api.HTTP.Transport.(*http.Transport).Proxy = func(r *http.Request) (*url.URL, error) { //nolint:forcetypeassert // NewHTTP makes it
				if r.URL.Scheme == "http" { // the Web API
					return nil, nil //nolint:nilnil // as net/http has it
				}
				return at, nil
			}
			client := bot.NewClient(api)
			t.Cleanup(client.Close)
			_, err = socket.New(client, f.config()).Probe(t.Context())
			if tt.want == "" && err != nil || tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want) || strings.Contains(err.Error(), "hunter2")) {
				t.Errorf("Probe() = %v, want %q", err, tt.want)
			}
			g.mu.Lock()
			defer g.mu.Unlock()
			if want := strings.TrimPrefix(front.URL, "https://") + " Basic YW5hOmh1bnRlcjI="; len(g.connects) != 1 || g.connects[0] != want {
				t.Errorf("the proxy got %q, want %q", g.connects, want)
			}
		})
	}
}

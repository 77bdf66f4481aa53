package meetingapi_test

import (
	"crypto/tls"
	"encoding/pem"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"meetingbot/meetingapi"
)

// secure is a service behind TLS, and its certificate in PEM.
func secure(t *testing.T, versions ...uint16) (*service, []byte) {
	t.Helper()
	s := &service{handlers: map[string]http.HandlerFunc{}}
	s.Server = httptest.NewUnstartedServer(http.HandlerFunc(s.serve))
	s.EnableHTTP2 = true
	s.Config.ErrorLog = log.New(io.Discard, "", 0)
	s.TLS = &tls.Config{}
	if len(versions) == 2 {
		s.TLS.MinVersion, s.TLS.MaxVersion = versions[0], versions[1]
	}
	s.StartTLS()
	t.Cleanup(s.Close)
	return s, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.Certificate().Raw})
}

func (s *service) secureClient(t *testing.T, ca []byte) *api {
	t.Helper()
	transport, err := meetingapi.NewTransport(ca)
	if err != nil {
		t.Fatalf("NewTransport: %v", err)
	}
	t.Cleanup(transport.CloseIdleConnections)
	return s.client(t, func(c *meetingapi.Config) { c.HTTP = &http.Client{Transport: transport} })
}

func TestOwnCA(t *testing.T) {
	t.Parallel()
	s, ca := secure(t)
	s.on(cancelPath, func(w http.ResponseWriter, r *http.Request) {
		if r.ProtoMajor != 1 {
			t.Errorf("DELETE came over %s, want HTTP/1.1", r.Proto)
		}
		w.WriteHeader(200)
	})
	if err := s.secureClient(t, ca).Cancel(t.Context(), single(t), meetingapi.CancelOptions{}); err != nil {
		t.Errorf("Cancel with the service's own CA = %v, want no error", err)
	}

	logins := s.loginCount()
	err := s.secureClient(t, nil).Login(t.Context())
	var bad *tls.CertificateVerificationError
	if !meetingapi.IsUnavailable(err) || !errors.As(err, &bad) {
		t.Errorf("Login without the CA = %v, want %v and a certificate error", err, meetingapi.ClassUnavailable)
	}
	if s.loginCount() != logins {
		t.Error("a login was sent to a service that is not trusted")
	}
	for _, junk := range []string{"junk", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----"} {
		if _, err := meetingapi.NewTransport([]byte(junk)); err == nil {
			t.Errorf("NewTransport(%q) = no error, want one", junk)
		}
	}
}

func TestOldTLSIsRefused(t *testing.T) {
	t.Parallel()
	s, ca := secure(t, tls.VersionTLS10, tls.VersionTLS11)
	if err := s.secureClient(t, ca).Login(t.Context()); !meetingapi.IsUnavailable(err) {
		t.Errorf("Login over TLS 1.1 = %v, want %v", err, meetingapi.ClassUnavailable)
	}
	s, ca = secure(t, tls.VersionTLS12, tls.VersionTLS12)
	if err := s.secureClient(t, ca).Login(t.Context()); err != nil {
		t.Errorf("Login over TLS 1.2 = %v, want no error", err)
	}
}

// TestDeadlineUnderTLS: the deadline also holds with TLS, where the guarded connection is
// one layer below.
func TestDeadlineUnderTLS(t *testing.T) {
	t.Parallel()
	s, ca := secure(t)
	s.on(cancelPath, answer(200, ""))
	c := s.secureClient(t, ca)
	if err := c.Login(t.Context()); err != nil {
		t.Fatalf("Login: %v", err)
	}
	transport, ok := c.HTTP.Transport.(*http.Transport)
	if !ok {
		t.Fatalf("transport is a %T", c.HTTP.Transport)
	}
	ctx := stopped{t.Context(), time.Now().Add(50 * time.Millisecond)}
	transport.Proxy = func(*http.Request) (*url.URL, error) {
		<-time.After(time.Until(ctx.deadline) + 10*time.Millisecond)
		return nil, nil
	}
	err := c.Cancel(ctx, single(t), meetingapi.CancelOptions{})
	if got := s.requests(); !meetingapi.IsUnavailable(err) || len(got) != 0 {
		t.Errorf("Cancel after the deadline = %v, sent %q, want %v and nothing", err, got, meetingapi.ClassUnavailable)
	}
}

// TestProxy sets its own proxy on the transport, because the environment's is never used
// for loopback.
func TestProxy(t *testing.T) {
	t.Parallel()
	s, ca := secure(t)
	var mu sync.Mutex
	var asked []string
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		asked = append(asked, r.Method+" "+r.Host)
		mu.Unlock()
		there, err := net.Dial("tcp", r.Host)
		if err != nil {
			w.WriteHeader(502)
			return
		}
		here, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			return
		}
		_, _ = io.WriteString(here, "HTTP/1.1 200 Connection established\r\n\r\n")
		for _, pair := range [][2]net.Conn{{here, there}, {there, here}} {
			go func() {
				_, _ = io.Copy(pair[0], pair[1])
				_ = pair[0].Close()
				_ = pair[1].Close()
			}()
		}
	}))
	defer proxy.Close()
	c := s.secureClient(t, ca)
	transport, ok := c.HTTP.Transport.(*http.Transport)
	if !ok {
		t.Fatalf("transport is a %T", c.HTTP.Transport)
	}
	defer transport.CloseIdleConnections()
	u, err := url.Parse(proxy.URL)
	if err != nil {
		t.Fatalf("Parse(%q): %v", proxy.URL, err)
	}
	transport.Proxy = http.ProxyURL(u)
	if err := c.Login(t.Context()); err != nil {
		t.Errorf("Login through a proxy = %v, want no error", err)
	}
	mu.Lock()
	defer mu.Unlock()
	if want := "CONNECT " + strings.TrimPrefix(s.URL, "https://"); len(asked) != 1 || asked[0] != want {
		t.Errorf("the proxy got %q, want %q", asked, want)
	}
}

func TestProxyThatRefuses(t *testing.T) {
	t.Parallel()
	s, ca := secure(t)
	proxy := httptest.NewServer(answer(407, "who are you"))
	defer proxy.Close()
	c := s.secureClient(t, ca)
	u, err := url.Parse(strings.Replace(proxy.URL, "http://", "http://user:proxy-password@", 1))
	if err != nil {
		t.Fatalf("Parse: %v", err)
	}
	transport, ok := c.HTTP.Transport.(*http.Transport)
	if !ok {
		t.Fatalf("transport is a %T", c.HTTP.Transport)
	}
	transport.Proxy = http.ProxyURL(u)
	err = c.Login(t.Context())
	if !meetingapi.IsUnavailable(err) || strings.Contains(err.Error(), "proxy-password") {
		t.Errorf("Login through a proxy that refuses = %v, want %v without the password", err, meetingapi.ClassUnavailable)
	}
	if want := "meetingapi: login: unavailable: nothing was sent: proxyconnect tcp: the proxy refuses: 407 Proxy Authentication Required"; err.Error() != want {
		t.Errorf("the error is %q, want %q", err, want)
	}
}

// TestRedirectsAreNotFollowed: neither the token nor the login goes to another server.
func TestRedirectsAreNotFollowed(t *testing.T) {
	t.Parallel()
	var elsewhere sync.Map
	other := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		elsewhere.Store(r.Method+" "+r.URL.Path, r.Header.Get("X-Access-Token")+r.Header.Get("Authorization"))
	}))
	defer other.Close()
	for _, status := range []int{301, 302, 303, 307, 308} {
		away := func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, other.URL+"/stolen", status) }
		for _, m := range methods(t) {
			s := newService(t)
			s.on(m.path, away)
			c := s.client(t, once, func(c *meetingapi.Config) {
				c.HTTP.CheckRedirect = func(*http.Request, []*http.Request) error { return nil }
			})
			want := meetingapi.ClassServer
			if m.change {
				want = meetingapi.ClassUnknownOutcome
			}
			if err := m.call(t.Context(), c); meetingapi.ClassOf(err) != want {
				t.Errorf("%s with %d = %v, want %v", m.name, status, err, want)
			}
		}
		s := newService(t)
		s.on(loginPath, away)
		if err := s.client(t).Login(t.Context()); meetingapi.ClassOf(err) != meetingapi.ClassServer {
			t.Errorf("Login with %d = %v, want %v", status, err, meetingapi.ClassServer)
		}
	}
	elsewhere.Range(func(k, v any) bool {
		t.Errorf("%v went to another server with %q", k, v)
		return true
	})
}

// TestConnectionsAreReused: a hundred parallel calls reuse the connections of the previous
// hundred, and the first call after a login reuses the login's.
func TestConnectionsAreReused(t *testing.T) {
	t.Parallel()
	const parallel = 100
	s := &service{handlers: map[string]http.HandlerFunc{}}
	var mu sync.Mutex
	opened := 0
	s.Server = httptest.NewUnstartedServer(http.HandlerFunc(s.serve))
	s.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		mu.Lock()
		defer mu.Unlock()
		if state == http.StateNew {
			opened++
		}
	}
	s.Start()
	t.Cleanup(s.Close)
	count := func() int {
		mu.Lock()
		defer mu.Unlock()
		return opened
	}
	s.on(detailPath, answer(200, detailBody))
	c := s.client(t)
	if err := c.Login(t.Context()); err != nil {
		t.Fatalf("Login: %v", err)
	}
	if _, err := c.Meeting(t.Context(), "914087436"); err != nil {
		t.Fatalf("Meeting: %v", err)
	}
	if got := count(); got != 1 {
		t.Errorf("%d connections after a login and a call, want 1", got)
	}
	for range 3 {
		// All wait for the last to arrive, so that all are in flight together.
		var arrived, done sync.WaitGroup
		arrived.Add(parallel)
		s.on(detailPath, func(w http.ResponseWriter, r *http.Request) {
			arrived.Done()
			arrived.Wait()
			answer(200, detailBody)(w, r)
		})
		for range parallel {
			done.Go(func() {
				if _, err := c.Meeting(t.Context(), "914087436"); err != nil {
					t.Errorf("Meeting: %v", err)
				}
			})
		}
		done.Wait()
	}
	if got := count(); got > parallel+5 {
		t.Errorf("%d connections for three rounds of %d calls, want about %d", got, parallel, parallel)
	}
}

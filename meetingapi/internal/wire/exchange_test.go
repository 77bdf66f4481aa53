package wire

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// TestWhy: the reason for a missing answer decides whether a change may have been made.
func TestWhy(t *testing.T) {
	t.Parallel()
	arrived := make(chan struct{}, 1)
	service := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		switch r.URL.Path {
		case "/silent":
			arrived <- struct{}{}
			<-r.Context().Done()
		case "/hangup":
			panic(http.ErrAbortHandler)
		}
	}))
	t.Cleanup(service.Close)
	unused, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatalf("Listen: %v", err)
	}
	closed := "http://" + unused.Addr().String()
	_ = unused.Close()

	past, cancelPast := context.WithDeadline(t.Context(), time.Now().Add(-time.Second))
	t.Cleanup(cancelPast)
	canceled, cancel := context.WithCancel(t.Context())
	cancel()
	for _, tt := range []struct {
		desc string
		base string
		ctx  context.Context
		r    Request
		want NoAnswer // without its Cause
	}{
		{"no server", closed, t.Context(), Request{Path: "/"}, NoAnswer{Why: NotSent}},
		{"no time left", service.URL, past, Request{Path: "/"}, NoAnswer{Why: NotSent}},
		{"canceled before", service.URL, canceled, Request{Path: "/", Change: true}, NoAnswer{Why: NotSent, Canceled: true, Final: true}},
		{"invalid method", service.URL, t.Context(), Request{Path: "/", Method: "?"}, NoAnswer{Why: Invalid, Final: true}},
		{"body not JSON", service.URL, t.Context(), Request{Path: "/", Body: func() {}}, NoAnswer{Why: Invalid, Final: true}},
		{"hung up", service.URL, t.Context(), Request{Path: "/hangup", Method: http.MethodPost}, NoAnswer{Why: Lost}},
		{"canceled while reading", service.URL, nil, Request{Path: "/silent"}, NoAnswer{Why: Lost, Canceled: true, Final: true}},
		{"canceled while changing", service.URL, nil, Request{Path: "/silent", Change: true}, NoAnswer{Why: Lost}},
	} {
		select {
		case <-arrived: // from the previous row
		default:
		}
		ctx := tt.ctx
		if ctx == nil {
			var cancel context.CancelFunc
			ctx, cancel = context.WithCancel(t.Context())
			go func() {
				<-arrived
				cancel()
			}()
		}
		tt.r.Timeout = time.Minute
		endpoint := Endpoint{Base: tt.base, HTTP: Client(nil)}
		ans, noAnswer := endpoint.Exchange(ctx, tt.r)
		endpoint.HTTP.CloseIdleConnections()
		if noAnswer == nil {
			t.Errorf("%s: an answer, %+v", tt.desc, ans)
			continue
		}
		got := *noAnswer
		got.Cause = nil
		if got != tt.want || ans.Status != 0 {
			t.Errorf("%s: %+v (%v), status %d, want %+v", tt.desc, got, noAnswer.Cause, ans.Status, tt.want)
		}
	}
}

// TestTooSlow: no answer comes within the request's timeout.
func TestTooSlow(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		transport := Transport(nil)
		transport.DialContext = Guard(func(context.Context, string, string) (net.Conn, error) {
			here, there := net.Pipe()
			go func() { _, _ = io.Copy(io.Discard, there) }()
			return here, nil
		})
		endpoint := Endpoint{Base: "http://memory", HTTP: Client(&http.Client{Transport: transport})}
		began := time.Now()
		_, got := endpoint.Exchange(t.Context(), Request{Path: "/", Timeout: 5 * time.Second})
		if took := time.Since(began); got == nil || got.Why != Lost || got.Canceled || got.Final || took != 5*time.Second {
			t.Errorf("%+v after %v, want a lost answer after 5s", got, took)
		}
	})
}

// TestBrokenAnswer: an answer whose body breaks off still counts, because its status says
// what happened.
func TestBrokenAnswer(t *testing.T) {
	t.Parallel()
	body := strings.Repeat("x", 99)
	service := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/short" {
			w.Header().Set("Content-Length", "1000")
		}
		_, _ = io.WriteString(w, body)
	}))
	t.Cleanup(service.Close)
	endpoint := Endpoint{Base: service.URL, HTTP: Client(nil)}
	t.Cleanup(endpoint.HTTP.CloseIdleConnections)
	for path, want := range map[string]struct {
		limit int64
		read  int
		whole bool
	}{
		"/":      {99, 99, true},
		"/long":  {98, 98, false},
		"/short": {999, 99, false},
	} {
		ans, noAnswer := endpoint.Exchange(t.Context(), Request{Path: path, Limit: want.limit, Timeout: 10 * time.Second})
		if noAnswer != nil || ans.Status != 200 || len(ans.Body) != want.read || (ans.Broken == nil) != want.whole {
			t.Errorf("%s: %d bytes, status %d, %v, %+v; want %d bytes, whole: %v", path, len(ans.Body), ans.Status, ans.Broken, noAnswer, want.read, want.whole)
		}
	}
}

// TestClient: Client disables redirects and cookies, without changing the caller's client.
func TestClient(t *testing.T) {
	t.Parallel()
	own := &http.Client{Timeout: time.Minute}
	got := Client(own)
	if own.CheckRedirect != nil || got.Timeout != time.Minute || !errors.Is(got.CheckRedirect(nil, nil), http.ErrUseLastResponse) || got.Jar != nil {
		t.Errorf("Client(%+v) = %+v", own, got)
	}
}

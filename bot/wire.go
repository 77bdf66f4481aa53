package bot

import (
	"cmp"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"math"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strconv"
	"strings"
	"sync/atomic"
	"time"
)

const (
	parallelCalls = 128                     // calls to one host that keep their connection afterwards
	callTimeout   = 30 * time.Second        // for one attempt of any call
	dialTimeout   = 10 * time.Second        // to connect, and again for the TLS handshake
	minTimeToPost = 3500 * time.Millisecond // time the caller must have left when a message is sent
	minTimeToTell = 1500 * time.Millisecond // the same for an answer that only one person sees: better told twice than not at all
	answerLimit   = 8 << 20                 // bytes read of an answer; the largest is a page of history
)

// wire sends calls over HTTP. It sends nothing after a deadline, bounds answers, and never sends a token to a redirect.
type wire struct {
	http     *http.Client
	base     string // of the Web API, with a trailing slash
	throttle throttle
	observe  func(method, class string, took time.Duration)
	stopBy   func(context.Context) (context.Context, context.CancelFunc)
}

func newWire(cfg Config) *wire {
	w := &wire{http: cmp.Or(cfg.HTTP, defaultHTTP(nil)), base: cfg.APIURL, observe: cfg.Observe, stopBy: cfg.StopBy}
	if w.http.CheckRedirect == nil {
		noRedirect := *w.http
		noRedirect.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
		w.http = &noRedirect
	}
	return w
}

// defaultHTTP is like http.DefaultTransport with room for many parallel calls: with only two idle connections per host,
// most calls under load would need a new TCP and TLS handshake.
func defaultHTTP(roots *x509.CertPool) *http.Client {
	t := &http.Transport{
		Proxy:                 http.ProxyFromEnvironment,
		DialContext:           (&net.Dialer{Timeout: dialTimeout, KeepAlive: 30 * time.Second}).DialContext,
		ForceAttemptHTTP2:     true,
		MaxIdleConns:          2 * parallelCalls,
		MaxIdleConnsPerHost:   parallelCalls,
		IdleConnTimeout:       90 * time.Second,
		TLSHandshakeTimeout:   dialTimeout,
		ExpectContinueTimeout: time.Second,
		// All calls share one HTTP/2 connection; pings detect a dead one before every call on it times out.
		HTTP2: &http.HTTP2Config{SendPingTimeout: 15 * time.Second, PingTimeout: 5 * time.Second},
		OnProxyConnectResponse: func(_ context.Context, _ *url.URL, _ *http.Request, resp *http.Response) error {
			return CheckProxyResponse(resp)
		},
	}
	if roots != nil {
		t.TLSClientConfig = &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}
	}
	return &http.Client{Timeout: callTimeout, Transport: t}
}

// send sends req unless the caller's ctx is done. sent reports whether the request may have left.
func (w *wire) send(ctx context.Context, req *http.Request) (resp *http.Response, sent bool, err error) {
	if err := checkDeadline(ctx); err != nil {
		return nil, false, err
	}
	var left atomic.Bool
	resp, err = w.http.Do(trackSend(ctx, req, &left))
	if errors.Is(err, context.DeadlineExceeded) {
		w.http.CloseIdleConnections() // if this connection has gone silent, the idle ones may have too
	}
	return resp, err == nil || left.Load(), err
}

// checkDeadline returns an error if ctx is done or its deadline has passed by the clock. A process that was frozen (SIGSTOP,
// a suspended machine) runs again before its timers fire, and another replica may have taken over its work long ago.
func checkDeadline(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if deadline, ok := ctx.Deadline(); ok && !time.Now().Before(deadline) {
		return context.DeadlineExceeded
	}
	return nil
}

// trackSend replaces req's body with one that checks the clock when net/http reads it, the last step before the bytes
// leave, and sets left. Headers may be out by then, but a server can't act on a request without its body. A request with
// no body has left once it has a connection.
func trackSend(ctx context.Context, req *http.Request, left *atomic.Bool) *http.Request {
	if req.Body == nil || req.Body == http.NoBody {
		left.Store(true) // a custom transport may not call the trace
		trace := &httptrace.ClientTrace{
			GetConn: func(string) { left.Store(false) },
			GotConn: func(httptrace.GotConnInfo) { left.Store(true) },
		}
		return req.WithContext(httptrace.WithClientTrace(req.Context(), trace)) //nolint:contextcheck // it derives from ctx
	}
	req.Body = &deadlineBody{ReadCloser: req.Body, ctx: ctx, left: left}
	if rewind := req.GetBody; rewind != nil {
		// net/http rereads a body only if it wrote none of it the first time.
		req.GetBody = func() (io.ReadCloser, error) {
			left.Store(false)
			body, err := rewind()
			return &deadlineBody{ReadCloser: body, ctx: ctx, left: left}, err
		}
	}
	return req
}

// deadlineBody is a request body that fails to read after ctx's deadline.
type deadlineBody struct {
	io.ReadCloser
	ctx  context.Context
	left *atomic.Bool
}

func (o *deadlineBody) Read(p []byte) (int, error) {
	if err := checkDeadline(o.ctx); err != nil {
		return 0, err
	}
	o.left.Store(true)
	return o.ReadCloser.Read(p)
}

// parseRetryAfter returns how long a 429 asks to wait, in whole seconds between defaultRetryAfter and longestRetryAfter.
// A date is measured from the answer's Date header, if any, because the sender's clock may differ from ours.
func parseRetryAfter(resp *http.Response) time.Duration {
	value := strings.TrimSpace(resp.Header.Get("Retry-After"))
	if seconds, err := strconv.ParseFloat(value, 64); err == nil && seconds > 1 {
		return time.Duration(math.Ceil(min(seconds, longestRetryAfter.Seconds()))) * time.Second
	}
	if at, err := http.ParseTime(value); err == nil {
		wait := time.Until(at)
		if date, err := http.ParseTime(resp.Header.Get("Date")); err == nil {
			wait = at.Sub(date)
		}
		return min(max(defaultRetryAfter, wait.Round(time.Second)), longestRetryAfter)
	}
	return defaultRetryAfter
}

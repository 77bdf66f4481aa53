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
	timeToPost    = 3500 * time.Millisecond // what must be left of the caller's time when a message goes out
	answerLimit   = 8 << 20                 // bytes read of an answer; a page of history is the largest we request
)

// wire sends calls over HTTP, and makes sure that nothing leaves late, answers are bounded, and tokens follow no redirect.
type wire struct {
	http     *http.Client
	base     string // of the Web API, with a slash at its end
	throttle throttle
	observe  func(method, class string, took time.Duration)
}

func newWire(cfg Config) *wire {
	w := &wire{http: cmp.Or(cfg.HTTP, defaultHTTP(nil)), base: cfg.APIURL, observe: cfg.Observe}
	if w.http.CheckRedirect == nil {
		stay := *w.http
		stay.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
		w.http = &stay
	}
	return w
}

// defaultHTTP is http.DefaultTransport with room for many calls at once: its two idle connections a host would cost a new
// TCP and TLS handshake for most calls under load.
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
		// One HTTP/2 connection carries all calls: pings must detect a dead one, not every call's timeout.
		HTTP2: &http.HTTP2Config{SendPingTimeout: 15 * time.Second, PingTimeout: 5 * time.Second},
		OnProxyConnectResponse: func(_ context.Context, _ *url.URL, _ *http.Request, resp *http.Response) error {
			return RefusedByProxy(resp)
		},
	}
	if roots != nil {
		t.TLSClientConfig = &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}
	}
	return &http.Client{Timeout: callTimeout, Transport: t}
}

// send sends req unless the caller's ctx is over. sent reports whether it may have left.
func (w *wire) send(ctx context.Context, req *http.Request) (resp *http.Response, sent bool, err error) {
	if err := late(ctx); err != nil {
		return nil, false, err
	}
	var left atomic.Bool
	resp, err = w.http.Do(watched(ctx, req, &left))
	if errors.Is(err, context.DeadlineExceeded) {
		w.http.CloseIdleConnections() // if this connection has gone silent, the idle ones may have as well
	}
	return resp, err == nil || left.Load(), err
}

// late returns an error if ctx is over by the clock. A process that was frozen (SIGSTOP, a suspended machine) wakes up
// before its timers fire; another replica may long have done what it was about to send.
func late(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if deadline, ok := ctx.Deadline(); ok && !time.Now().Before(deadline) {
		return context.DeadlineExceeded
	}
	return nil
}

// watched replaces the body of req with one that checks the clock when net/http reads it, the last thing that happens
// before the bytes leave, and records that it was read. Headers may be out by then, but a request that ends before its
// body is not a request. One without a body has left once it has a connection.
func watched(ctx context.Context, req *http.Request, left *atomic.Bool) *http.Request {
	if req.Body == nil || req.Body == http.NoBody {
		left.Store(true) // a transport of the caller's own may not say when
		trace := &httptrace.ClientTrace{
			GetConn: func(string) { left.Store(false) },
			GotConn: func(httptrace.GotConnInfo) { left.Store(true) },
		}
		return req.WithContext(httptrace.WithClientTrace(req.Context(), trace)) //nolint:contextcheck // it derives from ctx
	}
	req.Body = &outgoing{ReadCloser: req.Body, ctx: ctx, left: left}
	if rewind := req.GetBody; rewind != nil {
		// net/http reads a request's body again only if it knows that not a byte of
		// the first try was written.
		req.GetBody = func() (io.ReadCloser, error) {
			left.Store(false)
			body, err := rewind()
			return &outgoing{ReadCloser: body, ctx: ctx, left: left}, err
		}
	}
	return req
}

// outgoing is a request body that refuses to leave late.
type outgoing struct {
	io.ReadCloser
	ctx  context.Context
	left *atomic.Bool
}

func (o *outgoing) Read(p []byte) (int, error) {
	if err := late(o.ctx); err != nil {
		return 0, err
	}
	o.left.Store(true)
	return o.ReadCloser.Read(p)
}

// limitOf returns how long a 429 asks to wait: whole seconds, at least one and no more than
// longestRetryAfter, whatever the header says. A date counts from the answer's own, where it
// has one, because the sender's clock may differ from ours.
func limitOf(resp *http.Response) time.Duration {
	said := strings.TrimSpace(resp.Header.Get("Retry-After"))
	if seconds, err := strconv.ParseFloat(said, 64); err == nil && seconds > 1 {
		return time.Duration(math.Ceil(min(seconds, longestRetryAfter.Seconds()))) * time.Second
	}
	if at, err := http.ParseTime(said); err == nil {
		wait := time.Until(at)
		if date, err := http.ParseTime(resp.Header.Get("Date")); err == nil {
			wait = at.Sub(date)
		}
		return min(max(defaultRetryAfter, wait.Round(time.Second)), longestRetryAfter)
	}
	return defaultRetryAfter
}

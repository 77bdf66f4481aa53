package bot

import (
	"context"
	"io"
	"math"
	"net"
	"net/http"
	"path"
	"strconv"
	"strings"
	"sync/atomic"
	"time"
)

const (
	parallelCalls = 128              // calls to one host that keep their connection afterwards
	callTimeout   = 30 * time.Second // for calls whose context has no nearer deadline
	answerLimit   = 8 << 20          // bytes read of an answer; a page of history is the largest that we ask for
)

// wire is the http client that slack-go calls through. It keeps what slack-go doesn't: that nothing leaves late, that
// answers are bounded and complete, that tokens follow no redirect.
type wire struct {
	http *http.Client
	own  bool // the client is ours, so that its idle connections are ours to close
}

func newWire(client *http.Client) *wire {
	w := &wire{http: client}
	if client == nil {
		w.http, w.own = defaultHTTP(), true
	}
	if w.http.CheckRedirect == nil {
		stay := *w.http
		stay.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
		w.http = &stay
	}
	return w
}

// defaultHTTP is http.DefaultTransport with room for many calls at once: its two idle connections a host would cost a new
// TCP and TLS handshake for most calls under load.
func defaultHTTP() *http.Client {
	return &http.Client{Timeout: callTimeout, Transport: &http.Transport{
		Proxy:                 http.ProxyFromEnvironment,
		DialContext:           (&net.Dialer{Timeout: 10 * time.Second, KeepAlive: 30 * time.Second}).DialContext,
		ForceAttemptHTTP2:     true,
		MaxIdleConns:          2 * parallelCalls,
		MaxIdleConnsPerHost:   parallelCalls,
		IdleConnTimeout:       90 * time.Second,
		TLSHandshakeTimeout:   10 * time.Second,
		ExpectContinueTimeout: time.Second,
		// One HTTP/2 connection carries all calls: a dead one must be found out by pings, not by every call's time-out.
		HTTP2: &http.HTTP2Config{SendPingTimeout: 15 * time.Second, PingTimeout: 5 * time.Second},
	}}
}

// sentKey finds, in a request's context, the flag that tells whether the request may have left.
type sentKey struct{}

// withSentFlag returns a context for exactly one call and the flag that wire sets once that call's body goes out.
func withSentFlag(ctx context.Context) (context.Context, *atomic.Bool) {
	sent := new(atomic.Bool)
	return context.WithValue(ctx, sentKey{}, sent), sent
}

// Do makes one Web API call for slack-go.
func (w *wire) Do(req *http.Request) (*http.Response, error) {
	resp, err := w.send(req)
	if err != nil || resp.StatusCode != http.StatusOK {
		return resp, err
	}
	return resp, completeAnswer(resp, path.Base(req.URL.Path))
}

// send sends req unless its time is over, and notes in its context's flag that it may have left.
func (w *wire) send(req *http.Request) (*http.Response, error) {
	ctx := req.Context()
	if err := late(ctx); err != nil {
		return nil, err
	}
	sent, ok := ctx.Value(sentKey{}).(*atomic.Bool)
	if !ok {
		sent = new(atomic.Bool)
	}
	watchBody(req, sent)
	resp, err := w.http.Do(req)
	if err != nil {
		return nil, err
	}
	sent.Store(true)
	if resp.StatusCode == http.StatusTooManyRequests {
		// slack-go reads whole seconds and nothing else.
		resp.Header.Set("Retry-After", strconv.Itoa(int(limitOf(resp)/time.Second)))
	}
	return resp, nil
}

// late returns an error if ctx is over by the clock. A process that was frozen (SIGSTOP, a suspended machine) wakes up with
// timers that have yet to fire; what it was about to send may long have been done by another replica.
func late(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if deadline, ok := ctx.Deadline(); ok && !time.Now().Before(deadline) {
		return context.DeadlineExceeded
	}
	return nil
}

// watchBody replaces the body of req by one that looks at the clock when net/http takes it, which is the last thing that
// happens before the bytes leave, and that notes that it was taken. Headers may be out by then, but a request that breaks
// off before its body is none.
func watchBody(req *http.Request, sent *atomic.Bool) {
	if req.Body == nil || req.Body == http.NoBody {
		return // nothing of ours that is posted has an empty body
	}
	ctx := req.Context()
	req.Body = &outgoing{ReadCloser: req.Body, ctx: ctx, sent: sent}
	if rewind := req.GetBody; rewind != nil {
		// net/http takes a posted body again only when it knows that not a byte of the first try was written.
		req.GetBody = func() (io.ReadCloser, error) {
			sent.Store(false)
			body, err := rewind()
			return &outgoing{ReadCloser: body, ctx: ctx, sent: sent}, err
		}
	}
}

// outgoing is a request body that refuses to leave late.
type outgoing struct {
	io.ReadCloser
	ctx  context.Context
	sent *atomic.Bool
}

func (o *outgoing) Read(p []byte) (int, error) {
	if err := late(o.ctx); err != nil {
		return 0, err
	}
	o.sent.Store(true)
	return o.ReadCloser.Read(p)
}

// limitOf returns how long a 429 asks to wait: whole seconds, at least one, whatever form the header has.
func limitOf(resp *http.Response) time.Duration {
	said := strings.TrimSpace(resp.Header.Get("Retry-After"))
	if seconds, err := strconv.ParseFloat(said, 64); err == nil && seconds > 1 && seconds < 1e6 {
		return time.Duration(math.Ceil(seconds)) * time.Second
	}
	if at, err := http.ParseTime(said); err == nil {
		return max(defaultRetryAfter, time.Until(at).Round(time.Second))
	}
	return defaultRetryAfter
}

// close lets go of idle connections if they are the bot's own.
func (w *wire) close() {
	if w.own {
		w.http.CloseIdleConnections()
	}
}

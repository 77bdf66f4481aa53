package socket

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/url"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gorilla/websocket"

	"meetingbot/bot"
)

const (
	ackLimit     = 20 << 10        // Slack closes the socket or drops the frame from 20,480 bytes on
	readLimit    = 4 << 20         // no payload of Slack's comes near
	writeTimeout = time.Second     // for an ack; one that does not leave in time goes over another link
	pingTimeout  = 5 * time.Second // for our pings
	dialTimeout  = 10 * time.Second
	goodbyeTime  = 500 * time.Millisecond // how long Slack gets to answer our close frame
)

// Reasons for a link to end, as named in logs, metrics and Slack's disconnect frames.
const (
	reasonDisabled = "link_disabled"
	reasonTooMany  = "too_many_websockets"
	reasonSilent   = "silent" // nothing came for Config.ReadDeadline
	reasonClosed   = "closed" // Slack closed it cleanly
	reasonLost     = "lost"
)

// link is one WebSocket to Slack. It is read by one goroutine from dial to end; any may write.
type link struct {
	conn    *websocket.Conn
	silence time.Duration // how long it may be silent before it counts as dead
	opened  time.Time
	writing sync.Mutex // gorilla allows one writer at a time

	delivered atomic.Int64 // envelopes that came through it

	greeted chan struct{} // closed when hello has been read
	leaving chan struct{} // closed when Slack has said that it will close the link
	done    chan struct{} // closed when nothing more can be read
	// Written before the corresponding channel is closed.
	hello  frame  // greeted
	reason string // leaving, then done
}

// dial opens the socket at address, which Slack issued for single use. It reads nothing.
func dial(ctx context.Context, d *websocket.Dialer, address string, silence time.Duration) (*link, error) {
	// gorilla waits for the answer to its handshake for as long as the deadline says, even if ctx is cancelled.
	handshake, end := *d, func() bool { return true }
	handshake.NetDialContext = func(inner context.Context, network, address string) (net.Conn, error) {
		conn, err := d.NetDialContext(inner, network, address)
		if err == nil {
			end = context.AfterFunc(ctx, func() { _ = conn.Close() })
		}
		return conn, err
	}
	conn, resp, err := handshake.DialContext(ctx, address, nil)
	end()
	if resp != nil && resp.Body != nil {
		_ = resp.Body.Close()
	}
	if err != nil {
		if resp != nil {
			return nil, fmt.Errorf("open socket: %w, HTTP status %d", err, resp.StatusCode)
		}
		return nil, fmt.Errorf("open socket: %w", redact(err))
	}
	l := &link{
		conn: conn, silence: silence, opened: time.Now(),
		greeted: make(chan struct{}), leaving: make(chan struct{}), done: make(chan struct{}),
	}
	conn.SetReadLimit(readLimit)
	return l, nil
}

// redact strips the address, which is a ticket, from what dialing returns.
func redact(err error) error {
	if wrapped, ok := errors.AsType[*url.Error](err); ok {
		err = wrapped.Err
	}
	if errors.Is(err, context.DeadlineExceeded) {
		return context.DeadlineExceeded
	}
	return err
}

// newDialer uses the client's proxy and certificates. Its buffer fits any ack in one frame.
func newDialer(client *bot.Client, cfg Config) *websocket.Dialer {
	proxy, trust := client.Route()
	if trust == nil {
		trust = &tls.Config{MinVersion: tls.VersionTLS12}
	}
	trust.NextProtos = nil // a WebSocket starts as HTTP/1.1
	way := &tunnel{proxy: proxy, trust: trust, direct: cfg.Dial}
	return &websocket.Dialer{
		Proxy: way.socks, TLSClientConfig: trust, HandshakeTimeout: dialTimeout,
		ReadBufferSize: 16 << 10, WriteBufferSize: ackLimit + 1<<10, NetDialContext: way.dial,
	}
}

// read passes every frame to take until the link ends, and calls alive for every sign of life.
func (l *link) read(alive func(), take func(data []byte)) {
	defer close(l.done)
	touch := func() {
		alive()
		_ = l.conn.SetReadDeadline(time.Now().Add(l.silence))
	}
	pong := l.conn.PingHandler()
	l.conn.SetPingHandler(func(data string) error { touch(); return pong(data) })
	l.conn.SetPongHandler(func(string) error { touch(); return nil })
	touch()
	for {
		kind, data, err := l.conn.ReadMessage()
		if err != nil {
			l.ended(err)
			return
		}
		touch()
		if kind == websocket.TextMessage {
			take(data)
		}
	}
}

// ended closes the connection and records why, unless Slack already said so.
func (l *link) ended(err error) {
	_ = l.conn.Close()
	if isClosed(l.leaving) {
		return
	}
	timeout, isNet := errors.AsType[net.Error](err)
	_, isClose := errors.AsType[*websocket.CloseError](err)
	switch {
	case isNet && timeout.Timeout():
		l.reason = reasonSilent
	case isClose && websocket.IsCloseError(err, websocket.CloseNormalClosure, websocket.CloseGoingAway, websocket.CloseServiceRestart):
		l.reason = reasonClosed
	default:
		l.reason = reasonLost
	}
}

// leave records that Slack is about to close the link. Only the reader calls it.
func (l *link) leave(reason string) {
	if !isClosed(l.leaving) {
		l.reason = reason
		close(l.leaving)
	}
}

func isClosed(c <-chan struct{}) bool {
	select {
	case <-c:
		return true
	default:
		return false
	}
}

// ping sends pings until the link is over, so that a dead link is noticed even if it only ever received Slack's own
// pings.
func (l *link) ping(every time.Duration) {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		select {
		case <-l.done:
			return
		case <-tick.C:
			if err := l.conn.WriteControl(websocket.PingMessage, nil, time.Now().Add(pingTimeout)); err != nil {
				_ = l.conn.Close()
				return
			}
		}
	}
}

// send writes one text frame. It returns nil only when the whole frame was handed to the network.
func (l *link) send(data []byte) error {
	l.writing.Lock()
	defer l.writing.Unlock()
	_ = l.conn.SetWriteDeadline(time.Now().Add(writeTimeout))
	if err := l.conn.WriteMessage(websocket.TextMessage, data); err != nil {
		if !errors.Is(err, websocket.ErrCloseSent) {
			_ = l.conn.Close() // half a frame may have been sent: nothing sensible can follow
		}
		return fmt.Errorf("write to socket: %w", err)
	}
	return nil
}

// goodbye sends the close frame, lets the reader continue until Slack answers it, and
// closes.
func (l *link) goodbye() {
	closing := websocket.FormatCloseMessage(websocket.CloseNormalClosure, "")
	if err := l.conn.WriteControl(websocket.CloseMessage, closing, time.Now().Add(goodbyeTime)); err == nil {
		select {
		case <-l.done:
		case <-time.After(goodbyeTime):
		}
	}
	_ = l.conn.Close()
	<-l.done
}

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
	ackLimit     = 20 << 10        // from 20,480 bytes on, Slack drops the frame or closes the socket
	readLimit    = 4 << 20         // far more than any payload of Slack's
	writeTimeout = time.Second     // for an ack; after that it is sent over another link
	pingTimeout  = 5 * time.Second // for our pings
	dialTimeout  = 10 * time.Second
	closeWait    = 500 * time.Millisecond // for Slack to answer our close frame
)

// Why a link ended, as named in logs, metrics and Slack's disconnect frames.
const (
	reasonDisabled = "link_disabled"
	reasonTooMany  = "too_many_websockets"
	reasonSilent   = "silent" // nothing came for Config.ReadDeadline
	reasonClosed   = "closed" // Slack closed it cleanly
	reasonLost     = "lost"
)

// link is one WebSocket to Slack. One goroutine reads it from start to end; any may write.
type link struct {
	conn        *websocket.Conn
	readTimeout time.Duration // the link is dead after this long without a frame
	opened      time.Time
	writing     sync.Mutex // gorilla allows one writer at a time

	delivered atomic.Int64 // envelopes read

	greeted chan struct{} // closed when hello has been read
	leaving chan struct{} // closed when Slack has announced that it will close the link
	done    chan struct{} // closed when the reader has ended
	// Written before the corresponding channel is closed.
	hello  frame  // greeted
	reason string // leaving, then done
}

// dial opens the socket at a single-use address from Slack. It reads nothing.
func dial(ctx context.Context, d *websocket.Dialer, address string, readTimeout time.Duration) (*link, error) {
	// gorilla's handshake ignores the cancellation of ctx and waits for the deadline.
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
		conn: conn, readTimeout: readTimeout, opened: time.Now(),
		greeted: make(chan struct{}), leaving: make(chan struct{}), done: make(chan struct{}),
	}
	conn.SetReadLimit(readLimit)
	return l, nil
}

// redact strips the address, which holds a ticket, from an error of dialing.
func redact(err error) error {
	if wrapped, ok := errors.AsType[*url.Error](err); ok {
		err = wrapped.Err
	}
	if errors.Is(err, context.DeadlineExceeded) {
		return context.DeadlineExceeded
	}
	return err
}

// newDialer returns a dialer with the client's proxy and certificates. Any ack fits its write buffer, and so one frame.
func newDialer(client *bot.Client, cfg Config) *websocket.Dialer {
	proxy, trust := client.Route()
	if trust == nil {
		trust = &tls.Config{MinVersion: tls.VersionTLS12}
	}
	trust.NextProtos = nil // a WebSocket starts as HTTP/1.1
	route := &tunnel{proxy: proxy, trust: trust, direct: cfg.Dial}
	return &websocket.Dialer{
		Proxy: route.socks, TLSClientConfig: trust, HandshakeTimeout: dialTimeout,
		ReadBufferSize: 16 << 10, WriteBufferSize: ackLimit + 1<<10, NetDialContext: route.dial,
	}
}

// read passes every message to take until the link ends. It calls touch for every frame, pings and pongs included.
func (l *link) read(touch func(), take func(data []byte)) {
	defer close(l.done)
	onFrame := func() {
		touch()
		_ = l.conn.SetReadDeadline(time.Now().Add(l.readTimeout))
	}
	pong := l.conn.PingHandler()
	l.conn.SetPingHandler(func(data string) error { onFrame(); return pong(data) })
	l.conn.SetPongHandler(func(string) error { onFrame(); return nil })
	onFrame()
	for {
		kind, data, err := l.conn.ReadMessage()
		if err != nil {
			l.ended(err)
			return
		}
		onFrame()
		if kind == websocket.TextMessage {
			take(data)
		}
	}
}

// ended closes the connection and records the reason, unless Slack has announced one.
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

// ping sends pings until the link ends, so that a dead link is noticed even without Slack's own pings.
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

// send writes one text frame. It returns nil only if the whole frame was written.
func (l *link) send(data []byte) error {
	l.writing.Lock()
	defer l.writing.Unlock()
	_ = l.conn.SetWriteDeadline(time.Now().Add(writeTimeout))
	if err := l.conn.WriteMessage(websocket.TextMessage, data); err != nil {
		if !errors.Is(err, websocket.ErrCloseSent) {
			_ = l.conn.Close() // after a partial frame the connection is unusable
		}
		return fmt.Errorf("write to socket: %w", err)
	}
	return nil
}

// closeGracefully sends a close frame, lets the reader continue until Slack answers it, and closes the connection.
func (l *link) closeGracefully() {
	closing := websocket.FormatCloseMessage(websocket.CloseNormalClosure, "")
	if err := l.conn.WriteControl(websocket.CloseMessage, closing, time.Now().Add(closeWait)); err == nil {
		select {
		case <-l.done:
		case <-time.After(closeWait):
		}
	}
	_ = l.conn.Close()
	<-l.done
}

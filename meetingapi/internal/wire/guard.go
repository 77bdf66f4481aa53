package wire

import (
	"context"
	"fmt"
	"net"
	"net/http/httptrace"
	"sync/atomic"
	"time"
)

// errTooLate is why a request was held back. It is a deadline error because the
// deadline has passed.
var errTooLate = fmt.Errorf("held back: %w", context.DeadlineExceeded)

// Guard wraps dial so that its connections refuse to write a request whose deadline
// has passed, and remember whether any of it was written.
func Guard(dial func(ctx context.Context, network, address string) (net.Conn, error)) func(context.Context, string, string) (net.Conn, error) {
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := dial(ctx, network, address)
		if err != nil {
			return nil, err
		}
		return &guardedConn{Conn: conn}, nil
	}
}

// sending follows one request to the wire. It answers the question that decides what
// a lost answer means: may a byte have left this process?
type sending struct {
	until  time.Time // no byte leaves after this
	traced atomic.Bool
	wrote  atomic.Bool
}

// possible reports whether the service may have received the request. A transport
// that doesn't say is assumed to have sent it.
func (s *sending) possible() bool { return s.wrote.Load() || !s.traced.Load() }

// late reports whether the deadline has passed by either clock: a process that was
// suspended may run before its timers fire, and the monotonic clock stands still
// while a machine sleeps.
func (s *sending) late() bool {
	now := time.Now()
	return !now.Before(s.until) || !now.Round(0).Before(s.until.Round(0))
}

// trace puts the request's connection under guard.
func (s *sending) trace(ctx context.Context) context.Context {
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GetConn: func(string) { s.traced.Store(true) },
		GotConn: func(info httptrace.GotConnInfo) {
			if g := guarded(info.Conn); g != nil {
				g.request.Store(s)
				return
			}
			// With another transport, a connection can be closed before the write but
			// not watched.
			if s.late() {
				_ = info.Conn.Close()
				return
			}
			s.wrote.Store(true)
		},
	})
}

// guarded finds our connection underneath TLS.
func guarded(conn net.Conn) *guardedConn {
	for {
		switch c := conn.(type) {
		case *guardedConn:
			return c
		case interface{ NetConn() net.Conn }:
			conn = c.NetConn()
		default:
			return nil
		}
	}
}

// guardedConn is a connection that refuses to write a request whose deadline has
// passed, and remembers whether any of it was written. HTTP/1.1 has one request at a
// time per connection, so it is clear which.
type guardedConn struct {
	net.Conn
	request atomic.Pointer[sending]
}

func (g *guardedConn) Write(p []byte) (int, error) {
	s := g.request.Load()
	if s == nil { // a handshake
		return g.Conn.Write(p)
	}
	if s.late() {
		return 0, errTooLate
	}
	n, err := g.Conn.Write(p)
	if n > 0 || err == nil {
		s.wrote.Store(true)
	}
	return n, err
}

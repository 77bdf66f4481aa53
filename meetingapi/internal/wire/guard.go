package wire

import (
	"context"
	"fmt"
	"net"
	"net/http/httptrace"
	"sync/atomic"
	"time"
)

// errTooLate is the error of a request that was not sent because it was too late for it.
var errTooLate = fmt.Errorf("held back: %w", context.DeadlineExceeded)

// Guard wraps dial so that its connections refuse to write a request when it is too late for
// it, and remember whether any of it was written.
func Guard(dial func(ctx context.Context, network, address string) (net.Conn, error)) func(context.Context, string, string) (net.Conn, error) {
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := dial(ctx, network, address)
		if err != nil {
			return nil, err
		}
		return &guardedConn{Conn: conn}, nil
	}
}

// sending tracks whether any byte of a request may have left this process, which decides
// what a lost answer means.
type sending struct {
	until  time.Time // no byte leaves after this
	traced atomic.Bool
	wrote  atomic.Bool
}

// maySent reports whether the service may have received the request. A transport that
// doesn't say is assumed to have sent it.
func (s *sending) maySent() bool { return s.wrote.Load() || !s.traced.Load() }

// late reports whether it is too late to send anything, by either clock: a process that was
// suspended may run before its timers fire, and the monotonic clock stops while a
// machine sleeps.
func (s *sending) late() bool {
	now := time.Now()
	return !now.Before(s.until) || !now.Round(0).Before(s.until.Round(0))
}

// trace makes the request's connection check s before each write.
func (s *sending) trace(ctx context.Context) context.Context {
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GetConn: func(string) { s.traced.Store(true) },
		GotConn: func(info httptrace.GotConnInfo) {
			if g := findGuarded(info.Conn); g != nil {
				g.request.Store(s)
				return
			}
			// The connection of another transport can't be watched, but it can be closed
			// before the write.
			if s.late() {
				_ = info.Conn.Close()
				return
			}
			s.wrote.Store(true)
		},
	})
}

// findGuarded finds our connection underneath TLS.
func findGuarded(conn net.Conn) *guardedConn {
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

// guardedConn is a connection of Guard. With HTTP/1.1 it carries one request at a time,
// so it is clear to which one a write belongs.
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

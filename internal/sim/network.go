package sim

import (
	"context"
	"errors"
	"net"
	"sync"
	"time"
)

// A listener is the in-memory address of a simulated service: every dial is one end of
// a net.Pipe.
type listener struct {
	name   string
	accept chan net.Conn
	closed chan struct{}
	once   sync.Once
}

func newListener(name string) *listener {
	return &listener{name: name, accept: make(chan net.Conn), closed: make(chan struct{})}
}

// Accept implements [net.Listener].
func (l *listener) Accept() (net.Conn, error) {
	select {
	case c := <-l.accept:
		return c, nil
	case <-l.closed:
		return nil, net.ErrClosed
	}
}

// Close implements [net.Listener].
func (l *listener) Close() error {
	l.once.Do(func() { close(l.closed) })
	return nil
}

// Addr implements [net.Listener].
func (l *listener) Addr() net.Addr { return place(l.name) }

type place string

// Network implements [net.Addr].
func (place) Network() string { return "memory" }

func (p place) String() string { return string(p) }

// errDead is returned to a killed process, whose goroutines are still running.
var errDead = errors.New("sim: process was killed")

// dial connects a process to a service.
func (p *process) dial(ctx context.Context, _, to string) (net.Conn, error) {
	if err := p.gate(); err != nil {
		return nil, err
	}
	l := p.w.listeners[to]
	if l == nil {
		return nil, errors.New("sim: no listener at " + to)
	}
	ours, theirs := net.Pipe()
	select {
	case l.accept <- theirs:
	case <-l.closed:
		return nil, net.ErrClosed
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	c := &conn{Conn: ours, p: p, to: to, cut: make(chan struct{})}
	if !p.track(c) {
		_ = c.Close()
		return nil, errDead
	}
	return c, nil
}

// A conn is the process's end of a connection.
type conn struct {
	net.Conn
	p  *process
	to string

	once sync.Once
	cut  chan struct{} // closed with the connection

	mu     sync.Mutex
	silent bool // writes are lost and reads never return
	reads  time.Time
	writes bool // writes have a deadline
}

// Read reads; a frozen process gets nothing until it wakes up.
func (c *conn) Read(b []byte) (int, error) {
	n, err := c.Conn.Read(b)
	if dead := c.p.gate(); dead != nil {
		return 0, dead
	}
	if c.isSilent() && n > 0 {
		return 0, c.waitInSilence()
	}
	return n, err
}

// waitInSilence is a read on a silent connection.
func (c *conn) waitInSilence() error {
	c.mu.Lock()
	until := c.reads
	c.mu.Unlock()
	if until.IsZero() {
		<-c.cut
		return net.ErrClosed
	}
	t := time.NewTimer(time.Until(until))
	defer t.Stop()
	select {
	case <-t.C:
		return errTimeout{}
	case <-c.cut:
		return net.ErrClosed
	}
}

type errTimeout struct{}

func (errTimeout) Error() string   { return "i/o timeout" }
func (errTimeout) Timeout() bool   { return true }
func (errTimeout) Temporary() bool { return true }

// Write writes. A write with a deadline doesn't wait for a frozen process to wake up: its
// deadline has passed by then. (It is a write to a socket, made under a lock that others wait
// for, and a bubble's clock stands still while a goroutine waits for a lock.)
func (c *conn) Write(b []byte) (int, error) {
	c.mu.Lock()
	limited := c.writes
	c.mu.Unlock()
	if limited && c.p.isFrozen() {
		return 0, errTimeout{}
	}
	if err := c.p.gate(); err != nil {
		return 0, err
	}
	if c.isSilent() {
		return len(b), nil
	}
	return c.Conn.Write(b)
}

// SetReadDeadline implements [net.Conn].
func (c *conn) SetReadDeadline(t time.Time) error {
	c.mu.Lock()
	c.reads = t
	c.mu.Unlock()
	return c.Conn.SetReadDeadline(t)
}

// SetWriteDeadline implements [net.Conn].
func (c *conn) SetWriteDeadline(t time.Time) error {
	c.mu.Lock()
	c.writes = !t.IsZero()
	c.mu.Unlock()
	return c.Conn.SetWriteDeadline(t)
}

// SetDeadline implements [net.Conn].
func (c *conn) SetDeadline(t time.Time) error {
	c.mu.Lock()
	c.reads = t
	c.mu.Unlock()
	return c.Conn.SetDeadline(t)
}

// Close implements [net.Conn].
func (c *conn) Close() error {
	c.once.Do(func() { close(c.cut) })
	c.p.untrack(c)
	return c.Conn.Close()
}

func (c *conn) isSilent() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.silent
}

// fallSilent drops everything in both directions from now on, without telling either side.
func (c *conn) fallSilent() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.silent = true
}

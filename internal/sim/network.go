package sim

import (
	"context"
	"errors"
	"net"
	"sync"
	"time"
)

// A listener is where a simulated service answers: every dial is one end of a net.Pipe.
type listener struct {
	name   string
	accept chan net.Conn
	closed chan struct{}
	once   sync.Once
}

func newListener(name string) *listener {
	return &listener{name: name, accept: make(chan net.Conn), closed: make(chan struct{})}
}

// Accept is that of net.Listener.
func (l *listener) Accept() (net.Conn, error) {
	select {
	case c := <-l.accept:
		return c, nil
	case <-l.closed:
		return nil, net.ErrClosed
	}
}

// Close is that of net.Listener.
func (l *listener) Close() error {
	l.once.Do(func() { close(l.closed) })
	return nil
}

// Addr is that of net.Listener.
func (l *listener) Addr() net.Addr { return place(l.name) }

type place string

// Network is that of net.Addr.
func (place) Network() string { return "memory" }

func (p place) String() string { return string(p) }

// errDead is what a process gets that is dead and does not know it.
var errDead = errors.New("sim: this process is dead")

// dial connects a process to a service.
func (p *process) dial(ctx context.Context, _, to string) (net.Conn, error) {
	if err := p.gate(); err != nil {
		return nil, err
	}
	l := p.w.listeners[to]
	if l == nil {
		return nil, errors.New("sim: nobody listens at " + to)
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
	if !p.took(c) {
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
	cut  chan struct{} // closed when the connection is

	mu     sync.Mutex
	silent bool // what is written is lost, and nothing is read any more
	reads  time.Time
	writes bool // with a deadline
}

// Read reads; a process that is frozen sees nothing until it wakes up.
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

// waitInSilence is a read on a connection that has fallen silent.
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

// Write writes. A write with a deadline does not wait for a frozen process to wake up:
// then its time is over. (It is one to a socket, which is made under a lock that others
// wait for, and a bubble's time does not go on while somebody waits for a lock.)
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

// SetReadDeadline is that of net.Conn.
func (c *conn) SetReadDeadline(t time.Time) error {
	c.mu.Lock()
	c.reads = t
	c.mu.Unlock()
	return c.Conn.SetReadDeadline(t)
}

// SetWriteDeadline is that of net.Conn.
func (c *conn) SetWriteDeadline(t time.Time) error {
	c.mu.Lock()
	c.writes = !t.IsZero()
	c.mu.Unlock()
	return c.Conn.SetWriteDeadline(t)
}

// SetDeadline is that of net.Conn.
func (c *conn) SetDeadline(t time.Time) error {
	c.mu.Lock()
	c.reads = t
	c.mu.Unlock()
	return c.Conn.SetDeadline(t)
}

// Close is that of net.Conn.
func (c *conn) Close() error {
	c.once.Do(func() { close(c.cut) })
	c.p.left(c)
	return c.Conn.Close()
}

func (c *conn) isSilent() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.silent
}

// fallSilent has nothing pass any more, in either direction, and nobody told.
func (c *conn) fallSilent() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.silent = true
}

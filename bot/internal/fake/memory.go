package fake

import (
	"context"
	"net"
	"sync"
	"syscall"
)

// Memory is an in-memory network with one listener. It works inside a synctest bubble.
type Memory struct {
	conns chan net.Conn
	done  chan struct{}
	close func()
}

// NewMemory returns a network that Close shuts down.
func NewMemory() *Memory {
	done := make(chan struct{})
	return &Memory{conns: make(chan net.Conn), done: done, close: sync.OnceFunc(func() { close(done) })}
}

// Dial connects to the listener.
func (m *Memory) Dial(ctx context.Context, _, address string) (net.Conn, error) {
	if host, _, _ := net.SplitHostPort(address); host != m.Addr().String() {
		return nil, syscall.ECONNREFUSED
	}
	client, server := net.Pipe()
	select {
	case m.conns <- server:
		return client, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-m.done:
		return nil, net.ErrClosed
	}
}

// Accept implements [net.Listener].
func (m *Memory) Accept() (net.Conn, error) {
	select {
	case c := <-m.conns:
		return c, nil
	case <-m.done:
		return nil, net.ErrClosed
	}
}

// Close implements [net.Listener].
func (m *Memory) Close() error { m.close(); return nil }

// Addr implements [net.Listener].
func (m *Memory) Addr() net.Addr { return &net.UnixAddr{Name: "memory"} }

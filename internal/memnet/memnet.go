// Package memnet is an in-memory network with one listener, for tests: it works inside a
// synctest bubble, where real connections would stop the clock. It knows no protocol.
package memnet

import (
	"context"
	"net"
	"sync"
	"syscall"
)

// A Network accepts connections for one host.
type Network struct {
	host  string
	conns chan net.Conn
	done  chan struct{}
	close func()
}

// New returns a network with a listener for host. Close shuts it down.
func New(host string) *Network {
	done := make(chan struct{})
	return &Network{host: host, conns: make(chan net.Conn), done: done, close: sync.OnceFunc(func() { close(done) })}
}

// DialContext connects to the listener. It refuses connections to other hosts.
func (n *Network) DialContext(ctx context.Context, _, address string) (net.Conn, error) {
	if host, _, _ := net.SplitHostPort(address); host != n.host {
		return nil, syscall.ECONNREFUSED
	}
	client, server := net.Pipe()
	select {
	case n.conns <- server:
		return client, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-n.done:
		return nil, net.ErrClosed
	}
}

// Accept implements [net.Listener].
func (n *Network) Accept() (net.Conn, error) {
	select {
	case c := <-n.conns:
		return c, nil
	case <-n.done:
		return nil, net.ErrClosed
	}
}

// Close implements [net.Listener]. Connections stay open.
func (n *Network) Close() error { n.close(); return nil }

// Addr implements [net.Listener].
func (n *Network) Addr() net.Addr { return &net.UnixAddr{Name: n.host} }

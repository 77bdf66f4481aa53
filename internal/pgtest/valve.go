package pgtest

import (
	"bytes"
	"io"
	"net"
	"net/url"
	"sync/atomic"
	"testing"
)

// A Valve is a TCP proxy whose open connections can fall silent, as after a failover
// behind a virtual address: they stop delivering anything, even the end of the connection.
// Connections opened later work.
type Valve struct {
	silenced atomic.Int64 // how often Silence was called
	opened   atomic.Int64
	sent     atomic.Int64 // how often a client has sent something
	at       atomic.Pointer[string]
}

// NewValve puts a valve in front of the server of a DATABASE_URL, and returns the URL that
// leads through it. It closes with the test.
func NewValve(t testing.TB, database string) (v *Valve, address string) {
	t.Helper()
	u, err := url.Parse(database)
	if err != nil {
		t.Fatal("the database address is not a URL")
	}
	l, err := net.Listen("tcp", "127.0.0.1:0") //nolint:noctx // it ends with the test
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	v = &Valve{}
	go v.serve(l, u.Host)
	u.Host = l.Addr().String()
	return v, u.String()
}

// Silence makes all open connections fall silent.
func (v *Valve) Silence() { v.silenced.Add(1) }

// SilenceAt calls Silence as soon as a connection carries text, which is not delivered.
func (v *Valve) SilenceAt(text string) { v.at.Store(&text) }

// Opened returns the number of connections opened so far.
func (v *Valve) Opened() int { return int(v.opened.Load()) }

// Sent returns how often clients have sent something so far: once a round trip, unless
// it is long.
func (v *Valve) Sent() int { return int(v.sent.Load()) }

func (v *Valve) serve(l net.Listener, server string) {
	for {
		in, err := l.Accept()
		if err != nil {
			return
		}
		out, err := net.Dial("tcp", server) //nolint:noctx // on this machine
		if err != nil {
			_ = in.Close()
			continue
		}
		v.opened.Add(1)
		born := v.silenced.Load()
		go v.pipe(in, out, born, func() {})
		go v.pipe(out, in, born, func() { v.sent.Add(1) })
	}
}

// pipe copies until the connection falls silent, and discards everything from then on. It
// calls read after every read.
func (v *Valve) pipe(to, from net.Conn, born int64, read func()) {
	buf := make([]byte, 64<<10)
	for {
		n, err := from.Read(buf)
		read()
		if at := v.at.Load(); at != nil && bytes.Contains(buf[:n], []byte(*at)) {
			v.Silence()
		}
		if v.silenced.Load() != born {
			_, _ = io.Copy(io.Discard, from)
			_ = from.Close()
			return
		}
		if n > 0 {
			_, _ = to.Write(buf[:n])
		}
		if err != nil {
			_ = to.Close()
			return
		}
	}
}

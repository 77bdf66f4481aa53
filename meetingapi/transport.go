package meetingapi

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"sync/atomic"
	"time"
)

// errTooLate is why a request was held back. It is a deadline error, because
// that is what happened.
var errTooLate = fmt.Errorf("held back: %w", context.DeadlineExceeded)

// NewTransport returns a transport for Client.HTTP: TLS 1.2 or newer, the
// proxy of HTTPS_PROXY and NO_PROXY, HTTP/1.1 only, and a pool that keeps the
// connections of 128 parallel calls. The certificates in ca (PEM), if any, are
// trusted besides the system's. Certificates are always verified.
func NewTransport(ca []byte) (*http.Transport, error) {
	var roots *x509.CertPool
	if len(ca) > 0 {
		var err error
		if roots, err = x509.SystemCertPool(); err != nil {
			return nil, fmt.Errorf("meetingapi: read the system's certificates: %w", err)
		}
		if !roots.AppendCertsFromPEM(ca) {
			return nil, errors.New("meetingapi: the CA file holds no certificate in PEM form")
		}
	}
	// HTTP/2 is left out on purpose: one stuck connection would hold up every
	// call, and what we prove about a DELETE being sent once is about HTTP/1.1.
	var protocols http.Protocols
	protocols.SetHTTP1(true)
	dialer := &net.Dialer{Timeout: 5 * time.Second, KeepAlive: 15 * time.Second}
	return &http.Transport{
		Proxy: proxy,
		DialContext: func(ctx context.Context, network, addr string) (net.Conn, error) {
			conn, err := dialer.DialContext(ctx, network, addr)
			if err != nil {
				return nil, err
			}
			return &guardedConn{Conn: conn}, nil
		},
		TLSClientConfig:        &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: roots},
		TLSHandshakeTimeout:    5 * time.Second,
		Protocols:              &protocols,
		MaxIdleConns:           256,
		MaxIdleConnsPerHost:    128,
		IdleConnTimeout:        45 * time.Second, // below the minute after which gateways hang up
		MaxResponseHeaderBytes: 64 << 10,
	}, nil
}

// proxy is http.ProxyFromEnvironment, whose error would print the password in
// a proxy's address.
func proxy(req *http.Request) (*url.URL, error) {
	u, err := http.ProxyFromEnvironment(req)
	if err != nil {
		return nil, errors.New("HTTPS_PROXY is not a usable address")
	}
	return u, nil
}

// sending follows one request to the wire. It answers the one question that
// decides what a lost answer means: may anything have left this process?
type sending struct {
	until  time.Time // no byte leaves after this
	traced atomic.Bool
	wrote  atomic.Bool
}

// possible reports whether the service may have got the request. A transport
// that tells nothing is assumed to have sent it.
func (s *sending) possible() bool { return s.wrote.Load() || !s.traced.Load() }

// late reports whether the deadline has passed by either clock: a process that
// was stopped and goes on may run before its timers do, and the monotonic
// clock stands still while a machine sleeps.
func (s *sending) late() bool {
	now := time.Now()
	return !now.Before(s.until) || !now.Round(0).Before(s.until.Round(0))
}

// trace puts the connection that a request gets under guard.
func (s *sending) trace(ctx context.Context) context.Context {
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GetConn: func(string) { s.traced.Store(true) },
		GotConn: func(info httptrace.GotConnInfo) {
			if g := guarded(info.Conn); g != nil {
				g.request.Store(s)
				return
			}
			// Somebody else's transport: a connection can be closed before
			// the write, but not watched.
			if s.late() {
				_ = info.Conn.Close()
				return
			}
			s.wrote.Store(true)
		},
	})
}

// guarded finds our connection under the layers of TLS.
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

// guardedConn is a connection that refuses to write a request whose time is
// over, and remembers whether any of it was written. HTTP/1.1 has one request
// at a time on a connection, so there is no doubt which.
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

package socket

import (
	"bufio"
	"cmp"
	"context"
	"crypto/tls"
	"encoding/base64"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"meetingbot/bot"
)

// tunnel dials sockets through an HTTP proxy. gorilla's own dialer doesn't support proxies over TLS, and panics if a proxy's
// refusal has no status text.
type tunnel struct {
	proxy  func(*http.Request) (*url.URL, error) // nil: none
	trust  *tls.Config
	direct func(ctx context.Context, network, address string) (net.Conn, error)
}

// proxyFor returns the proxy for an address, or nil.
func (t *tunnel) proxyFor(address string) (*url.URL, error) {
	if t.proxy == nil {
		return nil, nil //nolint:nilnil // as net/http has it
	}
	return t.proxy(&http.Request{URL: &url.URL{Scheme: "https", Host: address}})
}

// socks leaves SOCKS proxies to gorilla, which supports only the scheme "socks5" and always lets the proxy resolve the host.
func (t *tunnel) socks(r *http.Request) (*url.URL, error) {
	u, err := t.proxyFor(r.URL.Host)
	if err != nil || u == nil || !isSOCKS(u) {
		return nil, err
	}
	return &url.URL{Scheme: "socks5", User: u.User, Host: u.Host}, nil
}

func isSOCKS(u *url.URL) bool { return strings.HasPrefix(u.Scheme, "socks5") }

// dial connects to an address, through its proxy if it has one.
func (t *tunnel) dial(ctx context.Context, network, address string) (net.Conn, error) {
	u, err := t.proxyFor(address)
	if err != nil {
		return nil, err
	}
	if u == nil || isSOCKS(u) {
		return t.direct(ctx, network, address)
	}
	port := map[string]string{"http": "80", "https": "443"}[u.Scheme]
	tcp, err := t.direct(ctx, network, net.JoinHostPort(u.Hostname(), cmp.Or(u.Port(), port)))
	if err != nil {
		return nil, &net.OpError{Op: "proxyconnect", Net: network, Err: err}
	}
	defer context.AfterFunc(ctx, func() { _ = tcp.SetDeadline(time.Unix(1, 0)) })()
	conn := tcp
	if u.Scheme == "https" {
		trust := t.trust.Clone()
		trust.ServerName = u.Hostname()
		conn = tls.Client(tcp, trust)
	}
	if err := connectVia(conn, u.User, address); err != nil {
		_ = conn.Close()
		return nil, err
	}
	return conn, nil
}

// connectVia asks the proxy at conn to connect to an address.
func connectVia(conn net.Conn, login *url.Userinfo, address string) error {
	req := &http.Request{Method: http.MethodConnect, URL: &url.URL{Opaque: address}, Host: address, Header: http.Header{}}
	if login != nil {
		password, _ := login.Password()
		req.Header.Set("Proxy-Authorization", "Basic "+base64.StdEncoding.EncodeToString([]byte(login.Username()+":"+password)))
	}
	if err := req.Write(conn); err != nil {
		return &net.OpError{Op: "proxyconnect", Net: "tcp", Err: err}
	}
	// The reader may swallow bytes after the response, but the server never speaks first.
	resp, err := http.ReadResponse(bufio.NewReader(conn), req) //nolint:bodyclose // its body is the connection
	if err != nil {
		return &net.OpError{Op: "proxyconnect", Net: "tcp", Err: err}
	}
	return bot.CheckProxyResponse(resp)
}

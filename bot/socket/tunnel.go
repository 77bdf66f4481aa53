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

// A tunnel is a socket's way through an HTTP proxy. gorilla's own takes no proxy that is reached over TLS, and panics when one
// refuses without a word.
type tunnel struct {
	proxy  func(*http.Request) (*url.URL, error) // nil: none
	trust  *tls.Config
	direct func(ctx context.Context, network, address string) (net.Conn, error)
}

// of returns the proxy for an address, or nil.
func (t *tunnel) of(address string) (*url.URL, error) {
	if t.proxy == nil {
		return nil, nil //nolint:nilnil // as net/http has it
	}
	return t.proxy(&http.Request{URL: &url.URL{Scheme: "https", Host: address}})
}

// socks leaves SOCKS proxies to gorilla, which knows them under one name and always has them resolve the host.
func (t *tunnel) socks(r *http.Request) (*url.URL, error) {
	u, err := t.of(r.URL.Host)
	if err != nil || u == nil || !isSOCKS(u) {
		return nil, err
	}
	return &url.URL{Scheme: "socks5", User: u.User, Host: u.Host}, nil
}

func isSOCKS(u *url.URL) bool { return strings.HasPrefix(u.Scheme, "socks5") }

// dial connects to an address, through the proxy if there is one.
func (t *tunnel) dial(ctx context.Context, network, address string) (net.Conn, error) {
	u, err := t.of(address)
	if err != nil {
		return nil, err
	}
	if u == nil || isSOCKS(u) {
		return t.direct(ctx, network, address)
	}
	port := map[string]string{"http": "80", "https": "443"}[u.Scheme]
	line, err := t.direct(ctx, network, net.JoinHostPort(u.Hostname(), cmp.Or(u.Port(), port)))
	if err != nil {
		return nil, &net.OpError{Op: "proxyconnect", Net: network, Err: err}
	}
	defer context.AfterFunc(ctx, func() { _ = line.SetDeadline(time.Unix(1, 0)) })()
	conn := line
	if u.Scheme == "https" {
		trust := t.trust.Clone()
		trust.ServerName = u.Hostname()
		conn = tls.Client(line, trust)
	}
	if err := enter(conn, u.User, address); err != nil {
		_ = conn.Close()
		return nil, err
	}
	return conn, nil
}

// enter has a proxy connect conn to an address.
func enter(conn net.Conn, login *url.Userinfo, address string) error {
	ask := &http.Request{Method: http.MethodConnect, URL: &url.URL{Opaque: address}, Host: address, Header: http.Header{}}
	if login != nil {
		password, _ := login.Password()
		ask.Header.Set("Proxy-Authorization", "Basic "+base64.StdEncoding.EncodeToString([]byte(login.Username()+":"+password)))
	}
	if err := ask.Write(conn); err != nil {
		return &net.OpError{Op: "proxyconnect", Net: "tcp", Err: err}
	}
	// What is read ahead is lost, but nobody speaks before we do.
	resp, err := http.ReadResponse(bufio.NewReader(conn), ask) //nolint:bodyclose // its body is the connection
	if err != nil {
		return &net.OpError{Op: "proxyconnect", Net: "tcp", Err: err}
	}
	return bot.RefusedByProxy(resp)
}

package wire

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"time"
)

// Transport returns what exchanges are made over if the caller brings nothing else: TLS
// 1.2 or newer, certificates checked against roots (the system's if nil), and
// connections under Guard.
func Transport(roots *x509.CertPool) *http.Transport {
	// HTTP/2 is left out on purpose: one stuck connection would hold up every call,
	// and our proof that a DELETE is sent once is about HTTP/1.1.
	var protocols http.Protocols
	protocols.SetHTTP1(true)
	dialer := &net.Dialer{Timeout: 5 * time.Second, KeepAlive: 15 * time.Second}
	return &http.Transport{
		Proxy:                  proxy,
		DialContext:            Guard(dialer.DialContext),
		TLSClientConfig:        &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: roots},
		TLSHandshakeTimeout:    5 * time.Second,
		Protocols:              &protocols,
		MaxIdleConns:           256,
		MaxIdleConnsPerHost:    128,
		IdleConnTimeout:        45 * time.Second, // gateways hang up after a minute
		MaxResponseHeaderBytes: 64 << 10,
		OnProxyConnectResponse: proxyRefusal,
	}
}

// proxyRefusal is a proxy's refusal as a network error, which names the status and nothing
// else that the proxy says: net/http would quote it.
func proxyRefusal(_ context.Context, _ *url.URL, _ *http.Request, resp *http.Response) error {
	if resp.StatusCode == http.StatusOK {
		return nil
	}
	return &net.OpError{Op: "proxyconnect", Net: "tcp", Err: fmt.Errorf("the proxy refuses: %d %s", resp.StatusCode, http.StatusText(resp.StatusCode))}
}

// proxy is http.ProxyFromEnvironment, whose error would print the password in a
// proxy's address.
func proxy(req *http.Request) (*url.URL, error) {
	u, err := http.ProxyFromEnvironment(req)
	if err != nil {
		return nil, errors.New("HTTPS_PROXY is not a usable address")
	}
	return u, nil
}

// Client returns a copy of h (if nil, of a client over Transport) that keeps no cookies
// and follows no redirects: they would carry the token away.
func Client(h *http.Client) *http.Client {
	own := http.Client{}
	if h != nil {
		own = *h
	} else {
		own.Transport = Transport(nil)
	}
	own.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	own.Jar = nil
	return &own
}

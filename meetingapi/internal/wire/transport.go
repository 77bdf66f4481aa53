package wire

import (
	"cmp"
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

// Transport returns the default transport: TLS 1.2 or newer, certificates checked
// against roots (the system's if nil), and connections under Guard.
func Transport(roots *x509.CertPool) *http.Transport {
	// No HTTP/2, on purpose: one stuck connection would hold up every call, and Guard
	// can tell that a DELETE was sent once only with HTTP/1.1.
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

// proxyRefusal turns a proxy's refusal into a network error with only the status.
// net/http would quote the proxy's own text.
func proxyRefusal(_ context.Context, _ *url.URL, _ *http.Request, resp *http.Response) error {
	if resp.StatusCode == http.StatusOK {
		return nil
	}
	return &net.OpError{Op: "proxyconnect", Net: "tcp", Err: fmt.Errorf("the proxy refuses: %d %s", resp.StatusCode, http.StatusText(resp.StatusCode))}
}

// proxy is http.ProxyFromEnvironment with a different error: that one would print the
// password in the proxy's address.
func proxy(req *http.Request) (*url.URL, error) {
	u, err := http.ProxyFromEnvironment(req)
	if err != nil {
		return nil, errors.New("HTTPS_PROXY is not a usable address")
	}
	return u, nil
}

// Client returns a copy of h, or a client over Transport if h is nil. It keeps no
// cookies and follows no redirects, which would leak the token.
func Client(h *http.Client) *http.Client {
	own := *cmp.Or(h, &http.Client{Transport: Transport(nil)})
	own.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	own.Jar = nil
	return &own
}

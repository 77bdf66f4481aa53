package bot

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
)

// NewHTTP returns a client for Config.HTTP with timeouts and room for 128 parallel calls to one host. It trusts the
// certificates in ca (PEM), if any, in addition to the system's: for the Web API, the sockets and response_urls.
func NewHTTP(ca []byte) (*http.Client, error) {
	if len(ca) == 0 {
		return defaultHTTP(nil), nil
	}
	roots, err := x509.SystemCertPool()
	if err != nil {
		return nil, fmt.Errorf("read the system's certificates: %w", err)
	}
	if !roots.AppendCertsFromPEM(ca) {
		return nil, errors.New("no certificate in PEM form")
	}
	return defaultHTTP(roots), nil
}

// routeOf reads the route from a transport that is not in use yet: its first request
// writes to the settings.
func routeOf(rt http.RoundTripper) (proxy func(*http.Request) (*url.URL, error), trust *tls.Config) {
	t := transportOf(rt)
	if t == nil {
		return http.ProxyFromEnvironment, nil
	}
	return t.Proxy, t.TLSClientConfig.Clone()
}

// Route returns how the client's calls reach Slack: through which proxy, if any, and with which certificates; nil means the
// system's. Sockets go the same way. The caller may change what it gets.
func (c *Client) Route() (proxy func(*http.Request) (*url.URL, error), trust *tls.Config) {
	return c.proxy, c.trust.Clone()
}

// transportOf finds the transport beneath those that only look at what passes, which
// say so with Unwrap. It returns nil if there is none of the standard library.
func transportOf(rt http.RoundTripper) *http.Transport {
	for {
		switch t := rt.(type) {
		case *http.Transport:
			return t
		case interface{ Unwrap() http.RoundTripper }:
			rt = t.Unwrap()
		default:
			return nil
		}
	}
}

// RefusedByProxy returns nil if a proxy's answer to CONNECT lets the caller through, and otherwise a network error that names
// the status and nothing else that the proxy says: net/http would quote that, and every proxy words it differently.
func RefusedByProxy(resp *http.Response) error {
	if resp.StatusCode == http.StatusOK {
		return nil
	}
	return &net.OpError{Op: "proxyconnect", Net: "tcp", Err: fmt.Errorf("the proxy refuses: %d %s", resp.StatusCode, http.StatusText(resp.StatusCode))}
}

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

// routeOf reads the route from a transport before its first request, which writes to the settings. It looks through wrappers
// for the standard library's transport.
func routeOf(rt http.RoundTripper) (proxy func(*http.Request) (*url.URL, error), trust *tls.Config) {
	for {
		switch t := rt.(type) {
		case *http.Transport:
			return t.Proxy, t.TLSClientConfig.Clone()
		case interface{ Unwrap() http.RoundTripper }:
			rt = t.Unwrap()
		default:
			return http.ProxyFromEnvironment, nil
		}
	}
}

// Route returns the proxy function and TLS settings of the client's calls; nil settings mean the system's certificates.
// Sockets use them too. The caller may modify the result.
func (c *Client) Route() (proxy func(*http.Request) (*url.URL, error), trust *tls.Config) {
	return c.proxy, c.trust.Clone()
}

// CheckProxyResponse returns nil if a proxy accepted a CONNECT request, and otherwise a network error with only the status.
// net/http would quote the proxy's own text, which every proxy words differently.
func CheckProxyResponse(resp *http.Response) error {
	if resp.StatusCode == http.StatusOK {
		return nil
	}
	return &net.OpError{Op: "proxyconnect", Net: "tcp", Err: fmt.Errorf("the proxy refuses: %d %s", resp.StatusCode, http.StatusText(resp.StatusCode))}
}

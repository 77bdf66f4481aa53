package meetingapi

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"

	"meetingbot/meetingapi/internal/wire"
)

// NewTransport returns a transport for Config.HTTP: TLS 1.2 or newer, the proxy of
// HTTPS_PROXY and NO_PROXY, HTTP/1.1 only, and a pool large enough for 128 parallel
// calls. The certificates in ca (PEM), if any, are trusted in addition to the
// system's. Certificates are always verified.
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
	return wire.Transport(roots), nil
}

// Guard wraps dial, for the DialContext of your own transport. The connections refuse
// to write a request after its deadline, and remember whether any of it was written.
// Without Guard, every cancellation that got a connection but no answer has an unknown
// outcome.
func Guard(dial func(ctx context.Context, network, address string) (net.Conn, error)) func(context.Context, string, string) (net.Conn, error) {
	return wire.Guard(dial)
}

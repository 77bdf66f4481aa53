package wire

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/url"
	"time"
)

// Why is the reason why there is no answer.
type Why int

// The reasons. Only after Lost may the service have seen the request.
const (
	UsedUp  Why = iota + 1 // nothing was sent: the rate limit is used up
	Invalid                // nothing was sent: the request could not be built
	NotSent                // nothing was sent: no connection, or no time left
	Lost                   // the request may have been sent, but no answer came
)

// NoAnswer says why there is no answer.
type NoAnswer struct {
	Why      Why
	Cause    error         // the network or context error, fit for a log; may be nil
	Canceled bool          // the caller's context was canceled
	Final    bool          // an immediate retry is pointless
	After    time.Duration // when to try again; 0 if unknown
}

// lost returns the NoAnswer for an error of http.Client.
func lost(ctx context.Context, r Request, sent bool, err error) *NoAnswer {
	// A *url.Error would print the whole URL.
	if u, ok := errors.AsType[*url.Error](err); ok {
		err = u.Err
	}
	err = redact(err)
	if !sent {
		return NothingSent(err)
	}
	canceled := !r.Change && errors.Is(ctx.Err(), context.Canceled)
	return &NoAnswer{Why: Lost, Cause: err, Canceled: canceled, Final: canceled}
}

// redact keeps network errors but drops net/http's error about a malformed answer,
// which quotes part of it.
func redact(err error) error {
	var network net.Error
	if errors.As(err, &network) || isCertificateFault(err) || errors.Is(err, context.Canceled) || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return err
	}
	return errNoAnswer
}

// errNoAnswer replaces net/http's errors about malformed answers.
var errNoAnswer = errors.New("connection closed or answer malformed")

// NothingSent returns the NoAnswer for a request that never left this process.
func NothingSent(err error) *NoAnswer {
	canceled := errors.Is(err, context.Canceled)
	return &NoAnswer{Why: NotSent, Cause: err, Canceled: canceled, Final: canceled || isCertificateFault(err)}
}

// isCertificateFault reports whether TLS failed because of the certificate, which a
// retry won't fix.
func isCertificateFault(err error) bool {
	var bad *tls.CertificateVerificationError
	return errors.As(err, &bad)
}

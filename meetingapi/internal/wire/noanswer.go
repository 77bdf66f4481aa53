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

// Why says how an exchange ended without an answer.
type Why int

// The reasons. Only after Lost may the service have seen the request.
const (
	UsedUp  Why = iota + 1 // nothing was sent: the limit is used up
	Down                   // nothing was sent: the operation is known to be down
	Unsound                // nothing was sent: no request can be made of it
	NotSent                // nothing was sent: no connection, or no time left
	Lost                   // sent, perhaps, and no answer came
)

// NoAnswer says why there is no answer.
type NoAnswer struct {
	Why      Why
	Cause    error         // the network or context error, fit for a log; may be nil
	Canceled bool          // the caller has left
	Final    bool          // trying again right away is pointless
	After    time.Duration // when to try again; 0 if unknown
}

// lost is a request that http.Client gave up.
func lost(ctx context.Context, r Request, sent bool, err error) *NoAnswer {
	// A *url.Error would print the whole address.
	if u, ok := errors.AsType[*url.Error](err); ok {
		err = u.Err
	}
	err = harmless(err)
	if !sent {
		return NothingSent(err)
	}
	left := !r.Change && errors.Is(ctx.Err(), context.Canceled)
	return &NoAnswer{Why: Lost, Cause: err, Canceled: left, Final: left}
}

// harmless keeps network errors but drops what net/http says about a malformed
// answer, because that quotes part of it.
func harmless(err error) error {
	var network net.Error
	if errors.As(err, &network) || certificateFault(err) || errors.Is(err, context.Canceled) || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return err
	}
	return errNoAnswer
}

// errNoAnswer stands for anything net/http could not read.
var errNoAnswer = errors.New("connection closed or answer malformed")

// NothingSent is why a request never left this process.
func NothingSent(err error) *NoAnswer {
	left := errors.Is(err, context.Canceled)
	return &NoAnswer{Why: NotSent, Cause: err, Canceled: left, Final: left || certificateFault(err)}
}

// certificateFault reports whether TLS failed for a reason that won't go away.
func certificateFault(err error) bool {
	var bad *tls.CertificateVerificationError
	return errors.As(err, &bad)
}

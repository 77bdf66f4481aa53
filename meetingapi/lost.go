package meetingapi

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/url"
)

// lost classifies a request without an answer.
func lost(ctx context.Context, r call, sent bool, err error) error {
	// A *url.Error would print the whole address.
	var u *url.Error
	if errors.As(err, &u) {
		err = u.Err
	}
	err = harmless(err)
	if !sent {
		return notSent(r.op, r.target, err)
	}
	e := &Error{Op: r.op, Target: r.target, Class: ClassUnavailable, Message: "no answer", cause: err}
	switch {
	case r.change:
		e.Class = ClassUnknownOutcome
	case errors.Is(ctx.Err(), context.Canceled):
		e.Class, e.final = ClassCanceled, true
	}
	return e
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

// notSent classifies a request that never left this process.
func notSent(op Operation, target string, err error) *Error {
	e := &Error{Op: op, Target: target, Class: ClassUnavailable, Message: "nothing was sent", cause: err}
	if errors.Is(err, context.Canceled) {
		e.Class, e.final = ClassCanceled, true
	}
	e.final = e.final || certificateFault(err)
	return e
}

// certificateFault reports whether TLS failed for a reason that won't go away.
func certificateFault(err error) bool {
	var bad *tls.CertificateVerificationError
	return errors.As(err, &bad)
}

package meetingapi

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Class says what an error means for the caller, whatever its number was. It
// is itself an error, so that errors.Is(err, meetingapi.ClassNotFound) asks the
// same question as IsNotFound(err).
//
// For a call that changes something (the three of Canceler) one rule holds:
// only ClassUnknownOutcome leaves open whether it was done. Every other class
// means that nothing was changed.
type Class int

// The classes. ClassNone is the zero value and the class of a nil error.
const (
	ClassNone           Class = iota
	ClassOther                // not an error of this package
	ClassNotFound             // no such meeting, user or occurrence: wrong number, over, or already cancelled
	ClassStarted              // refused: the meeting is running, and End was not asked for
	ClassNotStarted           // refused: the meeting is not running
	ClassEnded                // the meeting is over or just closing
	ClassTransient            // the service or the meeting is busy for some seconds (starting, upgrading)
	ClassDenied               // this login may not see or change that
	ClassBadRequest           // the request makes no sense to the service, or to this package before it was sent
	ClassAuth                 // the access token was refused, a new one too
	ClassCredentials          // the login was refused: wrong key, password, account disabled
	ClassClock                // the login was refused because this machine's clock is wrong
	ClassLocked               // the login is locked for some minutes
	ClassWrongSite            // the meeting or the user belongs to the other site (mainland, international)
	ClassThrottled            // over the rate limit; RetryAfter says how long to wait
	ClassServer               // the service failed, or its answer could not be understood
	ClassUnavailable          // no connection, no answer to a read, or known to be down: nothing was changed
	ClassUnknownOutcome       // a change was sent and its answer never came, or was no answer
	ClassCanceled             // the caller's context was canceled; nothing was changed
)

var classNames = [...]string{
	"none", "other", "not_found", "started", "not_started", "ended", "transient", "denied", "bad_request",
	"auth", "credentials", "clock", "locked", "wrong_site", "throttled", "server", "unavailable", "unknown_outcome", "canceled",
}

// String returns the class as one lower-case word, fit for a log or a metric.
func (c Class) String() string {
	if c < 0 || int(c) >= len(classNames) {
		return "class(" + strconv.Itoa(int(c)) + ")"
	}
	return classNames[c]
}

// Error is String. It makes a Class usable as the target of errors.Is.
func (c Class) Error() string { return c.String() }

// Error is a call that did not succeed. It holds nothing secret: no URL, no
// token, no body of an answer.
type Error struct {
	Op         Operation     // which call; OpLogin if the login before it failed
	Target     string        // the meeting, user or number asked about; may be empty
	Class      Class         // what it means
	Status     int           // HTTP status; 0 if there was no answer
	Code       string        // the service's number, such as MMC.111070005; may be empty
	Message    string        // the service's name for the code, or a few words of ours; not for people
	RequestID  string        // X-Request-Id of the answer, for Huawei's support; may be empty
	RetryAfter time.Duration // when to try again; 0 if not known
	Skew       time.Duration // ClassClock: service's clock minus ours, if the answer told

	final bool  // trying again at once is pointless
	cause error // network or context error underneath; may be nil
}

// Error returns one line for a log.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString("meetingapi: " + string(e.Op))
	if e.Target != "" {
		b.WriteString(" " + oneLine(e.Target))
	}
	b.WriteString(": " + e.Class.String())
	if e.Status != 0 {
		fmt.Fprintf(&b, ": HTTP %d", e.Status)
	}
	if e.Code != "" {
		b.WriteString(" " + e.Code)
	}
	if e.Message != "" {
		b.WriteString(" " + e.Message)
	}
	if e.Skew != 0 {
		fmt.Fprintf(&b, " (clock differs by %s)", e.Skew.Round(time.Second))
	}
	if e.cause != nil {
		b.WriteString(": " + strings.ReplaceAll(e.cause.Error(), "\n", "; "))
	}
	if e.RequestID != "" {
		b.WriteString(" (request id " + e.RequestID + ")")
	}
	return b.String()
}

// Is reports whether target is this error's Class.
func (e *Error) Is(target error) bool {
	c, ok := target.(Class)
	return ok && c == e.Class
}

// Unwrap returns the network or context error underneath, or nil.
func (e *Error) Unwrap() error { return e.cause }

// ClassOf returns the class of err. It is ClassNone for nil and ClassOther for
// an error that this package did not make, except that a bare context error is
// ClassCanceled or ClassUnavailable.
func ClassOf(err error) Class {
	var e *Error
	switch {
	case err == nil:
		return ClassNone
	case errors.As(err, &e):
		return e.Class
	case errors.Is(err, context.Canceled):
		return ClassCanceled
	case errors.Is(err, context.DeadlineExceeded):
		return ClassUnavailable
	default:
		return ClassOther
	}
}

// IsNotFound reports whether there is no such meeting, user or occurrence.
func IsNotFound(err error) bool { return ClassOf(err) == ClassNotFound }

// IsStarted reports whether a cancellation was refused because the meeting runs.
func IsStarted(err error) bool { return ClassOf(err) == ClassStarted }

// IsEnded reports whether the meeting is over.
func IsEnded(err error) bool { return ClassOf(err) == ClassEnded }

// IsDenied reports whether this login may not do that.
func IsDenied(err error) bool { return ClassOf(err) == ClassDenied }

// IsThrottled reports whether a rate limit was reached; see RetryAfter.
func IsThrottled(err error) bool { return ClassOf(err) == ClassThrottled }

// IsUnavailable reports whether the service could not be reached or did not
// answer a read.
func IsUnavailable(err error) bool { return ClassOf(err) == ClassUnavailable }

// IsUnknownOutcome reports whether a change may or may not have been done.
// Read the meeting again before doing anything else.
func IsUnknownOutcome(err error) bool { return ClassOf(err) == ClassUnknownOutcome }

// RequestID returns the service's request id of the answer behind err, or "".
func RequestID(err error) string {
	var e *Error
	if errors.As(err, &e) {
		return e.RequestID
	}
	return ""
}

// RetryAfter returns how long to wait before the next try, or 0 if not known.
func RetryAfter(err error) time.Duration {
	var e *Error
	if errors.As(err, &e) {
		return e.RetryAfter
	}
	return 0
}

package meetingapi

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
	"unicode"
)

// Class says what an error means for the caller, independent of its code.
//
// For the three calls of Canceler, only ClassUnknownOutcome leaves open whether the
// change was made. Every other class means that nothing has changed.
type Class int

// The classes. ClassNone is the zero value and the class of a nil error.
const (
	ClassNone           Class = iota
	ClassOther                // not an error of this package
	ClassNotFound             // no such meeting, user or occurrence: wrong number, over, or already cancelled
	ClassStarted              // refused: the meeting is running, and CancelOptions.End is not set
	ClassNotStarted           // refused: the meeting is not running
	ClassEnded                // the meeting is over or just closing
	ClassTransient            // the service or the meeting is busy for a few seconds (starting, upgrading)
	ClassDenied               // this login may not see or change it
	ClassBadRequest           // the service rejected the request as invalid, or this package did before sending it
	ClassAuth                 // the access token was refused, and so was a new one
	ClassCredentials          // the login was refused: wrong key or password, or a disabled account
	ClassClock                // the login was refused because this machine's clock is wrong
	ClassLocked               // the login is locked for a few minutes
	ClassWrongSite            // the meeting or the user belongs to the other site (mainland, international)
	ClassThrottled            // over the rate limit, and nothing was done; RetryAfter says how long to wait
	ClassServer               // the service failed, or its answer made no sense
	ClassUnavailable          // no connection, or no answer to a read: nothing has changed
	ClassUnknownOutcome       // a change was sent, and its answer was lost or unintelligible
	ClassCanceled             // the caller's context was canceled; nothing has changed
	ClassAmbiguous            // several users match where one was meant
	ClassKindUnknown          // the meeting exists, but the service doesn't say whether it is a series
	ClassMeetingLocked        // the meeting is locked; it is not documented by whom or for how long
)

var classNames = [...]string{
	"none", "other", "not_found", "started", "not_started", "ended", "transient", "denied", "bad_request",
	"auth", "credentials", "clock", "locked", "wrong_site", "throttled", "server", "unavailable", "unknown_outcome", "canceled", "ambiguous", "kind_unknown", "meeting_locked",
}

// String returns the class as one lower-case word, for logs and metrics.
func (c Class) String() string {
	if c < 0 || int(c) >= len(classNames) {
		return "class(" + strconv.Itoa(int(c)) + ")"
	}
	return classNames[c]
}

// Error is a failed call. It contains nothing secret: no URL, no token, no body.
type Error struct {
	Op         Operation     // which call; OpLogin if the login before it failed
	Target     string        // the meeting, user or number in question; may be empty
	Class      Class         // what it means
	Status     int           // HTTP status; 0 if there was no answer
	Code       string        // the service's code, such as MMC.111070005; may be empty
	Message    string        // the service's name for the code, or a short description; not for end users
	RequestID  string        // the answer's X-Request-Id, for Huawei's support; may be empty
	RetryAfter time.Duration // when to try again; 0 if unknown
	Skew       time.Duration // ClassClock: the service's clock minus ours, if the answer says

	final bool  // an immediate retry is pointless
	cause error // the network or context error underneath; may be nil
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
		b.WriteString(": " + e.Message)
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

// Unwrap returns the network or context error underneath, or nil.
func (e *Error) Unwrap() error { return e.cause }

// oneLine makes a caller's text safe for a log.
func oneLine(s string) string {
	s = strings.Join(strings.FieldsFunc(s, func(r rune) bool { return !unicode.IsPrint(r) }), " ")
	if r := []rune(s); len(r) > 64 {
		return string(r[:64]) + "…"
	}
	return s
}

// ClassOf returns the class of err: ClassNone for nil, ClassCanceled or
// ClassUnavailable for a context's own error, and ClassOther for any other error that is
// not from this package.
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

// IsNotFound reports whether err means that there is no such meeting, user or
// occurrence.
func IsNotFound(err error) bool { return ClassOf(err) == ClassNotFound }

// IsStarted reports whether a cancellation was refused because the meeting is running.
func IsStarted(err error) bool { return ClassOf(err) == ClassStarted }

// IsEnded reports whether err means that the meeting is over.
func IsEnded(err error) bool { return ClassOf(err) == ClassEnded }

// IsDenied reports whether the login lacks the permission for the call.
func IsDenied(err error) bool { return ClassOf(err) == ClassDenied }

// IsThrottled reports whether a rate limit was reached; see RetryAfter.
func IsThrottled(err error) bool { return ClassOf(err) == ClassThrottled }

// IsUnavailable reports whether the service could not be reached or did not answer a
// read.
func IsUnavailable(err error) bool { return ClassOf(err) == ClassUnavailable }

// IsUnknownOutcome reports whether a change may or may not have been made. Read the
// meeting again before doing anything else.
func IsUnknownOutcome(err error) bool { return ClassOf(err) == ClassUnknownOutcome }

// IsAmbiguous reports whether several users match where one was meant.
func IsAmbiguous(err error) bool { return ClassOf(err) == ClassAmbiguous }

// IsUserUnknown reports whether the directory answered that it has no such user, or none
// that this login may see. It is false if the refusal came from the API gateway or the
// conference service, or had no code: that says nothing about the user.
func IsUserUnknown(err error) bool {
	e, ok := errors.AsType[*Error](err)
	if !ok || !e.isFromDirectory() {
		return IsNotFound(err)
	}
	return e.Class == ClassNotFound || e.Class == ClassDenied || e.Class == ClassBadRequest
}

// isFromDirectory reports whether e came from the directory: as a row of its answer, or
// with a code that is neither the API gateway's nor the conference service's.
func (e *Error) isFromDirectory() bool {
	if e.Code == "" {
		return e.Status == http.StatusOK
	}
	return !strings.HasPrefix(e.Code, "APIG.") && !strings.HasPrefix(e.Code, "MMC.")
}

// RequestID returns the service's request id of the answer behind err, or "".
func RequestID(err error) string {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.RequestID
	}
	return ""
}

// RetryAfter returns how long to wait before the next attempt, or 0 if unknown. It is
// never 0 if IsThrottled. The client itself waits at most Config.MaxWait; whether to wait
// longer is up to the caller.
func RetryAfter(err error) time.Duration {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.RetryAfter
	}
	return 0
}

package bot

import (
	"errors"
	"fmt"
	"time"
)

// class is a kind of failure: a word for metrics and a text for errors.
type class struct{ word, text string }

func (c *class) Error() string { return c.text }

// The classes of failure. Every failed call returns an *Error that matches at least one of them with errors.Is.
var (
	// ErrCannotPost: the bot can't post there: not a member, hidden, archived, read-only. A response_url may still work.
	ErrCannotPost error = &class{"cannot_post", "the bot can't post there"}
	// ErrUneditable: the message exists, but Slack doesn't let the bot edit it, or no longer does. A click's response_url
	// may still replace it.
	ErrUneditable error = &class{"uneditable", "the message can't be edited"}
	// ErrGone: the target no longer exists: a deleted message, a used-up response_url, an old trigger.
	ErrGone error = &class{"gone", "no longer there"}
	// ErrNoSuchPerson: no such user, or one who can't be messaged. A normal outcome of a look-up.
	ErrNoSuchPerson error = &class{"no_such_person", "no such person"}
	// ErrHashConflict: the Home was redrawn since the hash was read; redraw it from the current state.
	ErrHashConflict error = &class{"hash_conflict", "view changed since it was read"}
	// ErrThrottled: Slack asked to wait; Error.RetryAfter says how long. Slack has not acted on the request.
	ErrThrottled error = &class{"throttled", "asked to wait"}
	// ErrMissingScope: the app was installed without a scope this needs; Error.Needed names it.
	ErrMissingScope error = &class{"missing_scope", "scope not granted"}
	// ErrCredentials: Slack rejects the token, or rejects it here, until an operator or admin changes something.
	ErrCredentials error = &class{"credentials", "token not accepted"}
	// ErrBadMessage: Slack rejects the request as malformed; don't repeat it.
	ErrBadMessage error = &class{"bad_message", "refused as malformed"}
	// ErrUnavailable: no usable answer (5xx, HTML, network, timeout). The request may or may not have taken effect.
	ErrUnavailable error = &class{"unavailable", "no usable answer"}
	// ErrNotSent: the request never left: no connection, or its deadline had passed.
	ErrNotSent error = &class{"not_sent", "not sent"}
	// ErrRefused: Slack refused for a reason outside the other classes; see Error.Code.
	ErrRefused error = &class{"refused", "refused"}
)

// Error is a failed call. Its text never holds a token or a response_url.
type Error struct {
	Method     string        // "chat.postMessage"; "response_url" for answers through one
	Code       string        // Slack's error code, such as "channel_not_found"; may be empty
	Status     int           // HTTP status if it was not 200
	RetryAfter time.Duration // how long to wait, set with ErrThrottled
	Needed     string        // scopes that Slack requires, verbatim; set with ErrMissingScope
	Provided   string        // scopes the token has
	Detail     string        // what Slack rejects in a message or a view, and where; for developers

	class   error // one of those above
	notSent bool  // in addition to class
	cause   error
}

func (e *Error) Error() string {
	s := e.Method + ": " + e.class.Error()
	switch {
	case e.Code != "" && e.Needed != "":
		s += fmt.Sprintf(" (%s: needs %s, has %s)", e.Code, e.Needed, e.Provided)
	case e.Code != "":
		s += " (" + e.Code + ")"
	case e.Status != 0:
		s += fmt.Sprintf(" (HTTP status %d)", e.Status)
	}
	if e.Detail != "" {
		s += ": " + e.Detail
	}
	if e.RetryAfter > 0 {
		s += fmt.Sprintf(", %s", e.RetryAfter.Round(time.Millisecond))
	}
	if e.cause != nil {
		s += ": " + e.cause.Error()
	}
	return s
}

// Is reports whether target is this error's class.
func (e *Error) Is(target error) bool {
	return target == e.class || (e.notSent && target == ErrNotSent)
}

func (e *Error) Unwrap() error { return e.cause }

// Class returns the class of an error in one word, for metrics and logs: "ok" for nil, "other" for anything but an
// *Error.
func Class(err error) string {
	if err == nil {
		return "ok"
	}
	if e, ok := errors.AsType[*Error](err); ok {
		err = e.class
	}
	if c, ok := errors.AsType[*class](err); ok {
		return c.word
	}
	return "other"
}

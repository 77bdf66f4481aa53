package bot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/slack-go/slack"
)

// The classes of failure. Every error of a Web API call is an *Error that is (errors.Is) at least one of them.
var (
	// ErrCannotPost: the bot can't speak in that place: not a member, hidden, archived, read-only. A response_url may still work.
	ErrCannotPost = errors.New("the bot can't post there")
	// ErrGone: the thing to change or to answer is no longer there: a deleted message, a used-up response_url, an old trigger.
	ErrGone = errors.New("no longer there")
	// ErrNoSuchPerson: no such user, or one who can't be written to. A normal outcome of looking somebody up.
	ErrNoSuchPerson = errors.New("no such person")
	// ErrThrottled: Slack asked to wait; RetryAfter says how long. Slack has not acted on the request.
	ErrThrottled = errors.New("asked to wait")
	// ErrMissingScope: the app was installed without a scope this needs; Error.Needed names it.
	ErrMissingScope = errors.New("scope not granted")
	// ErrCredentials: Slack does not accept the token, now or ever again.
	ErrCredentials = errors.New("token not accepted")
	// ErrBadMessage: Slack refuses what we sent; sending it again is useless.
	ErrBadMessage = errors.New("refused as malformed")
	// ErrUnavailable: no usable answer (5xx, HTML, network, time-out): whether the request took effect is unknown.
	ErrUnavailable = errors.New("no usable answer")
	// ErrNotSent: nothing reached Slack: no connection, or its time was over before it could leave.
	ErrNotSent = errors.New("not sent")
	// ErrRefused: Slack said no for a reason outside the other classes; Error.Code has it.
	ErrRefused = errors.New("refused")
)

// ErrTooManySockets is the error of a socket that Slack does not let in: the app has the ten that it may have.
var ErrTooManySockets = errors.New("too many sockets")

// Error is a failed call. Its text never holds a token or a response_url.
type Error struct {
	Method     string        // "chat.postMessage"; "response_url" for answers through one
	Code       string        // Slack's word for it, such as "channel_not_found"; empty if there was none
	Status     int           // HTTP status if it was not 200
	RetryAfter time.Duration // how long to wait, set with ErrThrottled
	Needed     string        // scopes Slack wants, as it wrote them, with ErrMissingScope
	Provided   string        // scopes the token has
	Detail     string        // what exactly Slack finds wrong with a message or a view, and where; for developers

	class   error // one of the sentinels above
	notSent bool  // in addition to class
	cause   error
}

// Error says which call failed and how.
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

// Unwrap returns what lies beneath, a network or context error, or nil.
func (e *Error) Unwrap() error { return e.cause }

// Permanent reports whether repeating the call can't help: nothing but a person can change the answer.
func Permanent(err error) bool {
	for _, class := range []error{ErrCannotPost, ErrGone, ErrNoSuchPerson, ErrMissingScope, ErrCredentials, ErrBadMessage, ErrRefused} {
		if errors.Is(err, class) {
			return true
		}
	}
	return false
}

// Temporary reports whether the same call may succeed later. For a post that is ErrUnavailable, look before repeating.
func Temporary(err error) bool {
	return errors.Is(err, ErrThrottled) || errors.Is(err, ErrUnavailable) || errors.Is(err, ErrNotSent)
}

// Class names an error's class in one word, for metrics and logs: "ok" for nil, "other" for what is no *Error.
func Class(err error) string {
	if err == nil {
		return "ok"
	}
	e, ok := errors.AsType[*Error](err)
	if !ok {
		return "other"
	}
	for _, c := range classWords {
		if errors.Is(e.class, c.class) {
			return c.word
		}
	}
	return "other"
}

// classWords is read only.
var classWords = [...]struct {
	class error
	word  string
}{
	{ErrCannotPost, "cannot_post"},
	{ErrGone, "gone"},
	{ErrNoSuchPerson, "no_such_person"},
	{ErrThrottled, "throttled"},
	{ErrMissingScope, "missing_scope"},
	{ErrCredentials, "credentials"},
	{ErrBadMessage, "bad_message"},
	{ErrUnavailable, "unavailable"},
	{ErrNotSent, "not_sent"},
	{ErrRefused, "refused"},
}

// defaultRetryAfter is the wait after a refusal that names none.
const defaultRetryAfter = time.Second

// fault turns what slack-go and net/http return into an *Error. It is the only reader of their error types.
// sent tells whether the request may have left this process.
func fault(method string, err error, sent bool) error {
	if err == nil {
		return nil
	}
	if known, ok := errors.AsType[*Error](err); ok {
		return known
	}
	e := &Error{Method: method}
	if refused, ok := errors.AsType[slack.SlackErrorResponse](err); ok {
		e.Code, e.Needed, e.Provided = refused.Err, refused.Needed, refused.Provided
		e.Detail = strings.Join(refused.ResponseMetadata.Messages, "; ")
		e.class = classOf(method, refused.Err)
		if errors.Is(e.class, ErrThrottled) {
			e.RetryAfter = defaultRetryAfter
		}
		return e
	}
	if limited, ok := errors.AsType[*slack.RateLimitedError](err); ok {
		e.class, e.Status, e.RetryAfter = ErrThrottled, http.StatusTooManyRequests, limited.RetryAfter
		return e
	}
	if status, ok := errors.AsType[slack.StatusCodeError](err); ok {
		e.class, e.Status = classOfStatus(status.Code), status.Code
		return e
	}
	e.class, e.cause = ErrUnavailable, bare(err)
	if !sent {
		e.class, e.notSent = ErrNotSent, true
	}
	return e
}

// bare strips what may carry a secret: net/http wraps its errors together with the address, which may be a response_url,
// and JSON errors may quote the answer.
func bare(err error) error {
	if wrapped, ok := errors.AsType[*url.Error](err); ok {
		return bare(wrapped.Err)
	}
	_, syntax := errors.AsType[*json.SyntaxError](err)
	_, shape := errors.AsType[*json.UnmarshalTypeError](err)
	if syntax || shape {
		return errNotJSON
	}
	if errors.Is(err, context.DeadlineExceeded) {
		return context.DeadlineExceeded
	}
	return err
}

// errNotJSON stands for an answer that is HTML, half a JSON, or of another shape than documented.
var errNotJSON = errors.New("the answer is not the JSON it should be")

// classOfStatus sorts answers that are no JSON from Slack but a bare HTTP status.
func classOfStatus(status int) error {
	switch status {
	case http.StatusTooManyRequests:
		return ErrThrottled
	case http.StatusUnauthorized, http.StatusForbidden:
		return ErrCredentials
	case http.StatusBadRequest, http.StatusMethodNotAllowed, http.StatusRequestEntityTooLarge,
		http.StatusUnsupportedMediaType, http.StatusUnprocessableEntity:
		return ErrBadMessage
	default:
		return ErrUnavailable
	}
}

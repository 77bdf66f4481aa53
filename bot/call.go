package bot

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// request is one call of a Web API method.
type request struct {
	method string
	token  Secret     // sent in the Authorization header, never in a body or URL
	place  string     // the conversation, if Slack limits the method per conversation
	form   url.Values // the arguments

	// once, unless zero, says that people would see a repeat, and how much time the caller must
	// have left when the call is made.
	once time.Duration
}

// answer is any Web API answer; it is a verdict or embeds one. Answers decode only the fields the bot needs: it is cheaper, and an
// unknown message format must not make a successful post look like a failure.
type answer interface{ common() *verdict }

// verdict is the common part of every Web API answer.
type verdict struct {
	OK       bool   `json:"ok"`
	Error    string `json:"error"`
	Needed   string `json:"needed"`
	Provided string `json:"provided"`
	Page     struct {
		NextCursor string   `json:"next_cursor"`
		Messages   []string `json:"messages"` // why Slack rejected a message, and where in it
	} `json:"response_metadata"`

	scopes string // the token's scopes, from X-OAuth-Scopes
}

func (v *verdict) common() *verdict { return v }

// call makes one call, waiting if Slack asks for it and sending nothing after ctx's deadline. It returns nil or an *Error.
func (w *wire) call(ctx context.Context, r request, into answer) error {
	body := r.form.Encode()
	attempt := func(ctx context.Context) error { return w.attempt(ctx, r, body, into) }
	if r.once > 0 {
		return w.once(ctx, r.once, r.method, r.place, attempt)
	}
	return w.throttled(ctx, r.method, r.place, attempt)
}

// once makes an attempt only while there is still time to get its answer. If Slack accepts a message after the caller has
// given up, the caller posts it again.
func (w *wire) once(ctx context.Context, left time.Duration, method, place string, attempt func(context.Context) error) error {
	ctx, end := w.stopBy(ctx)
	defer end()
	start, cancel := ctx, func() {}
	if deadline, ok := ctx.Deadline(); ok {
		start, cancel = context.WithDeadline(ctx, deadline.Add(-left))
	}
	defer cancel()
	return w.throttled(start, method, place, func(context.Context) error {
		if err := checkDeadline(start); err != nil {
			return classify(method, err, false)
		}
		return attempt(ctx)
	})
}

// throttled makes attempts as Slack's limits allow, and reports the total time to observe.
func (w *wire) throttled(ctx context.Context, method, place string, attempt func(context.Context) error) error {
	start := time.Now()
	err := w.throttle.do(ctx, method, place, func() error { return attempt(ctx) })
	w.observe(method, Class(err), time.Since(start))
	return err
}

func (w *wire) attempt(ctx context.Context, r request, body string, into answer) error {
	limited, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	req, err := http.NewRequestWithContext(limited, http.MethodPost, w.base+r.method, strings.NewReader(body))
	if err != nil {
		return &Error{Method: r.method, class: ErrNotSent, notSent: true, cause: redact(err)}
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Authorization", "Bearer "+r.token.Reveal())
	resp, sent, err := w.send(ctx, req)
	if err != nil {
		return classify(r.method, err, sent)
	}
	defer resp.Body.Close()
	return readAnswer(r.method, resp, into)
}

// readAnswer reads resp to the end so that its connection can be reused. An error code from Slack counts under any HTTP
// status; an answer without a verdict counts as none.
func readAnswer(method string, resp *http.Response, into answer) error {
	body, err := io.ReadAll(io.LimitReader(resp.Body, answerLimit))
	if resp.StatusCode == http.StatusTooManyRequests {
		return &Error{Method: method, Status: resp.StatusCode, RetryAfter: parseRetryAfter(resp), class: ErrThrottled}
	}
	if err == nil {
		err = json.Unmarshal(body, into)
	}
	if _, shape := errors.AsType[*json.UnmarshalTypeError](err); shape {
		err = nil // one field of the wrong type doesn't invalidate the rest
	}
	v := into.common()
	v.scopes = resp.Header.Get("X-OAuth-Scopes")
	switch {
	case err == nil && !v.OK && v.Error != "":
		return refusal(method, resp.StatusCode, v)
	case resp.StatusCode/100 != 2:
		return &Error{Method: method, Status: resp.StatusCode, class: classifyStatus(resp.StatusCode)}
	case err != nil:
		return classify(method, err, true)
	case !v.OK:
		return classify(method, errNoVerdict, true)
	}
	return nil
}

func refusal(method string, status int, v *verdict) *Error {
	e := &Error{
		Method: method, Code: v.Error, Needed: v.Needed, Provided: v.Provided,
		Detail: strings.Join(v.Page.Messages, "; "), class: classifyCode(method, v.Error),
	}
	if status != http.StatusOK {
		e.Status = status
	}
	if errors.Is(e.class, ErrRefused) && (status >= 500 || status == http.StatusUnauthorized || status == http.StatusForbidden) {
		e.class = classifyStatus(status) // more telling than an unknown code
	}
	if errors.Is(e.class, ErrThrottled) {
		e.RetryAfter = defaultRetryAfter
	}
	return e
}

// require returns err, or errNoVerdict for a success that lacks a required value.
func require(value, method string, err error) error {
	if err == nil && value == "" {
		return classify(method, errNoVerdict, true)
	}
	return err
}

// errNoVerdict means JSON with neither "ok": true nor an "error", or a success without a required field.
var errNoVerdict = errors.New("incomplete answer")

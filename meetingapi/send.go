package meetingapi

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// How much of an answer to read: enough for an error or a login, and enough for 500
// meetings with everything the service says about them.
const (
	smallBody = 64 << 10
	largeBody = 8 << 20
)

// bodyGrace is how long to wait for the body of a successful change. The status line
// already says all that matters.
const bodyGrace = time.Second

// call is one request before it has a token.
type call struct {
	op          Operation
	target      string // what an error says it was about
	method      string
	path        string // escaped
	query       url.Values
	header      http.Header
	contentType string // application/json if empty
	body        any    // nil: none
	limit       int64
	timeout     time.Duration
	change      bool // it changes something: a lost answer is an unknown outcome
}

// reply is an answer with a good status.
type reply struct {
	call      call
	status    int
	body      []byte
	requestID string
	sizeErr   error // the body broke off or was too long
}

// send makes one exchange. It never retries.
//
// net/http does, on its own: it resends a request that died with a reused connection
// if its method is GET, HEAD, OPTIONS or TRACE, if it carries an Idempotency-Key
// header, or if not one byte of it was written. Our DELETEs don't carry that header,
// so they are resent only in the last case, which repeats nothing.
// TestDeleteIsNotRepeatedByNetHTTP checks this.
func (s *session) send(ctx context.Context, r call, tok *token) (reply, error) {
	release, err := s.budgets.acquire(ctx, r)
	if err != nil {
		return reply{}, err
	}
	if err := s.breakers.allow(r); err != nil {
		release(nil, 0)
		return reply{}, err
	}
	began := time.Now()
	rep, header, err := s.exchange(ctx, r, tok)
	class := ClassOf(err)
	s.breakers.record(r.op, class, rep.status == 0 && ctx.Err() != nil && time.Since(began) < time.Second)
	release(header, throttle(err))

	done := Call{Method: r.method, Operation: r.op, Status: rep.status, Class: class, Duration: time.Since(began), RequestID: rep.requestID}
	s.Logger.DebugContext(ctx, "meeting api call", "method", done.Method, "operation", done.Operation, "target", r.target,
		"status", done.Status, "class", done.Class.String(), "duration", done.Duration, "request_id", done.RequestID)
	if s.Observe != nil {
		s.Observe(done)
	}
	return rep, err
}

// exchange writes the request and reads the answer. The reply's status and request id
// are set if there was an answer.
func (s *session) exchange(ctx context.Context, r call, tok *token) (reply, http.Header, error) {
	timed, cancel := context.WithTimeout(ctx, r.timeout)
	defer cancel()
	watch := &sending{}
	watch.until, _ = timed.Deadline()
	req, err := s.request(watch.trace(timed), r, tok)
	if err != nil {
		return reply{}, nil, &Error{Op: r.op, Target: r.target, Class: ClassBadRequest, Message: "request could not be built", final: true}
	}
	// In a process that was suspended, the context's own timer may not have fired
	// yet; the clock knows.
	if err := timed.Err(); err != nil {
		return reply{}, nil, notSent(r.op, r.target, err)
	}
	if watch.late() {
		return reply{}, nil, notSent(r.op, r.target, errTooLate)
	}
	resp, err := s.HTTP.Do(req)
	if err != nil {
		if timed.Err() != nil {
			// If one connection has gone silent, the idle ones may be dead too: make
			// the next call open its own.
			s.HTTP.CloseIdleConnections()
		}
		return reply{}, nil, lost(ctx, r, watch.possible(), err)
	}
	defer resp.Body.Close()
	good := resp.StatusCode >= 200 && resp.StatusCode < 300
	if good && r.change {
		defer time.AfterFunc(bodyGrace, cancel).Stop()
	}
	rep := reply{call: r, status: resp.StatusCode, requestID: requestID(resp.Header)}
	rep.body, rep.sizeErr = readBody(resp.Body, r.limit)
	return rep, resp.Header, s.checkResponse(rep, resp.Header)
}

// request builds what goes on the wire. net/http adds Accept-Encoding: gzip and
// undoes it in the answer.
func (s *session) request(ctx context.Context, r call, tok *token) (*http.Request, error) {
	var body io.Reader
	if r.body != nil {
		b, err := encode(r.body)
		if err != nil {
			return nil, err
		}
		body = bytes.NewReader(b)
	}
	target := s.base.String() + r.path
	if len(r.query) > 0 {
		// Sorted keys, and %20 for a space, as in the vendor's SDK.
		target += "?" + strings.ReplaceAll(r.query.Encode(), "+", "%20")
	}
	req, err := http.NewRequestWithContext(ctx, r.method, target, body)
	if err != nil {
		return nil, err
	}
	for k, v := range r.header {
		req.Header[k] = v
	}
	req.Header.Set("User-Agent", s.UserAgent)
	req.Header.Set("Content-Type", "application/json")
	if r.contentType != "" {
		req.Header.Set("Content-Type", r.contentType)
	}
	if s.SiteID != "" {
		req.Header.Set("X-Site-Id", s.SiteID)
	}
	if s.AuthorizationType != "" {
		req.Header.Set("X-Authorization-Type", s.AuthorizationType)
	}
	if tok != nil {
		req.Header.Set("X-Access-Token", string(tok.value))
	}
	return req, nil
}

// encode writes a body as the vendor's SDK does: with an encoder's line feed after
// the JSON. Already encoded bodies stay as they are.
func encode(body any) ([]byte, error) {
	if raw, ok := body.(json.RawMessage); ok {
		return raw, nil
	}
	b, err := json.Marshal(body)
	return append(b, '\n'), err
}

// readBody reads at most limit bytes. It can return both data and an error.
func readBody(r io.Reader, limit int64) ([]byte, error) {
	body, err := io.ReadAll(io.LimitReader(r, limit+1))
	if err == nil && int64(len(body)) > limit {
		return body[:limit], errors.New("answer is too long")
	}
	return body, err
}

// authorized sends r with a token. If the token is refused, it gets a new one and
// sends r once more: the service has said that it did nothing.
func (s *session) authorized(ctx context.Context, r call, first *token) (reply, error) {
	rep, err := s.send(ctx, r, first)
	if ClassOf(err) != ClassAuth || rep.status < 400 || rep.status >= 500 {
		return rep, err
	}
	s.tokens.drop(first)
	s.Logger.InfoContext(ctx, "meeting api refused the token, logging in again", "operation", r.op, "request_id", rep.requestID)
	second, err := s.token(ctx)
	if err != nil {
		return reply{}, err
	}
	rep, err = s.send(ctx, r, second)
	if ClassOf(err) == ClassAuth {
		s.tokens.drop(second)
	}
	return rep, err
}

// read makes a call that changes nothing, as often as ReadRetry allows, and passes
// its answer to decode, whose error counts as a failed try.
func (s *session) read(ctx context.Context, r call, decode func(reply) error) error {
	if s == nil {
		return unmade(r.op)
	}
	r.timeout = s.ReadTimeout
	return s.again(ctx, func() error {
		tok, err := s.token(ctx)
		if err != nil {
			return err
		}
		rep, err := s.authorized(ctx, r, tok)
		if err != nil {
			return err
		}
		return decode(rep)
	})
}

// change makes a call that changes something, once. Only the login before it may be
// retried.
func (s *session) change(ctx context.Context, r call) error {
	if s == nil {
		return unmade(r.op)
	}
	r.change, r.limit, r.timeout = true, smallBody, s.ChangeTimeout
	tok, err := s.authenticate(ctx)
	if err != nil {
		return err
	}
	_, err = s.authorized(ctx, r, tok)
	return err
}

package meetingapi

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"time"

	"meetingbot/meetingapi/internal/token"
	"meetingbot/meetingapi/internal/wire"
)

// How much of an answer to read: enough for an error or a login, and enough for 500
// complete meetings.
const (
	smallBody = 64 << 10
	largeBody = 8 << 20
)

// call is one request without its token.
type call struct {
	op     Operation
	target string // the meeting, user or number in question, for errors
	login  *login // set for OpLogin
	wire.Request

	sending func(context.Context) error // see CancelOptions; may be nil
}

func get(op Operation, target, path string, query url.Values) call {
	return call{op: op, target: target, Request: wire.Request{Method: http.MethodGet, Path: path, Query: query}}
}

type reply struct {
	call call
	wire.Answer
}

// send makes one exchange. It never retries.
func (s *session) send(ctx context.Context, r call, tok *token.Token) (reply, error) {
	noAnswer := s.gate.Enter(ctx, string(r.op), r.AnswerTime)
	if noAnswer != nil {
		return reply{}, unanswered(r, noAnswer)
	}
	if r.sending != nil {
		if err := r.sending(ctx); err != nil {
			s.gate.Leave(string(r.op), nil, 0)
			return reply{}, unanswered(r, wire.NothingSent(err))
		}
	}
	if tok != nil {
		r.Token = tok.Value()
	}
	began := time.Now()
	rep := reply{call: r}
	rep.Answer, noAnswer = s.endpoint.Exchange(ctx, r.Request)
	var err error
	if noAnswer != nil {
		err = unanswered(r, noAnswer)
	} else {
		err = s.checkResponse(rep)
	}
	took := time.Since(began)
	s.gate.Leave(string(r.op), rep.Header, throttle(err))
	c := Call{Method: r.Method, Operation: r.op, Status: rep.Status, Class: ClassOf(err), Duration: took, RequestID: rep.RequestID()}
	s.Logger.DebugContext(ctx, "meeting api call", "method", c.Method, "operation", c.Operation, "target", r.target,
		"status", c.Status, "class", c.Class.String(), "duration", c.Duration, "request_id", c.RequestID)
	if s.Observe != nil {
		s.Observe(c)
	}
	return rep, err
}

// throttle returns how long an operation should pause after err: if the service is
// throttling, or failed during a change. Reads don't pause for an outage, which is often
// over sooner than announced.
func throttle(err error) time.Duration {
	switch ClassOf(err) {
	case ClassThrottled, ClassUnknownOutcome:
		return RetryAfter(err)
	default:
		return 0
	}
}

// authorized sends r with a token. If the token is refused, it gets a new one and sends
// r once more, which is safe because the refused call did nothing.
func (s *session) authorized(ctx context.Context, r call, first *token.Token) (reply, error) {
	rep, err := s.send(ctx, r, first)
	if ClassOf(err) != ClassAuth {
		return rep, err
	}
	s.tokens.Drop(first)
	s.Logger.InfoContext(ctx, "meeting api refused the token, logging in again", "operation", r.op, "request_id", rep.RequestID())
	second, err := s.token(ctx)
	if err != nil {
		return reply{}, err
	}
	rep, err = s.send(ctx, r, second)
	if ClassOf(err) == ClassAuth {
		s.tokens.Drop(second)
	}
	return rep, err
}

// read makes a call that changes nothing, with the retries of ReadRetry, and returns the
// decoded answer. An error of decode counts as a failed attempt.
func read[T any](ctx context.Context, s *session, r call, decode func(reply) (T, error)) (v T, err error) {
	r.Limit, r.Timeout = largeBody, s.Timeout
	err = s.retry(ctx, func() error {
		tok, err := s.token(ctx)
		if err != nil {
			return err
		}
		rep, err := s.authorized(ctx, r, tok)
		if err != nil {
			return err
		}
		v, err = decode(rep)
		return err
	})
	return v, err
}

// change makes a call that changes something, once. Only its login may be retried. If the
// login or a rate limit took most of the time, the call isn't sent.
func (s *session) change(ctx context.Context, r call) error {
	r.Change, r.Limit, r.Timeout = true, smallBody, s.Timeout
	r.AnswerTime = r.Timeout / 3
	if deadline, ok := ctx.Deadline(); ok {
		r.AnswerTime = max(0, min(r.AnswerTime, time.Until(deadline)/3))
	}
	tok, err := s.authenticate(ctx)
	if err != nil {
		return err
	}
	_, err = s.authorized(ctx, r, tok)
	return err
}

func (s *session) retry(ctx context.Context, f func() error) error {
	return wire.Retry(s.ReadRetry).Do(ctx, s.MaxWait, temporary, f)
}

// temporary reports whether a retry may succeed after err, and how long the service
// asks to wait first.
func temporary(err error) (retry bool, after time.Duration) {
	e, ok := errors.AsType[*Error](err)
	if !ok || e.final {
		return false, 0
	}
	switch e.Class {
	case ClassThrottled, ClassTransient, ClassServer, ClassUnavailable, ClassKindUnknown:
		return true, e.RetryAfter
	default:
		return false, 0
	}
}

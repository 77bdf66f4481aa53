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
// meetings with everything the service says about them.
const (
	smallBody = 64 << 10
	largeBody = 8 << 20
)

// call is one request before it has a token.
type call struct {
	op     Operation
	target string // what an error says it was about
	login  *login // of OpLogin: what asks for the token
	wire.Request
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
	pass, none := s.gate.Enter(ctx, string(r.op))
	if none != nil {
		return reply{}, unanswered(r, none)
	}
	if tok != nil {
		r.Token = tok.Value()
	}
	began := time.Now()
	rep := reply{call: r}
	rep.Answer, none = s.line.Exchange(ctx, r.Request)
	var err error
	if none != nil {
		err = unanswered(r, none)
	} else {
		err = s.checkResponse(rep)
	}
	took := time.Since(began)
	cutShort := none != nil && ctx.Err() != nil && took < time.Second
	if up := pass.Leave(rep.Header, health(ClassOf(err), cutShort), throttle(err)); up {
		s.Logger.InfoContext(ctx, "the meeting service answers again", "operation", r.op)
	}
	c := Call{Method: r.Method, Operation: r.op, Status: rep.Status, Class: ClassOf(err), Duration: took, RequestID: rep.RequestID()}
	s.Logger.DebugContext(ctx, "meeting api call", "method", c.Method, "operation", c.Operation, "target", r.target,
		"status", c.Status, "class", c.Class.String(), "duration", c.Duration, "request_id", c.RequestID)
	if s.Observe != nil {
		s.Observe(c)
	}
	return rep, err
}

// health is what a call revealed about the service. One that its caller cut short says
// nothing, unless the service had enough time.
func health(class Class, cutShort bool) wire.Health {
	switch {
	case class == ClassCanceled || cutShort:
		return wire.Unknown
	case class == ClassServer || class == ClassUnavailable || class == ClassUnknownOutcome:
		return wire.Failing
	default:
		return wire.Working
	}
}

// throttle is how long an operation should pause after err, if the service takes no more
// calls, or is away in the middle of a change. Reads go on, because an outage is often over
// sooner than announced, and so do other changes after a refusal that is about one meeting.
func throttle(err error) time.Duration {
	switch ClassOf(err) {
	case ClassThrottled, ClassUnknownOutcome:
		return RetryAfter(err)
	default:
		return 0
	}
}

// authorized sends r with a token. If the token is refused, it gets a new one and
// sends r once more: the service has said that it did nothing.
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

// read makes a call that changes nothing, as often as ReadRetry allows, and returns
// what decode makes of its answer. An error of decode counts as a failed try.
func read[T any](ctx context.Context, s *session, r call, decode func(reply) (T, error)) (v T, err error) {
	if s == nil {
		return v, unmade(r.op)
	}
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

// change makes a call that changes something, once. Only the login before it may be
// retried.
func (s *session) change(ctx context.Context, r call) error {
	if s == nil {
		return unmade(r.op)
	}
	r.Change, r.Limit, r.Timeout = true, smallBody, s.Timeout
	tok, err := s.authenticate(ctx)
	if err != nil {
		return err
	}
	_, err = s.authorized(ctx, r, tok)
	return err
}

func (s *session) retry(ctx context.Context, f func() error) error {
	r := wire.Retry{More: s.ReadRetry.More, Wait: s.ReadRetry.Wait, Most: s.ReadRetry.MaxWait, Patience: s.MaxWait}
	return r.Do(ctx, temporary, f)
}

// temporary reports whether err may be gone at the next try, and how long the service
// wants that to wait.
func temporary(err error) (may bool, asked time.Duration) {
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

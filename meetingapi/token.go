package meetingapi

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"time"

	"meetingbot/meetingapi/internal/wire"
)

// Role is what a login may do with meetings.
type Role int

// The roles.
const (
	RoleUnknown Role = iota // the login's answer didn't say
	RoleAdmin               // an enterprise administrator: any meeting of the enterprise
	RoleUser                // an ordinary user: only its own meetings
)

// String returns the role as one lower-case word.
func (r Role) String() string { return [...]string{"unknown", "admin", "user"}[r] }

// token is one login's result.
type token struct {
	value  Secret
	stale  time.Time // when we stop using it
	expiry time.Time // when the service starts refusing it
	role   Role
}

// tokens holds the token and makes sure that all callers share one login. The service
// keeps 64 live tokens per user and drops the oldest, so a token per request would
// end other programs' sessions.
type tokens struct {
	mu           sync.Mutex
	current      *token
	flight       *flight
	refused      *Error // the last login's refusal, repeated until refusedUntil
	refusedUntil time.Time
}

// flight is one login in progress. It belongs to no caller and continues as long as
// somebody waits for it.
type flight struct {
	done    chan struct{}
	cancel  context.CancelFunc
	waiters int
	token   *token
	err     error
}

// token returns a usable token, logging in if needed.
func (s *session) token(ctx context.Context) (*token, error) {
	t := &s.tokens
	t.mu.Lock()
	now := s.Now()
	if t.current != nil && now.Before(t.current.stale) {
		defer t.mu.Unlock()
		return t.current, nil
	}
	if t.refused != nil && now.Before(t.refusedUntil) {
		defer t.mu.Unlock()
		return nil, t.refused
	}
	f := t.flight
	if f == nil {
		f = &flight{done: make(chan struct{})}
		t.flight = f
		var own context.Context
		own, f.cancel = context.WithCancel(context.WithoutCancel(ctx))
		go s.fly(own, f)
	}
	f.waiters++
	t.mu.Unlock()

	select {
	case <-f.done:
		return f.token, f.err
	case <-ctx.Done():
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if f.waiters--; f.waiters == 0 {
		f.cancel()
		if t.flight == f {
			t.flight = nil
		}
	}
	return nil, unanswered(call{op: OpLogin}, wire.NothingSent(ctx.Err()))
}

// fly performs one login and hands its result to all waiting callers.
func (s *session) fly(ctx context.Context, f *flight) {
	defer f.cancel()
	tok, err := s.login(ctx)
	t := &s.tokens
	t.mu.Lock()
	defer t.mu.Unlock()
	f.token, f.err = tok, err
	if t.flight == f {
		t.flight = nil
	}
	var e *Error
	switch {
	case err == nil:
		t.current, t.refused = tok, nil
	case errors.As(err, &e):
		// A refused login is never retried at once: many callers doing so would lock
		// the account.
		if d := s.refusalRest(e); d > 0 {
			e.RetryAfter = d
			t.refused, t.refusedUntil = e, s.Now().Add(d)
		}
	}
	close(f.done)
}

// refusalRest is how long a refused login is remembered.
func (s *session) refusalRest(e *Error) time.Duration {
	switch e.Class {
	case ClassCredentials, ClassClock:
		return s.RefusedFor
	case ClassLocked:
		return max(s.LockedFor, e.RetryAfter)
	default:
		return 0
	}
}

// drop forgets a token that the service refused, unless it has been replaced.
func (t *tokens) drop(used *token) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.current == used {
		t.current = nil
	}
}

// loginReply is what we read of the login's answer, in the vendor's units.
type loginReply struct {
	AccessToken wire.Text   `json:"accessToken"`
	ValidPeriod wire.Number `json:"validPeriod"` // seconds left
	ExpireTime  wire.Number `json:"expireTime"`  // Unix seconds
	User        wire.Object[struct {
		UserType  wire.Number `json:"userType"`
		AdminType wire.Number `json:"adminType"`
	}] `json:"user"`
}

// login reads the answer of a login.
func (r reply) login() (loginReply, error) {
	var out loginReply
	if err := r.decode(&out); err != nil {
		return loginReply{}, err
	}
	if out.AccessToken == "" {
		return loginReply{}, r.nonsense("login answer without a token")
	}
	return out, nil
}

// login asks for a new token, once.
func (s *session) login(ctx context.Context) (*token, error) {
	asked := s.Now()
	req := s.Auth.login(asked, s.ClientType)
	req.header.Set("Content-Type", "application/json; charset=UTF-8")
	rep, err := s.send(ctx, call{op: OpLogin, Request: wire.Request{
		Method: http.MethodPost, Path: req.path, Header: req.header, Body: req.body, Limit: smallBody, Timeout: s.LoginTimeout,
	}}, nil)
	if err != nil {
		return nil, asRefusal(err, req.signed)
	}
	out, err := rep.login()
	if err != nil {
		return nil, err
	}
	life := lifetime(out, asked)
	return &token{
		value:  Secret(out.AccessToken),
		expiry: asked.Add(life),
		stale:  asked.Add(life - min(5*time.Minute, life/10)),
		role:   role(out),
	}, nil
}

// asRefusal translates the class of a failed login: here a 401 means a wrong key, not
// a stale token, unless the clocks disagree. A login never says anything about a
// meeting.
func asRefusal(err error, signed bool) error {
	var e *Error
	if !errors.As(err, &e) {
		return err
	}
	switch e.Class {
	case ClassAuth, ClassNotFound, ClassEnded, ClassStarted, ClassNotStarted:
		e.Class = ClassCredentials
	case ClassDenied, ClassBadRequest:
		if e.Status != 0 {
			e.Class = ClassCredentials
		}
	default: // means the same here
	}
	if e.Class == ClassCredentials && signed && e.Skew.Abs() > signatureLife/2 {
		e.Class = ClassClock
	}
	if e.Class != ClassClock {
		e.Skew = 0
	}
	return e
}

// unknownLife is how long to use a token whose answer doesn't say. The documented
// minimum is 12 hours.
const unknownLife = time.Hour

func lifetime(out loginReply, asked time.Time) time.Duration {
	if out.ValidPeriod.N > 0 {
		return time.Duration(min(out.ValidPeriod.N, 366*24*3600)) * time.Second
	}
	if left := time.Unix(int64(out.ExpireTime.N), 0).Sub(asked); left > 0 && left < 366*24*time.Hour {
		return left
	}
	return unknownLife
}

// role reads adminType (0: default administrator, 1: administrator, 2: neither);
// userType 1 is a service provider's administrator.
func role(out loginReply) Role {
	admin, user := out.User.V.AdminType, out.User.V.UserType
	switch {
	case admin.Set && (admin.N == 0 || admin.N == 1), user.Set && user.N == 1:
		return RoleAdmin
	case admin.Set:
		return RoleUser
	default:
		return RoleUnknown
	}
}

// Login gets a token unless there is a valid one. Call it at the start to make the
// first real call as fast as the others: it also leaves an open connection. A failed
// login is retried like a read, but never after a refusal (401, 412, 423), which is
// remembered: see RefusedFor.
func (r *Reader) Login(ctx context.Context) error {
	_, err := r.s.authenticate(ctx)
	return err
}

// authenticate is token with a read's retries.
func (s *session) authenticate(ctx context.Context) (tok *token, err error) {
	if s == nil {
		return nil, unmade(OpLogin)
	}
	err = s.again(ctx, func() error {
		tok, err = s.token(ctx)
		return err
	})
	return tok, err
}

// Role says what this login may do: cancel any meeting of the enterprise, or only its
// own. It logs in if necessary.
func (r *Reader) Role(ctx context.Context) (Role, error) {
	tok, err := r.s.authenticate(ctx)
	if err != nil {
		return RoleUnknown, err
	}
	return tok.role, nil
}

// TokenExpiry returns when the service will start refusing the current token, or the
// zero time if there is none. It makes no call.
func (r *Reader) TokenExpiry() time.Time {
	if r.s == nil {
		return time.Time{}
	}
	t := &r.s.tokens
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.current == nil {
		return time.Time{}
	}
	return t.current.expiry
}

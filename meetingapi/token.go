package meetingapi

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"sync"
	"time"
)

// Role is what a login may do with meetings.
type Role int

// The roles.
const (
	RoleUnknown Role = iota // the login answer did not say
	RoleAdmin               // an enterprise administrator: any meeting of the enterprise
	RoleUser                // an ordinary user: only its own meetings
)

// String returns the role as one lower-case word.
func (r Role) String() string { return [...]string{"unknown", "admin", "user"}[r] }

// token is one login's result.
type token struct {
	value  Secret
	stale  time.Time // from here on it is not used any more
	expiry time.Time // from here on the service refuses it
	role   Role
}

// tokens holds the token, and sees to it that however many callers there are,
// one login is under way. The service keeps 64 live tokens a user and drops
// the oldest, so a token per request would end other programs' sessions.
type tokens struct {
	mu           sync.Mutex
	current      *token
	flight       *flight
	refused      *Error // the last login's refusal, answered again until refusedUntil
	refusedUntil time.Time
}

// flight is one login under way. It belongs to nobody: it goes on while
// anybody waits for it.
type flight struct {
	done    chan struct{}
	cancel  context.CancelFunc
	waiters int
	token   *token
	err     error
}

// token returns a usable token, logging in if needed.
func (c *Client) token(ctx context.Context) (*token, error) {
	s := c.setUp()
	t := &s.tokens
	t.mu.Lock()
	now := s.now()
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
		go c.fly(own, f)
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
	return nil, notSent(OpLogin, "", ctx.Err())
}

// fly performs one login and hands its result to all who wait.
func (c *Client) fly(ctx context.Context, f *flight) {
	defer f.cancel()
	s := c.setUp()
	tok, err := c.login(ctx)
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
		// A refused login is never tried again at once: a storm of callers
		// would lock the account.
		if d := s.refusalRest(e); d > 0 {
			e.RetryAfter = d
			t.refused, t.refusedUntil = e, s.now().Add(d)
		}
	}
	close(f.done)
}

// refusalRest is how long a refused login is answered from memory.
func (s *core) refusalRest(e *Error) time.Duration {
	switch e.Class {
	case ClassCredentials, ClassClock:
		return s.refusedFor
	case ClassLocked:
		return max(s.lockedFor, e.RetryAfter)
	default:
		return 0
	}
}

// drop forgets a token that the service refused, unless it was replaced since.
func (t *tokens) drop(used *token) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.current == used {
		t.current = nil
	}
}

// loginReply is what we read of the login's answer; units are the vendor's.
type loginReply struct {
	AccessToken text   `json:"accessToken"`
	ValidPeriod number `json:"validPeriod"` // seconds left
	ExpireTime  number `json:"expireTime"`  // Unix seconds
	User        object[struct {
		UserType  number `json:"userType"`
		AdminType number `json:"adminType"`
	}] `json:"user"`
}

// login asks for a new token, once.
func (c *Client) login(ctx context.Context) (*token, error) {
	s := c.setUp()
	var req loginRequest
	missing := "no credentials are set"
	if c.Auth != nil {
		req, missing = c.Auth.login(s.now(), cmp.Or(c.ClientType, 72))
	}
	if missing != "" {
		return nil, &Error{Op: OpLogin, Class: ClassCredentials, Message: missing, final: true}
	}
	var out loginReply
	asked := s.now()
	rep, err := c.send(ctx, call{
		op: OpLogin, method: http.MethodPost, path: req.path, header: req.header, body: req.body,
		contentType: "application/json; charset=UTF-8", limit: smallBody, timeout: s.loginTimeout,
	}, nil)
	if err != nil {
		return nil, asRefusal(err, req.signed)
	}
	if err := rep.decode(&out); err != nil {
		return nil, err
	}
	if out.AccessToken == "" {
		return nil, rep.nonsense("login answer without a token")
	}
	life := lifetime(out, asked)
	return &token{
		value:  Secret(out.AccessToken),
		expiry: asked.Add(life),
		stale:  asked.Add(life - min(5*time.Minute, life/10)),
		role:   role(out),
	}, nil
}

// asRefusal turns the class of a failed login into what it means there: a 401
// is a wrong key and no stale token, unless the clocks disagree.
func asRefusal(err error, signed bool) error {
	var e *Error
	if !errors.As(err, &e) {
		return err
	}
	if e.Class == ClassAuth || (e.Class == ClassDenied && e.Status != 0) {
		e.Class = ClassCredentials
	}
	if e.Class == ClassCredentials && signed && e.Skew.Abs() > signatureLife/2 {
		e.Class = ClassClock
	}
	if e.Class != ClassClock {
		e.Skew = 0
	}
	return e
}

// unknownLife is the life of a token that came without one. The documented
// minimum is 12 hours.
const unknownLife = time.Hour

func lifetime(out loginReply, asked time.Time) time.Duration {
	if out.ValidPeriod.n > 0 {
		return time.Duration(min(out.ValidPeriod.n, 366*24*3600)) * time.Second
	}
	if left := time.Unix(int64(out.ExpireTime.n), 0).Sub(asked); left > 0 && left < 366*24*time.Hour {
		return left
	}
	return unknownLife
}

// role reads adminType (0 default administrator, 1 administrator, 2 not one);
// userType 1 is a service provider's administrator.
func role(out loginReply) Role {
	admin, user := out.User.v.AdminType, out.User.v.UserType
	switch {
	case admin.set && (admin.n == 0 || admin.n == 1), user.set && user.n == 1:
		return RoleAdmin
	case admin.set:
		return RoleUser
	default:
		return RoleUnknown
	}
}

// Login fetches a token unless a valid one is at hand. Calling it at start
// makes the first real call as fast as the others, for it leaves an open
// connection as well. A failed login is tried again like a read, but never
// after a refusal (401, 412, 423), which is remembered: see RefusedFor.
func (c *Client) Login(ctx context.Context) error {
	_, err := c.authenticate(ctx)
	return err
}

// authenticate is token with the retries of a read.
func (c *Client) authenticate(ctx context.Context) (tok *token, err error) {
	err = c.again(ctx, func() error {
		tok, err = c.token(ctx)
		return err
	})
	return tok, err
}

// Role says what this login may do: cancel any meeting of the enterprise, or
// only its own. It logs in if needed.
func (c *Client) Role(ctx context.Context) (Role, error) {
	tok, err := c.authenticate(ctx)
	if err != nil {
		return RoleUnknown, err
	}
	return tok.role, nil
}

// TokenExpiry returns when the service will refuse the token at hand, and the
// zero time if there is none. It asks nobody.
func (c *Client) TokenExpiry() time.Time {
	t := &c.setUp().tokens
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.current == nil {
		return time.Time{}
	}
	return t.current.expiry
}

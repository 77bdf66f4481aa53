package meetingapi

import (
	"context"
	"errors"
	"time"

	"meetingbot/meetingapi/internal/token"
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

func (s *session) token(ctx context.Context) (*token.Token, error) {
	t, err := s.tokens.Get(ctx)
	if errors.Is(err, token.ErrInterrupted) {
		return nil, unanswered(call{op: OpLogin}, wire.NothingSent(ctx.Err()))
	}
	var refused *Error
	if left := s.tokens.Rest(); left > 0 && errors.As(err, &refused) {
		current := *refused
		current.RetryAfter = left // the refusal may be a while ago
		return nil, &current
	}
	return t, err
}

// login asks for a new token, once. After a refusal it also returns how long not to try
// again.
func (s *session) login(ctx context.Context) (*token.Token, time.Duration, error) {
	asked := s.Now()
	login := s.Auth.login(asked)
	login.Limit, login.Timeout = smallBody, s.Timeout
	rep, err := s.send(ctx, call{op: OpLogin, login: &login, Request: login.Request}, nil)
	if e, ok := errors.AsType[*Error](err); ok {
		return nil, loginPause(e), e
	}
	var read token.Reply
	if err := rep.decode(&read); err != nil {
		return nil, 0, err
	}
	t := read.Token(asked)
	if t == nil {
		return nil, 0, rep.malformed("login answer without a token")
	}
	return t, 0, nil
}

// How long a refused or locked login is not repeated. More attempts would lock the
// account, or keep it locked.
const (
	refusedFor = 30 * time.Second
	lockedFor  = 5 * time.Minute
)

func loginPause(e *Error) time.Duration {
	switch e.Class {
	case ClassCredentials, ClassClock:
		return refusedFor
	case ClassLocked:
		return max(lockedFor, e.RetryAfter)
	default:
		return 0
	}
}

// refuseLogin sets e's class to that of a refused login: here a 401 means a wrong key
// rather than a stale token, or a wrong clock if the clocks differ by a large skew.
func (e *Error) refuseLogin(login *login, skew time.Duration) {
	switch e.Class {
	case ClassAuth, ClassDenied, ClassBadRequest, ClassNotFound, ClassEnded, ClassStarted, ClassNotStarted:
		e.Class = ClassCredentials
	default: // the same for a login
	}
	if e.Class == ClassCredentials && login.isClockFault(skew) {
		e.Class = ClassClock
	}
	if e.Class == ClassClock {
		e.Skew = skew
	}
}

// Login gets a token unless there is a valid one. Call it at startup to make the first
// real call as fast as later ones; it also leaves an open connection. A failed login is
// retried like a read, except after the service's refusal (401, 412, 423): then no login
// is attempted for 30 s, or for 5 min if the account is locked. A gateway's or proxy's page
// is not a refusal, whatever its status.
func (r *Reader) Login(ctx context.Context) error {
	_, err := r.s.authenticate(ctx)
	return err
}

// authenticate is like token, with the retries of a read.
func (s *session) authenticate(ctx context.Context) (tok *token.Token, err error) {
	err = s.retry(ctx, func() error {
		tok, err = s.token(ctx)
		return err
	})
	return tok, err
}

// Role returns whether this login may cancel any meeting of the enterprise, or only its
// own. It logs in if necessary.
func (r *Reader) Role(ctx context.Context) (Role, error) {
	tok, err := r.s.authenticate(ctx)
	if err != nil {
		return RoleUnknown, err
	}
	switch admin := tok.Admin; {
	case !admin.Set:
		return RoleUnknown, nil
	case admin.On:
		return RoleAdmin, nil
	default:
		return RoleUser, nil
	}
}

// TokenExpiry returns when the service will start refusing the current token, or the
// zero time if there is none. It makes no call.
func (r *Reader) TokenExpiry() time.Time { return r.s.tokens.Expiry() }

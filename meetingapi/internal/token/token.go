package token

import (
	"fmt"
	"io"
	"time"

	"meetingbot/meetingapi/internal/wire"
)

// Token is the result of a login.
type Token struct {
	value  string
	stale  time.Time // when to stop using it
	Expiry time.Time // when the service starts refusing it
	Admin  wire.Flag // the login is an administrator's, if the answer said
}

// Value returns the token to send with a request.
func (t *Token) Value() string { return t.value }

// Format writes only the type's name.
func (Token) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, "token.Token") }

// Reply is a login's answer, in the vendor's units.
type Reply struct {
	AccessToken wire.Text   `json:"accessToken"`
	ValidPeriod wire.Number `json:"validPeriod"` // seconds left
	ExpireTime  wire.Number `json:"expireTime"`  // Unix seconds
	User        wire.Object[struct {
		UserType  wire.Number `json:"userType"`
		AdminType wire.Number `json:"adminType"`
	}] `json:"user"`
}

// Token returns the reply's token, or nil if it has none. asked is when the login was
// sent.
func (r Reply) Token(asked time.Time) *Token {
	if r.AccessToken == "" {
		return nil
	}
	life := r.lifetime(asked)
	return &Token{
		value:  string(r.AccessToken),
		stale:  asked.Add(life - min(5*time.Minute, life/10)),
		Expiry: asked.Add(life),
		Admin:  r.admin(),
	}
}

// unknownLife is how long to use a token without a stated lifetime. The documented
// minimum is 12 hours.
const unknownLife = time.Hour

func (r Reply) lifetime(asked time.Time) time.Duration {
	if r.ValidPeriod.N > 0 {
		return time.Duration(min(r.ValidPeriod.N, 366*24*3600)) * time.Second
	}
	if left := time.Unix(int64(r.ExpireTime.N), 0).Sub(asked); left > 0 && left < 366*24*time.Hour {
		return left
	}
	return unknownLife
}

// admin reads adminType (0: default administrator, 1: administrator, 2: neither);
// userType 1 is a service provider's administrator.
func (r Reply) admin() wire.Flag {
	admin, user := r.User.V.AdminType, r.User.V.UserType
	switch {
	case admin.Set && (admin.N == 0 || admin.N == 1), user.Set && user.N == 1:
		return wire.Flag{On: true, Set: true}
	default:
		return wire.Flag{Set: admin.Set}
	}
}

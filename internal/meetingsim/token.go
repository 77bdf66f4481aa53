package meetingsim

import (
	"net/http"
	"slices"
	"strings"
)

// authenticate returns the user whose token the call carries, or the refusal.
func (s *Server) authenticate(c *call) (*User, *reply) {
	values := c.Header.Values(tokenHeader)
	code := confTokenMissing
	if strings.Contains(c.route.path, "/usg/") {
		code = usgIllegal
	}
	if len(values) == 1 && values[0] != "" {
		t, refused := s.desk.find(values[0], s.now())
		if t != nil {
			return t.user, nil
		}
		code = refused
	}
	return nil, new(refuse(http.StatusUnauthorized, code))
}

// refresh is UpdateToken (meeting_21_0307). The refresh token is in the header meant for the
// access token, and the body is empty. A refresh token works once; the access token issued with
// it stays valid.
func (s *Server) refresh(c *call) reply {
	if len(c.body) > 0 {
		return c.badRequest()
	}
	refresh := c.Header.Get(tokenHeader)
	i := slices.IndexFunc(s.desk.live, func(t *ticket) bool { return refresh != "" && t.refresh == refresh })
	if i < 0 || !s.now().Before(s.desk.live[i].refreshExpires) {
		return refuse(http.StatusUnauthorized, usgIllegal)
	}
	old := s.desk.live[i]
	old.refresh = ""
	return s.issueToken(c, old.user, old.client)
}

// validate is CheckToken (meeting_21_0308).
func (s *Server) validate(c *call) reply {
	var body struct {
		Token           string `json:"token"`
		NeedGenNewToken *bool  `json:"needGenNewToken"`
		NeedAccountInfo bool   `json:"needAccountInfo"`
	}
	if !c.decode(&body) || body.Token == "" || body.NeedGenNewToken == nil {
		return c.badRequest()
	}
	t, _ := s.desk.find(body.Token, s.now())
	if t == nil {
		return refuse(http.StatusUnauthorized, usgIllegal)
	}
	if *body.NeedGenNewToken {
		t = s.desk.issue(t.user, t.client, s.now(), s.opts.TokenLife)
	}
	return ok(s.tokenReply(c, t, body.NeedAccountInfo))
}

// logout is DeleteToken.
func (s *Server) logout(c *call) reply {
	s.desk.end(c.Header.Get(tokenHeader), usgInvalidToken)
	return reply{status: http.StatusOK}
}

package slacksim

// credential is a token that Slack has issued.
type credential struct {
	app     bool   // the app-level one
	refused string // Slack's error while it is refused; empty if it is valid
}

// RefuseToken makes every call with the token fail with a Slack error ("token_revoked",
// "account_inactive", "token_expired", …), as when an admin removes the app. An empty
// code undoes it. A token that was never issued fails with "invalid_auth" anyway.
func (s *Server) RefuseToken(token, code string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if t, ok := s.tokens[token]; ok {
		t.refused = code
	}
}

// RotateBotToken issues another bot token. Earlier ones are refused with "token_expired".
func (s *Server) RotateBotToken(token string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, t := range s.tokens {
		if !t.app {
			t.refused = "token_expired"
		}
	}
	s.tokens[token] = &credential{}
}

// authorize checks, like Slack, where the token was sent, what kind it is, and then its
// scopes. The app-level token counts only in the header.
func (c *call) authorize(e endpoint) error {
	s := c.s
	if s.opts.StrictToken && c.exposed {
		s.violate("%s: a token outside the Authorization header", c.method)
		return refuse("not_authed")
	}
	t := s.tokens[c.token]
	switch {
	case c.token == "", e.app && !c.header, t != nil && t.app && !c.header:
		return refuse("not_authed")
	case t == nil:
		return refuse("invalid_auth")
	case t.refused != "":
		return refuse(t.refused)
	case t.app != e.app && !e.anyToken:
		return refuse("not_allowed_token_type")
	case s.opts.OrgInstall && e.team && !s.inOrg(c.args["team_id"]):
		return refuse("team_access_not_granted")
	}
	return c.requireScope(e.scope)
}

// withAppToken reports whether the call came with the app-level token.
func (c *call) withAppToken() bool {
	t := c.s.tokens[c.token]
	return t != nil && t.app
}

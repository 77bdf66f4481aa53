package meetingsim

import "net/http"

// The headers that the oldest page of the API documents for every call, and the newest ones call deprecated.
const (
	siteHeader          = "X-Site-Id"
	authorizationHeader = "X-Authorization-Type"
)

// astray refuses a call that does not say which site or portal it is for, if that is
// required. The vendor's answer in that case is not documented.
func (s *Server) astray(c *call) *reply {
	var no reply
	switch {
	case s.opts.SiteID != "" && c.Header.Get(siteHeader) != s.opts.SiteID:
		no = refuse(http.StatusBadRequest, usgSiteMismatched)
	case s.opts.AuthorizationType != "" && c.Header.Get(authorizationHeader) != s.opts.AuthorizationType:
		no = refuse(http.StatusForbidden, usgDeniedUndisclosed)
	default:
		return nil
	}
	return &no
}

// may reports whether the user that a DELETE names in userUUID, if any, may cancel
// the meeting. The pages call the parameter optional, and later deprecated, and say
// nothing about a user who may not.
func (s *Server) may(c *call, b *booking) bool {
	values, given := c.query["userUUID"]
	if !given {
		return true
	}
	if len(values) != 1 {
		return false
	}
	u := s.user(func(u *User) bool { return u.UUID == values[0] })
	return u != nil && (u.admin() || u.UUID == b.OwnerUUID)
}

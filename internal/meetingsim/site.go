package meetingsim

import "net/http"

// The headers that the API's oldest page documents for every call and its newest pages
// call deprecated.
const (
	siteHeader          = "X-Site-Id"
	authorizationHeader = "X-Authorization-Type"
)

// checkSite refuses a call that doesn't say which site or portal it is for, if that is required.
// The vendor's response in that case isn't documented.
func (s *Server) checkSite(c *call) *reply {
	switch {
	case s.opts.SiteID != "" && c.Header.Get(siteHeader) != s.opts.SiteID:
		return new(refuse(http.StatusBadRequest, usgSiteMismatched))
	case s.opts.AuthorizationType != "" && c.Header.Get(authorizationHeader) != s.opts.AuthorizationType:
		return new(refuse(http.StatusForbidden, usgDeniedUndisclosed))
	}
	return nil
}

// mayActFor reports whether the user that a DELETE names in userUUID, if any, may cancel the meeting.
// The documentation calls the parameter optional, later deprecated, and says nothing about a
// user who may not.
func (s *Server) mayActFor(c *call, b *booking) bool {
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

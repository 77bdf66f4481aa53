package meetingsim

import (
	"cmp"
	"slices"
	"strings"
)

// The vendor's admin types.
const (
	adminDefault = 0
	adminOther   = 1
	adminNone    = 2
)

// A User is a person in the enterprise. [Server.AddUser] fills in zero fields.
type User struct {
	UUID    string // 32 hexadecimal digits; filled when empty
	Account string // meeting account; filled from the UUID when empty
	// ThirdAccount is the userId of this user in App ID logins.
	ThirdAccount       string
	Name, Email, Phone string
	// Password allows the account login; without one the user can't log in.
	Password string
	// HideEmail leaves the e-mail out of every response, as many directories do.
	HideEmail bool
	// Forbidden makes users/list return statusCode 3 for this user.
	Forbidden bool
	// AdminType is 1 for an administrator and 2 (or 0 here) for everyone else. The login is the
	// one default administrator, 0 on the wire.
	AdminType int
}

// admin reports whether the user may see and cancel everyone's meetings.
func (u *User) admin() bool { return u.AdminType != adminNone }

// addLogin creates the user that both the App ID without a userId and the configured account
// log in as.
func (s *Server) addLogin() string {
	u := &User{
		UUID: hexID(), Account: cmp.Or(s.opts.Account, "admin@meeting.invalid"), Name: "Meeting bot",
		Password: s.opts.Password, AdminType: adminDefault,
	}
	if s.opts.Ordinary {
		u.AdminType = adminNone
	}
	s.users = append(s.users, u)
	return u.UUID
}

// AddUser adds u to the enterprise, replacing any user with the same UUID, and returns it with
// all fields filled in.
func (s *Server) AddUser(u User) User {
	s.change(func() {
		u.UUID = cmp.Or(u.UUID, hexID())
		u.Account = cmp.Or(u.Account, "u-"+u.UUID)
		u.Name = cmp.Or(u.Name, u.Account)
		old := s.user(func(other *User) bool { return other.UUID == u.UUID })
		if u.UUID != s.self {
			u.AdminType = cmp.Or(u.AdminType, adminNone)
		}
		if old != nil {
			*old = u
			return
		}
		s.users = append(s.users, &u)
	})
	return u
}

// Login returns the user that the App ID without a userId, and the configured account,
// log in as.
func (s *Server) Login() User {
	s.mu.Lock()
	defer s.mu.Unlock()
	return *s.user(func(u *User) bool { return u.UUID == s.self })
}

// AutoRegistered returns how many users App ID logins have created by naming an unknown userId.
func (s *Server) AutoRegistered() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.strangers
}

// user returns the first user that fits, or nil. The lock is held.
func (s *Server) user(fits func(*User) bool) *User {
	if i := slices.IndexFunc(s.users, fits); i >= 0 {
		return s.users[i]
	}
	return nil
}

// byThirdAccount finds the user that an App ID login names, and registers an unknown
// one as the vendor does.
func (s *Server) byThirdAccount(body appAuth) *User {
	u := s.user(func(u *User) bool { return u.ThirdAccount == body.UserID })
	if u != nil {
		return u
	}
	s.strangers++
	u = &User{
		UUID: hexID(), Account: "third-" + hexID()[:8], ThirdAccount: body.UserID, AdminType: adminNone,
		Name: cmp.Or(body.UserName, body.UserID), Email: body.UserEmail, Phone: body.UserPhone,
	}
	s.users = append(s.users, u)
	return u
}

// mail returns the user's e-mail unless the directory hides it.
func (u *User) mail() string {
	if u.HideEmail {
		return ""
	}
	return u.Email
}

// matches reports whether key occurs in one of the searchable fields, ignoring case.
func (u *User) matches(key string) bool {
	key = strings.ToLower(key)
	return slices.ContainsFunc([]string{u.Name, u.Account, u.ThirdAccount, u.mail(), u.Phone}, func(field string) bool {
		return strings.Contains(strings.ToLower(field), key)
	})
}

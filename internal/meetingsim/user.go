package meetingsim

import (
	"slices"
	"strings"
)

// The vendor's numbers for what a user may do.
const (
	adminDefault = 0
	adminOther   = 1
	adminNone    = 2
)

// A User is a person in the enterprise. [Server.AddUser] fills in zero fields.
type User struct {
	UUID    string // 32 hexadecimal digits; filled when empty
	Account string // meeting account; filled from the UUID when empty
	// ThirdAccount is the userId that an App ID login calls this user by.
	ThirdAccount       string
	Name, Email, Phone string
	// Password lets the account log in; without one it can't.
	Password string
	// HideEmail leaves the e-mail out of every answer, as many directories do.
	HideEmail bool
	// Forbidden makes users/list answer statusCode 3 for this user.
	Forbidden bool
	// AdminType is 1 for an administrator and 2, also meant by 0, for anybody else. The one default administrator (0 on the
	// wire) is the login.
	AdminType int
}

// admin reports whether the user may see and cancel everybody's meetings.
func (u *User) admin() bool { return u.AdminType != adminNone }

// hireLogin makes the user that both App ID without userId and the configured account
// log in as.
func (s *Server) hireLogin() string {
	u := &User{
		UUID: hexID(), Account: either(s.opts.Account, "admin@meeting.invalid"), Name: "Meeting bot",
		Password: s.opts.Password, AdminType: adminDefault,
	}
	if s.opts.Ordinary {
		u.AdminType = adminNone
	}
	s.users = append(s.users, u)
	return u.UUID
}

// AddUser adds u to the enterprise, replacing a user with the same UUID, and returns
// it with everything filled in.
func (s *Server) AddUser(u User) User {
	s.change(func() {
		u.UUID = either(u.UUID, hexID())
		u.Account = either(u.Account, "u-"+u.UUID)
		u.Name = either(u.Name, u.Account)
		old := s.user(func(other *User) bool { return other.UUID == u.UUID })
		if u.UUID != s.self {
			u.AdminType = either(u.AdminType, adminNone)
		}
		if old != nil {
			*old = u
			return
		}
		s.users = append(s.users, &u)
	})
	return u
}

// Login returns the user that App ID without a userId, and the configured account, act as.
func (s *Server) Login() User {
	s.mu.Lock()
	defer s.mu.Unlock()
	return *s.user(func(u *User) bool { return u.UUID == s.self })
}

// AutoRegistered returns how many users App ID logins have created by naming a userId the service had never heard of.
func (s *Server) AutoRegistered() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.strangers
}

// user returns the first user that matches, or nil. The state is locked.
func (s *Server) user(fits func(*User) bool) *User {
	if i := slices.IndexFunc(s.users, fits); i >= 0 {
		return s.users[i]
	}
	return nil
}

// byThirdAccount finds the user an App ID login names, and registers an unknown one as the vendor does.
func (s *Server) byThirdAccount(body appAuth) *User {
	u := s.user(func(u *User) bool { return u.ThirdAccount == body.UserID })
	if u != nil {
		return u
	}
	s.strangers++
	u = &User{
		UUID: hexID(), Account: "third-" + hexID()[:8], ThirdAccount: body.UserID, AdminType: adminNone,
		Name: either(body.UserName, body.UserID), Email: body.UserEmail, Phone: body.UserPhone,
	}
	s.users = append(s.users, u)
	return u
}

// mail is the user's e-mail, as far as the directory shows it.
func (u *User) mail() string {
	if u.HideEmail {
		return ""
	}
	return u.Email
}

// answersTo reports whether key, in any case, is part of what a user is searched by.
func (u *User) answersTo(key string) bool {
	key = strings.ToLower(key)
	return slices.ContainsFunc([]string{u.Name, u.Account, u.ThirdAccount, u.mail(), u.Phone}, func(field string) bool {
		return strings.Contains(strings.ToLower(field), key)
	})
}

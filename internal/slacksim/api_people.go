package slacksim

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// identity is the response of auth.test.
type identity struct {
	success
	URL                 string `json:"url"`
	Team                string `json:"team"`
	User                string `json:"user"`
	TeamID              string `json:"team_id"`
	UserID              string `json:"user_id"`
	BotID               string `json:"bot_id"`
	EnterpriseID        string `json:"enterprise_id,omitempty"`
	IsEnterpriseInstall bool   `json:"is_enterprise_install"`
}

// appIdentity is the response of auth.test for an app-level token.
type appIdentity struct {
	success
	AppName string `json:"app_name"`
	AppID   string `json:"app_id"`
}

// authTest is https://docs.slack.dev/reference/methods/auth.test. For an organisation-wide
// installation, the team is the organisation.
func authTest(c *call) (any, error) {
	o := c.s.opts
	bot := c.s.users[o.BotUserID].Name
	if c.withAppToken() {
		return appIdentity{success{true}, bot, o.AppID}, nil
	}
	who := identity{
		success: success{true}, URL: o.TeamURL, Team: "Simulated workspace", TeamID: c.s.installedAt(),
		User: bot, UserID: o.BotUserID, BotID: o.BotID, EnterpriseID: o.Enterprise.ID, IsEnterpriseInstall: o.OrgInstall,
	}
	if o.OrgInstall {
		who.Team = o.Enterprise.Name
	}
	return who, nil
}

// botAnswer is the response of bots.info.
type botAnswer struct {
	success
	Bot wireBot `json:"bot"`
}

type wireBot struct {
	ID      string `json:"id"`
	Deleted bool   `json:"deleted"`
	Name    string `json:"name"`
	AppID   string `json:"app_id"`
	UserID  string `json:"user_id"`
}

// botsInfo is https://docs.slack.dev/reference/methods/bots.info.
func botsInfo(c *call) (any, error) {
	o := c.s.opts
	if c.args["bot"] != o.BotID {
		return nil, refuse("bot_not_found")
	}
	return botAnswer{success{true}, wireBot{ID: o.BotID, Name: c.s.users[o.BotUserID].Name, AppID: o.BotAppID, UserID: o.BotUserID}}, nil
}

// userAnswer is the response of users.info and users.lookupByEmail.
type userAnswer struct {
	success
	User wireUser `json:"user"`
}

// wireUser is a user as Slack sends it.
//
// https://docs.slack.dev/reference/objects/user-object
type wireUser struct {
	ID                string      `json:"id"`
	TeamID            string      `json:"team_id"`
	Name              string      `json:"name"`
	Deleted           bool        `json:"deleted"`
	RealName          string      `json:"real_name,omitempty"`
	TZ                string      `json:"tz,omitempty"`
	TZLabel           string      `json:"tz_label,omitempty"`
	TZOffset          int         `json:"tz_offset"`
	Profile           wireProfile `json:"profile"`
	IsAdmin           bool        `json:"is_admin"`
	IsOwner           bool        `json:"is_owner"`
	IsPrimaryOwner    bool        `json:"is_primary_owner"`
	IsRestricted      bool        `json:"is_restricted"`
	IsUltraRestricted bool        `json:"is_ultra_restricted"`
	IsBot             bool        `json:"is_bot"`
	IsAppUser         bool        `json:"is_app_user"`
	IsStranger        bool        `json:"is_stranger,omitempty"`
	Updated           int64       `json:"updated"`
	Locale            string      `json:"locale,omitempty"`

	Enterprise *wireOrgUser `json:"enterprise_user,omitempty"`
}

type wireProfile struct {
	RealName    string `json:"real_name"`
	DisplayName string `json:"display_name"`
	Email       string `json:"email,omitempty"`
	Team        string `json:"team"`
}

// usersInfo is https://docs.slack.dev/reference/methods/users.info.
func usersInfo(c *call) (any, error) {
	u, ok := c.s.users[c.args["user"]]
	if !ok {
		return nil, refuse("user_not_found")
	}
	w := c.s.wireUser(u)
	if c.isTrue("include_locale") {
		w.Locale = u.Locale
	}
	return userAnswer{success{true}, w}, nil
}

// lookupByEmail is https://docs.slack.dev/reference/methods/users.lookupByEmail.
// Bots, strangers and deactivated people can't be found.
func lookupByEmail(c *call) (any, error) {
	email := c.args["email"]
	for _, u := range c.s.users {
		if email != "" && strings.EqualFold(u.Email, email) && !u.Deleted && !u.Bot && !u.Stranger {
			return userAnswer{success{true}, c.s.wireUser(u)}, nil
		}
	}
	return nil, refuse("users_not_found")
}

// wireUser includes the e-mail only with the scope for it, and never for strangers.
// Deactivated people have no time zone.
func (s *Server) wireUser(u *User) wireUser {
	w := wireUser{
		ID: u.ID, TeamID: u.TeamID, Name: u.Name, Deleted: u.Deleted,
		IsAdmin: u.Admin, IsRestricted: u.Restricted || u.UltraRestricted, IsUltraRestricted: u.UltraRestricted,
		IsBot: u.Bot, IsStranger: u.Stranger, Enterprise: s.orgUser(u),
		Profile: wireProfile{RealName: u.RealName, DisplayName: u.Name, Team: u.TeamID},
	}
	switch {
	case u.Deleted:
	case u.TZ == NoTZ:
		// Users who never chose a time zone, bots included, get Slack's default.
		w.RealName, w.TZLabel, w.TZOffset = u.RealName, "Pacific Standard Time", cmp.Or(u.TZOffset, -8*60*60)
	default:
		label, offset := s.opts.Now().In(s.zone(u.ID)).Zone()
		w.RealName, w.TZ, w.TZLabel, w.TZOffset = u.RealName, u.TZ, label, offset
	}
	if slices.Contains(s.opts.Scopes, "users:read.email") && !u.Stranger {
		w.Profile.Email = u.Email
	}
	w.Updated = s.opts.Now().Truncate(24 * time.Hour).Unix()
	return w
}

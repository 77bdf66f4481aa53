package slacksim

import "slices"

// An Enterprise is an organisation with several workspaces (Enterprise Grid).
//
// https://docs.slack.dev/enterprise
type Enterprise struct {
	ID   string // "E0ORG"; empty outside a grid
	Name string
	// Teams are the organisation's other workspaces. People whose team is neither one
	// of these nor [Options.TeamID] are strangers.
	Teams []string
}

// InstallToOrg puts the workspace into an organisation and installs the app to all of
// it, from now on. Call it before adding people of the organisation's other workspaces.
func (s *Server) InstallToOrg(e Enterprise) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.opts.Enterprise, s.opts.OrgInstall = e, true
}

// inOrg reports whether team is the app's own workspace or in the same organisation.
func (s *Server) inOrg(team string) bool {
	return team == s.opts.TeamID || s.opts.Enterprise.ID != "" && slices.Contains(s.opts.Enterprise.Teams, team)
}

// teamList is the response of auth.teams.list.
type teamList struct {
	success
	Teams []listedTeam `json:"teams"`
}

type listedTeam struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// listTeams is https://docs.slack.dev/reference/methods/auth.teams.list, which needs no
// scope. For an app installed to one workspace it lists that one.
func listTeams(c *call) (any, error) {
	o := c.s.opts
	all := teamList{success{true}, []listedTeam{{o.TeamID, "Simulated workspace"}}}
	if o.OrgInstall {
		for _, id := range o.Enterprise.Teams {
			all.Teams = append(all.Teams, listedTeam{id, id})
		}
	}
	return all, nil
}

// payloadOrg is the organisation in interaction payloads.
type payloadOrg struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// org returns the workspace's organisation; nil outside a grid.
func (s *Server) org() *payloadOrg {
	if s.opts.Enterprise.ID == "" {
		return nil
	}
	return &payloadOrg{s.opts.Enterprise.ID, s.opts.Enterprise.Name}
}

// payloadTeam returns the workspace that the app is installed to; nil (null) for an
// organisation-wide installation.
func (s *Server) payloadTeam() *payloadTeam {
	if s.opts.OrgInstall {
		return nil
	}
	return &payloadTeam{ID: s.opts.TeamID, Domain: s.teamDomain()}
}

// installedAt returns the id of the workspace or organisation that the app is installed to.
func (s *Server) installedAt() string {
	if s.opts.OrgInstall {
		return s.opts.Enterprise.ID
	}
	return s.opts.TeamID
}

// wireOrgUser is the part of users.info about a member of an organisation.
//
// https://docs.slack.dev/reference/objects/user-object#enterprise-grid
type wireOrgUser struct {
	ID             string   `json:"id"`
	EnterpriseID   string   `json:"enterprise_id"`
	EnterpriseName string   `json:"enterprise_name"`
	IsAdmin        bool     `json:"is_admin"`
	IsOwner        bool     `json:"is_owner"`
	Teams          []string `json:"teams"`
}

// orgUser returns nil for users outside the workspace's organisation.
func (s *Server) orgUser(u *User) *wireOrgUser {
	o := s.opts.Enterprise
	if o.ID == "" || u.Stranger {
		return nil
	}
	return &wireOrgUser{ID: u.ID, EnterpriseID: o.ID, EnterpriseName: o.Name, IsAdmin: u.Admin, Teams: []string{u.TeamID}}
}

package slacksim

import "slices"

// An Enterprise is an organisation with several workspaces (Enterprise Grid).
//
// https://docs.slack.dev/enterprise
type Enterprise struct {
	ID   string // "E0ORG"; empty: the workspace stands alone
	Name string
	// Teams are the organisation's other workspaces. People with a team that is neither
	// one of these nor [Options.TeamID] are strangers.
	Teams []string
}

// InstallToOrg makes the workspace one of an organisation's and installs the app to all of
// it, from now on. People of the organisation's other workspaces are added after it.
func (s *Server) InstallToOrg(e Enterprise) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.opts.Enterprise, s.opts.OrgInstall = e, true
}

// inOrg reports whether the workspace is the app's own or in its organisation.
func (s *Server) inOrg(team string) bool {
	return team == s.opts.TeamID || s.opts.Enterprise.ID != "" && slices.Contains(s.opts.Enterprise.Teams, team)
}

// teamList is the answer of auth.teams.list.
type teamList struct {
	success
	Teams []listedTeam `json:"teams"`
}

type listedTeam struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// listTeams is https://docs.slack.dev/reference/methods/auth.teams.list, which needs no
// scope. An app of one workspace has that one.
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

// payloadOrg is the organisation as interactions name it.
type payloadOrg struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// org is the organisation of the workspace; nil outside a grid.
func (s *Server) org() *payloadOrg {
	if s.opts.Enterprise.ID == "" {
		return nil
	}
	return &payloadOrg{s.opts.Enterprise.ID, s.opts.Enterprise.Name}
}

// payloadTeam is the workspace that the app is installed to: null for an app that is
// installed to the organisation.
func (s *Server) payloadTeam() *payloadTeam {
	if s.opts.OrgInstall {
		return nil
	}
	return &payloadTeam{ID: s.opts.TeamID, Domain: s.teamDomain()}
}

// installedAt is the id of the workspace or organisation that the app is installed to.
func (s *Server) installedAt() string {
	if s.opts.OrgInstall {
		return s.opts.Enterprise.ID
	}
	return s.opts.TeamID
}

// wireOrgUser is what users.info says of a member of an organisation.
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

// orgUser is nil for people who are not members of an organisation that this
// workspace knows.
func (s *Server) orgUser(u *User) *wireOrgUser {
	o := s.opts.Enterprise
	if o.ID == "" || u.Stranger {
		return nil
	}
	return &wireOrgUser{ID: u.ID, EnterpriseID: o.ID, EnterpriseName: o.Name, IsAdmin: u.Admin, Teams: []string{u.TeamID}}
}

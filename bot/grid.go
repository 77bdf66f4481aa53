package bot

import (
	"cmp"
	"context"
	"errors"
	"slices"
)

// maxTeams is the most workspaces of an organisation that Teams lists.
const maxTeams = "1000"

// Teams lists the workspaces that an app installed for a whole organisation may act in. It needs no scope.
// See https://docs.slack.dev/reference/methods/auth.teams.list
func (c *Client) Teams(ctx context.Context) ([]TeamID, error) {
	const method = "auth.teams.list"
	var a struct {
		verdict
		Teams []struct {
			ID TeamID `json:"id"`
		} `json:"teams"`
	}
	err := c.call(ctx, method, values("limit", maxTeams), &a)
	ids := make([]TeamID, 0, len(a.Teams))
	for _, t := range a.Teams {
		ids = append(ids, t.ID)
	}
	return ids, err
}

// groupInAnyTeam lists a user group from whichever workspace of the organisation has it: a group belongs to one workspace,
// and ctx's person may belong to another.
func groupInAnyTeam(ctx context.Context, c *Client, group GroupID) ([]UserID, error) {
	members, err := groupMembers(ctx, c, group)
	if self, known := c.identity.Peek(""); !known || !self.OrgInstall || !refusesTeam(err) && !isAny(err, ErrRefused, ErrCredentials) {
		return members, err // found, or asking in another workspace wouldn't help
	}
	teams, teamsErr := otherTeams(ctx, c)
	if teamsErr != nil {
		return nil, teamsErr
	}
	for _, team := range teams {
		if members, err = groupMembers(WithTeam(ctx, team), c, group); err == nil || Temporary(err) {
			return members, err
		}
	}
	return nil, err
}

// otherTeams lists the workspaces of the organisation except ctx's.
func otherTeams(ctx context.Context, c *Client) ([]TeamID, error) {
	teams, err := c.Teams(ctx)
	return slices.DeleteFunc(teams, func(t TeamID) bool { return t == teamOf(ctx) }), err
}

// emailInAnyTeam finds a person of the organisation by e-mail address. Slack doesn't document whether it searches the whole
// organisation or one workspace. A person that it doesn't find in ctx's workspace is looked up without naming one, and, if it
// doesn't allow that, in every other. The error is ErrNoSuchPerson only if none of them failed in another way.
func emailInAnyTeam(ctx context.Context, c *Client, method, email string) (Person, error) {
	p, notFound := userOf(ctx, c, method, "email", email)
	if self, known := c.identity.Peek(""); !known || !self.OrgInstall || !errors.Is(notFound, ErrNoSuchPerson) {
		return p, notFound
	}
	p, err := userInTeam(context.WithValue(ctx, teamKey{}, TeamID("")), c, method, "email", email)
	if err == nil || Temporary(err) || errors.Is(err, ErrNoSuchPerson) {
		return p, err
	}
	teams, err := otherTeams(ctx, c)
	if err != nil {
		return Person{}, err
	}
	var failed error
	for _, team := range teams {
		p, err := userInTeam(WithTeam(ctx, team), c, method, "email", email)
		switch {
		case err == nil || Temporary(err):
			return p, err
		case !errors.Is(err, ErrNoSuchPerson):
			failed = err
		}
	}
	return Person{}, cmp.Or(failed, notFound)
}

func groupMembers(ctx context.Context, c *Client, group GroupID) ([]UserID, error) {
	var a struct {
		verdict
		Users []UserID `json:"users"`
	}
	err := c.call(ctx, methodGroup, inTeam(ctx, c, values("usergroup", string(group))), &a)
	return a.Users, err
}

// fallbackTeam returns one of our workspaces to look a person up in, if refused means that their own workspace belongs to
// another organisation. We share a channel with it, so our workspaces know the person as a stranger.
func fallbackTeam(ctx context.Context, c *Client, refused error) (TeamID, bool) {
	self, known := c.identity.Peek("")
	if !refusesTeam(refused) || !known || !self.OrgInstall {
		return "", false
	}
	teams, err := c.Teams(ctx)
	if err != nil || len(teams) == 0 || slices.Contains(teams, teamOf(ctx)) {
		return "", false // one of our own workspaces refused: an operator must fix that
	}
	return teams[0], true
}

// refusesTeam reports whether Slack refused a call because of the workspace it named. Slack doesn't document which code
// each method uses for that.
func refusesTeam(err error) bool {
	e, ok := errors.AsType[*Error](err)
	return ok && (e.Code == "team_access_not_granted" || e.Code == "team_not_found")
}

package bot

import (
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
	if self, known := c.identity.Peek(""); !known || !self.OrgInstall || !isAny(err, ErrRefused, ErrCredentials) {
		return members, err // found, or asking in another workspace wouldn't help
	}
	teams, teamsErr := c.Teams(ctx)
	if teamsErr != nil {
		return nil, teamsErr
	}
	for _, team := range slices.DeleteFunc(teams, func(t TeamID) bool { return t == teamOf(ctx) }) {
		if members, err = groupMembers(WithTeam(ctx, team), c, group); err == nil || Temporary(err) {
			return members, err
		}
	}
	return nil, err
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
	e, ok := errors.AsType[*Error](refused)
	self, known := c.identity.Peek("")
	if !ok || e.Code != "team_access_not_granted" || !known || !self.OrgInstall {
		return "", false
	}
	teams, err := c.Teams(ctx)
	if err != nil || len(teams) == 0 || slices.Contains(teams, teamOf(ctx)) {
		return "", false // one of our own workspaces refused: an operator must fix that
	}
	return teams[0], true
}

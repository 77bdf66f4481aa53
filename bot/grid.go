package bot

import (
	"context"
	"errors"
	"slices"
)

// maxTeams is how many workspaces of an organisation are looked at.
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

// groupInAny lists a user group of whichever workspace of the organisation has it: a group is a workspace's own, and the
// person who is to be found in it may be at home in another.
func groupInAny(ctx context.Context, c *Client, group GroupID) ([]UserID, error) {
	members, err := groupMembers(ctx, c, group)
	if us, known := c.identity.Peek(""); !known || !us.OrgInstall || !isAny(err, ErrRefused, ErrCredentials) {
		return members, err // found, or nothing that another workspace would answer otherwise
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

// ourTeam returns a workspace of ours in which to look somebody up, if refused is Slack's answer to looking them up in
// their own: that one belongs to another organisation, which shares a channel with ours. Ours knows them as a stranger.
func ourTeam(ctx context.Context, c *Client, refused error) (TeamID, bool) {
	e, ok := errors.AsType[*Error](refused)
	us, known := c.identity.Peek("")
	if !ok || e.Code != "team_access_not_granted" || !known || !us.OrgInstall {
		return "", false
	}
	teams, err := c.Teams(ctx)
	if err != nil || len(teams) == 0 || slices.Contains(teams, teamOf(ctx)) {
		return "", false // a workspace of ours that refuses is for an operator to fix
	}
	return teams[0], true
}

package bot

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"time"
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
	if team, found := c.groupTeams.Peek(group); found {
		ctx = WithTeam(ctx, team)
	}
	org, err := c.isOrgInstall(ctx)
	if err != nil {
		return nil, err
	}
	members, err := groupMembers(ctx, c, group)
	if !org || !refusesTeam(err) && !isAny(err, ErrRefused, ErrCredentials) {
		return members, err // found, or asking in another workspace wouldn't help
	}
	teams, teamsErr := otherTeams(ctx, c)
	if teamsErr != nil {
		return nil, teamsErr
	}
	for _, team := range teams {
		members, err = groupMembers(WithTeam(ctx, team), c, group)
		if err == nil {
			c.groupTeams.Put(group, team, time.Now())
		}
		if err == nil || Temporary(err) {
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
	org, err := c.isOrgInstall(ctx)
	if err != nil {
		return Person{}, err
	}
	if !org {
		return userOf(ctx, c, method, "email", email)
	}
	key := strings.ToLower(email)
	s, _ := c.searches.Peek(key)
	if len(s.left) == 0 {
		p, err := userOf(ctx, c, method, "email", email)
		if !errors.Is(err, ErrNoSuchPerson) {
			return p, err
		}
		s = search{left: []TeamID{""}, err: err}
	}
	defer func() { c.searches.Put(key, s, time.Now()) }()
	for len(s.left) > 0 {
		if wait := c.pace.take(); wait > 0 {
			return Person{}, throttledError(method, wait, nil)
		}
		team := s.left[0]
		p, err := userInTeam(context.WithValue(ctx, teamKey{}, team), c, method, "email", email)
		switch unknown := errors.Is(err, ErrNoSuchPerson); {
		case err == nil:
			s.left = nil
			return p, nil
		case Temporary(err):
			return Person{}, err // the next attempt begins with this workspace
		case team == "" && unknown:
			s.left = nil
		case team == "":
			teams, err := otherTeams(ctx, c)
			if err != nil {
				return Person{}, err
			}
			s.left = teams
		case !unknown:
			s.err = err
			fallthrough
		default:
			s.left = s.left[1:]
		}
	}
	return Person{}, s.err
}

// A search for an address in the workspaces of an organisation may take longer than Slack's limit allows, and continues with
// the next look-up for that address.
type search struct {
	left []TeamID // not asked yet; "" means the whole organisation
	err  error    // if none of them finds the person
}

// Searches take a fifth of Slack's fifty look-ups a minute, after the first few, and leave the others to people who wait and to
// addresses that are found at once.
const (
	searchAtOnce = 20
	searchGap    = 6 * time.Second
	searchTTL    = 30 * time.Minute // in which the next attempt must come
)

// A searchPace limits how often all searches ask.
type searchPace struct {
	mu   sync.Mutex
	next time.Time // when the next call would be due without the first few
}

// take takes a call, or returns how long to wait for the next one.
func (p *searchPace) take() time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := time.Now()
	due := later(p.next, now.Add(-(searchAtOnce-1)*searchGap))
	if due.After(now) {
		return due.Sub(now)
	}
	p.next = due.Add(searchGap)
	return 0
}

func groupMembers(ctx context.Context, c *Client, group GroupID) ([]UserID, error) {
	var a struct {
		verdict
		Users []UserID `json:"users"`
	}
	err := callInTeam(ctx, c, methodGroup, values("usergroup", string(group)), &a)
	return a.Users, err
}

// fallbackTeam returns one of our workspaces to look a person up in, if refused means that their own workspace belongs to
// another organisation. We share a channel with it, so our workspaces know the person as a stranger.
func fallbackTeam(ctx context.Context, c *Client, refused error) (TeamID, bool) {
	if !refusesTeam(refused) {
		return "", false
	}
	if org, err := c.isOrgInstall(ctx); err != nil || !org {
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

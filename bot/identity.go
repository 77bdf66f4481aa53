package bot

import (
	"context"
	"slices"
	"strings"
)

const methodAuthTest = "auth.test"

// Identity is who the bot is in Slack.
type Identity struct {
	Team       TeamID // the workspace; for an organisation-wide install, what Slack returns in its place
	Enterprise string // the organisation on Enterprise Grid, else empty
	OrgInstall bool   // the app is installed for the whole organisation, not for one workspace
	User       UserID // the bot's own user
	BotID      string
	TeamURL    string   // https://example.slack.com/
	Scopes     []string // the bot token's scopes, sorted
}

// Identify asks Slack who the bot is. The first successful answer is cached forever.
// See https://docs.slack.dev/reference/methods/auth.test
func (c *Client) Identify(ctx context.Context) (Identity, error) {
	id, err := c.identity.Get(ctx, "", func(ctx context.Context) (Identity, error) {
		var a struct {
			verdict
			URL          string `json:"url"`
			TeamID       string `json:"team_id"`
			EnterpriseID string `json:"enterprise_id"`
			UserID       string `json:"user_id"`
			BotID        string `json:"bot_id"`
			OrgInstall   any    `json:"is_enterprise_install"` // Slack sometimes writes booleans as strings
		}
		err := c.call(ctx, methodAuthTest, nil, &a)
		return Identity{
			Team: TeamID(a.TeamID), Enterprise: a.EnterpriseID, OrgInstall: a.OrgInstall == true || a.OrgInstall == "true",
			User: UserID(a.UserID), BotID: a.BotID, TeamURL: a.URL, Scopes: scopes(a.scopes),
		}, err
	})
	return id, classify(methodAuthTest, err, true)
}

// isOrgInstall reports whether the app is installed for an organisation. It asks Slack if nothing has: work that resumes
// from a store may be first.
func (c *Client) isOrgInstall(ctx context.Context) (bool, error) {
	self, err := c.Identify(ctx)
	return self.OrgInstall, err
}

func scopes(header string) []string {
	list := strings.FieldsFunc(header, func(r rune) bool { return r == ',' || r == ' ' })
	slices.Sort(list)
	return list
}

// AppOfAppToken asks Slack for the id of the app that the app-level token belongs to, "A0…". It opens no socket.
// See https://docs.slack.dev/reference/methods/auth.test
func (c *Client) AppOfAppToken(ctx context.Context) (string, error) {
	var a struct {
		verdict
		AppID string `json:"app_id"`
	}
	err := c.wire.call(ctx, request{method: methodAuthTest, token: c.appToken}, &a)
	return a.AppID, err
}

// AppOfBotToken asks Slack for the id of the app that the bot token belongs to. It needs the scope users:read.
// See https://docs.slack.dev/reference/methods/bots.info
func (c *Client) AppOfBotToken(ctx context.Context) (string, error) {
	self, err := c.Identify(ctx)
	if err != nil {
		return "", err
	}
	var a struct {
		verdict
		Bot struct {
			AppID string `json:"app_id"`
		} `json:"bot"`
	}
	err = c.call(ctx, "bots.info", values("bot", self.BotID), &a)
	return a.Bot.AppID, err
}

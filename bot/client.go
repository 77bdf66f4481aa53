package bot

import (
	"context"
	"crypto/tls"
	"net/http"
	"net/url"
	"time"

	"meetingbot/internal/memo"
)

// For how long people and groups are remembered, and how many of each.
const personTTL, remembered = time.Minute, 4096

// Client makes the calls of one Slack app: it posts messages and looks people up. It needs no socket. Make one with
// NewClient.
type Client struct {
	wire     *wire
	botToken Secret
	appToken Secret
	proxy    func(*http.Request) (*url.URL, error)
	trust    *tls.Config // as Route returns it

	identity *memo.Memo[string, Identity] // under "", forever
	people   *memo.Memo[UserID, Person]
	emails   *memo.Memo[string, Person]
	groups   *memo.Memo[GroupID, []UserID]
}

// NewClient returns a Client. It does not touch the network.
func NewClient(cfg Config) *Client {
	cfg = cfg.withDefaults()
	w := newWire(cfg)
	proxy, trust := routeOf(w.http.Transport)
	return &Client{
		wire: w, botToken: cfg.BotToken, appToken: cfg.AppToken, proxy: proxy, trust: trust,
		identity: memo.New[string, Identity](0, 1),
		people:   memo.New[UserID, Person](personTTL, remembered),
		emails:   memo.New[string, Person](personTTL, remembered),
		groups:   memo.New[GroupID, []UserID](personTTL, remembered),
	}
}

// Close cancels look-ups in progress, waits for them, and closes idle connections. Earlier results stay cached; other
// calls still work.
func (c *Client) Close() {
	c.identity.Close()
	c.people.Close()
	c.emails.Close()
	c.groups.Close()
	c.wire.http.CloseIdleConnections()
}

func (c *Client) call(ctx context.Context, method string, form url.Values, into answer) error {
	return c.wire.call(ctx, request{method: method, token: c.botToken, form: form}, into)
}

type teamKey struct{}

// WithTeam returns a context whose calls are about that workspace. Only an app installed for a whole organisation needs
// it: Slack then wants to know in which of its workspaces to look for people and groups. Handlers get such contexts; code
// that resumes from a store must set it again.
func WithTeam(ctx context.Context, team TeamID) context.Context {
	if team == "" {
		return ctx
	}
	return context.WithValue(ctx, teamKey{}, team)
}

func teamOf(ctx context.Context) TeamID {
	team, _ := ctx.Value(teamKey{}).(TeamID)
	return team
}

// inTeam adds the workspace to the arguments if the app is installed for an organisation. Otherwise the token implies it.
func inTeam(ctx context.Context, c *Client, form url.Values) url.Values {
	us, known := c.identity.Peek("")
	if team := teamOf(ctx); team != "" && known && us.OrgInstall {
		form.Set("team_id", string(team))
	}
	return form
}

// values makes the arguments of a call from pairs of name and value; empty values are left out.
func values(pairs ...string) url.Values {
	form := make(url.Values, len(pairs)/2)
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			form.Set(pairs[i], pairs[i+1])
		}
	}
	return form
}

package bot

import (
	"context"
	"crypto/tls"
	"net/http"
	"net/url"
	"time"

	"meetingbot/internal/memo"
)

// How long people and groups are cached, and how many of each.
const cacheTTL, cacheSize = time.Minute, 4096

// Client makes Web API calls for one Slack app. It needs no socket and is safe for concurrent use. Make one with
// NewClient.
type Client struct {
	wire     *wire
	botToken Secret
	appToken Secret
	proxy    func(*http.Request) (*url.URL, error)
	trust    *tls.Config // as Route returns it

	identity *memo.Memo[string, Identity] // under the key "", forever
	people   *memo.Memo[UserID, Person]
	emails   *memo.Memo[string, Person]
	groups   *memo.Memo[GroupID, []UserID]

	groupTeams *memo.Memo[GroupID, TeamID] // where a group was found, if not in the person's workspace
	searches   *memo.Memo[string, search]  // by address
	pace       searchPace
}

// NewClient returns a Client. It makes no network calls.
func NewClient(cfg Config) *Client {
	cfg = cfg.withDefaults()
	w := newWire(cfg)
	proxy, trust := routeOf(w.http.Transport)
	return &Client{
		wire: w, botToken: cfg.BotToken, appToken: cfg.AppToken, proxy: proxy, trust: trust,
		identity: memo.New[string, Identity](0, 1),
		people:   memo.New[UserID, Person](cacheTTL, cacheSize),
		emails:   memo.New[string, Person](cacheTTL, cacheSize),
		groups:   memo.New[GroupID, []UserID](cacheTTL, cacheSize),

		groupTeams: memo.New[GroupID, TeamID](0, cacheSize),
		searches:   memo.New[string, search](searchTTL, cacheSize),
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

// WithTeam returns a context for calls about that workspace. Only an app installed for a whole organisation needs it:
// Slack must then be told which workspace to search for people and groups. Handlers get such a context; code that resumes
// from a store must set it again.
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

// callInTeam calls a method that wants to know ctx's workspace if the app is installed for an organisation. Otherwise the
// token implies it.
func callInTeam(ctx context.Context, c *Client, method string, form url.Values, into answer) error {
	if team := teamOf(ctx); team != "" {
		org, err := c.isOrgInstall(ctx)
		if err != nil {
			return err
		}
		if org {
			form.Set("team_id", string(team))
		}
	}
	return c.call(ctx, method, form, into)
}

// values builds the arguments of a call from name-value pairs, omitting empty values.
func values(pairs ...string) url.Values {
	form := make(url.Values, len(pairs)/2)
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			form.Set(pairs[i], pairs[i+1])
		}
	}
	return form
}

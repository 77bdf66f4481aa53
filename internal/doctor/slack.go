package doctor

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"time"

	"meetingbot/bot"
	"meetingbot/internal/config"
)

const slackService = "Slack"

// slack is the bot's end of the wire, for looking only.
type slack struct {
	cfg config.Config
	bot *bot.Bot

	socketApp, tokenApp string // the app that each token belongs to, as far as Slack has said
}

func newSlack(cfg config.Config, t *times) *slack {
	transport := http.DefaultTransport.(*http.Transport).Clone() //nolint:forcetypeassert // documented to be one
	return &slack{cfg: cfg, bot: bot.New(bot.Config{
		AppToken: bot.Secret(cfg.SlackAppToken.Reveal()), BotToken: bot.Secret(cfg.SlackBotToken.Reveal()),
		APIURL: cfg.SlackAPIURL, Connections: 1, Logger: slog.New(slog.DiscardHandler),
		HTTP: &http.Client{Transport: &listener{transport, slackService, t, nil}},
	})}
}

// token asks Slack who the bot is.
func (s *slack) token(ctx context.Context) (found []finding, id bot.Identity, known bool) {
	id, err := s.bot.Identify(ctx)
	if err != nil {
		return []finding{refusedToken(err)}, id, false
	}
	// A bot without the scope for it, which is its own finding, can't be asked.
	s.tokenApp, _ = s.bot.AppID(ctx)
	return []finding{good(fmt.Sprintf("the bot is %s in %s (%s)", id.User, id.TeamURL, id.Team))}, id, true
}

// sameApp says that the two tokens are those of two apps: the command would come
// to one, and the other would answer. It has nothing to say where that is not known.
func (s *slack) sameApp() []finding {
	if s.socketApp == "" || s.tokenApp == "" || s.socketApp == s.tokenApp {
		return nil
	}
	return []finding{wrong(fmt.Sprintf("SLACK_APP_TOKEN belongs to the app %s, and SLACK_BOT_TOKEN to the app %s", s.socketApp, s.tokenApp),
		"copy both from the same app at https://api.slack.com/apps")}
}

// refusedToken says what is wrong with SLACK_BOT_TOKEN, or with the way to Slack.
func refusedToken(err error) finding {
	const where = "your app › OAuth & Permissions › Bot User OAuth Token"
	code := ""
	if e, is := errors.AsType[*bot.Error](err); is {
		code = e.Code
	}
	switch {
	case code == "not_allowed_token_type":
		return wrong("SLACK_BOT_TOKEN is a token of another kind ("+code+")", "copy the one that begins with xoxb- from "+where)
	case code == "token_revoked" || code == "token_expired" || code == "account_inactive":
		return wrong("the token in SLACK_BOT_TOKEN is no longer valid ("+code+")", "install the app to the workspace again, and copy the new token from "+where)
	case errors.Is(err, bot.ErrCredentials):
		return wrong("Slack does not accept the token in SLACK_BOT_TOKEN ("+err.Error()+")", "copy it again, and whole, from "+where)
	case errors.Is(err, bot.ErrThrottled):
		return doubtful("Slack asks to wait ("+err.Error()+")", "run doctor again in a minute")
	}
	return wrong("Slack does not say who the bot is ("+err.Error()+")",
		"check SLACK_API_URL, and that this machine may reach it; a proxy is named in HTTPS_PROXY")
}

// maxSockets is how many sockets Slack lets an app have.
const maxSockets = 10

// socket opens a socket, waits for its hello and closes it.
func (s *slack) socket(ctx context.Context, limit time.Duration) []finding {
	p, err := s.bot.Probe(ctx)
	if permanent, is := errors.AsType[*bot.PermanentError](err); is {
		return []finding{wrong(permanent.Error(), "")}
	}
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		return []finding{wrong(fmt.Sprintf("Slack's hello did not come over a socket within %s", limit),
			"check that this machine may open WebSockets to the hosts that SLACK_API_URL names; some proxies hold them up")}
	case errors.Is(err, bot.ErrTooManySockets):
		return []finding{wrong(fmt.Sprintf("Slack lets no socket in: the app has all %d that it may have", maxSockets),
			"stop copies of the bot that nobody needs, or lower their SLACK_CONNECTIONS; sockets of a killed one count for some minutes")}
	case err != nil:
		return []finding{wrong("no socket could be opened ("+err.Error()+")",
			"check that SLACK_APP_TOKEN belongs to this app, and that this machine may open WebSockets")}
	}
	s.socketApp = p.AppID
	others := max(p.NumConnections-1, 0)
	text := fmt.Sprintf("hello from Slack for app %s after %d ms; the app has %s", p.AppID, p.Took.Milliseconds(), count(others, "other socket"))
	if others+s.cfg.SlackConnections > maxSockets {
		return []finding{doubtful(text, fmt.Sprintf("Slack allows %d: a start with SLACK_CONNECTIONS=%d would be too many unless it replaces some of them",
			maxSockets, s.cfg.SlackConnections))}
	}
	return []finding{good(text)}
}

// A scope is one right that Slack grants, and what it is for.
type scope struct{ name, reason string }

// needed are the scopes without which something of the configuration can't work.
func (s *slack) needed() []scope {
	list := []scope{
		{"commands", "the command and the message shortcut"},
		{"chat:write", "the card, its thread and direct messages"},
		{"users:read", "who somebody is: guest, other workspace, language, time zone"},
		{"users:read.email", "whose meeting it is, and who its owner is in Slack"},
	}
	if slices.ContainsFunc(s.cfg.AllowUsergroups, func(g string) bool { return g != config.Everybody }) {
		list = append(list, scope{groupScope, "who is in the groups of ALLOW_USERGROUPS"})
	}
	return list
}

const groupScope = "usergroups:read"

// An extra is scopes that are not asked for and together buy something.
type extra struct {
	names  []string
	reason string
}

func extras() []extra {
	const once = "after a crash the bot looks whether it has written %s, which then comes exactly once instead of at least once"
	return []extra{
		{[]string{"channels:history", "groups:history"}, fmt.Sprintf(once, "the reply in a public or private channel's thread")},
		{[]string{"im:history", "im:write"}, fmt.Sprintf(once, "the message to the owner")},
		{[]string{"chat:write.public"}, "the bot posts in public channels that it was not invited to"},
	}
}

// scopes compares what is granted with what is needed.
func (s *slack) scopes(id bot.Identity) (found []finding) {
	if len(id.Scopes) == 0 {
		return []finding{doubtful("Slack does not say which scopes are granted", "compare them with manifest.yml by hand")}
	}
	needed := s.needed()
	for _, want := range needed {
		if !slices.Contains(id.Scopes, want.name) {
			found = append(found, wrong("missing: "+want.name+", for "+want.reason,
				"add it under your app › OAuth & Permissions › Bot Token Scopes, then install the app to the workspace again"))
		}
	}
	if len(found) == 0 {
		found = append(found, good(fmt.Sprintf("all %d that are needed are granted", len(needed))))
	}
	known := []string{groupScope}
	for _, sc := range needed {
		known = append(known, sc.name)
	}
	for _, x := range extras() {
		known = append(known, x.names...)
		if slices.ContainsFunc(x.names, func(name string) bool { return !slices.Contains(id.Scopes, name) }) {
			found = append(found, good("may be added: "+strings.Join(x.names, " and ")+": "+x.reason))
		}
	}
	unused := slices.DeleteFunc(slices.Clone(id.Scopes), func(have string) bool { return slices.Contains(known, have) })
	if len(unused) > 0 {
		found = append(found, doubtful("granted, but never used: "+strings.Join(unused, ", "), "take them from the app: a stolen token could use them"))
	}
	return found
}

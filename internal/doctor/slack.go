package doctor

import (
	"cmp"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"slices"
	"strings"
	"time"

	"meetingbot/bot"
	"meetingbot/bot/socket"
	"meetingbot/internal/config"
	"meetingbot/internal/service"
)

const slackService = "Slack"

// slack runs the checks of Slack. None posts anything.
type slack struct {
	cfg config.Config
	api *bot.Client

	team bot.TeamID // to look people up in; empty unless the app is installed for an organisation

	// The app that each token belongs to, or "" if Slack hasn't said. Slack says it for
	// the app-level token in a socket's hello (socketApp), or if asked (appTokenApp).
	socketApp, appTokenApp, tokenApp string
}

func newSlack(cfg config.Config, c *clocks) (*slack, error) {
	api, err := service.SlackAPI(cfg)
	if err != nil {
		return nil, err
	}
	api.HTTP.Transport = &clockTransport{api.HTTP.Transport, slackService, c}
	return &slack{cfg: cfg, api: bot.NewClient(api)}, nil
}

func (s *slack) token(ctx context.Context) (found []finding, id bot.Identity, known bool) {
	id, err := s.api.Identify(ctx)
	if err != nil {
		return []finding{tokenFinding(err)}, id, false
	}
	// These fail without their scope; a missing scope is a finding of its own.
	s.tokenApp, _ = s.api.AppOfBotToken(ctx)
	s.appTokenApp, _ = s.api.AppOfAppToken(ctx)
	if id.OrgInstall {
		return []finding{s.organisation(ctx, id)}, id, true
	}
	return []finding{passed(fmt.Sprintf("the bot is user %s in %s (%s), installed to this workspace", id.User, id.TeamURL, id.Team))}, id, true
}

// organisation says where an app that is installed for a whole organisation is available.
// People are then looked up in one of its workspaces.
func (s *slack) organisation(ctx context.Context, id bot.Identity) finding {
	text := fmt.Sprintf("the bot is user %s, installed for the whole organisation %s (%s)", id.User, id.Enterprise, id.TeamURL)
	teams, err := s.api.Teams(ctx)
	switch {
	case err != nil:
		return warning(text+"; Slack did not list its workspaces ("+err.Error()+"), so people can't be checked", "run doctor again in a minute")
	case len(teams) == 0:
		return failed(text+", but added to none of its workspaces", "add the app to a workspace: organisation settings › Integrations › Installed apps")
	}
	s.team = teams[0]
	return passed(text + ", in " + count(len(teams), "workspace"))
}

// sameApp returns a finding if the tokens belong to different apps: one would get the
// commands and the other would answer. It returns none if there is no telling.
func (s *slack) sameApp() []finding {
	app := cmp.Or(s.socketApp, s.appTokenApp) // the latter if no socket could be opened
	if app == "" || s.tokenApp == "" || app == s.tokenApp {
		return nil
	}
	return []finding{failed(fmt.Sprintf("SLACK_APP_TOKEN belongs to app %s, but SLACK_BOT_TOKEN belongs to app %s", app, s.tokenApp),
		"copy both from the same app at https://api.slack.com/apps")}
}

func tokenFinding(err error) finding {
	if permanent, is := socket.PermanentTokenError(err); is {
		return failed(permanent.Error(), "")
	}
	switch {
	case isUntrusted(err):
		return failed(untrustedSlack+" ("+err.Error()+")", trustAdvice("SLACK_CA_FILE", err))
	case errors.Is(err, bot.ErrThrottled):
		return throttled(err)
	}
	return failed("Slack does not say who the bot is ("+err.Error()+")", reachAdvice("SLACK_API_URL", err))
}

func throttled(err error) finding {
	return warning("Slack is rate-limiting us ("+err.Error()+")", "run doctor again in a minute")
}

// viaProxy reports whether err means that the proxy can't be reached.
func viaProxy(err error) bool {
	op, ok := errors.AsType[*net.OpError](err)
	return ok && op.Op == "proxyconnect"
}

// reachAdvice returns what to do if the host in variable can't be reached or doesn't do what
// was asked. If the proxy is at fault, nothing is known about the host.
func reachAdvice(variable string, err error) string {
	switch {
	case errors.Is(err, bot.ErrRefused): // Slack itself, with a code that isn't one of the known ones
		return "Slack was reached, so look at the app at https://api.slack.com/apps: it has to be installed, with Socket Mode on"
	case strings.Contains(err.Error(), http.StatusText(http.StatusProxyAuthRequired)):
		return "the proxy in HTTPS_PROXY wants a login: write http://USER:PASSWORD@HOST:PORT there, with %40 for @"
	case viaProxy(err):
		return "check the proxy in HTTPS_PROXY; if this machine can reach " + variable + " without it, put that host in NO_PROXY"
	}
	return "check " + variable + ", and that this machine can reach it; set HTTPS_PROXY if there is a proxy"
}

const untrustedSlack = "Slack's certificate is not trusted"

// trustAdvice returns what to do about a certificate that can't be verified; file is the
// variable for certificates to trust. A badly wrong clock makes every certificate invalid,
// and then no answer tells the time.
func trustAdvice(file string, err error) string {
	if invalid, is := errors.AsType[x509.CertificateInvalidError](err); is && invalid.Reason == x509.Expired {
		return "compare this machine's clock with the dates in the error: if the clock is right, the certificate has to be renewed"
	}
	return "if your company's gateway or proxy inspects TLS, put its CA certificate in " + file
}

func isUntrusted(err error) bool {
	_, is := errors.AsType[*tls.CertificateVerificationError](err)
	return is
}

const maxSockets = 10

const blockedAdvice = "check that this machine can open WebSockets to the hosts that SLACK_API_URL names; some proxies block them"

func (s *slack) socket(ctx context.Context, limit time.Duration) []finding {
	p, err := socket.New(s.api, socket.Config{Logger: slog.New(slog.DiscardHandler)}).Probe(ctx)
	if permanent, is := errors.AsType[*socket.PermanentError](err); is {
		return []finding{failed(permanent.Error(), "")}
	}
	_, noAddress := errors.AsType[*bot.Error](err) // the Web API gave no address for a socket
	switch {
	case errors.Is(err, bot.ErrThrottled):
		return []finding{throttled(err)}
	case isUntrusted(err):
		return []finding{failed(untrustedSlack+" ("+err.Error()+")", trustAdvice("SLACK_CA_FILE", err))}
	case noAddress:
		return []finding{failed("Slack does not say where to open a socket ("+err.Error()+")", reachAdvice("SLACK_API_URL", err))}
	case errors.Is(err, context.DeadlineExceeded):
		return []finding{failed(fmt.Sprintf("Slack did not say hello on a socket within %s", limit), blockedAdvice)}
	case errors.Is(err, socket.ErrTooManySockets):
		return []finding{failed(fmt.Sprintf("Slack refuses another socket: the app already has %d, the most it allows", maxSockets),
			"stop copies of the bot you don't need, or lower their SLACK_CONNECTIONS; a killed bot's sockets count for a few more minutes")}
	case err != nil:
		return []finding{failed("could not open a socket ("+err.Error()+")", blockedAdvice)}
	}
	s.socketApp = p.AppID
	others := max(p.NumConnections-1, 0)
	text := fmt.Sprintf("hello from Slack to app %s after %d ms; the app has %s", p.AppID, p.Took.Milliseconds(), count(others, "other socket"))
	if others+s.cfg.SlackConnections > maxSockets {
		return []finding{warning(text, fmt.Sprintf("Slack allows %d, so another bot with SLACK_CONNECTIONS=%d would be too many unless it replaces some of them",
			maxSockets, s.cfg.SlackConnections))}
	}
	return []finding{passed(text)}
}

// A grant is a set of scopes that together serve a purpose.
type grant struct {
	purpose string
	scopes  []string
}

// needed returns the grants that this configuration can't work without, each with one
// scope.
func (s *slack) needed() []grant {
	list := []grant{
		{"the command and the message shortcut", []string{"commands"}},
		{"the card, its thread and direct messages", []string{"chat:write"}},
		{"recognising guests and people from other workspaces, and their languages and time zones", []string{"users:read"}},
		{"matching people in Slack with meeting owners", []string{"users:read.email"}},
	}
	if slices.ContainsFunc(s.cfg.AllowUsergroups, func(g string) bool { return g != config.Everybody }) {
		list = append(list, grant{"the members of the groups in ALLOW_USERGROUPS", []string{groupScope}})
	}
	return list
}

const groupScope = "usergroups:read"

func extras() []grant {
	const once = "after a crash the bot can check whether it already sent %s, which then arrives exactly once instead of at least once"
	return []grant{
		{fmt.Sprintf(once, "the reply in a public or private channel's thread"), []string{"channels:history", "groups:history"}},
		{fmt.Sprintf(once, "the message to the owner"), []string{"im:history", "im:write"}},
		{"the bot can post in public channels it was not invited to", []string{"chat:write.public"}},
	}
}

func (s *slack) scopes(id bot.Identity) (found []finding) {
	if len(id.Scopes) == 0 {
		return []finding{warning("Slack does not say which scopes are granted", "compare them with manifest.yml yourself")}
	}
	missing := func(scope string) bool { return !slices.Contains(id.Scopes, scope) }
	known := []string{groupScope}
	if len(named(s.cfg.AllowChannels)) > 0 {
		known = append(known, channelScope, privateScope)
	}
	needed := s.needed()
	for _, want := range needed {
		known = append(known, want.scopes...)
		if slices.ContainsFunc(want.scopes, missing) {
			found = append(found, failed("missing: "+want.scopes[0]+", for "+want.purpose,
				"add it under your app › OAuth & Permissions › Bot Token Scopes, then install the app to the workspace again"))
		}
	}
	if len(found) == 0 {
		found = append(found, passed(fmt.Sprintf("all %d required scopes are granted", len(needed))))
	}
	for _, extra := range extras() {
		known = append(known, extra.scopes...)
		if slices.ContainsFunc(extra.scopes, missing) {
			found = append(found, passed("optional and not granted: "+strings.Join(extra.scopes, " and ")+"; with "+pronoun(extra.scopes)+", "+extra.purpose))
		}
	}
	unused := slices.DeleteFunc(slices.Clone(id.Scopes), func(have string) bool { return slices.Contains(known, have) })
	if len(unused) > 0 {
		found = append(found, warning("granted but never used: "+strings.Join(unused, ", "), "remove them from the app: a stolen token could use them"))
	}
	return found
}

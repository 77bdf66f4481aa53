package config

import (
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
)

// validate checks the values. A variable that already has a fault doesn't get another.
func (l *loader) validate() {
	c := &l.config
	l.fault("SLACK_APP_TOKEN", tokenProblem(c.SlackAppToken, "xapp-", "SLACK_BOT_TOKEN"))
	l.fault("SLACK_BOT_TOKEN", tokenProblem(c.SlackBotToken, "xoxb-", "SLACK_APP_TOKEN"))
	l.fault("SLACK_API_URL", urlProblem(c.SlackAPIURL))
	c.SlackAPIURL = strings.TrimRight(c.SlackAPIURL, "/") + "/"
	const sockets = 10 // Slack's limit per app
	if c.SlackConnections < 1 || c.SlackConnections > sockets {
		l.fault("SLACK_CONNECTIONS", "is not between 1 and 10")
	}
	l.fault("MEETING_API_URL", urlProblem(c.MeetingAPIURL))
	c.MeetingAPIURL = strings.TrimRight(c.MeetingAPIURL, "/")
	l.login()
	l.fault("MEETING_APP_ID", loginProblem(c.MeetingAppID))
	l.fault("MEETING_APP_KEY", loginProblem(c.MeetingAppKey.Reveal()))
	l.fault("MEETING_USER_ID", loginProblem(c.MeetingUserID))
	l.fault("MEETING_CORP_ID", loginProblem(c.MeetingCorpID))
	l.fault("MEETING_ACCOUNT", loginProblem(c.MeetingAccount))
	l.fault("MEETING_PASSWORD", loginProblem(c.MeetingPassword.Reveal()))
	l.fault("SLACK_CA", certificateProblem(c.SlackCA))
	l.fault("MEETING_CA", certificateProblem(c.MeetingCA))
	l.fault("MEETING_SITE_ID", headerProblem(c.SiteID))
	l.fault("MEETING_AUTHORIZATION_TYPE", headerProblem(c.AuthorizationType))
	l.database()
	l.ids("ALLOW_USERS", &c.AllowUsers, "UW", "user")
	l.ids("ALLOW_USERGROUPS", &c.AllowUsergroups, "S", "user group")
	l.ids("ALLOW_CHANNELS", &c.AllowChannels, "CGD", "channel")
	l.fault("CONFIRM_TTL", notBetween(c.ConfirmTTL, time.Second, 24*time.Hour))
	l.fault("UNDO_WINDOW", notBetween(c.UndoWindow, 0, 10*time.Minute))
	l.fault("LEAD_TIME", notBetween(c.LeadTime, 0, 30*day))
	l.fault("DELEGATION_MAX", notZeroOrBetween(c.DelegationMax, time.Second, 366*day))
	l.fault("KEEP", notZeroOrBetween(c.Keep, time.Second, 3660*day))
	if c.ManyMax < 1 || c.ManyMax > mostMany {
		l.fault("MANY_MAX", fmt.Sprintf("is not between 1 and %d", mostMany))
	}
	l.fault("SHUTDOWN_TIMEOUT", notBetween(c.ShutdownTimeout, time.Second, 10*time.Minute))
	l.fault("HTTP_ADDR", listenProblem(c.HTTPAddr))
	l.owners()
}

const mostMany = 20

// login checks that exactly one kind of login is set, completely.
func (l *loader) login() {
	app := l.isSet("MEETING_APP_ID", "MEETING_APP_KEY")
	account := l.isSet("MEETING_ACCOUNT", "MEETING_PASSWORD")
	const other = "is set, and so is the other login (MEETING_ACCOUNT, MEETING_PASSWORD): keep one"
	switch {
	case app && account:
		l.hinted("MEETING_APP_ID", other, "the App ID login is for servers; an account's password expires")
	case app:
		l.requireBoth("MEETING_APP_ID", "MEETING_APP_KEY")
	case account:
		l.requireBoth("MEETING_ACCOUNT", "MEETING_PASSWORD")
	default:
		l.fault("MEETING_APP_ID", "is missing, and so is the other login (MEETING_ACCOUNT, MEETING_PASSWORD): set one of them")
	}
	if strings.Contains(l.config.MeetingAccount, ":") {
		l.fault("MEETING_ACCOUNT", "contains a colon, which this login can't carry")
	}
	for _, name := range []string{"MEETING_USER_ID", "MEETING_CORP_ID"} {
		if account && !app && l.isSet(name) {
			l.fault(name, "belongs to the App ID login and has no effect with MEETING_ACCOUNT")
		}
	}
}

// isSet reports whether one of the variables, or its NAME_FILE, is set.
func (l *loader) isSet(names ...string) bool {
	for _, name := range names {
		if l.env[name] != "" || l.env[name+fileSuffix] != "" {
			return true
		}
	}
	return false
}

func (l *loader) requireBoth(pair ...string) {
	for i, name := range pair {
		if !l.isSet(name) {
			l.fault(name, "is missing, but "+pair[1-i]+" is set")
		}
	}
}

// tokenProblem says what is wrong with a Slack token, or returns "".
func tokenProblem(token Secret, prefix, swapped string) string {
	value := token.Reveal()
	other := map[string]string{"xapp-": "xoxb-", "xoxb-": "xapp-"}[prefix]
	switch {
	case strings.HasPrefix(value, other):
		return "begins with " + other + ": that is the token for " + swapped
	case !strings.HasPrefix(value, prefix):
		return "does not begin with " + prefix
	case value == prefix:
		return "ends after " + prefix + ": it may be incomplete"
	case strings.ContainsFunc(value, func(r rune) bool { return r > unicode.MaxASCII || unicode.IsSpace(r) || !unicode.IsPrint(r) }):
		return "contains spaces, line breaks or characters that no token has"
	}
	return ""
}

// loginProblem says why value can't be part of a login to the meeting service, or returns
// "". A Slack token in the wrong variable would end up in another company's logs.
func loginProblem(value string) string {
	for _, prefix := range []string{"xapp-", "xoxb-", "xoxp-"} {
		if strings.HasPrefix(value, prefix) {
			return "begins with " + prefix + ": that is a token for Slack, which the meeting service must not see"
		}
	}
	if strings.ContainsFunc(value, unicode.IsControl) {
		return "has more than one line, or characters that can't be typed"
	}
	return ""
}

// headerProblem says why value can't be sent as a header, or returns "".
func headerProblem(value string) string {
	const longest = 256
	switch {
	case len(value) > longest:
		return fmt.Sprintf("is longer than %d characters", longest)
	case strings.ContainsFunc(value, func(r rune) bool { return r > unicode.MaxASCII || !unicode.IsPrint(r) }):
		return "contains characters that a header can't carry"
	}
	return loginProblem(value)
}

// urlProblem says what is wrong with the root of an API, or returns "". Every call
// carries secrets, so plain HTTP is allowed only on this machine.
func urlProblem(value string) string {
	u, err := url.Parse(value)
	switch {
	case err != nil || u.Host == "" || u.Opaque != "":
		return "is not a web address"
	case u.Scheme != "https" && u.Scheme != "http":
		return "does not begin with https://"
	case u.Scheme == "http" && !isLoopback(u.Hostname()):
		return "does not begin with https://; only addresses on this machine may use plain http"
	case u.User != nil:
		return "contains a user name"
	case u.RawQuery != "" || u.ForceQuery || u.Fragment != "":
		return "contains more than a host and a path"
	}
	return ""
}

func isLoopback(host string) bool {
	addr, err := netip.ParseAddr(host)
	return host == "localhost" || strings.HasSuffix(host, ".localhost") || err == nil && addr.IsLoopback()
}

// listenProblem says what is wrong with an address to listen on, or returns "".
func listenProblem(value string) string {
	if value == "" {
		return ""
	}
	_, port, err := net.SplitHostPort(value)
	if err != nil {
		return "is not a host and a port separated by a colon"
	}
	if _, err := strconv.ParseUint(port, 10, 16); err != nil {
		return "has no port between 0 and 65535"
	}
	return ""
}

// certificateProblem says what is wrong with certificates in PEM, or returns "". The
// standard library skips a block it can't read; we insist on all of them, because the
// one it skips is the one you need.
func certificateProblem(text string) string {
	n := 0
	block, rest := pem.Decode([]byte(text))
	for ; block != nil; block, rest = pem.Decode(rest) {
		switch {
		case strings.HasSuffix(block.Type, "PRIVATE KEY"):
			return "contains a private key; only certificates belong there"
		case block.Type != "CERTIFICATE":
			continue
		}
		n++
		if _, err := x509.ParseCertificate(block.Bytes); err != nil {
			return fmt.Sprintf("contains a certificate that can't be read: number %d", n)
		}
	}
	switch {
	case text != "" && n == 0:
		return "contains no certificate in PEM form"
	case strings.Count(text, "-----BEGIN ") > n && strings.Contains(string(rest), "-----BEGIN "):
		return fmt.Sprintf("ends in the middle of certificate number %d", n+1)
	}
	return ""
}

// proxy checks the variable that net/http takes its proxy from, because net/http silently
// ignores a value that it can't parse, and uses no proxy.
func (l *loader) proxy(environ []string) {
	for _, name := range []string{"HTTPS_PROXY", "https_proxy"} { // the first one set wins, as in net/http
		i := slices.IndexFunc(environ, func(line string) bool { return strings.HasPrefix(line, name+"=") })
		if i < 0 || environ[i] == name+"=" {
			continue
		}
		if problem := proxyProblem(strings.TrimPrefix(environ[i], name+"=")); problem != "" {
			l.faults = append(l.faults, Fault{Name: name, Problem: problem, Hint: "for example http://proxy.example.com:3128; write @, / and % in a password as %40, %2F and %25"})
		}
		return
	}
}

// proxyProblem says why net/http wouldn't use value as a proxy, or returns "".
func proxyProblem(value string) string {
	if value != strings.TrimSpace(value) {
		return "begins or ends with a space or a line break"
	}
	u, err := url.Parse(value)
	if !strings.Contains(value, "://") {
		u, err = url.Parse("http://" + value) // as net/http reads it
	}
	switch {
	case err != nil || u.Hostname() == "":
		return "is not an address"
	case !slices.Contains([]string{"http", "https", "socks5", "socks5h"}, u.Scheme):
		return "does not begin with http://, https:// or socks5://"
	case strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != "":
		return "contains more than a user, a host and a port"
	}
	return ""
}

package doctor_test

import (
	"bytes"
	"encoding/json"
	"encoding/pem"
	"io"
	"log"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"meetingbot/internal/doctor"
	"meetingbot/internal/meetingsim"
	"meetingbot/internal/slacksim"
	"meetingbot/internal/store"
)

const (
	appKey   = "MEETINGKEY-hunter2"
	appToken = "xapp-1-A0MEETBOT-1-hunter2"
	botToken = "xoxb-1-hunter2"
)

// A setup is a valid setup, for a test to break before doctor examines it.
type setup struct {
	slack   *slacksim.Server
	meeting *meetingsim.Server
	env     map[string]string
}

func newSetup(t *testing.T, slackOptions slacksim.Options, meetingOptions meetingsim.Options) *setup {
	t.Helper()
	slackOptions.AppToken, slackOptions.BotToken = appToken, botToken
	meetingOptions.AppID, meetingOptions.AppKey = "app", appKey
	s := &setup{slack: slacksim.New(slackOptions), meeting: meetingsim.New(meetingOptions)}
	slackHTTP, meetingHTTP := httptest.NewServer(s.slack), httptest.NewServer(s.meeting)
	t.Cleanup(func() {
		s.slack.Close()
		s.meeting.Close()
		slackHTTP.Close()
		meetingHTTP.Close()
	})
	s.slack.AddUser(slacksim.User{ID: "U0ANA", Name: "ana", Email: "ana@example.com"})
	s.slack.AddUser(slacksim.User{ID: "U0OLD", Name: "old", Deleted: true})
	s.slack.AddUser(slacksim.User{ID: "U0GINA", Name: "gina", Restricted: true})
	s.env = map[string]string{
		"SLACK_APP_TOKEN": appToken, "SLACK_BOT_TOKEN": botToken, "SLACK_API_URL": slackHTTP.URL + "/api/",
		"MEETING_API_URL": meetingHTTP.URL, "MEETING_APP_ID": "app", "MEETING_APP_KEY": appKey,
		"DATABASE_URL": "sqlite:" + filepath.Join(t.TempDir(), "m.db"), "ALLOW_USERS": "U0ANA",
	}
	return s
}

// A finding is an element of the JSON report.
type finding struct{ Check, Status, Text, Advice string }

// examine runs doctor with and without --json, asserts that neither prints a secret, and
// returns its findings and exit code.
func (s *setup) examine(t *testing.T) ([]finding, int) {
	t.Helper()
	var environ []string
	for _, name := range slices.Sorted(maps.Keys(s.env)) {
		environ = append(environ, name+"="+s.env[name])
	}
	var stdout, stderr, text bytes.Buffer
	code := doctor.Run(t.Context(), []string{"--json"}, environ, "v1", &stdout, &stderr)
	if again := doctor.Run(t.Context(), nil, environ, "v1", &text, &stderr); again != code {
		t.Errorf("Run() = %d, and %d with --json\n%s", again, code, &text)
	}
	if all := stdout.String() + text.String() + stderr.String(); strings.Contains(all, "hunter2") {
		t.Errorf("Run() prints a secret:\n%s", all)
	}
	var report struct {
		Version, Result string
		Findings        []finding
	}
	if err := json.Unmarshal(stdout.Bytes(), &report); err != nil {
		t.Fatalf("Run(--json) printed %q: %v", &stdout, err)
	}
	if report.Version != "v1" {
		t.Errorf("Run(--json).version = %q, want v1", report.Version)
	}
	for _, f := range report.Findings {
		line := "\n" + f.Status
		if !strings.Contains("\n"+text.String(), line) || !strings.Contains(text.String(), f.Check) {
			t.Errorf("Run() lacks the line %+v:\n%s", f, &text)
		}
	}
	t.Logf("exit code %d\n%s", code, &text)
	return report.Findings, code
}

// notOK returns the findings that are not ok, as "check: status".
func notOK(found []finding) (lines []string) {
	for _, f := range found {
		if f.Status != "ok" {
			lines = append(lines, f.Check+": "+f.Status)
		}
	}
	return lines
}

func TestAllIsWell(t *testing.T) {
	t.Parallel()
	s := newSetup(t, slacksim.Options{}, meetingsim.Options{RateLimit: 100})
	found, code := s.examine(t)
	if bad := notOK(found); len(bad) > 0 || code != 0 {
		t.Errorf("Run() = %d with %q, want 0 and all well", code, bad)
	}
	var order []string
	for _, f := range found {
		if !slices.Contains(order, f.Check) {
			order = append(order, f.Check)
		}
	}
	want := []string{"configuration", "clock", "database", "bot token", "scopes", "app token", "meeting service", "owner map", "allow lists", "delegations"}
	if !slices.Equal(order, want) {
		t.Errorf("Run() checks %q, want %q", order, want)
	}
	for _, says := range []string{"may cancel any meeting", "calls every 60 s", "hello from Slack", "channels:history", "can create its tables when it first starts"} {
		if !slices.ContainsFunc(found, func(f finding) bool { return strings.Contains(f.Text, says) }) {
			t.Errorf("Run() does not say %q", says)
		}
	}
}

// TestMappedAccounts: the accounts and UUIDs in OWNER_MAP that the meeting service has are no
// finding.
func TestMappedAccounts(t *testing.T) {
	t.Parallel()
	s := newSetup(t, slacksim.Options{}, meetingsim.Options{})
	one, other := s.meeting.AddUser(meetingsim.User{Account: "ana@corp"}), s.meeting.AddUser(meetingsim.User{})
	s.env["OWNER_MAP"] = filepath.Join(t.TempDir(), "owners.csv")
	if err := os.WriteFile(s.env["OWNER_MAP"], []byte(one.Account+",U0ANA\n"+other.UUID+",ana@example.com\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if found, code := s.examine(t); len(notOK(found)) > 0 || code != 0 {
		t.Errorf("Run() = %d with %q, want 0 and all well", code, notOK(found))
	}
}

// TestChangesNothing looks for changes in both services and the database's folder.
func TestChangesNothing(t *testing.T) {
	t.Parallel()
	s := newSetup(t, slacksim.Options{}, meetingsim.Options{})
	s.examine(t)
	if left, _ := os.ReadDir(filepath.Dir(strings.TrimPrefix(s.env["DATABASE_URL"], "sqlite:"))); len(left) > 0 {
		t.Errorf("Run() has left %v", left)
	}
	if effects := s.meeting.Effects(); len(effects) > 0 {
		t.Errorf("Run() has changed meetings: %v", effects)
	}
	for _, e := range s.meeting.Journal() {
		if e.Method == http.MethodDelete || e.Method == http.MethodPut {
			t.Errorf("Run() has sent %s %s", e.Method, e.Path)
		}
	}
	for _, c := range s.slack.Journal() {
		if strings.HasPrefix(c.Method, "chat.") || strings.HasPrefix(c.Method, "views.") || c.Method == "conversations.open" {
			t.Errorf("Run() has called %s", c.Method)
		}
	}
	if v := s.slack.Violations(); len(v) > 0 {
		t.Errorf("Run() breaks rules of Slack: %q", v)
	}
	holds := func() bool { return s.slack.Connections() == 0 }
	if err := s.slack.Await(t.Context(), holds); err != nil {
		t.Errorf("Run() has left a socket open: %v", err)
	}
}

// TestWhileTheBotRuns runs doctor while a bot holds the database.
func TestWhileTheBotRuns(t *testing.T) {
	t.Parallel()
	s := newSetup(t, slacksim.Options{}, meetingsim.Options{})
	db, err := store.Open(t.Context(), s.env["DATABASE_URL"], store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	found, code := s.examine(t)
	if code != 0 || !says(found, "database", "ok", "in use by a running bot") {
		t.Errorf("Run() = %d, %+v, want 0 and a running bot", code, found)
	}
}

func says(found []finding, check, status, text string) bool {
	return slices.ContainsFunc(found, func(f finding) bool {
		return f.Check == check && f.Status == status && strings.Contains(f.Text+" → "+f.Advice, text)
	})
}

// TestFaults breaks one thing at a time; doctor must name it.
func TestFaults(t *testing.T) {
	t.Parallel()
	file := func(t *testing.T, content string) string {
		path := filepath.Join(t.TempDir(), "secret")
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	for _, tt := range []struct {
		name    string
		slack   slacksim.Options
		meeting meetingsim.Options
		breakIt func(t *testing.T, s *setup)
		code    int
		check   string
		status  string
		text    string
	}{
		{name: "cards outlive the response URL", check: "configuration", status: "warn", text: "CONFIRM_TTL is 1h0m0s", breakIt: func(_ *testing.T, s *setup) {
			s.env["CONFIRM_TTL"] = "1h"
		}},
		{name: "unknown bot token", code: 1, check: "bot token", status: "fail", text: "SLACK_BOT_TOKEN", breakIt: func(_ *testing.T, s *setup) {
			s.env["SLACK_BOT_TOKEN"] = "xoxb-2-other"
		}},
		{name: "bot token revoked", code: 1, check: "bot token", status: "fail", text: "no longer valid: make a new one", breakIt: func(_ *testing.T, s *setup) {
			s.slack.Fault(slacksim.Fault{Method: "auth.test", Kind: slacksim.FaultError, Error: "token_revoked"})
		}},
		{name: "bot token of the wrong type", code: 1, check: "bot token", status: "fail", text: "is the wrong kind of token: it must be a bot token", breakIt: func(_ *testing.T, s *setup) {
			s.slack.Fault(slacksim.Fault{Method: "auth.test", Kind: slacksim.FaultError, Error: "not_allowed_token_type"})
		}},
		{name: "tokens swapped", code: 2, check: "configuration", status: "fail", text: "SLACK_BOT_TOKEN begins with xapp-", breakIt: func(_ *testing.T, s *setup) {
			s.env["SLACK_APP_TOKEN"], s.env["SLACK_BOT_TOKEN"] = botToken, appToken
		}},
		{name: "unknown app token", code: 1, check: "app token", status: "fail", text: "SLACK_APP_TOKEN", breakIt: func(_ *testing.T, s *setup) {
			s.env["SLACK_APP_TOKEN"] = "xapp-2-other"
		}},
		{name: "app token without its scope", slack: slacksim.Options{AppScopes: []string{"authorizations:read"}}, code: 1, check: "app token", status: "fail", text: "connections:write"},
		{name: "Slack unreachable", code: 1, check: "bot token", status: "fail", text: "SLACK_API_URL", breakIt: func(_ *testing.T, s *setup) {
			s.env["SLACK_API_URL"] = "http://127.0.0.1:1/api/"
		}},
		{name: "a proxy that inspects TLS", code: 1, check: "bot token", status: "fail", text: "SLACK_CA_FILE", breakIt: func(t *testing.T, s *setup) {
			s.env["SLACK_API_URL"] = inspected(t, s.slack).URL + "/api/"
		}},
		{name: "a proxy that inspects TLS, trusted", check: "bot token", status: "ok", text: "the bot is user", breakIt: func(t *testing.T, s *setup) {
			srv := inspected(t, s.slack)
			s.env["SLACK_API_URL"] = srv.URL + "/api/"
			s.env["SLACK_CA"] = string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: srv.Certificate().Raw}))
		}},
		{name: "missing scopes", slack: slacksim.Options{Scopes: []string{"commands", "chat:write"}}, code: 1, check: "scopes", status: "fail", text: "missing: users:read.email, for matching people in Slack with meeting owners"},
		{name: "missing scope of groups", code: 1, check: "allow lists", status: "fail", text: "usergroups:read", breakIt: func(_ *testing.T, s *setup) {
			s.env["ALLOW_USERGROUPS"] = "S0TEAM"
		}},
		{name: "optional scopes", check: "scopes", status: "ok", text: "optional and not granted: im:history and im:write; with them, after a crash the bot can check"},
		{name: "unused scope", slack: slacksim.Options{Scopes: []string{"commands", "chat:write", "users:read", "users:read.email", "files:read"}}, check: "scopes", status: "warn", text: "never used: files:read"},
		{name: "eleventh socket", check: "app token", status: "warn", text: "SLACK_CONNECTIONS=10 would be too many", breakIt: func(t *testing.T, s *setup) {
			s.env["SLACK_CONNECTIONS"] = "10"
			holdSocket(t, s)
		}},
		{name: "no socket left", code: 1, check: "app token", status: "fail", text: "the app already has 10, the most it allows", breakIt: func(t *testing.T, s *setup) {
			for range 10 {
				holdSocket(t, s)
			}
		}},
		{name: "tokens of two apps", slack: slacksim.Options{BotAppID: "A0OTHER"}, code: 1, check: "app token", status: "fail", text: "SLACK_APP_TOKEN belongs to app A0MEETBOT, but SLACK_BOT_TOKEN belongs to app A0OTHER"},
		{name: "tokens of two apps, and no socket", slack: slacksim.Options{BotAppID: "A0OTHER"}, code: 1, check: "app token", status: "fail", text: "SLACK_APP_TOKEN belongs to app A0MEETBOT, but SLACK_BOT_TOKEN belongs to app A0OTHER", breakIt: func(t *testing.T, s *setup) {
			for range 10 {
				holdSocket(t, s)
			}
		}},
		{name: "Slack doesn't say which app the bot is", check: "app token", status: "ok", text: "hello from Slack", breakIt: func(_ *testing.T, s *setup) {
			s.slack.Fault(slacksim.Fault{Method: "bots.info", Kind: slacksim.FaultError, Error: "unknown_method"})
		}},
		{name: "wrong app key", code: 1, check: "meeting service", status: "fail", text: "MEETING_APP_KEY", breakIt: func(_ *testing.T, s *setup) {
			s.env["MEETING_APP_KEY"] = "other"
		}},
		{name: "wrong password", meeting: meetingsim.Options{Account: "bot@corp", Password: "right"}, code: 1, check: "meeting service", status: "fail", text: "MEETING_PASSWORD", breakIt: func(_ *testing.T, s *setup) {
			delete(s.env, "MEETING_APP_ID")
			delete(s.env, "MEETING_APP_KEY")
			s.env["MEETING_ACCOUNT"], s.env["MEETING_PASSWORD"] = "bot@corp", "wrong-hunter2"
		}},
		{name: "wrong site", code: 1, check: "meeting service", status: "fail", text: "set MEETING_API_URL to https://api-intl.meeting.huaweicloud.com", breakIt: func(_ *testing.T, s *setup) {
			s.meeting.Fault(meetingsim.Fault{Operation: meetingsim.OpLogin, Kind: meetingsim.FaultError, Status: 401, Code: "USG.206010064"})
		}},
		{name: "a site that wants headers, which are not set", meeting: meetingsim.Options{SiteID: "s1"}, code: 1, check: "meeting service", status: "fail", text: "HCS Online sites want MEETING_SITE_ID and MEETING_AUTHORIZATION_TYPE"},
		{name: "a portal that wants a header, which is not set", meeting: meetingsim.Options{AuthorizationType: "portal"}, code: 1, check: "meeting service", status: "fail", text: "third-party portals and HCS Online sites want"},
		{name: "a site that wants other headers", meeting: meetingsim.Options{SiteID: "s1"}, code: 1, check: "meeting service", status: "fail", text: "also check MEETING_SITE_ID, or remove it", breakIt: func(_ *testing.T, s *setup) {
			s.env["MEETING_SITE_ID"] = "other-hunter2"
		}},
		{name: "headers that a site wants", meeting: meetingsim.Options{SiteID: "s-hunter2", AuthorizationType: "portal"}, check: "meeting service", status: "ok", text: "every call carries MEETING_SITE_ID and MEETING_AUTHORIZATION_TYPE", breakIt: func(_ *testing.T, s *setup) {
			s.env["MEETING_SITE_ID"], s.env["MEETING_AUTHORIZATION_TYPE"] = "s-hunter2", "portal"
		}},
		{name: "an extra path", code: 1, check: "meeting service", status: "fail", text: "there is no Meeting API at MEETING_API_URL", breakIt: func(_ *testing.T, s *setup) {
			s.env["MEETING_API_URL"] += "/v1/usg"
		}},
		{name: "no meeting service at the address", code: 1, check: "meeting service", status: "fail", text: "MEETING_API_URL", breakIt: func(_ *testing.T, s *setup) {
			s.env["MEETING_API_URL"] = s.env["SLACK_API_URL"]
		}},
		{name: "ordinary login", meeting: meetingsim.Options{Ordinary: true}, check: "meeting service", status: "warn", text: "only the meetings it booked itself"},
		{name: "signature out of date", meeting: meetingsim.Options{Now: func() time.Time { return time.Now().Add(time.Hour) }}, code: 1, check: "meeting service", status: "fail", text: "clock is wrong"},
		{name: "clock off by an hour", code: 1, check: "clock", status: "fail", text: "1h0m0s behind Slack's", breakIt: func(t *testing.T, s *setup) {
			s.env["SLACK_API_URL"] = shiftedClock(t, s.slack, time.Hour) + "/api/"
		}},
		{name: "clock off by two minutes", check: "clock", status: "warn", text: "2m0s ahead of the meeting service's", breakIt: func(t *testing.T, s *setup) {
			s.env["MEETING_API_URL"] = shiftedClock(t, s.meeting, -2*time.Minute)
		}},
		{name: "database is read-only", code: 1, check: "database", status: "fail", text: "read-only", breakIt: func(t *testing.T, s *setup) {
			readOnly(t, strings.TrimPrefix(s.env["DATABASE_URL"], "sqlite:"))
		}},
		{name: "no folder for the database", code: 1, check: "database", status: "fail", text: "in a folder that does not exist; create the folder", breakIt: func(_ *testing.T, s *setup) {
			s.env["DATABASE_URL"] = "sqlite:/nowhere/at/all/m.db"
		}},
		{name: "no server for the database", code: 1, check: "database", status: "fail", text: "check that the server is running", breakIt: func(_ *testing.T, s *setup) {
			s.env["DATABASE_URL"] = "postgres://bot:hunter2@127.0.0.1:1/bot"
		}},
		{name: "a database without sslmode", code: 1, check: "configuration", status: "warn", text: "add sslmode=verify-full", breakIt: func(_ *testing.T, s *setup) {
			s.env["DATABASE_URL"] = "postgres://bot:hunter2@0.0.0.0:1/bot"
		}},
		{name: "half a token in a file", code: 2, check: "configuration", status: "fail", text: "may be incomplete", breakIt: func(t *testing.T, s *setup) {
			delete(s.env, "SLACK_BOT_TOKEN")
			s.env["SLACK_BOT_TOKEN_FILE"] = file(t, "xoxb-\n")
		}},
		{name: "an empty file", code: 2, check: "configuration", status: "fail", text: "MEETING_APP_KEY_FILE names an empty file", breakIt: func(t *testing.T, s *setup) {
			delete(s.env, "MEETING_APP_KEY")
			s.env["MEETING_APP_KEY_FILE"] = file(t, "")
		}},
		{name: "everything missing", code: 2, check: "configuration", status: "fail", text: "SLACK_APP_TOKEN is missing", breakIt: func(_ *testing.T, s *setup) {
			clear(s.env)
		}},
		{name: "owner is not in Slack", code: 1, check: "owner map", status: "fail", text: "nobody@example.com, who is not in this workspace", breakIt: func(t *testing.T, s *setup) {
			s.env["OWNER_MAP"] = file(t, "a@corp,nobody@example.com\nb@corp,ana@example.com\n")
		}},
		{name: "owner's account does not exist", check: "meeting service", status: "warn", text: "has no account or user UUID a@corp", breakIt: func(t *testing.T, s *setup) {
			s.env["OWNER_MAP"] = file(t, "a@corp,ana@example.com\n")
		}},
		{name: "owner has left", check: "owner map", status: "warn", text: "U0OLD, whose account is deactivated", breakIt: func(t *testing.T, s *setup) {
			s.env["OWNER_MAP"] = file(t, "a@corp,U0OLD\n")
		}},
		{name: "owner is from another workspace", check: "owner map", status: "warn", text: "U0XENA, who is from another workspace, and is never told", breakIt: func(t *testing.T, s *setup) {
			s.slack.AddUser(slacksim.User{ID: "U0XENA", Name: "xena", Stranger: true})
			s.env["OWNER_MAP"] = file(t, "a@corp,U0XENA\n")
		}},
		{name: "unknown user id", code: 1, check: "allow lists", status: "fail", text: "U0NOBODY, who is not in this workspace", breakIt: func(_ *testing.T, s *setup) {
			s.env["ALLOW_USERS"] = "U0NOBODY,U0ANA"
		}},
		{name: "guest on the list", check: "allow lists", status: "warn", text: "guests may never cancel", breakIt: func(_ *testing.T, s *setup) {
			s.env["ALLOW_USERS"] = "U0GINA"
		}},
		{name: "everyone", check: "allow lists", status: "warn", text: "everyone in the workspace", breakIt: func(_ *testing.T, s *setup) {
			s.env["ALLOW_USERS"] = "*"
		}},
		{name: "everyone, in the summary", check: "allow lists", status: "ok", text: "everyone may cancel any meeting", breakIt: func(_ *testing.T, s *setup) {
			s.env["ALLOW_USERS"] = "*"
		}},
		{name: "unknown group", code: 1, check: "allow lists", status: "fail", text: "ALLOW_USERGROUPS: S0NOPE could not be read", slack: slacksim.Options{Scopes: []string{"commands", "chat:write", "users:read", "users:read.email", "usergroups:read"}}, breakIt: func(_ *testing.T, s *setup) {
			s.env["ALLOW_USERGROUPS"] = "S0NOPE"
		}},
		{name: "channels without a scope for them", check: "allow lists", status: "ok", text: "ALLOW_CHANNELS: 2 channels not checked, because the bot has no scope for it (channels:read", breakIt: func(_ *testing.T, s *setup) {
			s.env["ALLOW_CHANNELS"] = "C0GENERAL,C0NOPE"
		}},
		{name: "unknown channel", check: "allow lists", status: "warn", text: "ALLOW_CHANNELS: C0NOPE doesn't exist, or is a private channel that the bot isn't in", slack: withChannelScope(), breakIt: func(_ *testing.T, s *setup) {
			s.env["ALLOW_CHANNELS"] = "C0NOPE"
		}},
		{name: "a private channel without the bot", check: "allow lists", status: "warn", text: "ALLOW_CHANNELS: C0SECRET doesn't exist, or is a private channel that the bot isn't in", slack: withChannelScope(), breakIt: func(_ *testing.T, s *setup) {
			s.slack.AddChannel(slacksim.Channel{ID: "C0SECRET", Name: "secret", Private: true})
			s.env["ALLOW_CHANNELS"] = "C0SECRET"
		}},
		{name: "an archived channel", check: "allow lists", status: "warn", text: "ALLOW_CHANNELS: C0GONE is archived", slack: withChannelScope(), breakIt: func(_ *testing.T, s *setup) {
			s.slack.AddChannel(slacksim.Channel{ID: "C0GONE", Name: "gone", Archived: true})
			s.env["ALLOW_CHANNELS"] = "C0GONE"
		}},
		{name: "a private channel without its scope", check: "allow lists", status: "ok", text: "ALLOW_CHANNELS: 1 of 2 channels not checked", slack: withChannelScope(), breakIt: func(_ *testing.T, s *setup) {
			s.slack.AddChannel(slacksim.Channel{ID: "C0OPEN", Name: "open"})
			s.slack.AddChannel(slacksim.Channel{ID: "C0SECRET", Name: "secret", Private: true, BotMember: true})
			s.env["ALLOW_CHANNELS"] = "C0OPEN,C0SECRET"
		}},
		{name: "channels and a Slack in trouble", check: "allow lists", status: "warn", text: "ALLOW_CHANNELS: 1 channel not checked: Slack did not answer in time", slack: withChannelScope(), breakIt: func(_ *testing.T, s *setup) {
			s.slack.Fault(slacksim.Fault{Method: "conversations.info", Kind: slacksim.FaultError, Error: "internal_error"})
			s.env["ALLOW_CHANNELS"] = "C0NOPE"
		}},
		{name: "a scope for channels is used", check: "scopes", status: "warn", text: "never used: files:read", slack: withChannelScope("files:read"), breakIt: func(_ *testing.T, s *setup) {
			s.env["ALLOW_CHANNELS"] = "C0NOPE"
		}},
		{name: "a scope for channels is not used", check: "scopes", status: "warn", text: "never used: channels:read", slack: withChannelScope()},
		{name: "a full disk", code: 1, check: "database", status: "fail", text: "the disk that holds the database is full", breakIt: func(t *testing.T, s *setup) {
			s.env["DATABASE_URL"] = "sqlite:" + filepath.Join(smallDisk(t), "m.db")
		}},
		{name: "a stray @ in the database's password", code: 2, check: "configuration", status: "fail", text: "DATABASE_URL is not an address", breakIt: func(_ *testing.T, s *setup) {
			s.env["DATABASE_URL"] = "postgres://user:p@ss/hunter2@host/db"
		}},
		{name: "misspelt, and the right one is set too", check: "configuration", status: "warn", text: "did you mean ALLOW_USERS?", breakIt: func(_ *testing.T, s *setup) {
			s.env["ALOW_USERS"] = "U0ANA"
		}},
		{name: "misspelt variable", check: "configuration", status: "warn", text: "SLACK_COLOUR looks like one of our variables", breakIt: func(_ *testing.T, s *setup) {
			s.env["SLACK_COLOUR"] = "blue"
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := newSetup(t, tt.slack, tt.meeting)
			if tt.breakIt != nil {
				tt.breakIt(t, s)
			}
			found, code := s.examine(t)
			if code != tt.code {
				t.Errorf("Run() = %d, want %d", code, tt.code)
			}
			if !says(found, tt.check, tt.status, tt.text) {
				t.Errorf("Run() has no line %s %s that says %q", tt.status, tt.check, tt.text)
			}
		})
	}
}

// holdSocket opens a socket, as another replica would, and keeps it open.
func holdSocket(t *testing.T, s *setup) {
	t.Helper()
	before := s.slack.Connections()
	defer func() {
		if err := s.slack.Await(t.Context(), func() bool { return s.slack.Connections() > before }); err != nil {
			t.Fatal(err)
		}
	}()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.env["SLACK_API_URL"]+"apps.connections.open", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+appToken)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	var answer struct{ URL string }
	if err := json.NewDecoder(resp.Body).Decode(&answer); err != nil {
		t.Fatal(err)
	}
	conn, upgrade, err := websocket.DefaultDialer.DialContext(t.Context(), answer.URL, nil)
	if err != nil {
		t.Fatal(err)
	}
	_ = upgrade.Body.Close()
	t.Cleanup(func() { _ = conn.Close() })
	go func() {
		for { // pings are answered while reading
			if _, _, err := conn.ReadMessage(); err != nil {
				return
			}
		}
	}()
}

// shiftedClock serves h with a Date that is off by by.
func shiftedClock(t *testing.T, h http.Handler, by time.Duration) string {
	t.Helper()
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Date", time.Now().Add(by).UTC().Format(http.TimeFormat))
		h.ServeHTTP(w, r)
	}))
	t.Cleanup(srv.Close)
	return srv.URL
}

// readOnly creates a database with a write version that SQLite doesn't know, so that it
// opens it read-only. File permissions wouldn't stop root.
func readOnly(t *testing.T, path string) {
	t.Helper()
	db, err := store.Open(t.Context(), "sqlite:"+path, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	if _, err := f.WriteAt([]byte{3}, 18); err != nil {
		t.Fatal(err)
	}
}

// inspected serves h with a certificate that no system trusts. The address that Slack
// returns for the socket then uses TLS too.
func inspected(t *testing.T, h http.Handler) *httptest.Server {
	t.Helper()
	srv := httptest.NewTLSServer(h)
	srv.Config.ErrorLog = log.New(io.Discard, "", 0)
	t.Cleanup(srv.Close)
	return srv
}

// smallDisk mounts a disk that is almost full.
func smallDisk(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	if out, err := exec.CommandContext(t.Context(), "mount", "-t", "tmpfs", "-o", "size=1m", "none", dir).CombinedOutput(); err != nil {
		t.Skipf("needs the right to mount a small disk: %v %s", err, out)
	}
	t.Cleanup(func() {
		if out, err := exec.Command("umount", dir).CombinedOutput(); err != nil {
			t.Errorf("umount: %v %s", err, out)
		}
	})
	return dir
}

func TestCommandLine(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		args []string
		code int
		says string
	}{
		{[]string{"--help"}, 0, "meetingbot doctor [--json]"},
		{[]string{"--yaml"}, 2, "doctor --help"},
		{[]string{"json"}, 2, `"json" is not an option`},
	} {
		var stdout, stderr bytes.Buffer
		code := doctor.Run(t.Context(), tt.args, nil, "v1", &stdout, &stderr)
		if code != tt.code || !strings.Contains(stdout.String()+stderr.String(), tt.says) {
			t.Errorf("Run(%q) = %d, %q, want %d, %q", tt.args, code, stdout.String()+stderr.String(), tt.code, tt.says)
		}
	}
}

// withChannelScope returns options for a Slack that tells which public channels exist.
func withChannelScope(more ...string) slacksim.Options {
	return slacksim.Options{Scopes: append([]string{"commands", "chat:write", "users:read", "users:read.email", "channels:read"}, more...)}
}

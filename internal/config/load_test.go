package config_test

import (
	"encoding/pem"
	"errors"
	"log/slog"
	"maps"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/kelseyhightower/envconfig"

	"meetingbot/internal/cancellation"
	"meetingbot/internal/config"
)

// minimal returns the smallest valid environment.
func minimal() map[string]string {
	return map[string]string{
		"SLACK_APP_TOKEN": "xapp-1-secretvalue", "SLACK_BOT_TOKEN": "xoxb-1-secretvalue",
		"MEETING_APP_ID": "appid", "MEETING_APP_KEY": "secretvalue-key",
	}
}

// with returns minimal with changes; the value "-" removes a variable.
func with(changes map[string]string) []string {
	env := minimal()
	maps.Copy(env, changes)
	var lines []string
	for _, name := range slices.Sorted(maps.Keys(env)) {
		if env[name] != "-" {
			lines = append(lines, name+"="+env[name])
		}
	}
	return lines
}

// certificate is a certificate in PEM form, made for these tests.
var certificate = func() string {
	s := httptest.NewUnstartedServer(nil)
	s.StartTLS()
	defer s.Close()
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.Certificate().Raw}))
}()

func write(t *testing.T, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "value")
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestDefaults(t *testing.T) {
	t.Parallel()
	want := config.Config{
		SlackAppToken: "xapp-1-secretvalue", SlackBotToken: "xoxb-1-secretvalue",
		SlackAPIURL: "https://slack.com/api/", SlackConnections: 2,
		MeetingAPIURL: "https://api.meeting.huaweicloud.com", MeetingAppID: "appid", MeetingAppKey: "secretvalue-key",
		DatabaseURL: "sqlite:meetingbot.db", SecondPerson: cancellation.SecondNever, ConfirmTTL: 15 * time.Minute,
		AskOwner: true, DelegationMax: 90 * 24 * time.Hour, ManyMax: 20, TellInvited: cancellation.TellAsk,
		Owners: config.Owners{}, CardDetails: "full", BotLocale: "en",
		HTTPAddr: ":8080", LogLevel: slog.LevelInfo, ShutdownTimeout: 20 * time.Second,
	}
	for _, tt := range []struct {
		name string
		more map[string]string
	}{
		{"only what must be", nil},
		{"empty is not set", map[string]string{"CONFIRM_TTL": "", "ALLOW_USERS": " ", "SLACK_CONNECTIONS": "", "DATABASE_URL": "", "BOT_LOCALE": "\n"}},
		{"line ends", map[string]string{"SLACK_APP_TOKEN": " xapp-1-secretvalue\r\n", "MEETING_APP_ID": "\ufeffappid\n"}},
		{"others' variables", map[string]string{
			"HTTP_PROXY": "http://proxy:1", "PATH": "/bin", "MEETING_API_PORT": "tcp://x", "DELEGATE_URL": "x", "CONFIRMATION_PAGE": "x",
			"MEETINGHUB_API_URL": "x", "KEPT": "1", "DEEP": "1", "keep": "1",
			"MEETINGBOT_TEST_POSTGRES": "x", "HTTPS_PROXY": "proxy.example.com:3128",
		}},
		{"slash", map[string]string{"SLACK_API_URL": "https://slack.com/api", "MEETING_API_URL": "https://api.meeting.huaweicloud.com/"}},
	} {
		got, err := config.Load(with(tt.more))
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Errorf("%s: Load() error %v, (-want +got):\n%s", tt.name, err, diff)
		}
	}
}

// TestLogLevel asserts that LOGLEVEL, which many programs read, is only a warning and
// never keeps the bot from starting.
func TestLogLevel(t *testing.T) {
	t.Parallel()
	got, err := config.Load(with(map[string]string{"LOGLEVEL": "debug"}))
	if diff := cmp.Diff([]config.UnknownVariable{{Name: "LOGLEVEL", Meant: "LOG_LEVEL"}}, got.Unread); diff != "" || err != nil {
		t.Errorf("Load() error %v, unread (-want +got):\n%s", err, diff)
	}
}

func TestValues(t *testing.T) {
	t.Parallel()
	owners := write(t, "# who is who\nana@corp,U024BE7LH\nBob , bob@example.com\n")
	got, err := config.Load(with(map[string]string{
		"SLACK_API_URL": "http://127.0.0.1:9/x", "SLACK_CONNECTIONS": "10", "MEETING_API_URL": "http://localhost:9/prefix/",
		"MEETING_APP_ID": "-", "MEETING_APP_KEY": "-", "MEETING_ACCOUNT": "admin", "MEETING_PASSWORD": `"secretvalue"`,
		"DATABASE_URL": "postgres://bot:secretvalue@db/bot", "ALLOW_USERS": "U1, W2,,U1", "ALLOW_USERGROUPS": "S1",
		"ALLOW_CHANNELS": "*", "SECOND_PERSON": "Always", "CONFIRM_TTL": "30s", "UNDO_WINDOW": "10m", "LEAD_TIME": "1h30m",
		"OWNER_MAP": owners, "CARD_DETAILS": "minimal", "BOT_LOCALE": "PT-br", "HTTP_ADDR": "", "LOG_LEVEL": "WARN",
		"LOG_FORMAT": "JSON", "SHUTDOWN_TIMEOUT": "5s", "SLACK_TEAM": "x", "ASK_OWNERSHIP": "off", "ALOW_USERS": "U3", "ALLOW_CHANNEL": "C3", "LOGFORMAT": "9",
		"MEETING_SITE_ID": "7", "MEETING_AUTHORIZATION_TYPE": "Third Portal", "ASK_OWNER": "OFF", "DELEGATION_MAX": "0", "MANY_MAX": "1",
		"TELL_INVITED": "Never", "KEEP": "1d12h", "SLACK_CA": certificate, "MEETING_CA": "leading text\n" + certificate + certificate,
	}))
	want := config.Config{
		SlackAppToken: "xapp-1-secretvalue", SlackBotToken: "xoxb-1-secretvalue",
		SlackAPIURL: "http://127.0.0.1:9/x/", SlackConnections: 10, MeetingAPIURL: "http://localhost:9/prefix",
		MeetingAccount: "admin", MeetingPassword: `"secretvalue"`, DatabaseURL: "postgres://bot:secretvalue@db/bot",
		AllowUsers: config.IDs{"U1", "W2"}, AllowUsergroups: config.IDs{"S1"}, AllowChannels: config.IDs{"*"},
		SecondPerson: cancellation.SecondAlways, ConfirmTTL: 30 * time.Second, UndoWindow: 10 * time.Minute, LeadTime: 90 * time.Minute,
		SiteID: "7", AuthorizationType: "Third Portal", ManyMax: 1, TellInvited: cancellation.TellNever, Keep: 36 * time.Hour,
		SlackCA: strings.TrimSpace(certificate), MeetingCA: "leading text\n" + certificate + strings.TrimSpace(certificate),
		OwnerMap: owners, Owners: config.Owners{"ana@corp": "U024BE7LH", "bob": "bob@example.com"},
		CardDetails: "minimal", BotLocale: "pt-BR", LogLevel: slog.LevelWarn,
		LogFormat: "json", ShutdownTimeout: 5 * time.Second,
		Unread: []config.UnknownVariable{
			{Name: "ALLOW_CHANNEL", Meant: "ALLOW_CHANNELS"},
			{Name: "ALOW_USERS", Meant: "ALLOW_USERS"},
			{Name: "ASK_OWNERSHIP"},
			{Name: "LOGFORMAT", Meant: "LOG_FORMAT"},
			{Name: "SLACK_TEAM"},
		},
	}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("Load() error %v, (-want +got):\n%s", err, diff)
	}
	if got.AppLogin() {
		t.Error("AppLogin() = true with an account, want false")
	}
}

func TestFiles(t *testing.T) {
	t.Parallel()
	got, err := config.Load(with(map[string]string{
		"SLACK_APP_TOKEN": "-", "SLACK_APP_TOKEN_FILE": write(t, "\ufeffxapp-from-file\r\n\n"),
		"MEETING_APP_KEY": "", "MEETING_APP_KEY_FILE": write(t, "\xff\xfek\x00e\x00y\x00\r\x00\n\x00"), // UTF-16, as the > of Windows PowerShell writes it
		"CONFIRM_TTL_FILE": write(t, " 1m "),
		"OWNER_MAP_FILE":   write(t, " ANA@corp,U024BE7LH\n"),
	}))
	if err != nil || got.SlackAppToken != "xapp-from-file" || got.MeetingAppKey != "key" || got.ConfirmTTL != time.Minute {
		t.Errorf("Load() = %q, %q, %v, %v, want the files' values",
			got.SlackAppToken.Reveal(), got.MeetingAppKey.Reveal(), got.ConfirmTTL, err)
	}
	if diff := cmp.Diff(config.Owners{"ana@corp": "U024BE7LH"}, got.Owners); diff != "" {
		t.Errorf("Owners (-want +got):\n%s", diff)
	}
}

// TestFaults has a row for each possible problem: the changes to a valid environment, and
// the resulting faults as name and problem.
func TestFaults(t *testing.T) {
	t.Parallel()
	type env = map[string]string
	for _, tt := range []struct {
		name string
		env  env
		want []string
	}{
		{"no tokens", env{"SLACK_APP_TOKEN": "", "SLACK_BOT_TOKEN": "-"}, []string{"SLACK_APP_TOKEN is missing", "SLACK_BOT_TOKEN is missing"}},
		{"tokens swapped", env{"SLACK_APP_TOKEN": "xoxb-secretvalue", "SLACK_BOT_TOKEN": "xapp-secretvalue"}, []string{
			"SLACK_APP_TOKEN begins with xoxb-: that is the token for SLACK_BOT_TOKEN",
			"SLACK_BOT_TOKEN begins with xapp-: that is the token for SLACK_APP_TOKEN",
		}},
		{"a user's token", env{"SLACK_BOT_TOKEN": "xoxp-secretvalue"}, []string{"SLACK_BOT_TOKEN does not begin with xoxb-"}},
		{"a token in quotes", env{"SLACK_APP_TOKEN": `"xapp-secretvalue"`, "SLACK_BOT_TOKEN": "'xoxb-secretvalue'"}, []string{
			"SLACK_APP_TOKEN is in quotation marks: leave them out", "SLACK_BOT_TOKEN is in quotation marks: leave them out",
		}},
		{"other values in quotes", env{"MEETING_APP_ID": `"secretvalue"`, "MEETING_APP_KEY": "-", "MEETING_APP_KEY_FILE": `"/nowhere"`, "CONFIRM_TTL": `"15m"`}, []string{
			"MEETING_APP_ID is in quotation marks: leave them out", "MEETING_APP_KEY_FILE is in quotation marks: leave them out", "CONFIRM_TTL is in quotation marks: leave them out",
		}},
		{"a file's value in quotes", env{"MEETING_APP_KEY": "-", "MEETING_APP_KEY_FILE": write(t, "'secretvalue'\n")}, []string{"MEETING_APP_KEY is in quotation marks: leave them out"}},
		{"lines of an environment file", env{
			"SLACK_APP_TOKEN": "SLACK_APP_TOKEN=xapp-secretvalue", "MEETING_APP_KEY": "-", "MEETING_APP_KEY_FILE": write(t, "export MEETING_APP_KEY=secretvalue\n"), "KEEP": "KEEP=1d",
		}, []string{"SLACK_APP_TOKEN begins with its own name", "MEETING_APP_KEY begins with its own name", "KEEP begins with its own name"}},
		{"half a token", env{"SLACK_BOT_TOKEN": "xoxb-"}, []string{"SLACK_BOT_TOKEN ends after xoxb-: it may be incomplete"}},
		{"two lines", env{"SLACK_APP_TOKEN": "xapp-secretvalue\nxapp-secretvalue"}, []string{"SLACK_APP_TOKEN contains spaces, line breaks or characters that no token has"}},
		{"url", env{"SLACK_API_URL": "secretvalue"}, []string{"SLACK_API_URL is not a web address"}},
		{"url scheme", env{"MEETING_API_URL": "ftp://secretvalue"}, []string{"MEETING_API_URL does not begin with https://"}},
		{"url in clear", env{"MEETING_API_URL": "http://secretvalue.example"}, []string{"MEETING_API_URL does not begin with https://; only addresses on this machine may use plain http"}},
		{"url with a user", env{"SLACK_API_URL": "https://secretvalue@x.example"}, []string{"SLACK_API_URL contains a user name"}},
		{"url with a query", env{"SLACK_API_URL": "https://x.example/?secretvalue"}, []string{"SLACK_API_URL contains more than a host and a path"}},
		{"no number", env{"SLACK_CONNECTIONS": "secretvalue"}, []string{"SLACK_CONNECTIONS is not a whole number"}},
		{"too many sockets", env{"SLACK_CONNECTIONS": "11"}, []string{"SLACK_CONNECTIONS is not between 1 and 10"}},
		{"more than any number", env{"SLACK_CONNECTIONS": "-99999999999999999999", "MANY_MAX": "99999999999999999999"}, []string{
			"SLACK_CONNECTIONS is not between 1 and 10", "MANY_MAX is not between 1 and 20",
		}},
		{"no login", env{"MEETING_APP_ID": "-", "MEETING_APP_KEY": "-"}, []string{"MEETING_APP_ID is missing, and so is the other login (MEETING_ACCOUNT, MEETING_PASSWORD): set one of them"}},
		{"both logins", env{"MEETING_ACCOUNT": "a", "MEETING_PASSWORD": "secretvalue"}, []string{"MEETING_APP_ID is set, and so is the other login (MEETING_ACCOUNT, MEETING_PASSWORD): keep one"}},
		{"no key", env{"MEETING_APP_KEY": "-"}, []string{"MEETING_APP_KEY is missing, but MEETING_APP_ID is set"}},
		{"no id", env{"MEETING_APP_ID": "-"}, []string{"MEETING_APP_ID is missing, but MEETING_APP_KEY is set"}},
		{"no password", env{"MEETING_APP_ID": "-", "MEETING_APP_KEY": "-", "MEETING_ACCOUNT": "a"}, []string{"MEETING_PASSWORD is missing, but MEETING_ACCOUNT is set"}},
		{
			"account with a colon",
			env{"MEETING_APP_ID": "-", "MEETING_APP_KEY": "-", "MEETING_ACCOUNT": "a:b", "MEETING_PASSWORD": "x"},
			[]string{"MEETING_ACCOUNT contains a colon, which this login can't carry"},
		},
		{
			"user id with an account",
			env{"MEETING_APP_ID": "-", "MEETING_APP_KEY": "-", "MEETING_ACCOUNT": "a", "MEETING_PASSWORD": "x", "MEETING_USER_ID": "secretvalue"},
			[]string{"MEETING_USER_ID belongs to the App ID login and has no effect with MEETING_ACCOUNT"},
		},
		{"Slack's token among the meeting service's", env{"MEETING_APP_KEY": "xoxb-secretvalue", "MEETING_USER_ID": "xapp-secretvalue", "MEETING_SITE_ID": "xoxp-secretvalue"}, []string{
			"MEETING_APP_KEY begins with xoxb-: that is a token for Slack, which the meeting service must not see",
			"MEETING_USER_ID begins with xapp-: that is a token for Slack, which the meeting service must not see",
			"MEETING_SITE_ID begins with xoxp-: that is a token for Slack, which the meeting service must not see",
		}},
		{
			"Slack's token as a password",
			env{"MEETING_APP_ID": "-", "MEETING_APP_KEY": "-", "MEETING_ACCOUNT": "a", "MEETING_PASSWORD_FILE": write(t, "xapp-secretvalue\n")},
			[]string{"MEETING_PASSWORD begins with xapp-: that is a token for Slack, which the meeting service must not see"},
		},
		{
			"two keys in a file",
			env{"MEETING_APP_KEY": "-", "MEETING_APP_KEY_FILE": write(t, "secretvalue\r\nsecretvalue\n")},
			[]string{"MEETING_APP_KEY has more than one line, or characters that can't be typed"},
		},
		{"no certificate", env{"MEETING_CA": "secretvalue"}, []string{"MEETING_CA contains no certificate in PEM form"}},
		{"database", env{"DATABASE_URL": "mysql://secretvalue"}, []string{"DATABASE_URL begins with neither sqlite: nor postgres://"}},
		{"database without a file", env{"DATABASE_URL": "sqlite:"}, []string{"DATABASE_URL names no file"}},
		{"database password", env{"DATABASE_URL": "postgres://bot:secret%value@db/bot"}, []string{"DATABASE_URL is not an address"}},
		{"database, a stray @ in the password", env{"DATABASE_URL": "postgres://user:p@secretvalue@host/db"}, []string{"DATABASE_URL is not an address"}},
		{"database, a stray @ and no database", env{"DATABASE_URL": "postgres://user:p@secretvalue@host?sslmode=require"}, []string{"DATABASE_URL is not an address"}},
		{"database, a stray @ and / in the password", env{"DATABASE_URL": "postgres://user:p@ss/secretvalue@host/db"}, []string{"DATABASE_URL is not an address"}},
		{"database, a stray / in the password", env{"DATABASE_URL": "postgres://user:12/secretvalue@host/db"}, []string{"DATABASE_URL is not an address"}},
		{"database, a stray ? in the password", env{"DATABASE_URL": "postgres://user:12?secretvalue@host/db"}, []string{"DATABASE_URL is not an address"}},
		{"database, a stray # in the password", env{"DATABASE_URL": "postgres://user:12#secretvalue@host/db"}, []string{"DATABASE_URL is not an address"}},
		{"database, a stray @ and ? in the password", env{"DATABASE_URL": "postgres://user:p@12?secret=value@host/db"}, []string{"DATABASE_URL is not an address"}},
		{"database, the same before parameters", env{"DATABASE_URL": "postgres://user:p@12?secretvalue@host/db?sslmode=require"}, []string{"DATABASE_URL is not an address"}},
		{"database, a path too much", env{"DATABASE_URL": "postgres://user@host/secretvalue/db"}, []string{"DATABASE_URL has a / in the database name"}},
		{"database, an address after sqlite:", env{"DATABASE_URL": "sqlite:postgres://user:secretvalue@host/db"}, []string{"DATABASE_URL is the address of a server, but SQLite needs a file"}},
		{"database, a server of SQLite", env{"DATABASE_URL": "sqlite://user:secretvalue@host/db"}, []string{"DATABASE_URL is the address of a server, but SQLite needs a file"}},
		{"database, two slashes", env{"DATABASE_URL": "sqlite://m.db"}, []string{"DATABASE_URL has two slashes before the file's name, which would put the file in the root folder"}},
		{"database, in memory", env{"DATABASE_URL": "sqlite::memory:"}, []string{"DATABASE_URL has something other than the path of a file after sqlite:"}},
		{"database, SQLite's own address", env{"DATABASE_URL": "sqlite:file:m.db"}, []string{"DATABASE_URL has something other than the path of a file after sqlite:"}},
		{"database, a path in quotes", env{"DATABASE_URL": `sqlite:"m.db"`}, []string{"DATABASE_URL has something other than the path of a file after sqlite:"}},
		{"database, parameters of a file", env{"DATABASE_URL": "sqlite:m.db?mode=ro"}, []string{"DATABASE_URL has parameters after a ?; a SQLite file takes none"}},
		{"database, sslmode", env{"DATABASE_URL": "postgres://user:secretvalue@host/db?sslmode=required"}, []string{"DATABASE_URL has an unknown sslmode"}},
		{
			"database, no CA file",
			env{"DATABASE_URL": "postgres://user:secretvalue@host/db?sslmode=verify-full&sslrootcert=/nowhere/secret.pem"},
			[]string{"DATABASE_URL has an sslrootcert that names a file that does not exist"},
		},
		{
			"database, CA file without a certificate",
			env{"DATABASE_URL": "postgres://host/db?sslrootcert=" + write(t, "secretvalue")},
			[]string{"DATABASE_URL has an sslrootcert whose file contains no certificate in PEM form"},
		},
		{"database, half a client certificate", env{"DATABASE_URL": "postgres://host/db?sslcert=/secret.pem"}, []string{"DATABASE_URL is refused by the PostgreSQL driver"}},
		{
			"database, client certificate",
			env{"DATABASE_URL": "postgres://host/db?sslcert=" + write(t, certificate) + "&sslkey=" + write(t, certificate)},
			[]string{"DATABASE_URL is refused by the PostgreSQL driver"},
		},
		{"database, parameters", env{"DATABASE_URL": "postgres://host/db?sslmode=%zzsecret"}, []string{"DATABASE_URL has parameters after the ? that can't be read"}},
		{"database, a parameter of the driver", env{"DATABASE_URL": "postgres://host/db?default_query_exec_mode=secretvalue"}, []string{"DATABASE_URL is refused by the PostgreSQL driver"}},
		{"database, port", env{"DATABASE_URL": "postgres://user:secretvalue@host:99999/db"}, []string{"DATABASE_URL is refused by the PostgreSQL driver"}},
		{"proxy", env{"HTTPS_PROXY": "http://user:sec ret@proxy"}, []string{"HTTPS_PROXY is not an address"}},
		{"proxy, a stray / in the password", env{"https_proxy": "http://user:p@ss/secretvalue@proxy:3128"}, []string{"https_proxy contains more than a user, a host and a port"}},
		{"proxy scheme", env{"HTTPS_PROXY": "ftp://secretvalue"}, []string{"HTTPS_PROXY does not begin with http://, https:// or socks5://"}},
		{"proxy with a line end", env{"HTTPS_PROXY": "http://secretvalue:1\n"}, []string{"HTTPS_PROXY begins or ends with a space or a line break"}},
		{
			"a key among certificates",
			env{"SLACK_CA": certificate + "-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----\n"},
			[]string{"SLACK_CA contains a private key; only certificates belong there"},
		},
		{
			"a bad certificate",
			env{"SLACK_CA": certificate + "-----BEGIN CERTIFICATE-----\nc2VjcmV0\n-----END CERTIFICATE-----\n"},
			[]string{"SLACK_CA contains a certificate that can't be read: number 2"},
		},
		{"half a certificate", env{"MEETING_CA": certificate + certificate[:len(certificate)/2]}, []string{"MEETING_CA ends in the middle of certificate number 2"}},
		{"headers", env{"MEETING_SITE_ID": "secret\nvalue", "MEETING_AUTHORIZATION_TYPE": strings.Repeat("secret", 50)}, []string{
			"MEETING_SITE_ID contains characters that a header can't carry", "MEETING_AUTHORIZATION_TYPE is longer than 256 characters",
		}},
		{"lists without an id", env{"ALLOW_USERS": ",", "ALLOW_USERGROUPS": " , ,,", "ALLOW_CHANNELS": ","}, []string{
			"ALLOW_USERS is set but contains no id", "ALLOW_USERGROUPS is set but contains no id", "ALLOW_CHANNELS is set but contains no id",
		}},
		{"a list in quotes", env{"ALLOW_CHANNELS": `","`}, []string{"ALLOW_CHANNELS is in quotation marks: leave them out"}},
		{"ask, let, several, tell, keep", env{"ASK_OWNER": "maybe", "DELEGATION_MAX": "367d", "MANY_MAX": "21", "TELL_INVITED": "some", "KEEP": "-1m"}, []string{
			"ASK_OWNER is neither on nor off", "DELEGATION_MAX is neither 0 nor between 1s and 366d", "MANY_MAX is not between 1 and 20",
			"TELL_INVITED is not one of the allowed values", "KEEP is neither 0 nor between 1s and 3660d",
		}},
		{"days", env{"KEEP": "1.5d", "DELEGATION_MAX": "12h1d", "LEAD_TIME": "-1d", "CONFIRM_TTL": "d"}, []string{
			"CONFIRM_TTL is not a duration: write a number and a unit, s, m, h or d", "LEAD_TIME is not a duration: write a number and a unit, s, m, h or d",
			"DELEGATION_MAX is not a duration: write a number and a unit, s, m, h or d", "KEEP is not a duration: write a number and a unit, s, m, h or d",
		}},
		{"user ids", env{"ALLOW_USERS": "U1,secretvalue,W2"}, []string{"ALLOW_USERS has an entry that is not a Slack user id: number 2"}},
		{"several wrong ids", env{"ALLOW_USERS": "@ana,U1,secretvalue,C1"}, []string{"ALLOW_USERS has 3 entries that are not Slack user ids: numbers 1, 3 and 4"}},
		{"an entry counts as typed", env{"ALLOW_USERS": "U1,,U1,x"}, []string{"ALLOW_USERS has an entry that is not a Slack user id: number 4"}},
		{"an entry wrong twice", env{"ALLOW_USERS": "U1,x,x"}, []string{"ALLOW_USERS has 2 entries that are not Slack user ids: numbers 2 and 3"}},
		{"a mention", env{"ALLOW_USERS": "<@U1>"}, []string{"ALLOW_USERS has an entry that is not a Slack user id: number 1"}},
		{"group ids", env{"ALLOW_USERGROUPS": "U1"}, []string{"ALLOW_USERGROUPS has an entry that is not a Slack user group id: number 1"}},
		{"channel ids", env{"ALLOW_CHANNELS": "C1,#general"}, []string{"ALLOW_CHANNELS has an entry that is not a Slack channel id: number 2"}},
		{"choices", env{"SECOND_PERSON": "secretvalue", "CARD_DETAILS": "x", "BOT_LOCALE": "pt", "LOG_FORMAT": "xml", "LOG_LEVEL": "loud"}, []string{
			"SECOND_PERSON is not one of the allowed values", "CARD_DETAILS is not one of the allowed values", "BOT_LOCALE is not one of the allowed values",
			"LOG_LEVEL is not one of the allowed values", "LOG_FORMAT is not one of the allowed values",
		}},
		{"no unit", env{"CONFIRM_TTL": "15", "LEAD_TIME": "1d0"}, []string{
			"CONFIRM_TTL is not a duration: write a number and a unit, s, m, h or d", "LEAD_TIME is not a duration: write a number and a unit, s, m, h or d",
		}},
		{"a sign after the days", env{"KEEP": "1d-0s", "LEAD_TIME": "1d+1h"}, []string{
			"LEAD_TIME is not a duration: write a number and a unit, s, m, h or d", "KEEP is not a duration: write a number and a unit, s, m, h or d",
		}},
		{"durations", env{"CONFIRM_TTL": "25h", "UNDO_WINDOW": "-1s", "LEAD_TIME": "721h", "SHUTDOWN_TIMEOUT": "0s"}, []string{
			"CONFIRM_TTL is not between 1s and 24h", "UNDO_WINDOW is not between 0s and 10m",
			"LEAD_TIME is not between 0s and 30d", "SHUTDOWN_TIMEOUT is not between 1s and 10m",
		}},
		{"longer than any duration", env{"CONFIRM_TTL": "99999999999999999999s", "UNDO_WINDOW": "9999999h", "LEAD_TIME": "70000d", "KEEP": "99999999999999999999999d"}, []string{
			"CONFIRM_TTL is not between 1s and 24h", "UNDO_WINDOW is not between 0s and 10m",
			"LEAD_TIME is not between 0s and 30d", "KEEP is neither 0 nor between 1s and 3660d",
		}},
		{"address", env{"HTTP_ADDR": "8080"}, []string{"HTTP_ADDR is not a host and a port separated by a colon"}},
		{"port", env{"HTTP_ADDR": ":http8"}, []string{"HTTP_ADDR has no port between 0 and 65535"}},

		{"misspelt", env{"SECOND_PERSN": "always", "ALLOW_USER": "U1", "SLCK_APP_TOKEN": "x", "SLACK_APP_TOKEN": "-"}, []string{
			"SLACK_APP_TOKEN is missing", "ALLOW_USER is not read by this program", "SECOND_PERSN is not read by this program", "SLCK_APP_TOKEN is not read by this program",
		}},
		{"misspelt at the beginning", env{
			"ALOW_USERS": "U1", "LEADTIME": "1h", "UNDOWINDOW": "9s", "DATABSE_URL": "sqlite:x", "CARDDETAILS": "full", "CONFRM_TTL": "1m",
		}, []string{
			"ALOW_USERS is not read by this program", "CARDDETAILS is not read by this program", "CONFRM_TTL is not read by this program",
			"DATABSE_URL is not read by this program", "LEADTIME is not read by this program", "UNDOWINDOW is not read by this program",
		}},
		{"misspelt behind any of the beginnings", env{"ASK_WONRE": "off", "LEAD_TMIEX": "1h", "TELL_NIVITDE": "never"}, []string{
			"ASK_WONRE is not read by this program", "LEAD_TMIEX is not read by this program", "TELL_NIVITDE is not read by this program",
		}},
		{"another form of the word", env{"DELEGATE_MAX": "1d", "CONFIRMATION_TTL_FILE": "x"}, []string{
			"CONFIRMATION_TTL_FILE is not read by this program", "DELEGATE_MAX is not read by this program",
		}},
		{"misspelt, with the right one set and another fault", env{"ALLOW_USERS": "U1", "ALOW_USERS": "U2", "SLACK_BOT_TOKEN": "-"}, []string{
			"SLACK_BOT_TOKEN is missing", "ALOW_USERS is not read by this program",
		}},
		{"characters that can't be seen", env{"\ufeffSECOND_PERSON": "always", "LEAD_TIME ": "1h"}, []string{
			`"LEAD_TIME " is not read by this program`, `"\ufeffSECOND_PERSON" is not read by this program`,
		}},
		{"small letters", env{"undo_window": "1s", "ask_owner": "off"}, []string{"ask_owner is not read by this program", "undo_window is not read by this program"}},
		{"a prefix", env{"MEETINGBOT_SECOND_PERSON": "always", "MEETINGBOT_KEEP": "1d", "MEETINGBOT_ASK_OWNR": "off", "MEETINGBOT_LEAD_TIME_FILE": "x"}, []string{
			"MEETINGBOT_ASK_OWNR is not read by this program", "MEETINGBOT_KEEP is not read by this program",
			"MEETINGBOT_LEAD_TIME_FILE is not read by this program", "MEETINGBOT_SECOND_PERSON is not read by this program",
		}},

		{"value and file", env{"MEETING_APP_KEY_FILE": "/nowhere"}, []string{"MEETING_APP_KEY is set, and so is MEETING_APP_KEY_FILE"}},
		{"no file", env{"MEETING_APP_KEY": "-", "MEETING_APP_KEY_FILE": "/nowhere/key"}, []string{"MEETING_APP_KEY_FILE names a file that does not exist"}},
		{"a directory", env{"MEETING_APP_KEY": "-", "MEETING_APP_KEY_FILE": t.TempDir()}, []string{"MEETING_APP_KEY_FILE names a folder, not a file"}},
		{"empty file", env{"SLACK_BOT_TOKEN": "-", "SLACK_BOT_TOKEN_FILE": write(t, " \n")}, []string{"SLACK_BOT_TOKEN_FILE names an empty file: it may be incomplete"}},
		{"binary file", env{"SLACK_BOT_TOKEN": "-", "SLACK_BOT_TOKEN_FILE": write(t, "xoxb-1\x00\x00\x00")}, []string{"SLACK_BOT_TOKEN_FILE names a file that is not text or is incomplete"}},
		{
			"half of a UTF-16 file",
			env{"SLACK_BOT_TOKEN": "-", "SLACK_BOT_TOKEN_FILE": write(t, "\xff\xfex\x00o\x00x")},
			[]string{"SLACK_BOT_TOKEN_FILE names a file that is not text or is incomplete"},
		},
		{"huge file", env{"MEETING_CA_FILE": write(t, strings.Repeat("x", 1<<20+1))}, []string{"MEETING_CA_FILE names a file of more than 1048576 bytes"}},
		{"no map", env{"OWNER_MAP": "/nowhere/owners.csv"}, []string{"OWNER_MAP names a file that does not exist"}},
		{"map", env{"OWNER_MAP": write(t, "ana,U1\n,U2\nbob,secretvalue\ncarl\ndora,a@b,x\nana,U2\n\"x\"y,U3\nANA,U1\n")}, []string{
			"OWNER_MAP line 2 has no meeting account", "OWNER_MAP line 3 has neither a Slack user id nor an e-mail address in its second column",
			"OWNER_MAP line 4 needs two columns, not 1", "OWNER_MAP line 5 needs two columns, not 3", "OWNER_MAP line 6 maps an account that another line already maps to someone else",
			`OWNER_MAP line 7 is not CSV: extraneous or missing " in quoted-field`,
		}},
		{"a long wrong map", env{"OWNER_MAP": write(t, strings.Repeat("secretvalue\n", 30))}, append(linesOf(20), "OWNER_MAP has more wrong lines, not listed here: 10")},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := config.Load(with(tt.env))
			var faults *config.Faults
			if !errors.As(err, &faults) {
				t.Fatalf("Load() = %+v, %v, want faults", got, err)
			}
			var lines []string
			for _, f := range faults.List {
				lines = append(lines, f.Name+" "+f.Problem)
				if f.Hint == "" {
					t.Errorf("fault %q has no hint", f)
				}
				if !strings.Contains(err.Error(), "\n  "+f.String()) {
					t.Errorf("Error() = %q, want the line %q in it", err, f)
				}
			}
			if diff := cmp.Diff(tt.want, lines); diff != "" {
				t.Errorf("faults (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(config.Config{}, got); diff != "" {
				t.Errorf("Load() with faults is not zero (-want +got):\n%s", diff)
			}
			if strings.Contains(err.Error(), "secret") {
				t.Errorf("Error() = %q shows a value", err)
			}
		})
	}
}

func linesOf(n int) []string {
	var lines []string
	for i := range n {
		lines = append(lines, "OWNER_MAP line "+strconv.Itoa(i+1)+" needs two columns, not 1")
	}
	return lines
}

// TestSecretForAPath puts the secret where the path of its file belongs.
func TestSecretForAPath(t *testing.T) {
	t.Parallel()
	_, err := config.Load(with(map[string]string{"SLACK_BOT_TOKEN": "-", "SLACK_BOT_TOKEN_FILE": "xoxb-1-secretvalue"}))
	if err == nil || strings.Contains(err.Error(), "secretvalue") || !strings.Contains(err.Error(), "the path of a file") {
		t.Errorf("Load() with a token for a path = %v, want a fault that does not repeat it", err)
	}
}

// TestValueInFile asserts that what is around a value is blamed on the file it is in.
func TestValueInFile(t *testing.T) {
	t.Parallel()
	for _, content := range []string{`"secretvalue"`, "MEETING_APP_KEY=secretvalue"} {
		_, err := config.Load(with(map[string]string{"MEETING_APP_KEY": "-", "MEETING_APP_KEY_FILE": write(t, content)}))
		if err == nil || !strings.Contains(err.Error(), "→ the file that MEETING_APP_KEY_FILE names must contain the value and nothing else") {
			t.Errorf("Load() with %s in a file = %v, want a hint about the file", content, err)
		}
	}
}

// TestLockedFolder asserts that a path into a folder of another user is not taken for the value.
func TestLockedFolder(t *testing.T) {
	t.Parallel()
	path := write(t, "secretvalue")
	if err := os.Chmod(filepath.Dir(path), 0); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.Chmod(filepath.Dir(path), 0o700) })
	if _, err := os.Stat(path); err == nil {
		t.Skip("this user may enter any folder")
	}
	_, err := config.Load(with(map[string]string{"MEETING_APP_KEY": "-", "MEETING_APP_KEY_FILE": path}))
	if err == nil || !strings.Contains(err.Error(), "this user may not read → let the bot's user read the file and enter its folders") {
		t.Errorf("Load() with a file in a locked folder = %v, want to be told to unlock it", err)
	}
}

// TestUnexpandedPaths has paths as people write them in a shell or in a systemd unit. In an
// environment file nothing replaces their beginnings, and a folder called ~ helps nobody.
func TestUnexpandedPaths(t *testing.T) {
	t.Parallel()
	for _, path := range []string{"~/x", "$HOME/x", "${HOME}/x", "%S/meetingbot/x", `%USERPROFILE%\x`} {
		for name, value := range map[string]string{
			"SLACK_CA_FILE": path, "OWNER_MAP": path, "DATABASE_URL": "sqlite:" + path,
		} {
			_, err := config.Load(with(map[string]string{name: value}))
			if err == nil || !strings.Contains(err.Error(), "write the whole path") {
				t.Errorf("Load() with %s=%s = %v, want a hint to write the whole path", name, value, err)
			}
		}
	}
	_, err := config.Database([]string{"DATABASE_URL=postgres://bot@db/bot?sslrootcert=~/ca.pem"})
	if err == nil || !strings.Contains(err.Error(), "write the whole path") {
		t.Errorf("Database() with an sslrootcert in ~ = %v, want a hint to write the whole path", err)
	}
}

// TestGoodDatabases has addresses that must not be refused.
func TestGoodDatabases(t *testing.T) {
	t.Parallel()
	for _, url := range []string{
		"sqlite:meetingbot.db", "sqlite: meetingbot.db", "sqlite:/data/m.db", "sqlite:///data/m.db",
		"postgres://bot@db/bot", "postgresql://bot:p%40ss%2Fw%25rd@db:5432/bot?sslmode=verify-full",
		"postgres:///bot?host=/run/postgresql&user=bot@corp", "postgres://bot:p@db/bot?application_name=bot@eu", "postgres://a:1,b:2/bot?target_session_attrs=read-write",
		"postgres://bot@db/bot?sslmode=verify-full&sslrootcert=" + write(t, certificate),
	} {
		if _, err := config.Database([]string{"DATABASE_URL=" + url}); err != nil {
			t.Errorf("Database(%q) = %v, want no fault", url, err)
		}
	}
}

// TestEnvconfigAgrees reads the same environment with envconfig, whose tags Config uses.
func TestEnvconfigAgrees(t *testing.T) {
	env := minimal()
	maps.Copy(env, map[string]string{"ALLOW_USERS": "U1,W2", "CONFIRM_TTL": "1m", "LOG_LEVEL": "debug", "SECOND_PERSON": "end", "BOT_LOCALE": "es"})
	// For these two, Load reads more than envconfig does: on, off and days.
	maps.Copy(env, map[string]string{"ASK_OWNER": "true", "DELEGATION_MAX": "24h"})
	for name, value := range env {
		t.Setenv(name, value)
	}
	var want config.Config
	if err := envconfig.Process("", &want); err != nil {
		t.Fatal(err)
	}
	got, err := config.Load(os.Environ())
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got, cmpopts.IgnoreFields(config.Config{}, "Owners", "Unread")); diff != "" {
		t.Errorf("Load() differs from envconfig (-want +got):\n%s", diff)
	}
}

// TestHintOfEverybody asserts that the hint explains * for groups too, where it also
// means everyone, member of a group or not.
func TestHintOfEverybody(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"ALLOW_USERS", "ALLOW_USERGROUPS"} {
		_, err := config.Load(with(map[string]string{name: "C1"}))
		if err == nil || !strings.Contains(err.Error(), "or * for everyone") {
			t.Errorf("Load() with a wrong %s = %v, want a hint that * is for everyone", name, err)
		}
	}
}

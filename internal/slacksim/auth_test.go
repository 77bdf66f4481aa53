package slacksim_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"meetingbot/internal/slacksim"
)

const (
	formKind = "application/x-www-form-urlencoded"
	jsonKind = "application/json"
)

func TestTokens(t *testing.T) {
	t.Parallel()
	form := func(token string) string { return url.Values{"token": {token}, "user": {ana}}.Encode() }
	for _, row := range []struct {
		name, method, kind, bearer, body, code, journal string
	}{
		{"bot token in the form", "auth.test", formKind, "", form(botToken), "", "bot"},
		{"bot token in the header", "auth.test", "", botToken, "", "", "bot"},
		{"header and JSON", "users.info", jsonKind, botToken, `{"user":"` + ana + `"}`, "", "bot"},
		{"token inside JSON", "users.info", jsonKind, "", `{"token":"` + botToken + `","user":"` + ana + `"}`, "not_authed", "none"},
		{"no token", "auth.test", formKind, "", "", "not_authed", "none"},
		{"foreign token", "auth.test", "", "xoxb-9", "", "invalid_auth", "bot"},
		{"no token at all", "auth.test", "", "secret", "", "invalid_auth", "unknown"},
		{"app token for a bot's method", "users.info", "", appToken, "", "not_allowed_token_type", "app"},
		{"app token says whose it is", "auth.test", "", appToken, "", "", "app"},
		{"app token says nothing in the form", "auth.test", formKind, "", form(appToken), "not_authed", "app"},
		{"app token in the header", "apps.connections.open", "", appToken, "", "", "app"},
		{"app token in the form", "apps.connections.open", formKind, "", form(appToken), "not_authed", "app"},
		{"bot token for the socket", "apps.connections.open", "", botToken, "", "not_allowed_token_type", "bot"},
		{"foreign app token", "apps.connections.open", "", "xapp-9", "", "invalid_auth", "app"},
		{"bad JSON", "users.info", jsonKind, botToken, `{"user":`, "invalid_json", "bot"},
		{"some other body", "users.info", "text/plain", botToken, "user=" + ana, "invalid_post_type", "bot"},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, slacksim.Options{})
			_, body := w.do(http.MethodPost, "/api/"+row.method, row.kind, row.bearer, row.body)
			var got reply
			if err := json.Unmarshal(body, &got); err != nil || got.code() != row.code || (got["ok"] == true) != (row.code == "") {
				t.Errorf("POST %s = %s, want error %q", row.method, body, row.code)
			}
			calls := w.Calls(row.method)
			if len(calls) != 1 || calls[0].Token != row.journal || calls[0].Error != row.code {
				t.Errorf("Calls(%s) = %+v, want one by %q with error %q", row.method, calls, row.journal, row.code)
			}
			for _, c := range calls {
				for name, value := range c.Form {
					if strings.Contains(value, "xoxb-") || strings.Contains(value, "xapp-") {
						t.Errorf("journal shows %s=%q, want dots", name, value)
					}
				}
			}
		})
	}
}

func TestQueryOfAGet(t *testing.T) {
	t.Parallel()
	w := newWorld(t, slacksim.Options{})
	if _, body := w.do(http.MethodGet, "/api/users.info?user="+ana, "", botToken, ""); !strings.Contains(string(body), `"ok":true`) {
		t.Errorf("GET users.info = %s, want ok", body)
	}
	if _, body := w.do(http.MethodGet, "/api/auth.test?token="+botToken, "", "", ""); !strings.Contains(string(body), "not_authed") {
		t.Errorf("GET auth.test with the token in the query = %s, want not_authed", body)
	}
}

func TestScopes(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		method, needed string
		args           []string
	}{
		{"chat.postMessage", "chat:write", []string{"channel", general, "text", "a"}},
		{"chat.update", "chat:write", []string{"channel", general, "ts", "1.0", "text", "a"}},
		{"chat.delete", "chat:write", []string{"channel", general, "ts", "1.0"}},
		{"chat.postEphemeral", "chat:write", []string{"channel", general, "user", ana, "text", "a"}},
		{"users.info", "users:read", []string{"user", ana}},
		{"users.lookupByEmail", "users:read.email", []string{"email", "ana@example.com"}},
		{"conversations.open", "im:write", []string{"users", ana}},
		{"usergroups.users.list", "usergroups:read", []string{"usergroup", "S0IT"}},
		{"conversations.history", "channels:history", []string{"channel", general}},
		{"conversations.history", "im:history", []string{"channel", "D0ANA"}},
		{"conversations.replies", "channels:history", []string{"channel", general, "ts", "1.0"}},
	} {
		w := newWorld(t, slacksim.Options{Scopes: []string{"commands", "reactions:read"}})
		w.DM(ana)
		got := w.call(row.method, row.args...)
		if got.code() != "missing_scope" || got.str("needed") != row.needed || got.str("provided") != "commands,reactions:read" {
			t.Errorf("%s = %v, want missing_scope, needed %s", row.method, got, row.needed)
		}
		with := newWorld(t, slacksim.Options{Scopes: []string{"commands", row.needed}})
		with.DM(ana)
		if got := with.call(row.method, row.args...); got.code() == "missing_scope" {
			t.Errorf("%s with %s = %v, want no missing_scope", row.method, row.needed, got)
		}
	}
	w := newWorld(t, slacksim.Options{AppScopes: []string{"authorizations:read"}})
	if _, body := w.do(http.MethodPost, "/api/apps.connections.open", "", appToken, ""); !strings.Contains(string(body), `"needed":"connections:write"`) {
		t.Errorf("apps.connections.open = %s, want missing_scope", body)
	}
}

func TestScopeHeaders(t *testing.T) {
	t.Parallel()
	w := newWorld(t, slacksim.Options{})
	resp, body := w.do(http.MethodPost, "/api/auth.test", "", botToken, "")
	if got := resp.Header.Get("X-OAuth-Scopes"); got != "commands,chat:write,users:read,users:read.email" {
		t.Errorf("X-OAuth-Scopes = %q, want the minimum", got)
	}
	for _, want := range []string{`"team_id":"T0SIM"`, `"user_id":"U0BOT"`, `"bot_id":"B0BOT"`, `"url":"https://sim.slack.com/"`} {
		if !strings.Contains(string(body), want) {
			t.Errorf("auth.test = %s, want %s", body, want)
		}
	}
}

func TestUnknownMethod(t *testing.T) {
	t.Parallel()
	w := newWorld(t, slacksim.Options{})
	if got := w.call("chat.sendTelegram"); got.code() != "unknown_method" {
		t.Errorf("chat.sendTelegram = %v, want unknown_method", got)
	}
	if got := w.Violations(); !slices.Contains(got, "unknown method chat.sendTelegram") {
		t.Errorf("Violations() = %q, want the unknown method", got)
	}
}

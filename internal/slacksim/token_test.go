package slacksim_test

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"

	"meetingbot/internal/slacksim"
)

// ask calls a method with a form, with the token wherever the test puts it.
func (w *world) ask(path, bearer, body string) reply {
	w.t.Helper()
	_, data := w.do(http.MethodPost, path, formKind, bearer, body)
	var answer reply
	if err := json.Unmarshal(data, &answer); err != nil {
		w.t.Fatalf("POST %s answered %q: %v", path, data, err)
	}
	return answer
}

func TestStrictToken(t *testing.T) {
	t.Parallel()
	for _, row := range []struct{ name, path, bearer, body, lax, strict, where string }{
		{"header", "/api/auth.test", botToken, "a=b", "", "", "header"},
		{"body", "/api/auth.test", "", "token=" + botToken, "", "not_authed", "body"},
		{"both", "/api/auth.test", botToken, "token=" + botToken, "", "not_authed", "header"},
		{"address", "/api/auth.test?token=" + botToken, botToken, "a=b", "", "not_authed", "header"},
		{"address alone", "/api/auth.test?token=" + botToken, "", "a=b", "not_authed", "not_authed", "none"},
		{"nowhere", "/api/auth.test", "", "a=b", "not_authed", "not_authed", "none"},
	} {
		for strict, want := range map[bool]string{false: row.lax, true: row.strict} {
			w := newWorld(t, slacksim.Options{StrictToken: strict})
			if got := w.ask(row.path, row.bearer, row.body); got.code() != want {
				t.Errorf("%s, strict %v: auth.test = %v, want error %q", row.name, strict, got, want)
			}
			if got := w.Calls("auth.test"); len(got) != 1 || got[0].TokenIn != row.where {
				t.Errorf("%s: journal = %+v, want the token in %q", row.name, got, row.where)
			}
			told := slices.Contains(w.Violations(), "auth.test: a token outside the Authorization header")
			if exposed := strings.Contains(row.path+row.body, "token="); told != (strict && exposed) {
				t.Errorf("%s, strict %v: Violations() = %q", row.name, strict, w.Violations())
			}
		}
	}
}

func TestAppTokenNamesItsApp(t *testing.T) {
	t.Parallel()
	w := newWorld(t, slacksim.Options{AppID: "A0MINE", BotAppID: "A0OTHER"})
	if got := w.ask("/api/auth.test", appToken, ""); got.str("app_id") != "A0MINE" || got["user_id"] != nil {
		t.Errorf("auth.test with the app-level token = %v, want its app and nothing about the bot", got)
	}
	bot := w.ask("/api/bots.info", botToken, "bot=B0BOT")
	if at(bot, "bot", "app_id") != "A0OTHER" {
		t.Errorf("bots.info = %v, want the bot's app A0OTHER", bot)
	}
}

func TestRefusedTokens(t *testing.T) {
	t.Parallel()
	w := newWorld(t, slacksim.Options{})
	code := func(token string) string { return w.ask("/api/auth.test", token, "").code() }
	steps := []struct {
		name  string
		do    func()
		token string
		want  string
	}{
		{"valid", func() {}, botToken, ""},
		{"revoked", func() { w.RefuseToken(botToken, "token_revoked") }, botToken, "token_revoked"},
		{"restored", func() { w.RefuseToken(botToken, "") }, botToken, ""},
		{"rotated", func() { w.RotateBotToken("xoxb-2-sim") }, botToken, "token_expired"},
		{"the new one", func() {}, "xoxb-2-sim", ""},
		{"the old one back", func() { w.RefuseToken(botToken, "") }, botToken, ""},
		{"the app token revoked", func() { w.RefuseToken(appToken, "account_inactive") }, appToken, "account_inactive"},
		{"never issued", func() { w.RefuseToken("xoxb-9", "token_revoked") }, "xoxb-9", "invalid_auth"},
	}
	for _, step := range steps {
		step.do()
		if got := code(step.token); got != step.want {
			t.Errorf("%s: auth.test = %q, want %q", step.name, got, step.want)
		}
	}
}

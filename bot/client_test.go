package bot_test

import (
	"context"
	"encoding/json"
	"encoding/pem"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/slack-go/slack"

	"meetingbot/bot"
	"meetingbot/bot/internal/fake"
)

// TestTokensOnlyInHeader makes every kind of call and looks for tokens outside the Authorization header.
func TestTokensOnlyInHeader(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.Answer("hook", fake.Reply("ok"))
	c := bot.NewClient(f.config())
	_, _ = c.Post(t.Context(), bot.MessageRef{Channel: "C1"}, card())
	_ = c.OpenModal(t.Context(), "1.2", bot.Modal{})
	_ = c.PublishHome(t.Context(), "U1", bot.Home{}, "")
	_, _ = c.Person(t.Context(), "U1")
	_, _ = c.Permalink(t.Context(), bot.MessageRef{Channel: "C1", TS: "1.1"})
	_, _ = c.AppOfAppToken(t.Context())
	_, _ = c.AppOfBotToken(t.Context())
	_ = c.Respond(t.Context(), bot.Secret(f.URL+"/hook/1"), bot.Response{Message: card()})
	_, _ = c.SocketURL(t.Context())
	for _, made := range f.Calls() {
		if strings.Contains(made.Path+made.Body, "xoxb-") || strings.Contains(made.Path+made.Body, "xapp-") || strings.Contains(made.Body, "token=") {
			t.Errorf("%s has a token in %s or in its body %s", made.Method, made.Path, made.Body)
		}
		if (made.Auth == "") != (made.Method == "hook") {
			t.Errorf("%s: Authorization = %q", made.Method, made.Auth)
		}
	}
	if n := len(f.Calls()); n != 10 {
		t.Errorf("calls = %d, want 10", n)
	}
}

// TestAppOfEachToken detects tokens of two different apps, without a socket.
func TestAppOfEachToken(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.Answer("auth.test", func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") == "Bearer xapp-1-secret" {
			fake.Reply(`{"ok":true,"app_name":"Meetings","app_id":"A1"}`)(w, r)
			return
		}
		fake.Reply(`{"ok":true,"team_id":"T1","user_id":"UBOT","bot_id":"B1"}`)(w, r)
	})
	f.Answer("bots.info", fake.Reply(`{"ok":true,"bot":{"id":"B1","app_id":"A2","name":"Other"}}`))
	c := bot.NewClient(f.config())
	byApp, err := c.AppOfAppToken(t.Context())
	if err != nil || byApp != "A1" {
		t.Errorf("AppOfAppToken() = %s, %v, want A1", byApp, err)
	}
	byBot, err := c.AppOfBotToken(t.Context())
	if err != nil || byBot != "A2" {
		t.Errorf("AppOfBotToken() = %s, %v, want A2", byBot, err)
	}
	if got := f.Made("bots.info")[0].Body; got != "bot=B1" {
		t.Errorf("bots.info body = %q, want bot=B1", got)
	}
}

// TestTeamIDSentForOrgInstall: team_id goes only to methods that want it, and only for an organisation-wide install.
func TestTeamIDSentForOrgInstall(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct{ install, want string }{
		"organisation":           {`true`, "T9"},
		"organisation as string": {`"true"`, "T9"},
		"workspace":              {`false`, ""},
		"null":                   {`null`, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFake(t)
			f.Answer("auth.test", fake.Reply(`{"ok":true,"team_id":"E1","enterprise_id":"E1","user_id":"UBOT","bot_id":"B1","is_enterprise_install":`+tt.install+`}`))
			c := bot.NewClient(f.config())
			id, err := c.Identify(t.Context())
			if err != nil || id.OrgInstall != (tt.want != "") {
				t.Fatalf("Identify() = %+v, %v, want organisation-wide %t", id, err, tt.want != "")
			}
			ctx := bot.WithTeam(t.Context(), "T9")
			_, _ = c.Person(ctx, "U1")
			_, _ = c.PersonByEmail(ctx, "ana@acme.example")
			_, _ = c.GroupMembers(ctx, "S1")
			_, _ = c.DirectChannel(ctx, "U1")
			_ = c.PublishHome(ctx, "U1", bot.Home{}, "")
			_, _ = c.Post(ctx, bot.MessageRef{Channel: "C1"}, bot.Message{Text: "x"})
			_, _ = c.Person(bot.WithTeam(t.Context(), ""), "U2")
			for _, method := range []string{"users.info", "users.lookupByEmail", "usergroups.users.list", "conversations.open", "views.publish"} {
				if got := f.Made(method)[0].Form.Get("team_id"); got != tt.want {
					t.Errorf("%s: team_id = %q, want %q", method, got, tt.want)
				}
			}
			if f.Made("chat.postMessage")[0].Form.Has("team_id") || f.Made("users.info")[1].Form.Has("team_id") {
				t.Error("team_id was sent to a method that doesn't want it, or without a known team")
			}
		})
	}
}

func TestPublishHome(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.Answer("views.publish", fake.InTurn(fake.Reply(`{"ok":true,"view":{"id":"V1","hash":"2"}}`), fake.Reply(`{"ok":false,"error":"hash_conflict"}`)))
	c := bot.NewClient(f.config())
	home := bot.Home{HomeTabViewRequest: slack.HomeTabViewRequest{Blocks: slack.Blocks{BlockSet: []slack.Block{slack.NewDividerBlock()}}}}
	if err := c.PublishHome(t.Context(), "U1", home, ""); err != nil {
		t.Fatalf("PublishHome() = %v", err)
	}
	err := c.PublishHome(t.Context(), "U1", home, "1")
	if !errors.Is(err, bot.ErrHashConflict) || bot.Class(err) != "hash_conflict" {
		t.Errorf("PublishHome() with a stale hash = %v, want ErrHashConflict", err)
	}
	calls := f.Made("views.publish")
	if _, sent := calls[0].Form["hash"]; sent || calls[1].Form.Get("hash") != "1" || calls[0].Form.Get("user_id") != "U1" {
		t.Errorf("views.publish got %v, then %v, want the user, and the hash only the second time", calls[0].Form, calls[1].Form)
	}
	var view struct{ Type string }
	if err := json.Unmarshal([]byte(calls[0].Form.Get("view")), &view); err != nil || view.Type != "home" {
		t.Errorf("view = %s, want a home", calls[0].Form.Get("view"))
	}
}

func TestValidateBlocks(t *testing.T) {
	t.Parallel()
	wrong := `"errors":[{"pointer":"/blocks/0/type","code":"failed_constraint","message":"must be known","constraint":{"type":"enum","got":"x"},"field":"type"}]}`
	problem := []bot.BlockProblem{{
		Pointer: "/blocks/0/type", Code: "failed_constraint", Message: "must be known",
	}}
	for name, tt := range map[string]struct {
		v      any
		answer string
		field  string // the form field sent
		holds  string // a part of its value
		want   []bot.BlockProblem
		err    error
	}{
		"message valid":   {card(), `{"ok":true}`, "message", `"action_id":"confirm"`, nil, nil},
		"message refused": {card(), `{"ok":false,"error":"invalid_message",` + wrong, "message", `"text":"Cancel`, problem, nil},
		"modal refused":   {bot.Modal{}, `{"ok":false,"error":"invalid_view",` + wrong, "view", `"type":"modal"`, problem, nil},
		"home valid":      {bot.Home{}, `{"ok":true,"errors":[]}`, "view", `"type":"home"`, []bot.BlockProblem{}, nil},
		"bad arguments":   {card(), `{"ok":false,"error":"invalid_arguments"}`, "message", "", nil, bot.ErrBadMessage},
		"bad token":       {card(), `{"ok":false,"error":"invalid_auth"}`, "message", "", nil, bot.ErrCredentials},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFake(t)
			f.Answer("blocks.validate", fake.Reply(tt.answer))
			got, err := bot.NewClient(f.config()).ValidateBlocks(t.Context(), tt.v)
			if diff := cmp.Diff(tt.want, got); diff != "" || !errors.Is(err, tt.err) {
				t.Errorf("ValidateBlocks() = %v, want %v; problems (-want +got):\n%s", err, tt.err, diff)
			}
			form := f.Made("blocks.validate")[0].Form
			if len(form) != 1 || !strings.Contains(form.Get(tt.field), tt.holds) {
				t.Errorf("sent %v, want one field %s with %s", form, tt.field, tt.holds)
			}
		})
	}
}

// TestCertificatesApplyEverywhere covers the Web API and response_urls; package socket covers sockets.
func TestCertificatesApplyEverywhere(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.Answer("hook", fake.Reply("ok"))
	tls := f.OverTLS()
	cfg := f.config()
	cfg.APIURL = tls.URL + "/api/"
	if _, err := bot.NewClient(cfg).Identify(t.Context()); err == nil || !strings.Contains(err.Error(), "certificate") {
		t.Errorf("Identify() without the certificate = %v, want it named", err)
	}
	var err error
	if cfg.HTTP, err = bot.NewHTTP(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: tls.Certificate().Raw})); err != nil {
		t.Fatal(err)
	}
	c := bot.NewClient(cfg)
	defer c.Close()
	if _, err := c.Identify(t.Context()); err != nil {
		t.Errorf("Identify() = %v", err)
	}
	if err := c.Respond(t.Context(), bot.Secret(tls.URL+"/hook/1"), bot.Response{Message: card()}); err != nil {
		t.Errorf("Respond() = %v", err)
	}
}

func TestCloseCancelsLookUps(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	ctx, cancel := context.WithCancel(t.Context())
	f.Answer("users.info", func(_ http.ResponseWriter, r *http.Request) { cancel(); <-r.Context().Done() })
	f.Answer("chat.postMessage", fake.Reply(`{"ok":true,"ts":"1.1"}`))
	c := bot.NewClient(f.config())
	if _, err := c.Person(ctx, "U1"); !errors.Is(err, context.Canceled) {
		t.Errorf("Person() = %v, want that its caller gave up", err)
	}
	c.Close() // otherwise goleak finds the look-up that outlived its caller
	if _, err := c.Person(t.Context(), "U2"); err == nil || bot.Permanent(err) {
		t.Errorf("Person() after Close() = %v, want an error that is not about the person", err)
	}
	if _, err := c.Post(t.Context(), bot.MessageRef{Channel: "C1"}, bot.Message{Text: "x"}); err != nil {
		t.Errorf("Post() after Close() = %v, want it to work", err)
	}
}

func TestTimeOffset(t *testing.T) {
	t.Parallel()
	for answer, want := range map[string]time.Duration{
		`{"id":"U1","tz":"Asia/Kathmandu","tz_offset":20700}`:    5*time.Hour + 45*time.Minute,
		`{"id":"U1","tz":"America/New_York","tz_offset":-18000}`: -5 * time.Hour,
		`{"id":"U1"}`: 0,
	} {
		f := newFake(t)
		f.Answer("users.info", fake.Reply(`{"ok":true,"user":`+answer+`}`))
		p, err := bot.NewClient(f.config()).Person(t.Context(), "U1")
		if err != nil || p.TimeOffset != want || (p.TimeZone != "") != (want != 0) {
			t.Errorf("Person() of %s = %+v, %v, want %s", answer, p, err, want)
		}
	}
}

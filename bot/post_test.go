package bot_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/slack-go/slack"

	"meetingbot/bot"
)

func card() bot.Message {
	return bot.Message{
		Text: "Cancel <this>?",
		Blocks: []slack.Block{slack.NewActionBlock("", slack.NewButtonBlockElement("confirm", "r1",
			slack.NewTextBlockObject(slack.PlainTextType, "Cancel meeting", false, false)))},
		Metadata: &bot.Metadata{Type: "card", Payload: map[string]string{"request": "r1"}},
	}
}

const (
	cardBlocks = "%5B%7B%22type%22%3A%22actions%22%2C%22elements%22%3A%5B%7B%22type%22%3A%22button%22%2C%22text%22%3A%7B%22type%22%3A%22plain_text%22%2C%22text%22%3A%22Cancel+meeting%22%2C%22emoji%22%3Afalse%7D%2C%22action_id%22%3A%22confirm%22%2C%22value%22%3A%22r1%22%7D%5D%7D%5D"
	cardMeta   = "%7B%22event_type%22%3A%22card%22%2C%22event_payload%22%3A%7B%22request%22%3A%22r1%22%7D%7D"
	cardText   = "Cancel+%3Cthis%3E%3F"
	token      = "token=xoxb-2-secret"
)

// TestRequestsByteForByte makes every call once and compares what arrives with what Slack's pages ask for.
func TestRequestsByteForByte(t *testing.T) {
	t.Parallel()
	posted := `{"ok":true,"channel":"D9","ts":"1700000000.000100","message":{"text":"x","blocks":[{"type":"actions","elements":"not a list"}]}}`
	for name, tt := range map[string]struct {
		method string // path of the request
		answer string
		do     func(context.Context, *bot.Bot) (any, error)
		want   any
		body   string
		auth   string
	}{
		"Post": {
			method: "chat.postMessage", answer: posted,
			do:   func(ctx context.Context, b *bot.Bot) (any, error) { return b.Post(ctx, "C1", card()) },
			want: bot.MessageRef{Channel: "D9", TS: "1700000000.000100"},
			body: "blocks=" + cardBlocks + "&channel=C1&metadata=" + cardMeta + "&text=" + cardText + "&" + token + "&unfurl_links=false&unfurl_media=false",
		},
		"Reply": {
			method: "chat.postMessage", answer: posted,
			do: func(ctx context.Context, b *bot.Bot) (any, error) {
				return b.Reply(ctx, bot.MessageRef{Channel: "C1", TS: "1.2"}, bot.Message{Text: "done"})
			},
			want: bot.MessageRef{Channel: "D9", TS: "1700000000.000100"},
			body: "channel=C1&text=done&thread_ts=1.2&" + token + "&unfurl_links=false&unfurl_media=false",
		},
		"DM": {
			method: "chat.postMessage", answer: posted,
			do: func(ctx context.Context, b *bot.Bot) (any, error) {
				return b.DM(ctx, "U1", bot.Message{Text: "done"})
			},
			want: bot.MessageRef{Channel: "D9", TS: "1700000000.000100"},
			body: "channel=U1&text=done&" + token + "&unfurl_links=false&unfurl_media=false",
		},
		"Update": {
			method: "chat.update", answer: posted,
			do: func(ctx context.Context, b *bot.Bot) (any, error) {
				return nil, b.Update(ctx, bot.MessageRef{Channel: "C1", TS: "1.2"}, card())
			},
			body: "blocks=" + cardBlocks + "&channel=C1&metadata=" + cardMeta + "&text=" + cardText + "&" + token + "&ts=1.2",
		},
		"Ephemeral": {
			method: "chat.postEphemeral", answer: `{"ok":true,"message_ts":"1.1"}`,
			do: func(ctx context.Context, b *bot.Bot) (any, error) {
				return nil, b.Ephemeral(ctx, "C1", "U1", "1.2", bot.Message{Text: "no"})
			},
			body: "channel=C1&text=no&thread_ts=1.2&" + token + "&user=U1",
		},
		"Permalink": {
			method: "chat.getPermalink?channel=C1&message_ts=1.2", answer: `{"ok":true,"channel":"C1","permalink":"https://acme.slack.com/p"}`,
			do: func(ctx context.Context, b *bot.Bot) (any, error) {
				return b.Permalink(ctx, bot.MessageRef{Channel: "C1", TS: "1.2"})
			},
			want: "https://acme.slack.com/p",
			auth: "Bearer xoxb-2-secret",
		},
		"OpenModal": {
			method: "views.open", answer: `{"ok":true,"view":{"id":"V1"}}`,
			do: func(ctx context.Context, b *bot.Bot) (any, error) {
				return nil, b.OpenModal(ctx, "1.2.3", bot.Modal{ModalViewRequest: slack.ModalViewRequest{
					Title: slack.NewTextBlockObject(slack.PlainTextType, "Why?", false, false), CallbackID: "reason", PrivateMetadata: "r1",
				}})
			},
			body: `{"trigger_id":"1.2.3","view":{"type":"modal","title":{"type":"plain_text","text":"Why?","emoji":false},"blocks":null,"private_metadata":"r1","callback_id":"reason"}}`,
			auth: "Bearer xoxb-2-secret",
		},
		"Person": {
			method: "users.info",
			answer: `{"ok":true,"user":{"id":"U1","team_id":"T1","name":"ana","real_name":"Ana S","deleted":true,"is_bot":true,"is_restricted":true,
				"is_stranger":true,"tz":"America/Sao_Paulo","locale":"pt-BR","enterprise_user":{"enterprise_id":"E1"},
				"profile":{"email":"ana@acme.example","display_name":"","real_name":"Ana Souza"}}}`,
			do: func(ctx context.Context, b *bot.Bot) (any, error) { return b.Person(ctx, "U1") },
			want: bot.Person{
				ID: "U1", Team: "T1", Enterprise: "E1", Name: "Ana Souza", Email: "ana@acme.example", Locale: "pt-BR",
				TimeZone: "America/Sao_Paulo", Deleted: true, Bot: true, Guest: true, Stranger: true,
			},
			body: "include_locale=true&" + token + "&user=U1",
		},
		"PersonByEmail": {
			method: "users.lookupByEmail", answer: `{"ok":true,"user":{"id":"U2","team_id":"T1","name":"bob","is_ultra_restricted":true,"profile":{"email":"bob@acme.example","display_name":"Bob"}}}`,
			do:   func(ctx context.Context, b *bot.Bot) (any, error) { return b.PersonByEmail(ctx, " Bob@acme.example ") },
			want: bot.Person{ID: "U2", Team: "T1", Name: "Bob", Email: "bob@acme.example", Guest: true},
			body: "email=Bob%40acme.example&" + token,
		},
		"GroupMembers": {
			method: "usergroups.users.list", answer: `{"ok":true,"users":["U1","U2"]}`,
			do:   func(ctx context.Context, b *bot.Bot) (any, error) { return b.GroupMembers(ctx, "S1") },
			want: []bot.UserID{"U1", "U2"},
			body: token + "&usergroup=S1",
		},
		"DirectChannel": {
			method: "conversations.open", answer: `{"ok":true,"channel":{"id":"D1","user":"U1","is_im":true}}`,
			do:   func(ctx context.Context, b *bot.Bot) (any, error) { return b.DirectChannel(ctx, "U1") },
			want: bot.ChannelID("D1"),
			body: "return_im=true&" + token + "&users=U1",
		},
		"Identify": {
			method: "auth.test", answer: `{"ok":true,"url":"https://acme.slack.com/","team_id":"T1","enterprise_id":"E1","user_id":"UBOT","bot_id":"B1"}`,
			do: func(ctx context.Context, b *bot.Bot) (any, error) { return b.Identify(ctx) },
			want: bot.Identity{
				Team: "T1", Enterprise: "E1", User: "UBOT", BotID: "B1", TeamURL: "https://acme.slack.com/",
				Scopes: []string{"channels:history", "chat:write", "commands"},
			},
			body: token,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFake(t)
			method, _, _ := strings.Cut(tt.method, "?")
			f.answer(method, func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("X-OAuth-Scopes", "commands,chat:write,channels:history")
				reply(tt.answer)(w, r)
			})
			got, err := tt.do(t.Context(), bot.New(f.config()))
			if err != nil {
				t.Fatalf("%s() = %v", name, err)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("%s() mismatch (-want +got):\n%s", name, diff)
			}
			calls := f.made(method)
			if len(calls) != 1 {
				t.Fatalf("%d calls of %s, want 1", len(calls), method)
			}
			c := calls[0]
			if c.Path != "/api/"+tt.method || c.Body != tt.body || c.Auth != tt.auth {
				t.Errorf("request:\npath %s\nauth %q\nbody %s\nwant:\npath /api/%s\nauth %q\nbody %s", c.Path, c.Auth, c.Body, tt.method, tt.auth, tt.body)
			}
		})
	}
}

func TestRespondBodies(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		r    bot.Response
		want string
	}{
		"Ephemeral": {
			bot.Response{Message: bot.Message{Text: "no <https://a|b>"}},
			`{"response_type":"ephemeral","replace_original":false,"text":"no \u003chttps://a|b\u003e"}`,
		},
		"InChannel": {
			bot.Response{Message: card(), InChannel: true},
			`{"response_type":"in_channel","replace_original":false,"text":"Cancel \u003cthis\u003e?","blocks":[{"type":"actions","elements":[{"type":"button",` +
				`"text":{"type":"plain_text","text":"Cancel meeting","emoji":false},"action_id":"confirm","value":"r1"}]}],` +
				`"metadata":{"event_type":"card","event_payload":{"request":"r1"}},"unfurl_links":false,"unfurl_media":false}`,
		},
		"Thread": {
			bot.Response{Message: bot.Message{Text: "x"}, InChannel: true, Thread: "1.2"},
			`{"response_type":"in_channel","replace_original":false,"thread_ts":"1.2","text":"x","unfurl_links":false,"unfurl_media":false}`,
		},
		"Replace": {bot.Response{Message: bot.Message{Text: "x"}, Replace: true, InChannel: true}, `{"replace_original":true,"text":"x"}`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFake(t)
			f.answer("hook", reply("ok"))
			if err := bot.New(f.config()).Respond(t.Context(), bot.Secret(f.URL+"/hook/1"), tt.r); err != nil {
				t.Fatalf("Respond() = %v", err)
			}
			c := f.made("hook")[0]
			if c.Body != tt.want || c.Type != "application/json; charset=utf-8" || c.Auth != "" {
				t.Errorf("request (type %q, auth %q):\n%s\nwant\n%s", c.Type, c.Auth, c.Body, tt.want)
			}
		})
	}
}

// TestOutcomes goes through everything that a post and an answer can come back as.
func TestOutcomes(t *testing.T) {
	t.Parallel()
	refuse := func(code string) http.HandlerFunc { return reply(`{"ok":false,"error":"` + code + `"}`) }
	for name, tt := range map[string]struct {
		answer    http.HandlerFunc
		want      error
		permanent bool
		class     string
		status    int
	}{
		"not_in_channel":         {refuse("not_in_channel"), bot.ErrCannotPost, true, "cannot_post", 0},
		"channel_not_found":      {refuse("channel_not_found"), bot.ErrCannotPost, true, "cannot_post", 0},
		"is_archived":            {refuse("is_archived"), bot.ErrCannotPost, true, "cannot_post", 0},
		"no_permission":          {refuse("no_permission"), bot.ErrCannotPost, true, "cannot_post", 0},
		"thread locked":          {refuse("restricted_action_thread_locked"), bot.ErrCannotPost, true, "cannot_post", 0},
		"message_not_found":      {refuse("message_not_found"), bot.ErrGone, true, "gone", 0},
		"edit_window_closed":     {refuse("edit_window_closed"), bot.ErrGone, true, "gone", 0},
		"user_disabled":          {refuse("user_disabled"), bot.ErrNoSuchPerson, true, "no_such_person", 0},
		"cannot_dm_bot":          {refuse("cannot_dm_bot"), bot.ErrNoSuchPerson, true, "no_such_person", 0},
		"invalid_blocks":         {refuse("invalid_blocks"), bot.ErrBadMessage, true, "bad_message", 0},
		"msg_too_long":           {refuse("msg_too_long"), bot.ErrBadMessage, true, "bad_message", 0},
		"token_revoked":          {refuse("token_revoked"), bot.ErrCredentials, true, "credentials", 0},
		"missing_scope":          {refuse("missing_scope"), bot.ErrMissingScope, true, "missing_scope", 0},
		"something new":          {refuse("something_new"), bot.ErrRefused, true, "refused", 0},
		"ratelimited":            {refuse("ratelimited"), bot.ErrThrottled, false, "throttled", 0},
		"internal_error":         {refuse("internal_error"), bot.ErrUnavailable, false, "unavailable", 0},
		"429":                    {status(429, "Retry-After", "30"), bot.ErrThrottled, false, "throttled", 429},
		"500":                    {status(500), bot.ErrUnavailable, false, "unavailable", 500},
		"503 with Retry-After":   {status(503, "Retry-After", "1"), bot.ErrUnavailable, false, "unavailable", 503},
		"404":                    {status(404), bot.ErrUnavailable, false, "unavailable", 404},
		"403":                    {status(403), bot.ErrCredentials, true, "credentials", 403},
		"413":                    {status(413), bot.ErrBadMessage, true, "bad_message", 413},
		"redirect":               {status(307, "Location", "/api/elsewhere"), bot.ErrUnavailable, false, "unavailable", 307},
		"HTML with 200":          {status(200), bot.ErrUnavailable, false, "unavailable", 0},
		"half a JSON":            {reply(`{"ok":true,"chan`), bot.ErrUnavailable, false, "unavailable", 0},
		"empty object":           {reply(`{}`), bot.ErrUnavailable, false, "unavailable", 0},
		"null":                   {reply(`null`), bot.ErrUnavailable, false, "unavailable", 0},
		"list":                   {reply(`[]`), bot.ErrUnavailable, false, "unavailable", 0},
		"nothing":                {reply(``), bot.ErrUnavailable, false, "unavailable", 0},
		"no without a reason":    {reply(`{"ok":false}`), bot.ErrUnavailable, false, "unavailable", 0},
		"yes without time stamp": {reply(`{"ok":true,"channel":"C1"}`), bot.ErrUnavailable, false, "unavailable", 0},
		"hang up":                {func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, bot.ErrUnavailable, false, "unavailable", 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFake(t)
			f.answer("chat.postMessage", tt.answer)
			ctx, cancel := context.WithTimeout(t.Context(), 500*time.Millisecond)
			defer cancel()
			_, err := bot.New(f.config()).Post(ctx, "C1", bot.Message{Text: "x"})
			if !errors.Is(err, tt.want) || bot.Permanent(err) != tt.permanent || bot.Temporary(err) == tt.permanent || bot.Class(err) != tt.class {
				t.Errorf("Post() = %v: class %s, permanent %t, temporary %t, want %v, %s, %t",
					err, bot.Class(err), bot.Permanent(err), bot.Temporary(err), tt.want, tt.class, tt.permanent)
			}
			if e, ok := errors.AsType[*bot.Error](err); !ok || e.Status != tt.status || e.Method != "chat.postMessage" {
				t.Errorf("Post() = %+v, want a *bot.Error of chat.postMessage with status %d", e, tt.status)
			}
			if n := len(f.made("chat.postMessage")); n != 1 {
				t.Errorf("requests = %d, want 1: a post is not repeated", n)
			}
			if n := len(f.made("elsewhere")); n != 0 {
				t.Error("the token followed a redirect")
			}
			if strings.Contains(err.Error(), "secret") || strings.Contains(err.Error(), f.URL) {
				t.Errorf("Post() = %v, which gives an address or a secret away", err)
			}
		})
	}
}

func TestScopeErrorsSayWhich(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.answer("users.info", reply(`{"ok":false,"error":"missing_scope","needed":"users:read","provided":"chat:write,commands"}`))
	_, err := bot.New(f.config()).Person(t.Context(), "U1")
	e, _ := errors.AsType[*bot.Error](err)
	if e == nil || e.Needed != "users:read" || e.Provided != "chat:write,commands" || !strings.Contains(err.Error(), "needs users:read") {
		t.Errorf("Person() = %v, want both scopes named", err)
	}
}

func TestRefusedMessagesSayWhatIsWrong(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.answer("chat.postMessage", reply(`{"ok":false,"error":"invalid_blocks","response_metadata":{"messages":["[ERROR] must be shorter [json-pointer:/blocks/0/text]"]}}`))
	_, err := bot.New(f.config()).Post(t.Context(), "C1", bot.Message{Text: "x"})
	if err == nil || !strings.Contains(err.Error(), "json-pointer:/blocks/0/text") {
		t.Errorf("Post() = %v, want it to say which block", err)
	}
}

func TestRespondOutcomes(t *testing.T) {
	t.Parallel()
	body := func(code int, text string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(code)
			_, _ = w.Write([]byte(text))
		}
	}
	for name, tt := range map[string]struct {
		answer http.HandlerFunc
		want   error
	}{
		"ok as text":          {body(200, "ok"), nil},
		"ok as JSON":          {body(200, `{"ok":true}`), nil},
		"nothing":             {body(200, ""), nil},
		"404":                 {body(404, ""), bot.ErrGone},
		"404 used_url":        {body(404, `{"ok":false,"error":"used_url"}`), bot.ErrGone},
		"200 expired_url":     {body(200, `{"ok":false,"error":"expired_url"}`), bot.ErrGone},
		"400 invalid_blocks":  {body(400, `{"ok":false,"error":"invalid_blocks"}`), bot.ErrBadMessage},
		"500":                 {body(500, `server_error`), bot.ErrUnavailable},
		"HTML":                {body(200, `<html>`), bot.ErrUnavailable},
		"ratelimited":         {body(200, `{"ok":false,"error":"ratelimited"}`), bot.ErrThrottled},
		"429":                 {status(429, "Retry-After", "60"), bot.ErrThrottled},
		"connection cut":      {func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, bot.ErrUnavailable},
		"redirect not chased": {status(302, "Location", "/hook/2"), bot.ErrUnavailable},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFake(t)
			f.answer("hook", tt.answer)
			ctx, cancel := context.WithTimeout(t.Context(), 500*time.Millisecond)
			defer cancel()
			err := bot.New(f.config()).Respond(ctx, bot.Secret(f.URL+"/hook/secret"), bot.Response{Message: bot.Message{Text: "x"}})
			if !errors.Is(err, tt.want) {
				t.Errorf("Respond() = %v, want %v", err, tt.want)
			}
			if err != nil && strings.Contains(err.Error(), "secret") {
				t.Errorf("Respond() = %v, which gives the url away", err)
			}
			if n := len(f.made("hook")); n != 1 {
				t.Errorf("requests = %d, want 1", n)
			}
		})
	}
}

// TestNothingIsSent has all the ways in which a call ends before anything leaves.
func TestNothingIsSent(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	over, cancel := context.WithCancel(t.Context())
	cancel()
	dead := f.config()
	dead.APIURL = "http://127.0.0.1:1/api/"
	b := bot.New(f.config())
	hello := bot.Message{Text: "x"}
	for name, tt := range map[string]struct {
		do   func() error
		want error
	}{
		"context over": {func() error { _, err := b.Post(over, "C1", hello); return err }, context.Canceled},
		"nobody there": {func() error { _, err := bot.New(dead).Post(t.Context(), "C1", hello); return err }, bot.ErrNotSent},
		"no text":      {func() error { _, err := b.Post(t.Context(), "C1", bot.Message{}); return err }, bot.ErrBadMessage},
		"no update":    {func() error { return b.Update(t.Context(), bot.MessageRef{}, bot.Message{}) }, bot.ErrBadMessage},
		"no answer": {func() error {
			return b.Respond(t.Context(), bot.Secret(f.URL+"/hook/1"), bot.Response{})
		}, bot.ErrBadMessage},
		"no url":     {func() error { return b.Respond(t.Context(), "", bot.Response{Message: hello}) }, bot.ErrGone},
		"not a url":  {func() error { return b.Respond(t.Context(), "http://[::secret", bot.Response{Message: hello}) }, bot.ErrGone},
		"no trigger": {func() error { return b.OpenModal(t.Context(), "", bot.Modal{}) }, bot.ErrGone},
		"bad modal": {func() error {
			twice := slack.NewInputBlock("same", nil, nil, nil)
			return b.OpenModal(t.Context(), "1", bot.Modal{ModalViewRequest: slack.ModalViewRequest{Blocks: slack.Blocks{BlockSet: []slack.Block{twice, twice}}}})
		}, bot.ErrBadMessage},
		"no e-mail": {func() error { _, err := b.PersonByEmail(t.Context(), "  "); return err }, bot.ErrNoSuchPerson},
	} {
		t.Run(name, func(t *testing.T) {
			err := tt.do()
			if !errors.Is(err, tt.want) || !errors.Is(err, bot.ErrNotSent) {
				t.Errorf("= %v, want %v and ErrNotSent", err, tt.want)
			}
			if strings.Contains(err.Error(), "secret") {
				t.Errorf("= %v, which gives the url away", err)
			}
		})
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.calls) != 0 {
		t.Errorf("requests = %+v, want none", f.calls)
	}
}

func TestTimeoutAfterSendingIsUnknown(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.answer("chat.postMessage", func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	_, err := bot.New(f.config()).Post(ctx, "C1", bot.Message{Text: "x"})
	if !errors.Is(err, bot.ErrUnavailable) || errors.Is(err, bot.ErrNotSent) || !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("Post() = %v, want ErrUnavailable for a deadline and not ErrNotSent", err)
	}
}

func TestDMToNobody(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.answer("chat.postMessage", reply(`{"ok":false,"error":"channel_not_found"}`))
	_, err := bot.New(f.config()).DM(t.Context(), "U404", bot.Message{Text: "x"})
	if !errors.Is(err, bot.ErrNoSuchPerson) {
		t.Errorf("DM() = %v, want ErrNoSuchPerson", err)
	}
}

// TestNoSilentRepeat kills kept-alive connections at the moment a post has been read: net/http must not send it again.
func TestNoSilentRepeat(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	good := reply(`{"ok":true,"channel":"C1","ts":"1.1"}`)
	f.answer("chat.postMessage", good)
	b := bot.New(f.config())
	if _, err := b.Post(t.Context(), "C1", bot.Message{Text: "first"}); err != nil {
		t.Fatalf("Post() = %v", err)
	}
	f.answer("chat.postMessage", func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) })
	_, err := b.Post(t.Context(), "C1", bot.Message{Text: "second"})
	if !errors.Is(err, bot.ErrUnavailable) || errors.Is(err, bot.ErrNotSent) {
		t.Errorf("Post() = %v, want ErrUnavailable: it may have been posted", err)
	}
	if n := len(f.made("chat.postMessage")); n != 2 {
		t.Errorf("requests = %d, want 2: one each", n)
	}
}

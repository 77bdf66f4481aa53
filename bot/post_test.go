package bot_test

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/slack-go/slack"

	"meetingbot/bot"
	"meetingbot/bot/internal/fake"
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
)

// TestRequests makes every call once and compares the request byte for byte with Slack's documentation.
func TestRequests(t *testing.T) {
	t.Parallel()
	posted := `{"ok":true,"channel":"D9","ts":"1700000000.000100","message":{"text":"x","blocks":[{"type":"actions","elements":"not a list"}]}}`
	for name, tt := range map[string]struct {
		method string // path of the request
		answer string
		do     func(context.Context, *bot.Client) (any, error)
		want   any
		body   string
	}{
		"Post": {
			method: "chat.postMessage", answer: posted,
			do: func(ctx context.Context, b *bot.Client) (any, error) {
				return b.Post(ctx, bot.MessageRef{Channel: "C1"}, card())
			},
			want: bot.MessageRef{Channel: "D9", TS: "1700000000.000100"},
			body: "blocks=" + cardBlocks + "&channel=C1&metadata=" + cardMeta + "&text=" + cardText + "&unfurl_links=false&unfurl_media=false",
		},
		"Reply": {
			method: "chat.postMessage", answer: posted,
			do: func(ctx context.Context, b *bot.Client) (any, error) {
				return b.Post(ctx, bot.MessageRef{Channel: "C1", TS: "1.2"}, bot.Message{Text: "done"})
			},
			want: bot.MessageRef{Channel: "D9", TS: "1700000000.000100"},
			body: "channel=C1&text=done&thread_ts=1.2&unfurl_links=false&unfurl_media=false",
		},
		"DM": {
			method: "chat.postMessage", answer: posted,
			do: func(ctx context.Context, b *bot.Client) (any, error) {
				return b.DM(ctx, "U1", bot.Message{Text: "done"})
			},
			want: bot.MessageRef{Channel: "D9", TS: "1700000000.000100"},
			body: "channel=U1&text=done&unfurl_links=false&unfurl_media=false",
		},
		"Update": {
			method: "chat.update", answer: posted,
			do: func(ctx context.Context, b *bot.Client) (any, error) {
				return nil, b.Update(ctx, bot.MessageRef{Channel: "C1", TS: "1.2"}, card())
			},
			body: "blocks=" + cardBlocks + "&channel=C1&metadata=" + cardMeta + "&text=" + cardText + "&ts=1.2",
		},
		"Ephemeral": {
			method: "chat.postEphemeral", answer: `{"ok":true,"message_ts":"1.1"}`,
			do: func(ctx context.Context, b *bot.Client) (any, error) {
				return nil, b.Ephemeral(ctx, "C1", "U1", "1.2", bot.Message{Text: "no"})
			},
			body: "channel=C1&text=no&thread_ts=1.2&user=U1",
		},
		"Permalink": {
			method: "chat.getPermalink", answer: `{"ok":true,"channel":"C1","permalink":"https://acme.slack.com/p"}`,
			do: func(ctx context.Context, b *bot.Client) (any, error) {
				return b.Permalink(ctx, bot.MessageRef{Channel: "C1", TS: "1.2"})
			},
			want: "https://acme.slack.com/p",
			body: "channel=C1&message_ts=1.2",
		},
		"OpenModal": {
			method: "views.open", answer: `{"ok":true,"view":{"id":"V1"}}`,
			do: func(ctx context.Context, b *bot.Client) (any, error) {
				return nil, b.OpenModal(ctx, "1.2.3", bot.Modal{ModalViewRequest: slack.ModalViewRequest{
					Title: slack.NewTextBlockObject(slack.PlainTextType, "Why?", false, false), CallbackID: "reason", PrivateMetadata: "r1",
				}})
			},
			body: "trigger_id=1.2.3&view=" + url.QueryEscape(`{"type":"modal","title":{"type":"plain_text","text":"Why?","emoji":false},"blocks":null,"private_metadata":"r1","callback_id":"reason"}`),
		},
		"Person": {
			method: "users.info",
			answer: `{"ok":true,"user":{"id":"U1","team_id":"T1","name":"ana","real_name":"Ana S","deleted":true,"is_bot":true,"is_restricted":true,
				"is_stranger":true,"tz":"America/Sao_Paulo","locale":"pt-BR","enterprise_user":{"enterprise_id":"E1"},
				"profile":{"email":"ana@acme.example","display_name":"","real_name":"Ana Souza"}}}`,
			do: func(ctx context.Context, b *bot.Client) (any, error) { return b.Person(ctx, "U1") },
			want: bot.Person{
				ID: "U1", Team: "T1", Enterprise: "E1", Name: "Ana Souza", Email: "ana@acme.example", Locale: "pt-BR",
				TimeZone: "America/Sao_Paulo", Deleted: true, Bot: true, Guest: true, External: true,
			},
			body: "include_locale=true&user=U1",
		},
		"Slackbot": {
			method: "users.info", answer: `{"ok":true,"user":{"id":"USLACKBOT","team_id":"T1","name":"slackbot","is_bot":false}}`,
			do:   func(ctx context.Context, b *bot.Client) (any, error) { return b.Person(ctx, "USLACKBOT") },
			want: bot.Person{ID: "USLACKBOT", Team: "T1", Name: "slackbot", Bot: true},
			body: "include_locale=true&user=USLACKBOT",
		},
		"PersonByEmail": {
			method: "users.lookupByEmail", answer: `{"ok":true,"user":{"id":"U2","team_id":"T1","name":"bob","is_ultra_restricted":true,"profile":{"email":"bob@acme.example","display_name":"Bob"}}}`,
			do: func(ctx context.Context, b *bot.Client) (any, error) {
				return b.PersonByEmail(ctx, " Bob@acme.example ")
			},
			want: bot.Person{ID: "U2", Team: "T1", Name: "Bob", Email: "bob@acme.example", Guest: true},
			body: "email=Bob%40acme.example",
		},
		"GroupMembers": {
			method: "usergroups.users.list", answer: `{"ok":true,"users":["U1","U2"]}`,
			do:   func(ctx context.Context, b *bot.Client) (any, error) { return b.GroupMembers(ctx, "S1") },
			want: []bot.UserID{"U1", "U2"},
			body: "usergroup=S1",
		},
		"DirectChannel": {
			method: "conversations.open", answer: `{"ok":true,"channel":{"id":"D1","user":"U1","is_im":true}}`,
			do:   func(ctx context.Context, b *bot.Client) (any, error) { return b.DirectChannel(ctx, "U1") },
			want: bot.ChannelID("D1"),
			body: "return_im=true&users=U1",
		},
		"Identify": {
			method: "auth.test", answer: `{"ok":true,"url":"https://acme.slack.com/","team_id":"T1","enterprise_id":"E1","user_id":"UBOT","bot_id":"B1"}`,
			do: func(ctx context.Context, b *bot.Client) (any, error) { return b.Identify(ctx) },
			want: bot.Identity{
				Team: "T1", Enterprise: "E1", User: "UBOT", BotID: "B1", TeamURL: "https://acme.slack.com/",
				Scopes: []string{"channels:history", "chat:write", "commands"},
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFake(t)
			method, _, _ := strings.Cut(tt.method, "?")
			f.Answer(method, func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("X-OAuth-Scopes", "commands,chat:write,channels:history")
				fake.Reply(tt.answer)(w, r)
			})
			got, err := tt.do(t.Context(), bot.NewClient(f.config()))
			if err != nil {
				t.Fatalf("%s() = %v", name, err)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("%s() mismatch (-want +got):\n%s", name, diff)
			}
			const auth = "Bearer xoxb-2-secret"
			calls := f.Made(method)
			if len(calls) != 1 {
				t.Fatalf("%d calls of %s, want 1", len(calls), method)
			}
			c := calls[0]
			if c.Path != "/api/"+tt.method || c.Body != tt.body || c.Auth != auth {
				t.Errorf("request:\npath %s\nauth %q\nbody %s\nwant:\npath /api/%s\nauth %q\nbody %s", c.Path, c.Auth, c.Body, tt.method, auth, tt.body)
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
			f.Answer("hook", fake.Reply("ok"))
			if err := bot.NewClient(f.config()).Respond(t.Context(), bot.Secret(f.URL+"/hook/1"), tt.r); err != nil {
				t.Fatalf("Respond() = %v", err)
			}
			c := f.Made("hook")[0]
			if c.Body != tt.want || c.Type != "application/json; charset=utf-8" || c.Auth != "" {
				t.Errorf("request (type %q, auth %q):\n%s\nwant\n%s", c.Type, c.Auth, c.Body, tt.want)
			}
		})
	}
}

func TestTimeoutAfterSendingIsUnknown(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, f fakeSlack) {
		f.Answer("chat.postMessage", func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
		ctx, cancel := context.WithTimeout(t.Context(), 4*time.Second) // over minTimeToPost
		defer cancel()
		_, err := bot.NewClient(f.config()).Post(ctx, bot.MessageRef{Channel: "C1"}, bot.Message{Text: "x"})
		if !errors.Is(err, bot.ErrUnavailable) || errors.Is(err, bot.ErrNotSent) || !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("Post() = %v, want ErrUnavailable for a deadline and not ErrNotSent", err)
		}
	})
}

func TestDMToUnknownUser(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.Answer("chat.postMessage", fake.Reply(`{"ok":false,"error":"channel_not_found"}`))
	_, err := bot.NewClient(f.config()).DM(t.Context(), "U404", bot.Message{Text: "x"})
	if !errors.Is(err, bot.ErrNoSuchPerson) {
		t.Errorf("DM() = %v, want ErrNoSuchPerson", err)
	}
}

// TestNoSilentRepeat kills a kept-alive connection right after the server has read a post: net/http must not resend it.
func TestNoSilentRepeat(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	good := fake.Reply(`{"ok":true,"channel":"C1","ts":"1.1"}`)
	f.Answer("chat.postMessage", good)
	b := bot.NewClient(f.config())
	if _, err := b.Post(t.Context(), bot.MessageRef{Channel: "C1"}, bot.Message{Text: "first"}); err != nil {
		t.Fatalf("Post() = %v", err)
	}
	f.Answer("chat.postMessage", func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) })
	_, err := b.Post(t.Context(), bot.MessageRef{Channel: "C1"}, bot.Message{Text: "second"})
	if !errors.Is(err, bot.ErrUnavailable) || errors.Is(err, bot.ErrNotSent) {
		t.Errorf("Post() = %v, want ErrUnavailable: it may have been posted", err)
	}
	if n := len(f.Made("chat.postMessage")); n != 2 {
		t.Errorf("requests = %d, want 2: one each", n)
	}
	f.Answer("auth.test", func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) })
	if _, err := b.Identify(t.Context()); !errors.Is(err, bot.ErrUnavailable) || errors.Is(err, bot.ErrNotSent) {
		t.Errorf("Identify() = %v, want ErrUnavailable: the request left, though without a body", err)
	}
}

package bot_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/slack-go/slack"

	"meetingbot/bot"
	"meetingbot/bot/internal/fake"
)

// TestOutcomes covers every kind of answer to a post.
func TestOutcomes(t *testing.T) {
	t.Parallel()
	refuse := func(code string) http.HandlerFunc { return fake.Reply(`{"ok":false,"error":"` + code + `"}`) }
	worded := func(status int, code string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(status)
			_, _ = fmt.Fprintf(w, `{"ok":%t,"error":%q}`, code == "", code)
		}
	}
	for name, tt := range map[string]struct {
		answer  http.HandlerFunc
		want    error
		outlook string
		class   string
		status  int
	}{
		"not_in_channel":       {refuse("not_in_channel"), bot.ErrCannotPost, "permanent", "cannot_post", 0},
		"channel_not_found":    {refuse("channel_not_found"), bot.ErrCannotPost, "permanent", "cannot_post", 0},
		"is_archived":          {refuse("is_archived"), bot.ErrCannotPost, "permanent", "cannot_post", 0},
		"no_permission":        {refuse("no_permission"), bot.ErrCannotPost, "permanent", "cannot_post", 0},
		"thread locked":        {refuse("restricted_action_thread_locked"), bot.ErrCannotPost, "permanent", "cannot_post", 0},
		"message_not_found":    {refuse("message_not_found"), bot.ErrGone, "permanent", "gone", 0},
		"edit_window_closed":   {refuse("edit_window_closed"), bot.ErrUneditable, "permanent", "uneditable", 0},
		"user_disabled":        {refuse("user_disabled"), bot.ErrNoSuchPerson, "permanent", "no_such_person", 0},
		"cannot_dm_bot":        {refuse("cannot_dm_bot"), bot.ErrNoSuchPerson, "permanent", "no_such_person", 0},
		"invalid_blocks":       {refuse("invalid_blocks"), bot.ErrBadMessage, "permanent", "bad_message", 0},
		"msg_too_long":         {refuse("msg_too_long"), bot.ErrBadMessage, "permanent", "bad_message", 0},
		"token_revoked":        {refuse("token_revoked"), bot.ErrCredentials, "mendable", "credentials", 0},
		"missing_scope":        {refuse("missing_scope"), bot.ErrMissingScope, "mendable", "missing_scope", 0},
		"unknown code":         {refuse("something_new"), bot.ErrRefused, "mendable", "refused", 0},
		"ratelimited":          {refuse("ratelimited"), bot.ErrThrottled, "temporary", "throttled", 0},
		"internal_error":       {refuse("internal_error"), bot.ErrUnavailable, "temporary", "unavailable", 0},
		"429":                  {fake.Status(429, "Retry-After", "30"), bot.ErrThrottled, "temporary", "throttled", 429},
		"500":                  {fake.Status(500), bot.ErrUnavailable, "temporary", "unavailable", 500},
		"503 with Retry-After": {fake.Status(503, "Retry-After", "1"), bot.ErrUnavailable, "temporary", "unavailable", 503},
		"400":                  {fake.Status(400), bot.ErrUnavailable, "temporary", "unavailable", 400},
		"422":                  {fake.Status(422), bot.ErrUnavailable, "temporary", "unavailable", 422},
		"404":                  {fake.Status(404), bot.ErrUnavailable, "temporary", "unavailable", 404},
		"403":                  {fake.Status(403), bot.ErrCredentials, "mendable", "credentials", 403},
		"413":                  {fake.Status(413), bot.ErrBadMessage, "permanent", "bad_message", 413},
		"redirect":             {fake.Status(307, "Location", "/api/elsewhere"), bot.ErrUnavailable, "temporary", "unavailable", 307},
		"HTML with 200":        {fake.Status(200), bot.ErrUnavailable, "temporary", "unavailable", 0},
		"truncated JSON":       {fake.Reply(`{"ok":true,"chan`), bot.ErrUnavailable, "temporary", "unavailable", 0},
		"empty object":         {fake.Reply(`{}`), bot.ErrUnavailable, "temporary", "unavailable", 0},
		"null":                 {fake.Reply(`null`), bot.ErrUnavailable, "temporary", "unavailable", 0},
		"list":                 {fake.Reply(`[]`), bot.ErrUnavailable, "temporary", "unavailable", 0},
		"empty body":           {fake.Reply(``), bot.ErrUnavailable, "temporary", "unavailable", 0},
		"refusal without code": {fake.Reply(`{"ok":false}`), bot.ErrUnavailable, "temporary", "unavailable", 0},
		"success without ts":   {fake.Reply(`{"ok":true,"channel":"C1"}`), bot.ErrUnavailable, "temporary", "unavailable", 0},
		"hang up":              {func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, bot.ErrUnavailable, "temporary", "unavailable", 0},
		// An error code counts under any status, unless the code is unknown and the status says more.
		"code under 404":       {worded(404, "is_archived"), bot.ErrCannotPost, "permanent", "cannot_post", 404},
		"code under 500":       {worded(500, "something_new"), bot.ErrUnavailable, "temporary", "unavailable", 500},
		"code under 403":       {worded(403, "something_new"), bot.ErrCredentials, "mendable", "credentials", 403},
		"code under 400":       {worded(400, "something_new"), bot.ErrRefused, "mendable", "refused", 400},
		"ok under 404":         {worded(404, ""), bot.ErrUnavailable, "temporary", "unavailable", 404},
		"ratelimited and 429":  {worded(429, "ratelimited"), bot.ErrThrottled, "temporary", "throttled", 429},
		"invalid_auth and 401": {worded(401, "invalid_auth"), bot.ErrCredentials, "mendable", "credentials", 401},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inBubble(t, func(t *testing.T, f fakeSlack) {
				f.Answer("chat.postMessage", tt.answer)
				ctx, cancel := context.WithTimeout(t.Context(), 4*time.Second)
				defer cancel()
				_, err := bot.NewClient(f.config()).Post(ctx, bot.MessageRef{Channel: "C1"}, bot.Message{Text: "x"})
				if !errors.Is(err, tt.want) || outlook(err) != tt.outlook || bot.Class(err) != tt.class {
					t.Errorf("Post() = %v: class %s, %s, want %v, %s, %s", err, bot.Class(err), outlook(err), tt.want, tt.class, tt.outlook)
				}
				if e, ok := errors.AsType[*bot.Error](err); !ok || e.Status != tt.status || e.Method != "chat.postMessage" {
					t.Errorf("Post() = %+v, want a *bot.Error of chat.postMessage with status %d", e, tt.status)
				}
				if n := len(f.Made("chat.postMessage")); n != 1 {
					t.Errorf("requests = %d, want 1: a post is not repeated", n)
				}
				if n := len(f.Made("elsewhere")); n != 0 {
					t.Error("the token followed a redirect")
				}
				if strings.Contains(err.Error(), "secret") || strings.Contains(err.Error(), f.URL) {
					t.Errorf("Post() = %v, which reveals a URL or a secret", err)
				}
			})
		})
	}
}

func TestMissingScopeIsNamed(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.Answer("users.info", fake.Reply(`{"ok":false,"error":"missing_scope","needed":"users:read","provided":"chat:write,commands"}`))
	_, err := bot.NewClient(f.config()).Person(t.Context(), "U1")
	e, _ := errors.AsType[*bot.Error](err)
	if e == nil || e.Needed != "users:read" || e.Provided != "chat:write,commands" || !strings.Contains(err.Error(), "needs users:read") {
		t.Errorf("Person() = %v, want both scopes named", err)
	}
}

func TestRejectedMessageNamesTheBlock(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.Answer("chat.postMessage", fake.Reply(`{"ok":false,"error":"invalid_blocks","response_metadata":{"messages":["[ERROR] must be shorter [json-pointer:/blocks/0/text]"]}}`))
	_, err := bot.NewClient(f.config()).Post(t.Context(), bot.MessageRef{Channel: "C1"}, bot.Message{Text: "x"})
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
		"ok as text":         {body(200, "ok"), nil},
		"ok as JSON":         {body(200, `{"ok":true}`), nil},
		"nothing":            {body(200, ""), nil},
		"404":                {body(404, ""), bot.ErrGone},
		"404 used_url":       {body(404, `{"ok":false,"error":"used_url"}`), bot.ErrGone},
		"200 expired_url":    {body(200, `{"ok":false,"error":"expired_url"}`), bot.ErrGone},
		"400 invalid_blocks": {body(400, `{"ok":false,"error":"invalid_blocks"}`), bot.ErrBadMessage},
		"500":                {body(500, `server_error`), bot.ErrUnavailable},
		"HTML":               {body(200, `<html>`), bot.ErrUnavailable},
		"ratelimited":        {body(200, `{"ok":false,"error":"ratelimited"}`), bot.ErrThrottled},
		"429":                {fake.Status(429, "Retry-After", "60"), bot.ErrThrottled},
		"connection cut":     {func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, bot.ErrUnavailable},
		"redirect":           {fake.Status(302, "Location", "/hook/2"), bot.ErrUnavailable},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inBubble(t, func(t *testing.T, f fakeSlack) {
				f.Answer("hook", tt.answer)
				ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second) // no time to wait
				defer cancel()
				err := bot.NewClient(f.config()).Respond(ctx, bot.Secret(f.URL+"/hook/secret"), bot.Response{Message: bot.Message{Text: "x"}})
				if !errors.Is(err, tt.want) {
					t.Errorf("Respond() = %v, want %v", err, tt.want)
				}
				if err != nil && strings.Contains(err.Error(), "secret") {
					t.Errorf("Respond() = %v, which reveals the URL", err)
				}
				if n := len(f.Made("hook")); n != 1 {
					t.Errorf("requests = %d, want 1", n)
				}
			})
		})
	}
}

// TestNothingIsSent covers every way a call can fail before anything is sent.
func TestNothingIsSent(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	over, cancel := context.WithCancel(t.Context())
	cancel()
	dead := f.config()
	dead.APIURL = "http://127.0.0.1:1/api/"
	b := bot.NewClient(f.config())
	hello := bot.Message{Text: "x"}
	for name, tt := range map[string]struct {
		do   func() error
		want error
	}{
		"context done": {func() error { _, err := b.Post(over, bot.MessageRef{Channel: "C1"}, hello); return err }, context.Canceled},
		"no server": {func() error {
			_, err := bot.NewClient(dead).Post(t.Context(), bot.MessageRef{Channel: "C1"}, hello)
			return err
		}, bot.ErrNotSent},
		"no identity": {func() error { _, err := bot.NewClient(dead).Identify(t.Context()); return err }, bot.ErrNotSent},
		"no text":     {func() error { _, err := b.Post(t.Context(), bot.MessageRef{Channel: "C1"}, bot.Message{}); return err }, bot.ErrBadMessage},
		"no update":   {func() error { return b.Update(t.Context(), bot.MessageRef{}, bot.Message{}) }, bot.ErrBadMessage},
		"no response text": {func() error {
			return b.Respond(t.Context(), bot.Secret(f.URL+"/hook/1"), bot.Response{})
		}, bot.ErrBadMessage},
		"no url":     {func() error { return b.Respond(t.Context(), "", bot.Response{Message: hello}) }, bot.ErrGone},
		"not a url":  {func() error { return b.Respond(t.Context(), "http://[::secret", bot.Response{Message: hello}) }, bot.ErrGone},
		"no trigger": {func() error { return b.OpenModal(t.Context(), "", bot.Modal{}) }, bot.ErrGone},
		"not blocks": {func() error { _, err := b.ValidateBlocks(t.Context(), "x"); return err }, bot.ErrBadMessage},
		"not a Home": {func() error { return b.PublishHome(t.Context(), "U1", unencodable(), "") }, bot.ErrBadMessage},
		"no e-mail":  {func() error { _, err := b.PersonByEmail(t.Context(), "  "); return err }, bot.ErrNoSuchPerson},
	} {
		t.Run(name, func(t *testing.T) {
			err := tt.do()
			if !errors.Is(err, tt.want) || !errors.Is(err, bot.ErrNotSent) {
				t.Errorf("= %v, want %v and ErrNotSent", err, tt.want)
			}
			if strings.Contains(err.Error(), "secret") {
				t.Errorf("= %v, which reveals the URL", err)
			}
		})
	}
	if all := f.Calls(); len(all) != 0 {
		t.Errorf("requests = %+v, want none", all)
	}
}

// unencodable returns a Home that can't be encoded as JSON.
func unencodable() bot.Home {
	return bot.Home{HomeTabViewRequest: slack.HomeTabViewRequest{Blocks: slack.Blocks{BlockSet: []slack.Block{broken{}}}}}
}

type broken struct{ slack.DividerBlock }

func (broken) MarshalJSON() ([]byte, error) { return nil, errors.New("no JSON") }

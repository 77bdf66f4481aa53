package bot_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"meetingbot/bot"
	"meetingbot/bot/internal/fake"
)

// TestSocketURL: the URL is fetched with the app-level token and never quoted in errors.
func TestSocketURL(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	tls := f.OverTLS()
	cfg := f.config()
	cfg.APIURL, cfg.HTTP = tls.URL+"/api/", tls.Client()
	c := bot.NewClient(cfg)
	for answer, want := range map[string]string{
		`{"ok":true,"url":"wss://slack.example/link/?ticket=secret-ticket"}`: "",
		`{"ok":true,"url":"ws://slack.example/link/?ticket=secret-ticket"}`:  "without TLS",
		`{"ok":true,"url":"https://slack.example/secret-ticket"}`:            "no WebSocket address",
		`{"ok":true,"url":"wss:///secret-ticket"}`:                           "no WebSocket address",
		`{"ok":true}`: "no WebSocket address",
		`{"ok":false,"error":"not_allowed_token_type"}`: "not_allowed_token_type",
	} {
		f.Answer("apps.connections.open", fake.Reply(answer))
		address, err := c.SocketURL(t.Context())
		if want == "" && (err != nil || !strings.Contains(address.Reveal(), "secret-ticket")) {
			t.Errorf("SocketURL() of %s = %q, %v, want the address", answer, address.Reveal(), err)
		}
		if want != "" && (err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "ticket")) {
			t.Errorf("SocketURL() of %s = %v, want %q without the ticket", answer, err, want)
		}
	}
	for _, call := range f.Made("apps.connections.open") {
		if call.Auth != "Bearer xapp-1-secret" || call.Body != "" {
			t.Errorf("apps.connections.open had Authorization %q and body %q, want the app token and nothing", call.Auth, call.Body)
		}
	}
}

// TestSocketURLDoesNotWait: obeying a 429 is up to the caller.
func TestSocketURLDoesNotWait(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.Answer("apps.connections.open", fake.Status(429, "Retry-After", "7"))
	c := bot.NewClient(f.config())
	for range 2 {
		_, err := c.SocketURL(t.Context())
		if e, ok := errors.AsType[*bot.Error](err); !ok || !errors.Is(err, bot.ErrThrottled) || e.RetryAfter != 7*time.Second {
			t.Errorf("SocketURL() = %v, want ErrThrottled with 7 s", err)
		}
	}
	if n := len(f.Made("apps.connections.open")); n != 2 {
		t.Errorf("calls = %d, want 2", n)
	}
}

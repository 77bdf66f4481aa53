package doctor

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"meetingbot/bot"
	"meetingbot/meetingapi"
)

// TestBehindAProxy asserts that doctor doesn't blame the service's address for a problem
// with the proxy.
func TestBehindAProxy(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	locked := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		conn, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		_, _ = io.WriteString(conn, "HTTP/1.1 407 authenticationrequired\r\n\r\n") // some proxies' wording
		_ = conn.Close()
	}))
	t.Cleanup(locked.Close)
	gone := httptest.NewServer(nil)
	gone.Close()
	for proxy, want := range map[string]string{
		gone.URL:                           "check the proxy in HTTPS_PROXY",
		"http://proxy.invalid:3128":        "check the proxy in HTTPS_PROXY",
		locked.URL:                         "the proxy in HTTPS_PROXY wants a login",
		"http://ana:hunter2@proxy.invalid": "check the proxy in HTTPS_PROXY",
	} {
		transport, err := meetingapi.NewTransport(nil)
		if err != nil {
			t.Fatal(err)
		}
		at, err := url.Parse(proxy)
		if err != nil {
			t.Fatal(err)
		}
		transport.Proxy = http.ProxyURL(at)
		reader, _, err := meetingapi.New(meetingapi.Config{
			BaseURL: "https://meetings.invalid", Auth: meetingapi.AppID{ID: "app", Key: "key"}, HTTP: &http.Client{Transport: transport},
			ReadRetry: meetingapi.Retry{More: -1},
		})
		if err != nil {
			t.Fatal(err)
		}
		client, err := bot.NewHTTP(nil)
		if err != nil {
			t.Fatal(err)
		}
		client.Transport.(*http.Transport).Proxy = http.ProxyURL(at) //nolint:forcetypeassert // NewHTTP makes it
		_, refused := bot.NewClient(bot.Config{BotToken: "xoxb-1", APIURL: "https://slack.invalid/api/", HTTP: client}).Identify(ctx)
		for _, found := range []finding{unreachableFinding(reader.Login(ctx)), tokenFinding(refused)} {
			if !strings.Contains(found.Advice, want) || strings.Contains(found.Text+found.Advice, "hunter2") {
				t.Errorf("with the proxy %s doctor finds %q, %q, want the advice %q", proxy, found.Text, found.Advice, want)
			}
		}
	}
}

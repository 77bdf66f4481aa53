package doctor

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"meetingbot/meetingapi"
)

// TestBehindAProxy: what is wrong with the proxy is not blamed on the service's address.
func TestBehindAProxy(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	locked := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusProxyAuthRequired)
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
		found := unreachable(reader.Login(ctx))
		if !strings.Contains(found.Advice, want) || strings.Contains(found.Text+found.Advice, "hunter2") {
			t.Errorf("unreachable() with the proxy %s = %q, %q, want the advice %q", proxy, found.Text, found.Advice, want)
		}
	}
}

package page_test

import (
	"net/http"
	"strings"
	"testing"
)

// TestGuard asserts that another site's page can neither read the demo nor press anything
// in it.
func TestGuard(t *testing.T) {
	t.Parallel()
	s := open(t)
	own := strings.TrimPrefix(s.url, "http://")
	port := own[strings.LastIndex(own, ":"):]
	for _, c := range []struct {
		name, method, host string
		header             map[string]string
		want               int
	}{
		{"typed address", http.MethodGet, own, map[string]string{"Sec-Fetch-Site": "none", "Sec-Fetch-Mode": "navigate"}, http.StatusOK},
		{"no browser", http.MethodGet, own, nil, http.StatusOK},
		{"by name", http.MethodGet, "localhost" + port, nil, http.StatusOK},
		{"rebound name", http.MethodGet, "evil.example" + port, nil, http.StatusForbidden},
		{"name that begins like ours", http.MethodGet, "127.0.0.1.evil.example" + port, nil, http.StatusForbidden},
		{"another machine", http.MethodGet, "192.0.2.1" + port, nil, http.StatusForbidden},
		{"own form", http.MethodPost, own, map[string]string{"Origin": "http://" + own, "Sec-Fetch-Site": "same-origin"}, http.StatusSeeOther},
		{"foreign form", http.MethodPost, own, map[string]string{"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}, http.StatusForbidden},
		{"foreign form, old browser", http.MethodPost, own, map[string]string{"Origin": "https://evil.example"}, http.StatusForbidden},
		{"other port of this machine", http.MethodPost, own, map[string]string{"Origin": "http://127.0.0.1:1", "Sec-Fetch-Site": "same-site"}, http.StatusForbidden},
		{"hidden origin", http.MethodPost, own, map[string]string{"Origin": "null"}, http.StatusForbidden},
		{"foreign script", http.MethodGet, own, map[string]string{"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"}, http.StatusForbidden},
		{"foreign link", http.MethodGet, own, map[string]string{"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}, http.StatusOK},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			path := "/"
			if c.method == http.MethodPost {
				path = "/faults/clear"
			}
			r, err := http.NewRequestWithContext(t.Context(), c.method, s.url+path, nil)
			if err != nil {
				t.Fatal(err)
			}
			r.Host = c.host
			for name, value := range c.header {
				r.Header.Set(name, value)
			}
			answer, err := http.DefaultTransport.RoundTrip(r)
			if err != nil {
				t.Fatal(err)
			}
			_ = answer.Body.Close()
			if answer.StatusCode != c.want {
				t.Errorf("%s %s with Host %s and %v = %d, want %d", c.method, path, c.host, c.header, answer.StatusCode, c.want)
			}
			if got := answer.Header.Get("Content-Security-Policy"); !strings.Contains(got, "script-src 'self'") || strings.Contains(got, "unsafe") {
				t.Errorf("Content-Security-Policy = %q, want one that lets only our own script run", got)
			}
		})
	}
}

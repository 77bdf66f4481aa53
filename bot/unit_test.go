package bot

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"
)

func TestSecretPrintsAsDots(t *testing.T) {
	t.Parallel()
	const hidden = "https://hooks.slack.com/commands/T1/2/three"
	s := Secret(hidden)
	var out strings.Builder
	for _, verb := range []string{"%s", "%v", "%+v", "%#v", "%q", "%x", "%d"} {
		fmt.Fprintf(&out, verb+"\n", s)
		fmt.Fprintf(&out, verb+"\n", Origin{ResponseURL: s})
	}
	slog.New(slog.NewJSONHandler(&out, nil)).Info("x", "s", s, "origin", Origin{ResponseURL: s})
	slog.New(slog.NewTextHandler(&out, nil)).Info("x", "s", s, "config", Config{AppToken: s})
	if err := json.NewEncoder(&out).Encode(Click{Origin: Origin{ResponseURL: s}}); err != nil {
		t.Errorf("Encode() = %v", err)
	}
	if strings.Contains(out.String(), "hooks") || strings.Contains(out.String(), "686f6f6b73") {
		t.Errorf("the secret is readable in:\n%s", out.String())
	}
	if s.Reveal() != hidden || Secret("").String() != "" || s.String() != "•••" || !Secret("").IsZero() {
		t.Errorf("Reveal() = %q, String() = %q, want the secret and dots", s.Reveal(), s)
	}
}

func TestRetryAfterHeader(t *testing.T) {
	t.Parallel()
	for header, want := range map[string]time.Duration{
		"": time.Second, "0": time.Second, "-3": time.Second, "soon": time.Second, "NaN": time.Second, "1": time.Second,
		"30": 30 * time.Second, " 7 ": 7 * time.Second, "1.2": 2 * time.Second,
		"604799": 604799 * time.Second, "604800": 7 * 24 * time.Hour, "1e30": 7 * 24 * time.Hour, "Inf": 7 * 24 * time.Hour,
		"Mon, 01 Jan 2001 00:00:00 GMT": time.Second,
	} {
		resp := &http.Response{Header: http.Header{"Retry-After": {header}}}
		if got := parseRetryAfter(resp); got != want {
			t.Errorf("parseRetryAfter(%q) = %s, want %s", header, got, want)
		}
	}
	in := time.Now().Add(90 * time.Second).UTC().Format(http.TimeFormat)
	if got := parseRetryAfter(&http.Response{Header: http.Header{"Retry-After": {in}}}); got < 85*time.Second || got > 91*time.Second {
		t.Errorf("parseRetryAfter(in 90 s as a date) = %s, want about 90 s", got)
	}
	ahead := time.Now().Add(5 * time.Minute).UTC() // by Slack's clock
	header := http.Header{"Date": {ahead.Format(http.TimeFormat)}, "Retry-After": {ahead.Add(90 * time.Second).Format(http.TimeFormat)}}
	if got := parseRetryAfter(&http.Response{Header: header}); got != 90*time.Second {
		t.Errorf("parseRetryAfter(90 s after the answer's date) = %s, want 90 s", got)
	}
}

package doctor

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"meetingbot/internal/config"
)

// cue is a context whose deadline has passed once it is closed.
type cue struct {
	context.Context
	passed chan struct{}
}

func (c cue) Done() <-chan struct{} { return c.passed }

func (c cue) Err() error {
	select {
	case <-c.passed:
		return context.DeadlineExceeded
	default:
		return nil
	}
}

// TestNoHello opens a socket that works but never says hello. The wait for it ends once the
// socket has been read from.
func TestNoHello(t *testing.T) {
	t.Parallel()
	ctx := cue{t.Context(), make(chan struct{})}
	mux := http.NewServeMux()
	srv := httptest.NewServer(mux)
	defer srv.Close()
	mux.HandleFunc("/api/auth.test", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, `{"ok":false,"error":"invalid_auth"}`)
	})
	mux.HandleFunc("/api/apps.connections.open", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprintf(w, `{"ok":true,"url":"ws%s/link/?ticket=1"}`, strings.TrimPrefix(srv.URL, "http"))
	})
	mux.HandleFunc("/link/", func(w http.ResponseWriter, r *http.Request) {
		conn, err := (&websocket.Upgrader{}).Upgrade(w, r, nil)
		if err != nil {
			return
		}
		defer func() { _ = conn.Close() }()
		conn.SetPongHandler(func(string) error { close(ctx.passed); return nil })
		_ = conn.WriteControl(websocket.PingMessage, nil, time.Now().Add(limit))
		_, _, _ = conn.ReadMessage() // blocks until the other side closes
	})
	r := report{Result: ok}
	examine(ctx, config.Config{
		SlackAppToken: "xapp-1", SlackBotToken: "xoxb-1", SlackAPIURL: srv.URL + "/api/", SlackConnections: 2,
		MeetingAPIURL: srv.URL, MeetingAppID: "app", MeetingAppKey: "key", DatabaseURL: config.Secret("sqlite:" + t.TempDir() + "/m.db"),
	}, &r, limit)
	if !slices.ContainsFunc(r.Findings, func(f finding) bool {
		return f.Check == "app token" && f.Status == fail && strings.Contains(f.Text, "did not say hello on a socket within 15s")
	}) {
		t.Errorf("examine() = %+v, want a line about the hello", r.Findings)
	}
	if !slices.ContainsFunc(r.Findings, func(f finding) bool { return f.Check == "scopes" && f.Text == "not checked" }) {
		t.Errorf("examine() = %+v, want scopes not checked without a token", r.Findings)
	}
}

// TestNotSlack asserts that doctor doesn't blame the tokens if something other than Slack
// answers, or if nothing does, nor the network if Slack refuses.
func TestNotSlack(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name     string
		answer   http.HandlerFunc
		bot, app string
		status   status
		advice   string
	}{
		{
			"asked to wait", func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Retry-After", "30")
				w.WriteHeader(http.StatusTooManyRequests)
			}, "Slack is rate-limiting us", "Slack is rate-limiting us", warn, "run doctor again",
		},
		{
			"a page to sign in", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "<html>Sign in</html>") },
			"Slack does not say who the bot is", "Slack does not say where to open a socket", fail, "check SLACK_API_URL",
		},
		{
			"silence", func(_ http.ResponseWriter, r *http.Request) {
				_, _ = io.Copy(io.Discard, r.Body) // otherwise the server doesn't notice a closed connection
				<-r.Context().Done()
			},
			"Slack does not say who the bot is", "Slack does not say where to open a socket", fail, "check SLACK_API_URL",
		},
		{
			"an unknown refusal", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, `{"ok":false,"error":"forbidden"}`) },
			"Slack does not say who the bot is", "Slack does not say where to open a socket", fail, "with Socket Mode on",
		},
		{
			"a firewall", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusForbidden) },
			"The server at SLACK_API_URL refuses the token in SLACK_BOT_TOKEN", "The server at SLACK_API_URL refuses the token in SLACK_APP_TOKEN", fail, "",
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			patience := limit
			if tt.name == "silence" {
				patience = 300 * time.Millisecond // ends the wait; the other answers come
			}
			srv := httptest.NewServer(tt.answer)
			defer srv.Close()
			defer srv.CloseClientConnections() // a login continues for other callers that may wait for it
			r := report{Result: ok}
			examine(t.Context(), config.Config{
				SlackAppToken: "xapp-1", SlackBotToken: "xoxb-1", SlackAPIURL: srv.URL + "/api/", SlackConnections: 2,
				MeetingAPIURL: srv.URL, MeetingAppID: "app", MeetingAppKey: "key", DatabaseURL: config.Secret("sqlite:" + t.TempDir() + "/m.db"),
			}, &r, patience)
			for check, text := range map[string]string{"bot token": tt.bot, "app token": tt.app} {
				if !slices.ContainsFunc(r.Findings, func(f finding) bool {
					return f.Check == check && f.Status == tt.status && strings.HasPrefix(f.Text, text) && strings.Contains(f.Advice, tt.advice)
				}) {
					t.Errorf("examine() = %+v, want that the %s is a %s: %q and %q", r.Findings, check, tt.status, text, tt.advice)
				}
			}
		})
	}
}

func TestOneLine(t *testing.T) {
	t.Parallel()
	const in, want = "a\n\x1b[2Jb\t c", "a [2Jb c"
	if got := oneLine(in); got != want {
		t.Errorf("oneLine(%q) = %q, want %q", in, got, want)
	}
}

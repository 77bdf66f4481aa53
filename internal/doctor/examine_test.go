package doctor

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"meetingbot/internal/config"
)

// TestNoHello opens a socket that takes part in everything but says nothing.
func TestNoHello(t *testing.T) {
	t.Parallel()
	const patience = 300 * time.Millisecond
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
		_, _, _ = conn.ReadMessage() // until the other side hangs up
	})
	r := report{Result: ok}
	examine(t.Context(), config.Config{
		SlackAppToken: "xapp-1", SlackBotToken: "xoxb-1", SlackAPIURL: srv.URL + "/api/", SlackConnections: 2,
		MeetingAPIURL: srv.URL, MeetingAppID: "app", MeetingAppKey: "key", DatabaseURL: config.Secret("sqlite:" + t.TempDir() + "/m.db"),
	}, &r, patience)
	if !slices.ContainsFunc(r.Findings, func(f finding) bool {
		return f.Check == "app token" && f.Status == fail && strings.Contains(f.Text, "did not say hello on a socket within 300ms")
	}) {
		t.Errorf("examine() = %+v, want a line about the hello", r.Findings)
	}
	if !slices.ContainsFunc(r.Findings, func(f finding) bool { return f.Check == "scopes" && f.Text == "not checked" }) {
		t.Errorf("examine() = %+v, want scopes not checked without a token", r.Findings)
	}
}

func TestOneLine(t *testing.T) {
	t.Parallel()
	const in, want = "a\n\x1b[2Jb\t c", "a [2Jb c"
	if got := oneLine(in); got != want {
		t.Errorf("oneLine(%q) = %q, want %q", in, got, want)
	}
}

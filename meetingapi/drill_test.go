package meetingapi_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"meetingbot/meetingapi"
)

// The secrets that a client handles in these tests.
var secrets = []string{
	"app-key-0123456789", "account-password", "secret-token-", "chair-pw-914", "guest-pw-914", "chair-link", "guest-link",
	"site-of-the-corp", "portal-of-the-corp",
}

// TestDrill runs every method with every fault. Each must end in time with the right kind
// of error, and no error, log or observation may hold a secret, though the faulty answers
// repeat them.
func TestDrill(t *testing.T) {
	t.Parallel()
	leak := strings.Join(secrets, " ") + ` "password":"chair-pw-914" https://meeting.example.com/chair-link secret-token-1`
	faults := []struct {
		name string
		h    http.HandlerFunc
	}{
		{"400", answer(400, refusal("MMC.999999999", leak))},
		{"400 HTML", answer(400, "<html>"+leak)},
		{"401", answer(401, refusal("USG.206020000", leak))},
		{"403", answer(403, leak)},
		{"404", answer(404, leak)},
		{"429", answer(429, refusal("APIG.0308", leak))},
		{"500", answer(500, refusal("MMC.111070003", leak))},
		{"502", answer(502, "<html>"+leak)},
		{"302", func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "https://example.com/?"+strings.Join(secrets, "&"), 302)
		}},
		{"truncated JSON", answer(200, `{"conferenceData":{"conferenceID":"1","passwordEntry":[{"password":"chair-pw-914`)},
		{"HTML", answer(200, "<html>"+leak)},
		{"empty body", answer(200, "")},
		{"null", answer(200, "null")},
		{"other JSON", answer(200, `"`+"x"+`"`)},
		{"failure with 200", answer(200, refusal("MMC.111070003", leak))},
		{"hang-up", hangUp},
		{"rubbish", rubbish},
		{"silence", silence},
		{"truncated header", func(w http.ResponseWriter, _ *http.Request) {
			if conn, _, err := http.NewResponseController(w).Hijack(); err == nil {
				_, _ = io.WriteString(conn, "HTTP/1.1 200 OK\r\nX-"+leak+"\r\nsecret-token-1 chair-pw-914\r\n\r\n")
				_ = conn.Close()
			}
		}},
		{"huge", func(w http.ResponseWriter, _ *http.Request) {
			_, _ = io.WriteString(w, `{"data":[`)
			for range 9 << 10 {
				if _, err := io.WriteString(w, strings.Repeat("1,", 512)); err != nil {
					return
				}
			}
		}},
	}
	for _, fault := range faults {
		for _, m := range methods(t) {
			t.Run(fault.name+"/"+m.name, func(t *testing.T) {
				t.Parallel()
				inBubble(t, func(t *testing.T, s *service) { drill(t, s, m, fault.name, fault.h) })
			})
		}
	}
}

// drill calls m while the service has a fault.
func drill(t *testing.T, s *service, m method, fault string, h http.HandlerFunc) {
	t.Helper()
	var logged lockedBuffer
	var observed []meetingapi.Call
	c := s.client(t, func(c *meetingapi.Config) {
		c.SiteID, c.AuthorizationType = "site-of-the-corp", "portal-of-the-corp"
		c.Logger = slog.New(slog.NewJSONHandler(&logged, &slog.HandlerOptions{Level: slog.LevelDebug}))
		c.Observe = func(call meetingapi.Call) { observed = append(observed, call) }
	})
	s.on(loginPath, token("secret-token-1", time.Hour))
	s.on(m.path, h)
	limit := time.Minute
	if fault == "429" {
		limit = time.Second // less than the wait that Huawei advises
	}
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	defer cancel()
	err := m.call(ctx, c)
	harmless := map[string]bool{"truncated JSON": true, "empty body": true, "null": true, "other JSON": true, "huge": true}
	// A change checks only the status, and that the body isn't a proxy's page.
	if wantOK := m.change && harmless[fault]; (err == nil) != wantOK {
		t.Errorf("%s with %s = %v, want an error: %v", m.name, fault, err, !wantOK)
	}
	if err != nil && (meetingapi.ClassOf(err) == meetingapi.ClassOther || meetingapi.ClassOf(err) == meetingapi.ClassNone) {
		t.Errorf("%s with %s = %v, which has no class", m.name, fault, err)
	}
	if !m.change && meetingapi.IsUnknownOutcome(err) {
		t.Errorf("%s with %s = %v: a read can't have an unknown outcome", m.name, fault, err)
	}
	if m.change && fault != "401" && len(s.requests()) != 1 {
		t.Errorf("%s with %s was sent %d times, want once", m.name, fault, len(s.requests()))
	}
	if len(observed) < 2 {
		t.Fatalf("%s with %s: observed %d calls, want the login and the call", m.name, fault, len(observed))
	}
	if last := observed[len(observed)-1]; last.Operation == "" || last.Method == "" || last.Duration > 10*time.Second {
		t.Errorf("%s with %s: observed %+v", m.name, fault, last)
	}
	out := fmt.Sprintf("%v %+v %#v %s %v", err, err, err, logged.String(), observed)
	for _, secret := range secrets {
		if strings.Contains(out, secret) {
			t.Errorf("%s with %s shows %q: %.300s", m.name, fault, secret, out)
		}
	}
}

type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// TestSecretsPrintAsDots covers secrets and the types that hold them.
func TestSecretsPrintAsDots(t *testing.T) {
	t.Parallel()
	const value = "sesame-sesame"
	s := meetingapi.Secret(value)
	app, account := meetingapi.AppID{ID: "app", Key: s}, meetingapi.Account{Name: "bot", Password: s}
	service := newService(t)
	service.on(loginPath, token(value, time.Hour))
	config := meetingapi.Config{Auth: app, SiteID: value, HTTP: &http.Client{}}
	c := service.client(t, func(c *meetingapi.Config) { c.Auth, c.SiteID = app, value })
	if err := c.Login(t.Context()); err != nil {
		t.Fatalf("Login: %v", err)
	}
	var logged bytes.Buffer
	for _, h := range []slog.Handler{slog.NewTextHandler(&logged, nil), slog.NewJSONHandler(&logged, nil)} {
		slog.New(h).Info("x", "secret", s, "app", app, "account", account, "pointer", &app)
	}
	for _, v := range []any{s, &s, app, &app, account, []meetingapi.Secret{s}, map[string]any{"k": s}, config, &config, c.Reader, c.Canceler} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d", "%10.3s"} {
			fmt.Fprintf(&logged, verb+"\n", v)
		}
	}
	for _, v := range []any{s, app, account, struct{ S meetingapi.Secret }{s}} {
		b, err := json.Marshal(v)
		if err != nil {
			t.Errorf("json.Marshal(%T): %v", v, err)
		}
		logged.Write(b)
	}
	logged.WriteString(s.String() + fmt.Sprint(fmt.Errorf("wrapped: %v", s)))
	out := logged.String()
	for _, form := range []string{value, fmt.Sprintf("%x", value), "sesame"} {
		if i := strings.Index(out, form); i >= 0 {
			t.Errorf("%q is printed: …%s…", form, out[max(0, i-80):min(len(out), i+80)])
		}
	}
	if !strings.Contains(out, "••••••") {
		t.Error("no dots are printed")
	}
}

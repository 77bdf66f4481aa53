package slacksim_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"meetingbot/internal/slacksim"
)

// try posts a message and returns the response, its body and any transport error.
func (w *world) try(ctx context.Context, channel string) (*http.Response, string, error) {
	w.t.Helper()
	form := url.Values{"token": {botToken}, "channel": {channel}, "text": {"hello"}}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, w.web.URL+"/api/chat.postMessage", strings.NewReader(form.Encode()))
	if err != nil {
		w.t.Fatal(err)
	}
	req.Header.Set("Content-Type", formKind)
	resp, err := w.web.Client().Do(req)
	if err != nil {
		return nil, "", err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	return resp, string(body), err
}

func TestFaults(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name    string
		fault   slacksim.Fault
		status  int // 0: no whole answer
		body    string
		retry   string
		journal string
	}{
		{"error", slacksim.Fault{Kind: slacksim.FaultError, Error: "fatal_error"}, 200, `"error":"fatal_error"`, "", "fatal_error"},
		{"error without a name", slacksim.Fault{Kind: slacksim.FaultError}, 200, `"error":"internal_error"`, "", "internal_error"},
		{"scope", slacksim.Fault{Kind: slacksim.FaultError, Error: "missing_scope", Needed: "chat:write"}, 200, `"needed":"chat:write","provided":"commands,`, "", "missing_scope"},
		{"rate limit", slacksim.Fault{Kind: slacksim.FaultRateLimit, RetryAfter: 7}, 429, `"error":"ratelimited"`, "7", "ratelimited"},
		{"rate limit without header", slacksim.Fault{Kind: slacksim.FaultRateLimitNoHeader, RetryAfter: 7}, 429, `"error":"ratelimited"`, "", "ratelimited"},
		{"HTML", slacksim.Fault{Kind: slacksim.FaultHTTP}, 500, "<!DOCTYPE html>", "", "http"},
		{"HTML 503", slacksim.Fault{Kind: slacksim.FaultHTTP, Status: 503}, 503, "<!DOCTYPE html>", "", "http"},
		{"half", slacksim.Fault{Kind: slacksim.FaultHalf}, 0, "", "", "half"},
		{"reset", slacksim.Fault{Kind: slacksim.FaultReset}, 0, "", "", "reset"},
		{"slow", slacksim.Fault{Kind: slacksim.FaultSlow, Delay: time.Millisecond}, 200, `"ok":true`, "", ""},
	} {
		for _, after := range []bool{false, true} {
			w := newWorld(t, slacksim.Options{})
			f := row.fault
			f.Times, f.After = 1, after
			w.Fault(f)
			resp, body, err := w.try(t.Context(), general)
			switch {
			case row.status == 0 && err == nil:
				t.Errorf("%s: answered %d %q, want a torn connection", row.name, resp.StatusCode, body)
			case row.status != 0 && err != nil:
				t.Errorf("%s: %v, want HTTP %d", row.name, err, row.status)
			case row.status != 0:
				if resp.StatusCode != row.status || !strings.Contains(body, row.body) || resp.Header.Get("Retry-After") != row.retry {
					t.Errorf("%s: HTTP %d %q, Retry-After %q; want %d %q, %q", row.name, resp.StatusCode, body, resp.Header.Get("Retry-After"), row.status, row.body, row.retry)
				}
			}
			if got := w.Calls("chat.postMessage"); len(got) != 1 || got[0].Status != row.status || got[0].Error != row.journal {
				t.Errorf("%s: Calls() = %+v, want status %d, error %q", row.name, got, row.status, row.journal)
			}
			effect := after || row.fault.Kind == slacksim.FaultSlow
			if got := w.Messages(general, ana); (len(got) == 1) != effect {
				t.Errorf("%s, After %v: Messages() = %+v, want an effect: %v", row.name, after, got, effect)
			}
			if _, body, err := w.try(t.Context(), general); err != nil || !strings.Contains(body, `"ok":true`) {
				t.Errorf("%s: the next call = %q, %v; want ok", row.name, body, err)
			}
		}
	}
}

func TestHang(t *testing.T) {
	t.Parallel()
	w := newWorld(t, slacksim.Options{})
	w.Fault(slacksim.Fault{Method: "chat.postMessage", Kind: slacksim.FaultHang})
	if _, _, err := w.try(abandoned(t), general); !errors.Is(err, context.Canceled) {
		t.Errorf("a hanging call = %v, want that its caller gave up", err)
	}
	ended := make(chan error, 1)
	go func() {
		_, _, err := w.try(t.Context(), general)
		ended <- err
	}()
	if err := w.Await(short(t), func() bool { return len(w.Calls("chat.postMessage")) == 2 }); err != nil {
		t.Fatal(err)
	}
	w.Close()
	if err := <-ended; err == nil {
		t.Error("a hanging call at Close = nil, want an error")
	}
}

func TestFaultMatching(t *testing.T) {
	t.Parallel()
	w := newWorld(t, slacksim.Options{})
	w.JoinBot(lobby)
	broken := func(channel string) bool {
		_, body, err := w.try(t.Context(), channel)
		if err != nil {
			t.Fatal(err)
		}
		return strings.Contains(body, `"ok":false`)
	}
	for _, row := range []struct {
		fault          slacksim.Fault
		general, lobby bool
	}{
		{slacksim.Fault{}, true, true},
		{slacksim.Fault{Method: "chat.postMessage"}, true, true},
		{slacksim.Fault{Method: "chat.update"}, false, false},
		{slacksim.Fault{Method: "response_url"}, false, false},
		{slacksim.Fault{Channel: lobby}, false, true},
		{slacksim.Fault{Probability: 1e-12}, false, false},
		{slacksim.Fault{Probability: 1}, true, true},
	} {
		row.fault.Kind = slacksim.FaultError
		w.Fault(row.fault)
		if g, l := broken(general), broken(lobby); g != row.general || l != row.lobby {
			t.Errorf("Fault(%+v): general %v, lobby %v; want %v, %v", row.fault, g, l, row.general, row.lobby)
		}
		w.ClearFaults()
		if broken(general) {
			t.Errorf("after ClearFaults the fault %+v is still there", row.fault)
		}
	}
}

func TestFaultsOfResponseURLsAndSockets(t *testing.T) {
	t.Parallel()
	w := newWorld(t, slacksim.Options{})
	a := w.connect()
	url := w.commandURL(a, general)
	w.Fault(slacksim.Fault{Method: "response_url", Kind: slacksim.FaultError, Error: "used_url", Times: 1, Channel: general})
	if code, body := w.respond(url, `{"text":"a"}`); code != 404 || body != "used_url" {
		t.Errorf("respond = %d %q, want 404 used_url", code, body)
	}
	if code, _ := w.respond(url, `{"text":"a"}`); code != 200 {
		t.Errorf("respond after the fault = %d, want 200", code)
	}
	w.Fault(slacksim.Fault{Method: "socket", Kind: slacksim.FaultHTTP, Status: 503, Times: 1, After: true})
	if _, resp, err := websocket.DefaultDialer.DialContext(t.Context(), w.open(), nil); !errors.Is(err, websocket.ErrBadHandshake) || resp.StatusCode != 503 {
		t.Errorf("dial = %v, want HTTP 503", err)
	}
	w.Fault(slacksim.Fault{Method: "apps.connections.open", Kind: slacksim.FaultRateLimit, RetryAfter: 1, Times: 1})
	if resp, _ := w.do(http.MethodPost, "/api/apps.connections.open", "", appToken, ""); resp.StatusCode != 429 {
		t.Errorf("apps.connections.open = %d, want 429", resp.StatusCode)
	}
	w.connect()
}

func TestDelay(t *testing.T) {
	t.Parallel()
	w := newWorld(t, slacksim.Options{})
	w.Delay(20 * time.Millisecond)
	w.post(general, "a", "")
	if got := w.Calls("chat.postMessage"); len(got) != 1 || got[0].Duration < 20*time.Millisecond {
		t.Errorf("Calls() = %+v, want 20 ms", got)
	}
	w.Delay(time.Hour)
	if _, _, err := w.try(abandoned(t), general); !errors.Is(err, context.Canceled) {
		t.Errorf("a slow call = %v, want that its caller gave up", err)
	}
	if err := w.Await(short(t), func() bool { return len(w.Calls("chat.postMessage")) == 2 }); err != nil {
		t.Fatal(err)
	}
	if got := w.Calls("chat.postMessage"); got[1].Error != "caller gave up" || got[1].Status != 0 {
		t.Errorf("Calls()[1] = %+v, want the caller to have given up", got[1])
	}
	if got := w.Messages(general, ana); len(got) != 1 {
		t.Errorf("Messages() = %+v, want the first alone", got)
	}
}

func TestServeAndClose(t *testing.T) {
	t.Parallel()
	s := slacksim.New(slacksim.Options{})
	l := httptest.NewUnstartedServer(nil).Listener
	served := make(chan error, 1)
	go func() { served <- s.Serve(l) }()
	resp, err := http.Post("http://"+l.Addr().String()+"/api/auth.test", formKind, strings.NewReader("token="+botToken))
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	http.DefaultClient.CloseIdleConnections()
	waited := make(chan error, 1)
	go func() { waited <- s.Await(t.Context(), func() bool { return false }) }()
	s.Close()
	s.Close()
	if err := <-served; err != nil {
		t.Errorf("Serve() = %v, want nil", err)
	}
	if err := <-waited; !errors.Is(err, http.ErrServerClosed) {
		t.Errorf("Await() = %v, want ErrServerClosed", err)
	}
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(io.EOF)
	if err := slacksim.New(slacksim.Options{}).Await(ctx, func() bool { return false }); !errors.Is(err, io.EOF) {
		t.Errorf("Await() = %v, want the context's cause", err)
	}
}

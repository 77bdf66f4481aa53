package slacksim_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strings"
	"testing"
	"time"

	"meetingbot/internal/slacksim"
)

// abandoned returns the context of a call whose caller gives up once the request is sent.
func abandoned(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	t.Cleanup(cancel)
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		WroteRequest: func(httptrace.WroteRequestInfo) { cancel() },
	})
}

// giveUp calls a method and gives up at once.
func (w *world) giveUp(method string, pairs ...string) error {
	w.t.Helper()
	form := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
	}
	req, err := http.NewRequestWithContext(abandoned(w.t), http.MethodPost, w.web.URL+"/api/"+method, strings.NewReader(form.Encode()))
	if err != nil {
		w.t.Fatal(err)
	}
	req.Header.Set("Content-Type", formKind)
	req.Header.Set("Authorization", "Bearer "+botToken)
	resp, err := w.web.Client().Do(req)
	if err == nil {
		resp.Body.Close()
	}
	return err
}

func (w *world) await(what string, holds func() bool) {
	w.t.Helper()
	if err := w.Await(short(w.t), holds); err != nil {
		w.t.Fatalf("no %s: %v", what, err)
	}
}

func TestLateCallTakesEffect(t *testing.T) {
	t.Parallel()
	struck := make(chan struct{}, 1)
	w := newWorld(t, slacksim.Options{Chance: func() float64 { struck <- struct{}{}; return 0 }})
	ref := w.post(general, "Cancel this meeting?", card)
	w.Fault(slacksim.Fault{Kind: slacksim.FaultLate, Method: "chat.update", Times: 1, TS: ref.TS, Probability: 0.5})
	if err := w.giveUp("chat.update", "channel", general, "ts", ref.TS, "text", "Working…", "blocks", "[]"); err == nil {
		t.Fatal("the slow chat.update was answered in time")
	}
	<-struck // the next call must not overtake it
	w.call("chat.update", "channel", general, "ts", ref.TS, "text", "Cancelled", "blocks", "[]")
	w.ClearFaults()
	w.await("late update", func() bool { m, _ := w.Message(ref); return m.Text == "Working…" })
	var texts []string
	for _, v := range w.History(ref) {
		texts = append(texts, v.Text)
	}
	if got := strings.Join(texts, " → "); got != "Cancel this meeting? → Cancelled → Working…" {
		t.Errorf("History = %s, want the late one on top", got)
	}
	w.await("entry in the journal", func() bool { return len(w.Calls("chat.update")) == 2 })
	calls := w.Calls("chat.update")
	if len(calls) != 2 || calls[0].GaveUp || !calls[1].GaveUp || calls[1].Error != "" {
		t.Errorf("Calls(chat.update) = %+v, want the second to have been given up", calls)
	}

	w.Fault(slacksim.Fault{Kind: slacksim.FaultLate, Method: "chat.postMessage", Delay: 100 * time.Millisecond, Times: 1})
	if err := w.giveUp("chat.postMessage", "channel", general, "text", "late"); err == nil {
		t.Fatal("the slow chat.postMessage was answered in time")
	}
	w.await("late message", func() bool { return w.card(ana).Text == "late" })

	// A caller that waits long enough gets the response.
	w.Fault(slacksim.Fault{Kind: slacksim.FaultLate, Method: "auth.test", Delay: time.Millisecond, Times: 1})
	if got := w.call("auth.test"); got["ok"] != true {
		t.Errorf("auth.test, late = %v, want ok", got)
	}
}

func TestFaultFor(t *testing.T) {
	t.Parallel()
	clock := newClock()
	w := newWorld(t, slacksim.Options{Now: clock.Now})
	ref := w.post(general, "a", "")
	w.Fault(slacksim.Fault{Kind: slacksim.FaultError, Error: "cant_update_message", Method: "chat.update", For: 2 * time.Second, Skip: 1, TS: ref.TS})
	update := func() string {
		return w.call("chat.update", "channel", general, "ts", ref.TS, "text", "b").code()
	}
	for i, want := range []string{"", "cant_update_message", "cant_update_message"} {
		if got := update(); got != want {
			t.Errorf("chat.update number %d = %q, want %q", i, got, want)
		}
	}
	other := w.post(general, "other", "")
	if got := w.call("chat.update", "channel", general, "ts", other.TS, "text", "b"); got["ok"] != true {
		t.Errorf("chat.update of another message = %v, want ok", got)
	}
	clock.Advance(2 * time.Second)
	if got := update(); got != "" {
		t.Errorf("chat.update after the fault = %q, want ok", got)
	}
}

func TestRefusalStatus(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		fault  slacksim.Fault
		status int
		kind   string
		body   string
	}{
		{slacksim.Fault{Kind: slacksim.FaultError, Error: "users_not_found", Status: 404}, 404, "application/json", `"error":"users_not_found"`},
		{slacksim.Fault{Kind: slacksim.FaultError, Error: "token_revoked", Status: 401}, 401, "application/json", `"error":"token_revoked"`},
		{slacksim.Fault{Kind: slacksim.FaultError, Error: "missing_scope", Needed: "chat:write", Status: 403}, 403, "application/json", `"needed":"chat:write","provided":"commands`},
		{slacksim.Fault{Kind: slacksim.FaultError, Error: "ratelimited"}, 200, "application/json", `"error":"ratelimited"`},
		{slacksim.Fault{Kind: slacksim.FaultHTTP, Status: 403}, 403, "text/html", "<html>"},
		{slacksim.Fault{Kind: slacksim.FaultRateLimit, RetryAfter: 7}, 429, "application/json", "ratelimited"},
	} {
		w := newWorld(t, slacksim.Options{})
		w.Fault(row.fault)
		resp, body := w.do(http.MethodPost, "/api/users.info", formKind, botToken, "user="+ana)
		if resp.StatusCode != row.status || !strings.HasPrefix(resp.Header.Get("Content-Type"), row.kind) || !strings.Contains(string(body), row.body) {
			t.Errorf("%+v: %d %s %s; want %d %s with %s", row.fault, resp.StatusCode, resp.Header.Get("Content-Type"), body, row.status, row.kind, row.body)
		}
		if got := resp.Header.Get("Retry-After"); (got == "7") != (row.fault.RetryAfter == 7) {
			t.Errorf("%+v: Retry-After = %q", row.fault, got)
		}
	}
}

func TestChance(t *testing.T) {
	t.Parallel()
	draws := []float64{0.9, 0.1, 0.9}
	w := newWorld(t, slacksim.Options{Chance: func() float64 {
		d := draws[0]
		draws = draws[1:]
		return d
	}})
	w.Fault(slacksim.Fault{Kind: slacksim.FaultError, Method: "auth.test", Probability: 0.5})
	for i, want := range []string{"", "internal_error", ""} {
		if got := w.call("auth.test").code(); got != want {
			t.Errorf("call %d = %q, want %q", i, got, want)
		}
	}
}

func TestRates(t *testing.T) {
	t.Parallel()
	clock := newClock()
	w := newWorld(t, slacksim.Options{Now: clock.Now, Rates: map[string]slacksim.Rate{"users.lookupByEmail": {Calls: 2}}})
	look := func() (int, string) {
		resp, _ := w.do(http.MethodPost, "/api/users.lookupByEmail", formKind, botToken, "email=ana@example.com")
		return resp.StatusCode, resp.Header.Get("Retry-After")
	}
	for i, want := range []int{200, 200, 429} {
		if got, _ := look(); got != want {
			t.Errorf("call %d = %d, want %d", i, got, want)
		}
	}
	clock.Advance(45 * time.Second)
	if status, wait := look(); status != 429 || wait != "15" {
		t.Errorf("after 45 s = %d, Retry-After %s; want 429, 15", status, wait)
	}
	clock.Advance(15 * time.Second)
	if status, _ := look(); status != 200 {
		t.Errorf("after the minute = %d, want 200", status)
	}
}

func TestShown(t *testing.T) {
	t.Parallel()
	clock := newClock()
	opts := withHome()
	opts.Now = clock.Now
	w := newWorld(t, opts)
	ref := w.post(general, "Cancel?", card)
	before := len(w.Shown(0))
	clock.Advance(time.Second)
	w.call("chat.update", "channel", general, "ts", ref.TS, "text", "Cancelled", "blocks", "[]")
	w.call("chat.postEphemeral", "channel", general, "user", ana, "text", "only you")
	w.call("views.publish", "user_id", ana, "view", home(section("Yours")))
	w.call("chat.delete", "channel", general, "ts", ref.TS)
	var acts []string
	for _, s := range w.Shown(before) {
		switch {
		case s.Message != nil:
			acts = append(acts, s.Act+" "+s.Message.Plain()+s.Message.EphemeralFor)
		case s.Home != nil:
			acts = append(acts, s.Act+" "+s.Home.Plain()+s.User)
		}
		if !s.At.Equal(clock.Now()) {
			t.Errorf("%s at %v, want %v", s.Act, s.At, clock.Now())
		}
	}
	want := "change Cancelled, message only you" + ana + ", home Yours" + ana + ", delete Cancelled"
	if got := strings.Join(acts, ", "); got != want {
		t.Errorf("Shown(%d) = %s, want %s", before, got, want)
	}
	first := w.Shown(0)[before-1]
	if len(first.Message.Buttons()) != 2 || !first.Message.Since.Equal(first.At) || first.Via != slacksim.ViaAPI {
		t.Errorf("the original card = %+v, want its buttons and its time", first)
	}
	if _, err := json.Marshal(w.Shown(0)); err != nil {
		t.Errorf("marshal what was shown: %v", err)
	}
}

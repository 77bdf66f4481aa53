package slacksim_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"meetingbot/internal/slacksim"
)

func TestControl(t *testing.T) {
	t.Parallel()
	w := newWorld(t, withHome())
	w.call("views.publish", "user_id", ana, "view", home(actions(button(`,"action_id":"go"`), boxes("", many(2)...))))
	tab, _ := w.Home(ana)
	control := httptest.NewServer(w.Control())
	t.Cleanup(control.Close)
	ask := func(verb, path, body string) (int, string) {
		t.Helper()
		req, err := http.NewRequestWithContext(t.Context(), verb, control.URL+path, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		resp, err := control.Client().Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		data, err := io.ReadAll(resp.Body)
		if err != nil {
			t.Fatal(err)
		}
		return resp.StatusCode, string(data)
	}
	a := w.connect()
	go func() { // acknowledges everything
		for {
			var e envelope
			if a.ReadJSON(&e) != nil {
				return
			}
			if e.EnvelopeID != "" && a.WriteJSON(map[string]string{"envelope_id": e.EnvelopeID}) != nil {
				return
			}
		}
	}()
	ref := w.post(general, "Cancel?", card)
	menus := w.post(general, "Which?", choices)
	ticks := w.post(general, "Which?", dates("when"))
	w.post(ana, "for ana", "")
	where := func(ref slacksim.Ref) string { return `"channel":"` + ref.Channel + `","ts":"` + ref.TS + `"` }
	for _, row := range []struct {
		verb, path, body string
		status           int
		want             string
	}{
		{"POST", "/users", `{"ID":"U0EVE","Name":"eve"}`, 200, `"ok":true`},
		{"POST", "/channels", `{"ID":"C0EVE","BotMember":true,"Members":["U0EVE"]}`, 200, `"ok":true`},
		{"POST", "/type", `{"user":"U0EVE","channel":"C0EVE","line":"hello"}`, 200, `"channel":"C0EVE"`},
		{"POST", "/type", `{"user":"` + ana + `","channel":"C0GENERAL","line":"/cancel-meeting 1"}`, 200, `"acked":true`},
		{"POST", "/type", `{"user":"` + bob + `","line":"hi",` + `"channel":"C0GENERAL","thread_ts":"` + ref.TS + `"}`, 200, `"acked":false`},
		{"POST", "/click", `{"user":"` + ana + `","action_id":"confirm","block_id":"ask",` + where(ref) + `}`, 200, `"acked":true`},
		{"POST", "/click", `{"user":"` + ana + `","action_id":"explode",` + where(ref) + `}`, 422, "no such element"},
		{"POST", "/select", `{"user":"` + ana + `","action_id":"which","block_id":"when","values":["1"],` + where(menus) + `}`, 200, `"acked":true`},
		{"POST", "/shortcut", `{"user":"` + ana + `","callback_id":"any",` + where(ref) + `}`, 200, `"acked":true`},
		{"POST", "/tick", `{"user":"` + ana + `","text":"Nov 25",` + where(ticks) + `}`, 200, `"acked":true`},
		{"POST", "/untick", `{"user":"` + ana + `","text":"Nov 25",` + where(ticks) + `}`, 200, `"acked":true`},
		{"POST", "/untick", `{"user":"` + ana + `","text":"Nov 25",` + where(ticks) + `}`, 422, "already"},
		{"POST", "/home", `{"user":"` + ana + `"}`, 200, `"acked":true`},
		{"POST", "/click", `{"user":"` + ana + `","action_id":"go","view_id":"` + tab.ID + `"}`, 200, `"acked":true`},
		{"POST", "/tick", `{"user":"` + ana + `","text":"1","view_id":"` + tab.ID + `"}`, 200, `"acked":true`},
		{"POST", "/select", `{"user":"` + ana + `","action_id":"tick","values":["0"],"view_id":"` + tab.ID + `"}`, 200, `"acked":true`},
		{"GET", "/home?user=" + ana, "", 200, `"chosen":true`},
		{"GET", "/home?user=" + bob, "", 200, "null"},
		{"GET", "/shown?from=0", "", 200, `"act":"home"`},
		{"GET", "/shown?from=99", "", 200, "[]"},
		{"POST", "/submit", `{"user":"` + ana + `"}`, 422, "no modal open"},
		{"POST", "/close", `{"user":"` + ana + `"}`, 422, "no modal open"},
		{"POST", "/type", `{`, 422, "decode the order"},
		{"GET", "/messages?channel=C0GENERAL&viewer=" + ana, "", 200, `"plain":"*Weekly*\n[Cancel meeting] [Keep meeting]"`},
		{"GET", "/messages?channel=C0GENERAL&viewer=" + ana, "", 200, `"action_id":"confirm"`},
		{"GET", "/thread?channel=C0GENERAL&ts=" + ref.TS + "&viewer=" + ana, "", 200, `"text":"hi"`},
		{"GET", "/dms?user=" + ana, "", 200, `"text":"for ana"`},
		{"GET", "/modal?user=" + ana, "", 200, "null"},
		{"GET", "/journal", "", 200, `"method":"chat.postMessage"`},
		{"GET", "/violations", "", 200, "null"},
		{"GET", "/connections", "", 200, "1"},
		{"POST", "/faults", `{"kind":"error","error":"fatal_error","method":"auth.test"}`, 200, `"ok":true`},
		{"POST", "/link", `{"delay":1,"duplicate":true,"slam":false,"drop":"fin","disconnect":"refresh_requested"}`, 200, `"ok":true`},
	} {
		if status, body := ask(row.verb, row.path, row.body); status != row.status || !strings.Contains(body, row.want) {
			t.Errorf("%s %s %s = %d %s, want %d %s", row.verb, row.path, row.body, status, body, row.status, row.want)
		}
	}
	if got := w.call("auth.test"); got.code() != "fatal_error" {
		t.Errorf("auth.test with the ordered fault = %v, want fatal_error", got)
	}
	ask("DELETE", "/faults", "")
	if got := w.call("auth.test"); got["ok"] != true {
		t.Errorf("auth.test after DELETE /faults = %v, want ok", got)
	}
	_, body := ask("GET", "/journal", "")
	if strings.Contains(body, botToken) || strings.Contains(body, "/commands/") {
		t.Errorf("GET /journal shows a secret: %s", body)
	}
	var seen []map[string]any
	_, body = ask("GET", "/messages?channel=C0GENERAL&viewer="+ana, "")
	if err := json.Unmarshal([]byte(body), &seen); err != nil || len(seen) == 0 || at(seen[0], "blocks", 0, "type") != "section" {
		t.Errorf("GET /messages = %s, want blocks as they were sent", body)
	}
}

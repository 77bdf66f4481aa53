package slacksim_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"go.uber.org/goleak"

	"meetingbot/internal/slacksim"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const (
	botToken = "xoxb-1-sim"
	appToken = "xapp-1-A0MEETBOT-1-sim"

	ana = "U0ANA" // assistant, member of the channels
	bob = "U0BOB" // member of #general only

	general = "C0GENERAL" // public, with the bot
	lobby   = "C0LOBBY"   // public, without the bot
	secret  = "C0SECRET"  // private, without the bot
	pair    = "D0PAIR"    // between ana and bob
)

// world is a workspace on loopback and a client that speaks nothing but Slack's protocol.
type world struct {
	*slacksim.Server
	t   *testing.T
	web *httptest.Server
}

func newWorld(t *testing.T, opts slacksim.Options) *world {
	t.Helper()
	sim := slacksim.New(opts)
	web := httptest.NewServer(sim)
	t.Cleanup(func() {
		sim.Close()
		web.Close()
	})
	sim.AddUser(slacksim.User{ID: ana, Name: "ana", RealName: "Ana Lima", Email: "ana@example.com", Locale: "pt-BR", TZ: "America/Sao_Paulo"})
	sim.AddUser(slacksim.User{ID: bob, Name: "bob", Email: "bob@example.com", TZ: "Asia/Shanghai"})
	sim.AddChannel(slacksim.Channel{ID: general, Name: "general", BotMember: true, Members: []string{ana, bob}})
	sim.AddChannel(slacksim.Channel{ID: lobby, Name: "lobby", Members: []string{ana}})
	sim.AddChannel(slacksim.Channel{ID: secret, Name: "secret", Private: true, Members: []string{ana}})
	sim.AddChannel(slacksim.Channel{ID: pair, IM: true, Members: []string{ana, bob}})
	return &world{Server: sim, t: t, web: web}
}

// reply is a Web API response.
type reply map[string]any

func (r reply) code() string { s, _ := r["error"].(string); return s }
func (r reply) str(name string) string {
	s, _ := r[name].(string)
	return s
}

// call posts a form with the bot token in it, as slack-go does.
func (w *world) call(method string, pairs ...string) reply {
	w.t.Helper()
	form := url.Values{"token": {botToken}}
	for i := 0; i < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
	}
	resp, body := w.do(http.MethodPost, "/api/"+method, "application/x-www-form-urlencoded", "", form.Encode())
	if resp.StatusCode != http.StatusOK {
		w.t.Fatalf("POST %s = HTTP %d, want 200", method, resp.StatusCode)
	}
	var answer reply
	if err := json.Unmarshal(body, &answer); err != nil {
		w.t.Fatalf("POST %s answered %q: %v", method, body, err)
	}
	return answer
}

func (w *world) do(verb, path, kind, bearer, body string) (*http.Response, []byte) {
	w.t.Helper()
	target := path
	if strings.HasPrefix(path, "/") {
		target = w.web.URL + path
	}
	req, err := http.NewRequestWithContext(w.t.Context(), verb, target, strings.NewReader(body))
	if err != nil {
		w.t.Fatal(err)
	}
	if kind != "" {
		req.Header.Set("Content-Type", kind)
	}
	if bearer != "" {
		req.Header.Set("Authorization", "Bearer "+bearer)
	}
	resp, err := w.web.Client().Do(req)
	if err != nil {
		w.t.Fatalf("%s %s: %v", verb, path, err)
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	if err != nil {
		w.t.Fatalf("%s %s: read: %v", verb, path, err)
	}
	return resp, data
}

// post posts a message as the bot and returns its ref.
func (w *world) post(channel, text, blocks string, more ...string) slacksim.Ref {
	w.t.Helper()
	args := append([]string{"channel", channel, "text", text}, more...)
	if blocks != "" {
		args = append(args, "blocks", blocks)
	}
	answer := w.call("chat.postMessage", args...)
	if answer["ok"] != true {
		w.t.Fatalf("chat.postMessage(%v) = %v, want ok", args, answer)
	}
	return slacksim.Ref{Channel: answer.str("channel"), TS: answer.str("ts")}
}

// open asks for a ticket and returns the socket's URL.
func (w *world) open() string {
	w.t.Helper()
	_, body := w.do(http.MethodPost, "/api/apps.connections.open", "", appToken, "")
	var answer reply
	if err := json.Unmarshal(body, &answer); err != nil || answer["ok"] != true {
		w.t.Fatalf("apps.connections.open = %s, want ok", body)
	}
	return answer.str("url")
}

// app is the app's end of a socket.
type app struct {
	*websocket.Conn
	t *testing.T
}

// envelope is a frame that the app receives.
type envelope struct {
	Type           string          `json:"type"`
	Reason         string          `json:"reason"`
	NumConnections int             `json:"num_connections"`
	EnvelopeID     string          `json:"envelope_id"`
	Payload        json.RawMessage `json:"payload"`
	Accepts        bool            `json:"accepts_response_payload"`
	RetryAttempt   int             `json:"retry_attempt"`
	ConnectionInfo map[string]any  `json:"connection_info"`
	DebugInfo      map[string]any  `json:"debug_info"`
}

func (w *world) dial() *app {
	w.t.Helper()
	conn, resp, err := websocket.DefaultDialer.DialContext(w.t.Context(), w.open(), nil)
	if err != nil {
		w.t.Fatalf("dial the socket: %v (%v)", err, resp)
	}
	w.t.Cleanup(func() { conn.Close() })
	return &app{conn, w.t}
}

// connect dials and reads the hello.
func (w *world) connect() *app {
	w.t.Helper()
	a := w.dial()
	if hello := a.next(); hello.Type != "hello" {
		w.t.Fatalf("first frame = %+v, want hello", hello)
	}
	return a
}

func (a *app) next() envelope {
	a.t.Helper()
	var e envelope
	a.SetReadDeadline(time.Now().Add(5 * time.Second))
	if err := a.ReadJSON(&e); err != nil {
		a.t.Fatalf("read a frame: %v", err)
	}
	return e
}

func (a *app) ack(id string, payload any) {
	a.t.Helper()
	frame := map[string]any{"envelope_id": id}
	if payload != nil {
		frame["payload"] = payload
	}
	if err := a.WriteJSON(frame); err != nil {
		a.t.Fatalf("ack %s: %v", id, err)
	}
}

func (a *app) write(kind int, data string) {
	a.t.Helper()
	if err := a.WriteMessage(kind, []byte(data)); err != nil {
		a.t.Fatalf("write %q: %v", data, err)
	}
}

// drain reads until the connection ends, so that pings are answered.
func (a *app) drain() {
	for {
		if _, _, err := a.ReadMessage(); err != nil {
			return
		}
	}
}

// payload decodes the envelope's payload.
func (e envelope) payload(t *testing.T) reply {
	t.Helper()
	var p reply
	if err := json.Unmarshal(e.Payload, &p); err != nil {
		t.Fatalf("payload %s: %v", e.Payload, err)
	}
	return p
}

// at walks into nested maps and lists.
func at(v any, path ...any) any {
	if r, ok := v.(reply); ok {
		v = map[string]any(r)
	}
	for _, step := range path {
		switch step := step.(type) {
		case string:
			m, _ := v.(map[string]any)
			v = m[step]
		case int:
			l, _ := v.([]any)
			if step >= len(l) {
				return nil
			}
			v = l[step]
		}
	}
	return v
}

func short(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	t.Cleanup(cancel)
	return ctx
}

const card = `[{"type":"section","block_id":"facts","text":{"type":"mrkdwn","text":"*Weekly*"}},
{"type":"actions","block_id":"ask","elements":[
{"type":"button","action_id":"confirm","style":"danger","value":"r1","text":{"type":"plain_text","text":"Cancel meeting"}},
{"type":"button","action_id":"keep","value":"r1","text":{"type":"plain_text","text":"Keep meeting"}}]}]`

func TestCommandToCardToClick(t *testing.T) {
	t.Parallel()
	w := newWorld(t, slacksim.Options{})
	a := w.connect()

	typed := w.Type(ana, general, "/cancel-meeting 914087436 --end")
	e := a.next()
	p := e.payload(t)
	if e.Type != "slash_commands" || !e.Accepts || p["text"] != "914087436 --end" || p["user_id"] != ana || p["channel_id"] != general {
		t.Fatalf("Type(…) delivered %s %s, want the command", e.Type, e.Payload)
	}
	a.ack(e.EnvelopeID, nil)
	if err := typed.Wait(short(t)); err != nil || !typed.Acked() {
		t.Fatalf("Wait() = %v, Acked() = %v; want nil, true", err, typed.Acked())
	}

	ref := w.post(general, "Cancel this meeting?", card)
	click, err := w.Click(bob, ref, "confirm", slacksim.ClickOptions{})
	if err != nil {
		t.Fatal(err)
	}
	e = a.next()
	p = e.payload(t)
	if e.Type != "interactive" || at(p, "user", "id") != bob || at(p, "container", "message_ts") != ref.TS ||
		at(p, "actions", 0, "action_id") != "confirm" || at(p, "actions", 0, "value") != "r1" {
		t.Fatalf("Click(…) delivered %s, want bob's click", e.Payload)
	}
	a.ack(e.EnvelopeID, nil)
	if err := click.Wait(short(t)); err != nil {
		t.Fatalf("Wait() = %v, want nil", err)
	}
	w.call("chat.update", "channel", ref.Channel, "ts", ref.TS, "text", "Cancelled", "blocks", "[]")
	if got := w.Messages(general, ana); len(got) != 1 || len(got[0].Buttons()) != 0 || got[0].Plain() != "Cancelled" {
		t.Errorf("Messages(general, ana) = %+v, want one without buttons", got)
	}
	resp, body := w.do(http.MethodPost, p.str("response_url"), "application/json", "",
		`{"text":"done","response_type":"in_channel","replace_original":false,"thread_ts":"`+ref.TS+`"}`)
	if resp.StatusCode != http.StatusOK || string(body) != "ok" {
		t.Errorf("POST response_url = %d %q, want 200 ok", resp.StatusCode, body)
	}
	if got := w.Thread(ref, bob); len(got) != 1 || got[0].Text != "done" {
		t.Errorf("Thread(card, bob) = %+v, want one reply", got)
	}
	if got := w.Violations(); len(got) != 0 {
		t.Errorf("Violations() = %q, want none", got)
	}
}

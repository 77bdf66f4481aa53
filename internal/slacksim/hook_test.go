package slacksim_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"meetingbot/internal/slacksim"
)

// respond posts to a response URL and returns status and body.
func (w *world) respond(url, body string) (int, string) {
	w.t.Helper()
	resp, text := w.do(http.MethodPost, url, jsonKind, "", body)
	return resp.StatusCode, string(text)
}

// commandURL returns the response URL of a command typed by ana.
func (w *world) commandURL(a *app, channel string) string {
	w.t.Helper()
	return w.command(a, channel).str("response_url")
}

// command returns the payload of a command typed by ana.
func (w *world) command(a *app, channel string) reply {
	w.t.Helper()
	typed := w.Type(ana, channel, "/cancel-meeting help")
	e := a.next()
	a.ack(e.EnvelopeID, nil)
	if err := typed.Wait(short(w.t)); err != nil {
		w.t.Fatalf("Wait() = %v, want nil", err)
	}
	return e.payload(w.t)
}

// clickURL returns the response URL of ana's click on the message.
func (w *world) clickURL(a *app, ref slacksim.Ref) string {
	w.t.Helper()
	if _, err := w.Click(ana, ref, "confirm", slacksim.ClickOptions{}); err != nil {
		w.t.Fatal(err)
	}
	e := a.next()
	a.ack(e.EnvelopeID, nil)
	return e.payload(w.t).str("response_url")
}

func TestResponseURLInEveryChannel(t *testing.T) {
	t.Parallel()
	w := newWorld(t, slacksim.Options{})
	a := w.connect()
	for _, channel := range []string{general, lobby, secret, pair} {
		url := w.commandURL(a, channel)
		if code, body := w.respond(url, `{"text":"only you"}`); code != 200 || body != "ok" {
			t.Errorf("respond in %s = %d %q, want 200 ok", channel, code, body)
		}
		w.respond(url, `{"text":"all of you","response_type":"in_channel"}`)
		got := w.Messages(channel, ana)
		if len(got) != 2 || !got[0].Ephemeral || got[1].Ephemeral || got[1].Via != slacksim.ViaResponseURL {
			t.Errorf("Messages(%s, ana) = %+v, want a whisper and a message", channel, got)
		}
	}
	if got := w.Messages(general, bob); len(got) != 1 || got[0].Text != "all of you" {
		t.Errorf("Messages(general, bob) = %+v, want the one for all", got)
	}
}

func TestResponseURLRunsOut(t *testing.T) {
	t.Parallel()
	clock := newClock()
	w := newWorld(t, slacksim.Options{Now: clock.Now})
	a := w.connect()
	url := w.commandURL(a, general)
	for i, want := range []int{200, 200, 200, 200, 200, 404} {
		if code, body := w.respond(url, `{"text":"a"}`); code != want || want == 404 && body != "used_url" {
			t.Errorf("use %d = %d %q, want %d", i+1, code, body, want)
		}
	}
	old := w.commandURL(a, general)
	clock.Advance(30 * time.Minute)
	if code, _ := w.respond(old, `{"text":"a"}`); code != 200 {
		t.Errorf("use at 30 minutes = %d, want 200", code)
	}
	clock.Advance(time.Second)
	if code, body := w.respond(old, `{"text":"a"}`); code != 404 || body != "expired_url" {
		t.Errorf("use after 30 minutes = %d %q, want 404 expired_url", code, body)
	}
	got := strings.Join(w.Violations(), "\n")
	if !strings.Contains(got, "more than 5 times") || !strings.Contains(got, "after 30m0s") {
		t.Errorf("Violations() = %q, want both", got)
	}
}

func TestResponseURLOfAClick(t *testing.T) {
	t.Parallel()
	w := newWorld(t, slacksim.Options{})
	a := w.connect()
	w.respond(w.commandURL(a, secret), `{"text":"Cancel?","response_type":"in_channel","blocks":`+card+`}`)
	ref := w.Messages(secret, ana)[0].Ref
	url := w.clickURL(a, ref)
	if code, body := w.respond(url, `{"replace_original":true,"text":"Working","blocks":[]}`); code != 200 {
		t.Fatalf("replace_original = %d %q, want 200", code, body)
	}
	if got, _ := w.Message(ref); got.Text != "Working" || len(got.Buttons()) != 0 || len(w.History(ref)) != 2 {
		t.Errorf("Message(card) = %+v, want it replaced", got)
	}
	w.respond(url, `{"replace_original":false,"response_type":"in_channel","thread_ts":"`+ref.TS+`","text":"done"}`)
	if got := w.Thread(ref, ana); len(got) != 1 || got[0].Text != "done" || got[0].Ephemeral {
		t.Errorf("Thread(card) = %+v, want the answer", got)
	}
	w.respond(url, `{"replace_original":false,"text":"only you"}`)
	if got := w.Messages(secret, ana); len(got) != 2 || !got[1].Ephemeral {
		t.Errorf("Messages(secret, ana) = %+v, want a whisper at the end", got)
	}
	w.respond(url, `{"delete_original":true}`)
	if _, found := w.Message(ref); found {
		t.Error("Message(card) after delete_original is still there")
	}
	if got := w.Violations(); len(got) != 0 {
		t.Errorf("Violations() = %q, want none", got)
	}
}

func TestResponseURLOfAnEphemeralMessage(t *testing.T) {
	t.Parallel()
	w := newWorld(t, slacksim.Options{})
	a := w.connect()
	ts := w.call("chat.postEphemeral", "channel", general, "user", ana, "text", "Cancel?", "blocks", card).str("message_ts")
	ref := slacksim.Ref{Channel: general, TS: ts}
	if _, err := w.Click(ana, ref, "confirm", slacksim.ClickOptions{}); err != nil {
		t.Fatal(err)
	}
	p := a.next().payload(t)
	if at(p, "container", "is_ephemeral") != true || p["message"] != nil {
		t.Errorf("payload = %v, want is_ephemeral and no message", p)
	}
	w.respond(p.str("response_url"), `{"replace_original":true,"text":"Working"}`)
	if got := w.Messages(general, ana); len(got) != 1 || got[0].Text != "Working" || !got[0].Ephemeral {
		t.Errorf("Messages(general, ana) = %+v, want the whisper replaced", got)
	}
}

func TestResponseURLRefusals(t *testing.T) {
	t.Parallel()
	w := newWorld(t, slacksim.Options{})
	a := w.connect()
	for _, row := range []struct {
		name, body string
		status     int
		text, rule string // rule is part of a violation
	}{
		{"half a JSON", `{"text":`, 400, "invalid_payload", ""},
		{"nothing", `{}`, 400, "no_text", "no_text"},
		{"bad blocks", `{"text":"a","blocks":[{"type":"fancy"}]}`, 400, "invalid_blocks", "unsupported type"},
		{"bad type", `{"text":"a","response_type":"secret"}`, 400, "invalid_payload", ""},
		{"unknown thread", `{"text":"a","response_type":"in_channel","thread_ts":"1.000001"}`, 400, "thread_not_found", ""},
		{"thread of an ephemeral message", `{"text":"a","thread_ts":"1.000001"}`, 200, "ok", "needs response_type in_channel"},
		{"replacing the command", `{"text":"a","replace_original":true}`, 200, "ok", "without an original"},
		{"deleting the command", `{"delete_original":true}`, 200, "ok", "it has no original"},
		{"the library's extra fields", `{"text":"a","blocks":null,"attachments":null,"metadata":{"event_type":"","event_payload":null},"replace_original":false}`, 200, "ok", ""},
	} {
		before := len(w.Violations())
		code, text := w.respond(w.commandURL(a, general), row.body)
		got := strings.Join(w.Violations()[before:], "\n")
		if code != row.status || text != row.text || !strings.Contains(got, row.rule) || row.rule == "" && got != "" {
			t.Errorf("%s: respond(%s) = %d %q with violations %q, want %d %q and %q", row.name, row.body, code, text, got, row.status, row.text, row.rule)
		}
	}
	w.Archive(lobby, false)
	url := w.commandURL(a, lobby)
	w.Archive(lobby, true)
	if code, text := w.respond(url, `{"text":"a"}`); code != 410 || text != "channel_is_archived" {
		t.Errorf("respond in an archived channel = %d %q, want 410", code, text)
	}
	if code, _ := w.respond("/commands/T0SIM/1/forged", `{"text":"a"}`); code != 404 {
		t.Errorf("respond to a forged URL = %d, want 404", code)
	}
	if resp, _ := w.do(http.MethodGet, w.commandURL(a, general), "", "", ""); resp.StatusCode != 400 {
		t.Errorf("GET of a response URL = %d, want 400", resp.StatusCode)
	}
}

func TestMessageInTheAck(t *testing.T) {
	t.Parallel()
	w := newWorld(t, slacksim.Options{})
	a := w.connect()
	for _, row := range []struct {
		payload    any
		anas, bobs string
	}{
		{nil, "", ""},
		{map[string]any{}, "", ""},
		{map[string]string{"text": "psst"}, "psst", ""},
		{map[string]string{"text": "hello", "response_type": "in_channel"}, "/cancel-meeting help|hello", "/cancel-meeting help|hello"},
	} {
		before := [2]int{len(w.Messages(general, ana)), len(w.Messages(general, bob))}
		typed := w.Type(ana, general, "/cancel-meeting help")
		a.ack(a.next().EnvelopeID, row.payload)
		if err := typed.Wait(short(t)); err != nil {
			t.Fatal(err)
		}
		said := func(all []slacksim.Message, skip int) string {
			var words []string
			for _, m := range all[skip:] {
				words = append(words, m.Text)
			}
			return strings.Join(words, "|")
		}
		anas, bobs := said(w.Messages(general, ana), before[0]), said(w.Messages(general, bob), before[1])
		if anas != row.anas || bobs != row.bobs {
			t.Errorf("ack(%v): ana sees %q, bob %q; want %q, %q", row.payload, anas, bobs, row.anas, row.bobs)
		}
	}
	typed := w.Type(ana, general, "/cancel-meeting help")
	a.ack(a.next().EnvelopeID, map[string]string{"blocks": "nonsense"})
	if err := typed.Wait(short(t)); err != nil {
		t.Fatal(err)
	}
	if got := w.Violations(); len(got) != 1 || !strings.Contains(got[0], "acknowledgement of /cancel-meeting: invalid_blocks_format") {
		t.Errorf("Violations() = %q, want the refused message", got)
	}
}

package slacksim_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"meetingbot/internal/slacksim"
)

func TestCommandPayload(t *testing.T) {
	t.Parallel()
	w := newWorld(t, slacksim.Options{})
	w.AddUser(slacksim.User{ID: "U0FAR", Name: "far", Stranger: true, TeamID: "T0FAR"})
	w.AddChannel(slacksim.Channel{ID: "C0SHARED", Name: "shared", Members: []string{"U0FAR"}})
	a := w.connect()
	for _, row := range []struct {
		user, channel, line string
		want                map[string]any
	}{
		{ana, general, "/cancel-meeting  914 087 436 —end <b> & ☂ ", map[string]any{"text": " 914 087 436 —end <b> & ☂ ", "channel_name": "general", "user_name": "ana", "team_id": "T0SIM"}},
		{ana, general, "/cancel-meeting", map[string]any{"text": "", "command": "/cancel-meeting", "is_enterprise_install": "false"}},
		{ana, general, "/cancel-meeting\n914087436", map[string]any{"text": "914087436"}},
		{ana, secret, "/cancel-meeting 1", map[string]any{"channel_id": secret, "channel_name": "privategroup"}},
		{ana, pair, "/cancel-meeting 1", map[string]any{"channel_id": pair, "channel_name": "directmessage"}},
		{ana, w.DM(ana), "/cancel-meeting 1", map[string]any{"channel_id": "D0ANA", "channel_name": "directmessage"}},
		{"U0FAR", "C0SHARED", "/cancel-meeting 1", map[string]any{"team_id": "T0FAR", "user_id": "U0FAR"}},
	} {
		typed := w.Type(row.user, row.channel, row.line)
		e := a.next()
		a.ack(e.EnvelopeID, nil)
		if err := typed.Wait(short(t)); err != nil || typed.AckedAfter() <= 0 || typed.EnvelopeID() != e.EnvelopeID {
			t.Errorf("Type(%q).Wait() = %v, AckedAfter() = %v, EnvelopeID() = %s", row.line, err, typed.AckedAfter(), typed.EnvelopeID())
		}
		p := e.payload(t)
		for field, want := range row.want {
			if p[field] != want {
				t.Errorf("Type(%s, %s, %q): %s = %q, want %q", row.user, row.channel, row.line, field, p[field], want)
			}
		}
		for _, field := range []string{"token", "team_domain", "api_app_id", "trigger_id", "response_url"} {
			if p.str(field) == "" {
				t.Errorf("Type(%s, %s, %q): %s is empty", row.user, row.channel, row.line, field)
			}
		}
		if got := p.str("response_url"); !strings.HasPrefix(got, w.web.URL+"/commands/") {
			t.Errorf("response_url = %s, want it under %s/commands/", got, w.web.URL)
		}
	}
}

func TestWhoCanType(t *testing.T) {
	t.Parallel()
	w := newWorld(t, slacksim.Options{})
	people(w)
	for _, row := range []struct{ name, user, channel, line, code, seen string }{
		{"words", ana, general, "a < b & c", "", "a < b & c"},
		{"unknown command", ana, general, "/tea now", "invalid_command", "/tea is not a valid command"},
		{"not a member", bob, lobby, "hello", "not_in_channel", ""},
		{"private to others", bob, secret, "hello", "channel_not_found", ""},
		{"no channel", ana, "C0NOPE", "hello", "channel_not_found", ""},
		{"deactivated", "U0GONE", general, "hello", "user_not_found", ""},
		{"unknown user", "U0NOPE", general, "hello", "user_not_found", ""},
		{"archived", ana, "C0OLD", "/cancel-meeting 1", "is_archived", ""},
		{"read-only", ana, "C0NEWS", "hello", "restricted_action_read_only_channel", ""},
	} {
		typed := w.Type(row.user, row.channel, row.line)
		<-typed.Done()
		if typed.Failure() != row.code {
			t.Errorf("%s: Type(%s, %s, %q).Failure() = %q, want %q", row.name, row.user, row.channel, row.line, typed.Failure(), row.code)
		}
		if row.seen == "" {
			continue
		}
		all := w.Messages(row.channel, row.user)
		if len(all) == 0 || !strings.Contains(all[len(all)-1].Plain(), row.seen) {
			t.Errorf("%s: %s sees %+v, want %q", row.name, row.user, all, row.seen)
		}
	}
}

func TestTypedText(t *testing.T) {
	t.Parallel()
	w := newWorld(t, slacksim.Options{})
	for _, row := range []struct{ typed, text string }{
		{"914 087 436", "914 087 436"},
		{"a < b & c", "a &lt; b &amp; c"},
		{"join https://meeting.example/j?id=914087436&p=1, please", "join <https://meeting.example/j?id=914087436&amp;p=1>, please"},
		{"(see http://e.com/a.) https://e.com/b", "(see <http://e.com/a>.) <https://e.com/b>"},
		{"ask ana@example.com.", "ask <mailto:ana@example.com|ana@example.com>."},
	} {
		ref := w.Type(ana, general, row.typed).Ref()
		if got, _ := w.Message(ref); got.Text != row.text || got.Via != slacksim.ViaPerson {
			t.Errorf("Type(%q) makes %q, want %q", row.typed, got.Text, row.text)
		}
	}
}

func TestTypeInThread(t *testing.T) {
	t.Parallel()
	w := newWorld(t, slacksim.Options{})
	w.connect()
	parent := w.Type(ana, general, "hello").Ref()
	reply := w.TypeInThread(bob, general, parent.TS, "hi").Ref()
	if got := w.Thread(parent, ana); len(got) != 1 || got[0].Ref != reply || got[0].User != bob {
		t.Errorf("Thread(hello, ana) = %+v, want bob's reply", got)
	}
	if got := w.TypeInThread(bob, general, parent.TS, "/cancel-meeting 1").Failure(); got != "not_supported_in_threads" {
		t.Errorf("a command in a thread: Error() = %q, want not_supported_in_threads", got)
	}
	if got := w.Thread(parent, bob); len(got) != 2 || !strings.Contains(got[1].Text, "not supported in threads") {
		t.Errorf("Thread(hello, bob) = %+v, want Slack's refusal", got)
	}
	if got := w.TypeInThread(bob, general, "1.000001", "hi").Failure(); got != "thread_not_found" {
		t.Errorf("a reply to nothing: Error() = %q, want thread_not_found", got)
	}
}

func TestClickPayload(t *testing.T) {
	t.Parallel()
	w := newWorld(t, slacksim.Options{})
	a := w.connect()
	parent := w.post(general, "parent", "")
	ref := w.post(general, "Cancel?", card, "thread_ts", parent.TS, "metadata", `{"event_type":"asked","event_payload":{"id":"r1"}}`)
	if _, err := w.Click(bob, ref, "confirm", slacksim.ClickOptions{BlockID: "ask", Value: "r1"}); err != nil {
		t.Fatal(err)
	}
	p := a.next().payload(t)
	for _, row := range []struct {
		want any
		path []any
	}{
		{"block_actions", []any{"type"}},
		{"A0MEETBOT", []any{"api_app_id"}},
		{"T0SIM", []any{"team", "id"}},
		{"sim", []any{"team", "domain"}},
		{bob, []any{"user", "id"}},
		{"bob", []any{"user", "username"}},
		{"bob", []any{"user", "name"}},
		{"T0SIM", []any{"user", "team_id"}},
		{general, []any{"channel", "id"}},
		{"general", []any{"channel", "name"}},
		{"message", []any{"container", "type"}},
		{ref.TS, []any{"container", "message_ts"}},
		{general, []any{"container", "channel_id"}},
		{parent.TS, []any{"container", "thread_ts"}},
		{false, []any{"container", "is_ephemeral"}},
		{ref.TS, []any{"message", "ts"}},
		{"Cancel?", []any{"message", "text"}},
		{parent.TS, []any{"message", "thread_ts"}},
		{"asked", []any{"message", "metadata", "event_type"}},
		{"facts", []any{"message", "blocks", 0, "block_id"}},
		{"confirm", []any{"actions", 0, "action_id"}},
		{"ask", []any{"actions", 0, "block_id"}},
		{"r1", []any{"actions", 0, "value"}},
		{"button", []any{"actions", 0, "type"}},
		{"danger", []any{"actions", 0, "style"}},
		{"Cancel meeting", []any{"actions", 0, "text", "text"}},
		{map[string]any{}, []any{"state", "values"}},
		{false, []any{"is_enterprise_install"}},
		{nil, []any{"enterprise"}},
	} {
		if diff := cmp.Diff(row.want, at(p, row.path...)); diff != "" {
			t.Errorf("payload %v (-want +got):\n%s", row.path, diff)
		}
	}
	for _, field := range []string{"response_url", "trigger_id", "token"} {
		if p.str(field) == "" {
			t.Errorf("payload has no %s", field)
		}
	}
	if s, _ := at(p, "actions", 0, "action_ts").(string); s == "" {
		t.Error("the action has no action_ts")
	}
}

func TestWhoCanClick(t *testing.T) {
	t.Parallel()
	w := newWorld(t, slacksim.Options{})
	people(w)
	open := w.post(general, "Cancel?", card)
	closed := w.post("C0INNER", "Cancel?", card)
	whisper := slacksim.Ref{Channel: general, TS: w.call("chat.postEphemeral", "channel", general, "user", ana, "text", "a", "blocks", card).str("message_ts")}
	gone := w.post(general, "Cancel?", card)
	w.call("chat.delete", "channel", general, "ts", gone.TS)
	updated := w.post(general, "Cancel?", card)
	w.call("chat.update", "channel", general, "ts", updated.TS, "text", "Done", "blocks", "[]")
	for _, row := range []struct {
		name, user string
		ref        slacksim.Ref
		action     string
		opts       slacksim.ClickOptions
		want       error
	}{
		{"a member", bob, open, "confirm", slacksim.ClickOptions{}, nil},
		{"outside the private channel", bob, closed, "confirm", slacksim.ClickOptions{}, slacksim.ErrNotVisible},
		{"a guest who isn't a member", "U0GUEST", open, "confirm", slacksim.ClickOptions{}, slacksim.ErrNotVisible},
		{"an ephemeral message to someone else", bob, whisper, "confirm", slacksim.ClickOptions{}, slacksim.ErrNotVisible},
		{"the reader of the ephemeral message", ana, whisper, "confirm", slacksim.ClickOptions{}, nil},
		{"a deleted message", bob, gone, "confirm", slacksim.ClickOptions{}, slacksim.ErrNotVisible},
		{"a removed button", bob, updated, "confirm", slacksim.ClickOptions{}, slacksim.ErrNoElement},
		{"a removed button that the user still sees", bob, updated, "confirm", slacksim.ClickOptions{Earlier: true}, nil},
		{"a button that never existed", bob, open, "explode", slacksim.ClickOptions{}, slacksim.ErrNoElement},
		{"the wrong block", bob, open, "confirm", slacksim.ClickOptions{BlockID: "facts"}, slacksim.ErrNoElement},
		{"the wrong value", bob, open, "confirm", slacksim.ClickOptions{Value: "r2"}, slacksim.ErrNoElement},
	} {
		if _, err := w.Click(row.user, row.ref, row.action, row.opts); !errors.Is(err, row.want) {
			t.Errorf("%s: Click(%s, %s) = %v, want %v", row.name, row.user, row.action, err, row.want)
		}
	}
}

func TestFailedClickIsShown(t *testing.T) {
	t.Parallel()
	w := newWorld(t, slacksim.Options{})
	ref := w.post(general, "Cancel?", card)
	click, err := w.Click(bob, ref, "confirm", slacksim.ClickOptions{})
	if err != nil || click.Failure() != slacksim.ErrorDispatch {
		t.Fatalf("Click() = %v, %v; want dispatch_failed", click.Failure(), err)
	}
	if got := w.Messages(general, bob); len(got) != 2 || !got[1].Ephemeral {
		t.Errorf("Messages(general, bob) = %+v, want the warning", got)
	}
	if got := w.Messages(general, ana); len(got) != 1 {
		t.Errorf("Messages(general, ana) = %+v, want the card alone", got)
	}
}

const choices = `[{"type":"section","block_id":"when","text":{"type":"mrkdwn","text":"Which?"},"accessory":{"type":"static_select","action_id":"which",
"options":[{"text":{"type":"plain_text","text":"One"},"value":"1"},{"text":{"type":"plain_text","text":"Two"},"value":"2"}]}},
{"type":"actions","block_id":"scope","elements":[{"type":"radio_buttons","action_id":"all","options":[
{"text":{"type":"plain_text","text":"This"},"value":"this"},{"text":{"type":"plain_text","text":"All"},"value":"all"}]},
{"type":"overflow","action_id":"more","options":[{"text":{"type":"plain_text","text":"Help"},"value":"help"}]},
{"type":"button","action_id":"go","text":{"type":"plain_text","text":"Go"}}]},
{"type":"input","block_id":"why","label":{"type":"plain_text","text":"Why"},"element":{"type":"plain_text_input","action_id":"reason"}},
{"type":"input","block_id":"many","label":{"type":"plain_text","text":"Several"},"dispatch_action":true,"element":{"type":"multi_static_select","action_id":"several","max_selected_items":2,
"options":[{"text":{"type":"plain_text","text":"A"},"value":"a"},{"text":{"type":"plain_text","text":"B"},"value":"b"},{"text":{"type":"plain_text","text":"C"},"value":"c"}]}}]`

func TestSelect(t *testing.T) {
	t.Parallel()
	w := newWorld(t, slacksim.Options{})
	a := w.connect()
	ref := w.post(general, "Which?", choices)
	for _, row := range []struct {
		block, action string
		values        []string
		want          any // of actions[0]; nil: not sent
		path          []any
	}{
		{"when", "which", []string{"2"}, "2", []any{"selected_option", "value"}},
		{"scope", "all", []string{"all"}, "All", []any{"selected_option", "text", "text"}},
		{"scope", "more", []string{"help"}, "help", []any{"selected_option", "value"}},
		{"why", "reason", []string{"it rains"}, nil, nil},
		{"many", "several", []string{"a", "c"}, "c", []any{"selected_options", 1, "value"}},
	} {
		action, err := w.Select(ana, ref, row.block, row.action, row.values...)
		if err != nil {
			t.Errorf("Select(%s, %q) = %v, want nil", row.action, row.values, err)
			continue
		}
		if row.want == nil {
			if action.EnvelopeID() != "" {
				t.Errorf("Select(%s) was sent, want it kept until the next click", row.action)
			}
			continue
		}
		e := a.next()
		a.ack(e.EnvelopeID, nil)
		if got := at(e.payload(t), append([]any{"actions", 0}, row.path...)...); got != row.want {
			t.Errorf("Select(%s, %q) sent %s, want %v at %v", row.action, row.values, e.Payload, row.want, row.path)
		}
	}
	click := func(user string) any {
		if _, err := w.Click(user, ref, "go", slacksim.ClickOptions{}); err != nil {
			t.Fatal(err)
		}
		e := a.next()
		a.ack(e.EnvelopeID, nil)
		return at(e.payload(t), "state", "values")
	}
	option := func(text, value string) map[string]any {
		return map[string]any{"text": map[string]any{"type": "plain_text", "text": text}, "value": value}
	}
	want := map[string]any{
		"when":  map[string]any{"which": map[string]any{"type": "static_select", "selected_option": option("Two", "2")}},
		"scope": map[string]any{"all": map[string]any{"type": "radio_buttons", "selected_option": option("All", "all")}},
		"why":   map[string]any{"reason": map[string]any{"type": "plain_text_input", "value": "it rains"}},
		"many":  map[string]any{"several": map[string]any{"type": "multi_static_select", "selected_options": []any{option("A", "a"), option("C", "c")}}},
	}
	if diff := cmp.Diff(any(want), click(ana)); diff != "" {
		t.Errorf("state of ana (-want +got):\n%s", diff)
	}
	if got := at(click(bob), "when", "which", "selected_option"); got != nil {
		t.Errorf("state of bob = %v, want ana's choice to stay hers", got)
	}
	for _, row := range []struct {
		block, action string
		values        []string
	}{
		{"when", "which", []string{"9"}},
		{"when", "which", []string{"1", "2"}},
		{"scope", "go", []string{"1"}},
		{"many", "several", []string{"a", "b", "c"}},
		{"nope", "which", []string{"1"}},
		{"scope", "more", nil},
	} {
		if _, err := w.Select(ana, ref, row.block, row.action, row.values...); err == nil {
			t.Errorf("Select(%s, %s, %q) = nil, want an error", row.block, row.action, row.values)
		}
	}
	w.call("chat.update", "channel", general, "ts", ref.TS, "text", "Which?", "blocks", actionsBlock("go"))
	if got := click(ana); len(got.(map[string]any)) != 0 {
		t.Errorf("state after the inputs were removed = %v, want none", got)
	}
}

func actionsBlock(id string) string {
	return `[{"type":"actions","elements":[{"type":"button","action_id":"` + id + `","text":{"type":"plain_text","text":"Go"}}]}]`
}

func TestMessageShortcut(t *testing.T) {
	t.Parallel()
	w := newWorld(t, slacksim.Options{Shortcuts: []string{"cancel_this"}})
	a := w.connect()
	parent := w.Type(bob, secretJoined(w), "see you at 914 087 436").Ref()
	reply := w.TypeInThread(bob, secret, parent.TS, "or at 914087437").Ref()
	for _, ref := range []slacksim.Ref{parent, reply} {
		if _, err := w.MessageShortcut(ana, ref, "cancel_this"); err != nil {
			t.Fatal(err)
		}
		e := a.next()
		a.ack(e.EnvelopeID, nil)
		p := e.payload(t)
		m, _ := w.Message(ref)
		if p["type"] != "message_action" || p["callback_id"] != "cancel_this" || at(p, "message", "text") != m.Text ||
			p["message_ts"] != ref.TS || at(p, "channel", "id") != secret || at(p, "message", "user") != bob {
			t.Errorf("MessageShortcut sent %s, want the message", e.Payload)
		}
		w.respond(p.str("response_url"), `{"text":"psst"}`)
	}
	if got := w.Thread(parent, ana); len(got) != 2 || got[1].Text != "psst" || !got[1].Ephemeral {
		t.Errorf("Thread(parent, ana) = %+v, want the answer to the reply's shortcut", got)
	}
	whisper := w.Messages(secret, ana)[1]
	for _, row := range []struct {
		user, callback string
		ref            slacksim.Ref
		want           error
	}{
		{ana, "other", parent, slacksim.ErrNoElement},
		{ana, "cancel_this", whisper.Ref, slacksim.ErrNoElement},
		{"U0NOPE", "cancel_this", parent, slacksim.ErrNotVisible},
	} {
		if _, err := w.MessageShortcut(row.user, row.ref, row.callback); !errors.Is(err, row.want) {
			t.Errorf("MessageShortcut(%s, %s, %s) = %v, want %v", row.user, row.ref.TS, row.callback, err, row.want)
		}
	}
}

func secretJoined(w *world) string {
	w.AddChannel(slacksim.Channel{ID: secret, Name: "secret", Private: true, Members: []string{ana, bob}})
	return secret
}

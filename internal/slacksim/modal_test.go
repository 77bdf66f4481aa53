package slacksim_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"meetingbot/internal/slacksim"
)

const reasonView = `{"type":"modal","callback_id":"reason","private_metadata":"r1","notify_on_close":true,
"title":{"type":"plain_text","text":"Add a reason"},"submit":{"type":"plain_text","text":"Add"},"close":{"type":"plain_text","text":"Back"},
"blocks":[{"type":"input","block_id":"why","label":{"type":"plain_text","text":"Reason"},"element":{"type":"plain_text_input","action_id":"text","max_length":10,"multiline":true}},
{"type":"input","block_id":"kind","optional":true,"label":{"type":"plain_text","text":"Kind"},"element":{"type":"static_select","action_id":"which",
"options":[{"text":{"type":"plain_text","text":"Ill"},"value":"ill"}]}}]}`

// trigger returns a fresh trigger_id of ana's.
func (w *world) trigger(a *app) string {
	w.t.Helper()
	return w.command(a, general).str("trigger_id")
}

func (w *world) openView(a *app, view string) reply {
	w.t.Helper()
	return w.call("views.open", "trigger_id", w.trigger(a), "view", view)
}

func TestModal(t *testing.T) {
	t.Parallel()
	w := newWorld(t, slacksim.Options{})
	a := w.connect()
	opened := w.openView(a, reasonView)
	if opened["ok"] != true || at(opened, "view", "private_metadata") != "r1" || at(opened, "view", "id") == nil {
		t.Fatalf("views.open = %v, want the view", opened)
	}
	m, open := w.Modal(ana)
	if !open || m.Title != "Add a reason" || m.CallbackID != "reason" || !strings.Contains(m.Plain(), "Reason") {
		t.Fatalf("Modal(ana) = %+v, %v; want the reason's", m, open)
	}
	if _, open := w.Modal(bob); open {
		t.Error("Modal(bob) is open, want none")
	}
	sent, err := w.SubmitModal(ana, map[string]string{"why": "rain", "which": "ill"})
	if err != nil {
		t.Fatal(err)
	}
	e := a.next()
	p := e.payload(t)
	if p["type"] != "view_submission" || at(p, "user", "id") != ana || at(p, "view", "callback_id") != "reason" ||
		at(p, "view", "private_metadata") != "r1" || at(p, "view", "state", "values", "why", "text", "value") != "rain" ||
		at(p, "view", "state", "values", "kind", "which", "selected_option", "value") != "ill" || !e.Accepts {
		t.Errorf("SubmitModal sent %s, want what was filled in", e.Payload)
	}
	a.ack(e.EnvelopeID, map[string]any{"response_action": "errors", "errors": map[string]string{"why": "Say more"}})
	if err := sent.Wait(short(t)); err != nil {
		t.Fatal(err)
	}
	if m, open := w.Modal(ana); !open || m.Errors["why"] != "Say more" || !strings.Contains(m.Plain(), "Say more") {
		t.Errorf("Modal(ana) after errors = %+v, want the error", m)
	}
	sent, err = w.SubmitModal(ana, map[string]string{"why": "much rain"})
	if err != nil {
		t.Fatal(err)
	}
	a.ack(a.next().EnvelopeID, nil)
	if err := sent.Wait(short(t)); err != nil {
		t.Fatal(err)
	}
	if _, open := w.Modal(ana); open {
		t.Error("Modal(ana) after a bare acknowledgement is open, want it closed")
	}
}

func TestSubmissionResponses(t *testing.T) {
	t.Parallel()
	second := strings.Replace(reasonView, "Add a reason", "And another", 1)
	for _, row := range []struct {
		name    string
		payload any
		title   string // of the modal in front; empty: none
		rule    string // part of a violation
	}{
		{"bare", nil, "", ""},
		{"clear", map[string]any{"response_action": "clear"}, "", ""},
		{"update", map[string]any{"response_action": "update", "view": json.RawMessage(second)}, "And another", ""},
		{"push", map[string]any{"response_action": "push", "view": json.RawMessage(second)}, "And another", ""},
		{"bad view", map[string]any{"response_action": "update", "view": map[string]string{"type": "modal"}}, "Add a reason", "missing required field: title"},
		{"unknown", map[string]any{"response_action": "explode"}, "Add a reason", `unknown response_action "explode"`},
		{"errors of no input", map[string]any{"response_action": "errors", "errors": map[string]string{"nope": "x"}}, "Add a reason", "no input block"},
		{"errors without any", map[string]any{"response_action": "errors"}, "Add a reason", "without errors"},
		{"not an object", "hello", "Add a reason", "no object"},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, slacksim.Options{})
			a := w.connect()
			w.openView(a, reasonView)
			sent, err := w.SubmitModal(ana, map[string]string{"why": "rain"})
			if err != nil {
				t.Fatal(err)
			}
			a.ack(a.next().EnvelopeID, row.payload)
			if err := sent.Wait(short(t)); err != nil {
				t.Fatal(err)
			}
			if m, _ := w.Modal(ana); m.Title != row.title {
				t.Errorf("Modal(ana).Title = %q, want %q", m.Title, row.title)
			}
			if got := strings.Join(w.Violations(), "\n"); !strings.Contains(got, row.rule) || row.rule == "" && got != "" {
				t.Errorf("Violations() = %q, want %q", got, row.rule)
			}
		})
	}
}

func TestSubmissionTimeout(t *testing.T) {
	t.Parallel()
	w := newWorld(t, slacksim.Options{AckTimeout: 20 * time.Millisecond})
	a := w.connect()
	w.openView(a, reasonView)
	sent, err := w.SubmitModal(ana, map[string]string{"why": "rain"})
	if err != nil {
		t.Fatal(err)
	}
	if err := sent.Wait(short(t)); err == nil {
		t.Error("Wait() = nil, want operation_timeout")
	}
	if m, _ := w.Modal(ana); !strings.Contains(m.Notice, "trouble connecting") {
		t.Errorf("Modal(ana).Notice = %q, want Slack's words", m.Notice)
	}
}

func TestClientChecksSubmission(t *testing.T) {
	t.Parallel()
	w := newWorld(t, slacksim.Options{})
	a := w.connect()
	if _, err := w.SubmitModal(ana, nil); !errors.Is(err, slacksim.ErrNoModal) {
		t.Errorf("SubmitModal without a modal = %v, want ErrNoModal", err)
	}
	w.openView(a, reasonView)
	for name, values := range map[string]map[string]string{
		"required":      {"why": "", "which": "ill"},
		"too long":      {"why": x(11)},
		"unknown input": {"why": "rain", "nope": "x"},
		"no option":     {"why": "rain", "which": "well"},
	} {
		if _, err := w.SubmitModal(ana, values); !errors.Is(err, slacksim.ErrInput) {
			t.Errorf("%s: SubmitModal(%v) = %v, want ErrInput", name, values, err)
		}
	}
}

func TestCloseModal(t *testing.T) {
	t.Parallel()
	w := newWorld(t, slacksim.Options{})
	a := w.connect()
	w.openView(a, reasonView)
	if _, err := w.CloseModal(ana); err != nil {
		t.Fatal(err)
	}
	if p := a.next().payload(t); p["type"] != "view_closed" || at(p, "view", "callback_id") != "reason" || p["is_cleared"] != false {
		t.Errorf("CloseModal sent %v, want view_closed", p)
	}
	w.openView(a, strings.Replace(reasonView, `"notify_on_close":true,`, "", 1))
	closed, err := w.CloseModal(ana)
	if err != nil || closed.EnvelopeID() != "" {
		t.Errorf("CloseModal without notify_on_close = %q, %v; want nothing sent", closed.EnvelopeID(), err)
	}
	if _, open := w.Modal(ana); open {
		t.Error("Modal(ana) is open, want it closed")
	}
}

func TestTriggers(t *testing.T) {
	t.Parallel()
	clock := newClock()
	w := newWorld(t, slacksim.Options{Now: clock.Now})
	a := w.connect()
	used, late := w.trigger(a), w.trigger(a)
	for _, row := range []struct{ id, code string }{
		{used, ""},
		{used, "exchanged_trigger_id"},
		{"1.2.forged", "invalid_trigger_id"},
		{"", "invalid_trigger_id"},
	} {
		if got := w.call("views.open", "trigger_id", row.id, "view", reasonView); got.code() != row.code {
			t.Errorf("views.open(%s) = %v, want error %q", row.id, got, row.code)
		}
	}
	clock.Advance(3*time.Second + time.Millisecond)
	if got := w.call("views.open", "trigger_id", late, "view", reasonView); got.code() != "expired_trigger_id" {
		t.Errorf("views.open after 3 s = %v, want expired_trigger_id", got)
	}
	got := strings.Join(w.Violations(), "\n")
	if !strings.Contains(got, "used twice") || !strings.Contains(got, "after 3s") {
		t.Errorf("Violations() = %q, want both", got)
	}
}

func TestViewRules(t *testing.T) {
	t.Parallel()
	w := newWorld(t, slacksim.Options{})
	a := w.connect()
	view := func(old, new string) string { return strings.Replace(reasonView, old, new, 1) }
	for _, row := range []struct{ name, view, code, wrong string }{
		{"title of 24", view("Add a reason", x(24)), "", ""},
		{"title of 25", view("Add a reason", x(25)), "invalid_arguments", "must be less than 25 characters [json-pointer:/view/title/text]"},
		{"submit of 25", view(`"Add"`, `"`+x(25)+`"`), "invalid_arguments", "/view/submit/text"},
		{"close of 25", view(`"Back"`, `"`+x(25)+`"`), "invalid_arguments", "/view/close/text"},
		{"no submit", view(`"submit":{"type":"plain_text","text":"Add"},`, ""), "invalid_arguments", "`submit` is required"},
		{"no title", view(`"title":{"type":"plain_text","text":"Add a reason"},`, ""), "invalid_arguments", "missing required field: title"},
		{"private_metadata of 3001", view(`"r1"`, `"`+x(3001)+`"`), "invalid_arguments", "/view/private_metadata"},
		{"callback_id of 256", view(`"reason"`, `"`+x(256)+`"`), "invalid_arguments", "/view/callback_id"},
		{"home", view(`"modal"`, `"home"`), "invalid_arguments", "must be one of: modal"},
		{"unknown property", view(`"type":"modal"`, `"type":"modal","colour":"red"`), "invalid_arguments", "invalid additional property: colour"},
		{"a bad block", view(`"type":"input","block_id":"why"`, `"type":"fancy","block_id":"why"`), "invalid_arguments", "unsupported type: fancy"},
		{"markdown block", view(`"blocks":[`, `"blocks":[{"type":"markdown","text":"a"},`), "invalid_arguments", "unsupported type: markdown"},
		{"invalid JSON", "{", "invalid_arguments", "invalid `view`"},
		{"too large", strings.Repeat("a", 250_001), "view_too_large", ""},
	} {
		before := len(w.Violations())
		got := w.openView(a, row.view)
		said := strings.Join(w.Violations()[before:], "\n")
		if got.code() != row.code || !strings.Contains(said, row.wrong) || row.code == "" && said != "" {
			t.Errorf("%s: views.open = %v with violations %q, want error %q with %q", row.name, got, said, row.code, row.wrong)
		}
	}
}

func TestUpdateAndPushView(t *testing.T) {
	t.Parallel()
	w := newWorld(t, slacksim.Options{})
	a := w.connect()
	trigger := w.trigger(a)
	if got := w.call("views.push", "trigger_id", trigger, "view", reasonView); got.code() != "not_found" {
		t.Errorf("views.push without a modal = %v, want not_found", got)
	}
	opened := w.openView(a, reasonView)
	id, _ := at(opened, "view", "id").(string)
	hash, _ := at(opened, "view", "hash").(string)
	other := strings.Replace(reasonView, "Add a reason", "Other", 1)
	for _, row := range []struct{ id, hash, code string }{
		{id, "hash-old", "hash_conflict"},
		{"V0NOPE", "", "not_found"},
		{id, hash, ""},
	} {
		if got := w.call("views.update", "view_id", row.id, "hash", row.hash, "view", other); got.code() != row.code {
			t.Errorf("views.update(%s, %s) = %v, want error %q", row.id, row.hash, got, row.code)
		}
	}
	if m, _ := w.Modal(ana); m.Title != "Other" {
		t.Errorf("Modal(ana).Title = %q, want Other", m.Title)
	}
	for _, want := range []string{"", "", "push_limit_reached"} {
		if got := w.call("views.push", "trigger_id", w.trigger(a), "view", reasonView); got.code() != want {
			t.Errorf("views.push = %v, want error %q", got, want)
		}
	}
	if _, err := w.CloseModal(ana); err != nil {
		t.Fatal(err)
	}
	if m, open := w.Modal(ana); !open || m.Title != "Add a reason" {
		t.Errorf("Modal(ana) after closing one of three = %+v, want the one below", m)
	}
}

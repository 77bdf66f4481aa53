package slacksim_test

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"meetingbot/internal/slacksim"
)

func withHome() slacksim.Options {
	return slacksim.Options{HomeTab: true, Events: []string{"app_home_opened"}}
}

func home(blocks string) string {
	return `{"type":"home","callback_id":"home","private_metadata":"m","blocks":[` + blocks + `]}`
}

// opened opens the Home tab as the user and returns the event that the app gets.
func (w *world) opened(a *app, user string) (envelope, reply) {
	w.t.Helper()
	done, err := w.OpenHome(user)
	if err != nil {
		w.t.Fatal(err)
	}
	e := a.next()
	a.ack(e.EnvelopeID, nil)
	if err := done.Wait(short(w.t)); err != nil {
		w.t.Fatal(err)
	}
	return e, e.payload(w.t)
}

func TestHomeOpened(t *testing.T) {
	t.Parallel()
	w := newWorld(t, withHome())
	a := w.connect()
	e, p := w.opened(a, ana)
	if e.Type != "events_api" || e.Accepts || e.RetryAttempt != 0 || p.str("type") != "event_callback" || p.str("event_id") == "" ||
		at(p, "event", "type") != "app_home_opened" || at(p, "event", "user") != ana || at(p, "event", "tab") != "home" ||
		at(p, "event", "channel") != w.DM(ana) || at(p, "event", "view") != nil || at(p, "authorizations", 0, "team_id") != "T0SIM" {
		t.Errorf("OpenHome delivered %+v %s", e, e.Payload)
	}
	w.call("views.publish", "user_id", ana, "view", home(section("Hello")))
	_, again := w.opened(a, ana)
	if at(again, "event", "view", "callback_id") != "home" || again["event_id"] == p["event_id"] {
		t.Errorf("the second event = %v, want the published view and an id of its own", again)
	}
	talk, err := w.OpenMessages(ana)
	if err != nil {
		t.Fatal(err)
	}
	e = a.next()
	a.ack(e.EnvelopeID, nil)
	if p := e.payload(t); talk.Wait(short(t)) != nil || at(p, "event", "tab") != "messages" || at(p, "event", "view") != nil {
		t.Errorf("OpenMessages delivered %s, want the other tab", e.Payload)
	}
	if got := w.Violations(); len(got) != 0 {
		t.Errorf("Violations() = %q, want none", got)
	}
}

func TestHomeNeedsManifest(t *testing.T) {
	t.Parallel()
	none := newWorld(t, slacksim.Options{})
	if _, err := none.OpenHome(ana); !errors.Is(err, slacksim.ErrNoHome) {
		t.Errorf("OpenHome without a Home tab = %v, want ErrNoHome", err)
	}
	if got := none.call("views.publish", "user_id", ana, "view", home("")); got.code() != "not_enabled" {
		t.Errorf("views.publish without a Home tab = %v, want not_enabled", got)
	}
	mute := newWorld(t, slacksim.Options{HomeTab: true})
	mute.connect()
	done, err := mute.OpenHome(ana)
	if err != nil || done.Wait(short(t)) != nil || done.Acked() {
		t.Errorf("OpenHome without a subscription = %v, acked %v; want nothing sent", err, done.Acked())
	}
	if _, err := mute.OpenHome("U0NOPE"); err == nil {
		t.Error("OpenHome of an unknown user = nil, want an error")
	}
}

func TestPublish(t *testing.T) {
	t.Parallel()
	w := newWorld(t, withHome())
	people(w)
	publish := func(user, view string, more ...string) reply {
		return w.call("views.publish", append([]string{"user_id", user, "view", view}, more...)...)
	}
	first := publish(ana, home(section("One")))
	hash, _ := at(first, "view", "hash").(string)
	if hash == "" || at(first, "view", "type") != "home" {
		t.Fatalf("views.publish = %v, want a view with a hash", first)
	}
	if got := publish(ana, home(section("Two")), "hash", hash); got["ok"] != true || at(got, "view", "id") != at(first, "view", "id") {
		t.Errorf("views.publish with the hash = %v, want ok for the same view", got)
	}
	for _, row := range []struct {
		name, user, view string
		more             []string
		code             string
	}{
		{"stale hash", ana, home(section("Three")), []string{"hash", hash}, "hash_conflict"},
		{"hash without a view", bob, home(section("Three")), []string{"hash", hash}, "hash_conflict"},
		{"unknown user", "U0NOPE", home(""), nil, "user_not_found"},
		{"deactivated user", "U0GONE", home(""), nil, "user_not_found"},
		{"a bot", "U0BOT", home(""), nil, "user_not_found"},
		{"100 blocks", bob, home(repeat(100, section("a"))), nil, ""},
		{"101 blocks", bob, home(repeat(101, section("a"))), nil, "invalid_arguments"},
		{"a modal", bob, `{"type":"modal","title":{"type":"plain_text","text":"a"},"blocks":[]}`, nil, "invalid_arguments"},
		{"a title", bob, `{"type":"home","title":{"type":"plain_text","text":"a"},"blocks":[]}`, nil, "invalid_arguments"},
		{"metadata of 3001", bob, `{"type":"home","private_metadata":"` + x(3001) + `","blocks":[]}`, nil, "invalid_arguments"},
		{"markdown", bob, home(`{"type":"markdown","text":"a"}`), nil, "invalid_arguments"},
		{"invalid JSON", bob, `{`, nil, "invalid_arguments"},
	} {
		if got := publish(row.user, row.view, row.more...); got.code() != row.code {
			t.Errorf("%s: views.publish = %v, want %q", row.name, got, row.code)
		}
	}
	if h, ok := w.Home(ana); !ok || h.Plain() != "Two" || h.CallbackID != "home" || h.PrivateMetadata != "m" {
		t.Errorf("Home(ana) = %+v, %v; want the latest version", h, ok)
	}
	if _, ok := w.Home("U0NOPE"); ok {
		t.Error("Home of an unknown user exists")
	}
}

func TestClickInHome(t *testing.T) {
	t.Parallel()
	w := newWorld(t, withHome())
	a := w.connect()
	w.call("views.publish", "user_id", ana, "view", home(actions(button(`,"action_id":"go","value":"7"`), boxes("", many(2)...))))
	h, _ := w.Home(ana)
	if len(h.Buttons()) != 1 || len(h.Choices()) != 2 {
		t.Fatalf("Home(ana) = %+v, want a button and two boxes", h)
	}
	tick, err := w.TickView(ana, h.ID, "1", true)
	if err != nil {
		t.Fatal(err)
	}
	a.ack(a.next().EnvelopeID, nil)
	if err := tick.Wait(short(t)); err != nil {
		t.Fatal(err)
	}
	click, err := w.ClickView(ana, h.ID, "go", slacksim.ClickOptions{})
	if err != nil {
		t.Fatal(err)
	}
	e := a.next()
	a.ack(e.EnvelopeID, nil)
	if err := click.Wait(short(t)); err != nil {
		t.Fatal(err)
	}
	p := e.payload(t)
	block := h.Buttons()[0].BlockID
	if at(p, "container", "type") != "view" || at(p, "container", "view_id") != h.ID || at(p, "view", "hash") != h.Hash ||
		at(p, "view", "state", "values", block, "tick", "selected_options", 0, "value") != "1" || at(p, "actions", 0, "value") != "7" {
		t.Errorf("the click arrived as %s", e.Payload)
	}
	for _, absent := range []string{"channel", "message", "response_url", "state"} {
		if _, there := p[absent]; there {
			t.Errorf("the click in a view has a %s", absent)
		}
	}
	// The click's trigger opens a modal, once; the tab stays.
	if got := w.call("views.open", "trigger_id", p.str("trigger_id"), "view", modal); got["ok"] != true {
		t.Errorf("views.open with the trigger = %v", got)
	}
	if got := w.call("views.update", "view_id", h.ID, "view", home(section("Gone")), "hash", h.Hash); got["ok"] != true {
		t.Errorf("views.update of the tab = %v", got)
	}
	if _, err := w.ClickView(ana, h.ID, "go", slacksim.ClickOptions{}); !errors.Is(err, slacksim.ErrNoElement) {
		t.Errorf("ClickView on a removed button = %v, want ErrNoElement", err)
	}
	if _, err := w.ClickView(bob, h.ID, "go", slacksim.ClickOptions{}); !errors.Is(err, slacksim.ErrNotVisible) {
		t.Errorf("ClickView in someone else's tab = %v, want ErrNotVisible", err)
	}
}

const modal = `{"type":"modal","title":{"type":"plain_text","text":"a"},"submit":{"type":"plain_text","text":"b"},"external_id":"x","blocks":[` +
	`{"type":"actions","block_id":"b","elements":[{"type":"users_select","action_id":"who"},{"type":"button","action_id":"go","text":{"type":"plain_text","text":"Go"}}]}]}`

func TestClickInModal(t *testing.T) {
	t.Parallel()
	w := newWorld(t, slacksim.Options{})
	a := w.connect()
	typed := w.Type(ana, general, "/cancel-meeting")
	e := a.next()
	a.ack(e.EnvelopeID, nil)
	<-typed.Done()
	if got := w.call("views.open", "trigger_id", e.payload(t).str("trigger_id"), "view", modal); got["ok"] != true {
		t.Fatalf("views.open = %v", got)
	}
	m, _ := w.Modal(ana)
	if _, err := w.SelectView(ana, m.ID, "b", "who", bob); err != nil {
		t.Fatal(err)
	}
	a.ack(a.next().EnvelopeID, nil)
	if _, err := w.ClickView(ana, m.ID, m.Buttons()[0].ActionID, slacksim.ClickOptions{}); err != nil {
		t.Fatal(err)
	}
	e = a.next()
	a.ack(e.EnvelopeID, nil)
	if p := e.payload(t); at(p, "view", "state", "values", "b", "who", "selected_user") != bob || at(p, "view", "type") != "modal" {
		t.Errorf("the click arrived as %s, want the person chosen", e.Payload)
	}
	if _, err := w.SubmitModal(ana, map[string]string{"who": "U0NOPE"}); !errors.Is(err, slacksim.ErrInput) {
		t.Errorf("SubmitModal with an unknown user = %v, want ErrInput", err)
	}
	if m, _ := w.Modal(ana); !strings.Contains(m.Plain(), "[@bob] [Go]") {
		t.Errorf("ana reads %q, want the person she chose", m.Plain())
	}
}

func TestEventRetries(t *testing.T) {
	t.Parallel()
	opts := withHome()
	opts.AckTimeout, opts.EventRetries = 20*time.Millisecond, []time.Duration{0, time.Millisecond}
	w := newWorld(t, opts)
	w.SetFreshEnvelopes(true)
	a := w.connect()
	done, err := w.OpenHome(ana)
	if err != nil {
		t.Fatal(err)
	}
	seen, ids := map[string]bool{}, map[string]bool{}
	for i := range 3 {
		e := a.next()
		seen[e.payload(t).str("event_id")], ids[e.EnvelopeID] = true, true
		if e.RetryAttempt != i {
			t.Errorf("delivery %d says it is attempt %d", i, e.RetryAttempt)
		}
	}
	if len(seen) != 1 || len(ids) != 3 {
		t.Errorf("%d events in %d envelopes, want one in three", len(seen), len(ids))
	}
	<-done.Done()
	if done.Failure() != slacksim.ErrorTimeout || len(w.Violations()) == 0 {
		t.Errorf("Failure() = %q, violations %q; want a timeout and a violation", done.Failure(), w.Violations())
	}
}

func TestEventWaitsForASocket(t *testing.T) {
	t.Parallel()
	opts := withHome()
	opts.AckTimeout = 30 * time.Millisecond
	opts.EventRetries = append(slices.Repeat([]time.Duration{time.Millisecond}, 300), time.Hour) // enough retries for the dial to finish
	w := newWorld(t, opts)
	done, err := w.OpenHome(ana)
	if err != nil {
		t.Fatal(err)
	}
	a := w.connect()
	e := a.next()
	a.ack(e.EnvelopeID, map[string]string{"text": "unwanted"})
	if err := done.Wait(short(t)); err != nil || !done.Acked() {
		t.Errorf("Wait() = %v, want the late delivery acknowledged", err)
	}
	if got := strings.Join(w.Violations(), "\n"); !strings.Contains(got, "acknowledged with a payload") {
		t.Errorf("Violations() = %q, want the payload", got)
	}
}

func TestFreshEnvelopes(t *testing.T) {
	t.Parallel()
	w := newWorld(t, slacksim.Options{})
	w.SetDuplicate(true)
	w.SetFreshEnvelopes(true)
	a := w.connect()
	typed := w.Type(ana, general, "/cancel-meeting 1")
	one, two := a.next(), a.next()
	same, _ := json.Marshal(one.Payload)
	other, _ := json.Marshal(two.Payload)
	if one.EnvelopeID == two.EnvelopeID || string(same) != string(other) {
		t.Errorf("envelopes %s and %s, want two ids around one payload", one.EnvelopeID, two.EnvelopeID)
	}
	a.ack(two.EnvelopeID, nil)
	if err := typed.Wait(short(t)); err != nil {
		t.Errorf("Wait() after the second's acknowledgement = %v, want nil", err)
	}
}

package slacksim_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"meetingbot/internal/slacksim"
)

// dates is a block with two checkboxes whose texts are times, the second one initially ticked.
func dates(id string) string {
	day := func(n int) string {
		unix := time.Date(2026, 11, 25+n, 22, 45, 0, 0, time.UTC).Unix()
		return box(fmt.Sprintf("<!date^%d^{date_short} at {time}|2026-11-%d 22:45 UTC>", unix, 25+n), fmt.Sprint(n), "Weekly of <@U0BOB>")
	}
	return `[{"type":"actions","block_id":"` + id + `","elements":[` +
		boxes(`,"initial_options":[`+day(1)+`]`, day(0), day(1)) + `,` + button(`,"action_id":"go"`) + `]}]`
}

func ticked(choices []slacksim.Choice) (values []string) {
	for _, c := range choices {
		if c.Chosen {
			values = append(values, c.Value)
		}
	}
	return values
}

func (w *world) card(viewer string) slacksim.Message {
	w.t.Helper()
	all := w.Messages(general, viewer)
	if len(all) == 0 {
		w.t.Fatalf("%s sees nothing", viewer)
	}
	return all[len(all)-1]
}

func TestTick(t *testing.T) {
	t.Parallel()
	w := newWorld(t, slacksim.Options{})
	a := w.connect()
	ref := w.post(general, "Which?", dates("when"))

	if got := w.card(ana).Plain(); got != "[ ] Nov 25, 2026 at 7:45 PM\n    Weekly of @bob\n[x] Nov 26, 2026 at 7:45 PM\n    Weekly of @bob [Go]" {
		t.Errorf("ana in São Paulo reads %q", got)
	}
	if got := w.card(bob).Plain(); !strings.Contains(got, "[ ] Nov 26, 2026 at 6:45 AM") {
		t.Errorf("bob in Shanghai reads %q", got)
	}

	tick, err := w.Tick(ana, ref, "Nov 25", true)
	if err != nil {
		t.Fatal(err)
	}
	e := a.next()
	p := e.payload(t)
	if at(p, "actions", 0, "type") != "checkboxes" || at(p, "actions", 0, "selected_options", 0, "value") != "0" ||
		at(p, "actions", 0, "selected_options", 1, "value") != "1" || at(p, "state", "values", "when", "tick", "type") != "checkboxes" {
		t.Errorf("the tick arrived as %s, want both options", e.Payload)
	}
	a.ack(e.EnvelopeID, nil)
	if err := tick.Wait(short(t)); err != nil {
		t.Fatal(err)
	}
	if mine, theirs := ticked(w.card(ana).Choices()), ticked(w.card(bob).Choices()); !slices.Equal(mine, []string{"0", "1"}) || !slices.Equal(theirs, []string{"1"}) {
		t.Errorf("ticked: ana %v, bob %v; want only ana's to change", mine, theirs)
	}

	for _, wrong := range []struct {
		text string
		on   bool
		want string
	}{
		{"Nov 27", true, "no such element"}, {"2026", true, "2 boxes read"}, {"0", true, "already"}, {"Nov 2", false, "2 boxes read"},
	} {
		if _, err := w.Tick(ana, ref, wrong.text, wrong.on); err == nil || !strings.Contains(err.Error(), wrong.want) {
			t.Errorf("Tick(%q, %v) = %v, want %q", wrong.text, wrong.on, err, wrong.want)
		}
	}
	if _, err := w.Tick("U0NOPE", ref, "0", true); !errors.Is(err, slacksim.ErrNotVisible) {
		t.Errorf("Tick by an unknown user = %v, want ErrNotVisible", err)
	}
}

func TestTicksSurviveUpdate(t *testing.T) {
	t.Parallel()
	w := newWorld(t, slacksim.Options{})
	go w.connect().drain()
	ref := w.post(general, "Which?", dates("when"))
	if _, err := w.Tick(ana, ref, "1", false); err != nil {
		t.Fatal(err)
	}
	for _, row := range []struct {
		name, blocks string
		want         []string
	}{
		{"the same again", dates("when"), nil},
		{"another block_id", dates("then"), []string{"1"}},
		{"back", dates("when"), []string{"1"}},
		{"another block", strings.Replace(dates("when"), `[{"type":"actions"`, `[{"type":"divider"},{"type":"actions"`, 1), []string{"1"}},
	} {
		w.call("chat.update", "channel", ref.Channel, "ts", ref.TS, "text", "Which?", "blocks", row.blocks)
		if got := ticked(w.card(ana).Choices()); !slices.Equal(got, row.want) {
			t.Errorf("%s: ana has ticked %v, want %v", row.name, got, row.want)
		}
	}
	if _, err := w.Tick(ana, ref, "0", true); err != nil {
		t.Fatal(err)
	}
	left := `[` + strings.Replace(actions(boxes("", box("other", "7", ""))), `{"type":"actions"`, `{"type":"actions","block_id":"when"`, 1) + `]`
	w.call("chat.update", "channel", ref.Channel, "ts", ref.TS, "text", "Which?", "blocks", left)
	if got := ticked(w.card(ana).Choices()); len(got) != 0 {
		t.Errorf("a removed option is still ticked: %v", got)
	}
}

func TestInputsInMessage(t *testing.T) {
	t.Parallel()
	w := newWorld(t, slacksim.Options{})
	a := w.connect()
	ref := w.post(general, "Who?", `[{"type":"actions","block_id":"b","elements":[{"type":"users_select","action_id":"who","placeholder":{"type":"plain_text","text":"Who"}},`+
		`{"type":"datepicker","action_id":"until","initial_date":"2026-12-01"}]},`+input(`{"type":"plain_text_input","action_id":"why","multiline":true}`)+`]`)
	if got := w.card(ana).Plain(); got != "[Who] [2026-12-01]\na\n[plain_text_input]" {
		t.Errorf("ana reads %q", got)
	}
	for _, row := range []struct{ action, value, field string }{{"who", bob, "selected_user"}, {"until", "2026-12-24", "selected_date"}} {
		done, err := w.Select(ana, ref, "b", row.action, row.value)
		if err != nil {
			t.Fatal(err)
		}
		e := a.next()
		if got := at(e.payload(t), "actions", 0, row.field); got != row.value {
			t.Errorf("%s arrived as %v, want %s", row.action, got, row.value)
		}
		a.ack(e.EnvelopeID, nil)
		if err := done.Wait(short(t)); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := w.Select(ana, ref, "in", "why", "because"); err != nil {
		t.Fatal(err)
	}
	if got := w.card(ana).Plain(); got != "[@bob] [2026-12-24]\na\n[because]" {
		t.Errorf("ana reads %q, want what she chose", got)
	}
	for _, wrong := range []struct{ action, value string }{{"who", "U0NOPE"}, {"nothing", "a"}} {
		if _, err := w.Select(ana, ref, "b", wrong.action, wrong.value); err == nil {
			t.Errorf("Select(%s, %s) = nil, want an error", wrong.action, wrong.value)
		}
	}
}

func TestInitialState(t *testing.T) {
	t.Parallel()
	w := newWorld(t, slacksim.Options{})
	a := w.connect()
	ref := w.post(general, "Who?", `[{"type":"actions","block_id":"b","elements":[{"type":"users_select","action_id":"who","initial_user":"U0BOB"},`+
		`{"type":"channels_select","action_id":"where","initial_channel":"C0GENERAL"},{"type":"timepicker","action_id":"when","initial_time":"15:30"},`+
		button(`,"action_id":"go"`)+`]}]`)
	if _, err := w.Click(ana, ref, "go", slacksim.ClickOptions{}); err != nil {
		t.Fatal(err)
	}
	e := a.next()
	a.ack(e.EnvelopeID, nil)
	values := at(e.payload(t), "state", "values", "b")
	if at(values, "who", "selected_user") != bob || at(values, "where", "selected_channel") != general || at(values, "when", "selected_time") != "15:30" {
		t.Errorf("state = %v, want the initial values", values)
	}
	if got := w.card(ana).Plain(); got != "[@bob] [C0GENERAL] [15:30] [Go]" {
		t.Errorf("ana reads %q", got)
	}
}

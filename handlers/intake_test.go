package handlers

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"meetingbot/bot"
	"meetingbot/handlers/step"
	"meetingbot/handlers/view/action"
	"meetingbot/handlers/view/hometab"
	"meetingbot/internal/command"
	"meetingbot/internal/dbfault"
)

// stored returns the envelope stored last, with its kind, key and raw text.
func (h *fixture) stored() (in step.Envelope, kind, key, text string) {
	h.t.Helper()
	row := h.direct.QueryRowContext(h.t.Context(), `SELECT kind, event, body FROM envelope ORDER BY rowid DESC LIMIT 1`)
	if err := row.Scan(&kind, &key, &text); err != nil {
		h.t.Fatal(err)
	}
	if err := json.Unmarshal([]byte(text), &in); err != nil {
		h.t.Fatal(err)
	}
	return in, kind, key, text
}

// TestStoresCommand checks what is stored for each kind of command, and whether a request is stored
// with it.
func TestStoresCommand(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		text     string
		kind     string
		requests int
		number   string
		fault    bool
	}{
		{number, step.KindStart, 1, number, false},
		{number + " --end --reason \"the room is flooded\"", step.KindStart, 1, number, false},
		{"", step.KindStart, 0, "", false},
		{"list", step.KindLook, 0, "", false},
		{"history", step.KindCommand, 0, "", false},
		{"help", step.KindCommand, 0, "", false},
		{number + " --nonsense", step.KindCommand, 0, "", true},
	} {
		t.Run(row.text, func(t *testing.T) {
			t.Parallel()
			h := newFixture(t, false)
			if err := h.receiveCommand(t.Context(), h.typed(ana, row.text)); err != nil {
				t.Fatal(err)
			}
			in, kind, _, _ := h.stored()
			if kind != row.kind || in.Command.Number != row.number || (in.Fault != nil) != row.fault {
				t.Errorf("stored %s %+v, want %s of %q, a fault: %t", kind, in, row.kind, row.number, row.fault)
			}
			if n := h.count(`SELECT count(*) FROM request`); n != row.requests {
				t.Errorf("%d requests were stored, want %d", n, row.requests)
			}
			if n := h.count(`SELECT count(*) FROM job WHERE step = 'command'`); n != 1 {
				t.Errorf("%d jobs were stored, want 1", n)
			}
		})
	}
}

// TestStoresOnlyTheNumber: of an invitation, only the meeting number is stored, not its
// password or its text.
func TestStoresOnlyTheNumber(t *testing.T) {
	t.Parallel()
	const invitation = "Meeting ID: 914 087 436\nPassword: 271828\nhttps://meeting.example.com/#/j/914087436/s3cr3t"
	h := newFixture(t, false)
	if err := h.receiveShortcut(t.Context(), bot.Shortcut{
		Origin: h.origin(ana), Callback: action.ShortcutCancel, Message: bot.MessageRef{Channel: general, TS: "1.1"}, Thread: "1.0", Text: invitation,
	}); err != nil {
		t.Fatal(err)
	}
	in, _, _, text := h.stored()
	if in.Command.Number != number || !in.FromMessage || in.Thread != "1.0" {
		t.Errorf("stored %+v", in)
	}
	for _, secret := range []string{"271828", "s3cr3t", "Password"} {
		if strings.Contains(text, secret) {
			t.Errorf("the stored envelope holds %q: %s", secret, text)
		}
	}
}

// TestStoresClick: everything a click carries is stored, and a pick from a chooser gets the id
// of the request it starts.
func TestStoresClick(t *testing.T) {
	t.Parallel()
	h := newFixture(t, false)
	click := bot.Click{
		Origin: h.origin(ana), Action: action.CancelOccurrences, BlockID: "b", Value: "r1", Thread: "1.0",
		Message: bot.MessageRef{Channel: general, TS: "1.1"}, Selected: map[string][]string{action.Inputs()[0]: {"0", "2"}},
	}
	if err := h.receiveClick(t.Context(), click); err != nil {
		t.Fatal(err)
	}
	in, kind, key, _ := h.stored()
	if kind != step.KindClick || in.Request != "r1" || in.Action != click.Action || in.Message != click.Message ||
		!slices.Equal(action.Picked(in.Selected), []int{0, 2}) || in.Started != "" || key != click.DedupKey() {
		t.Errorf("stored %s %s %+v", kind, key, in)
	}
	click.Origin, click.Action = h.origin(ana), action.Choose
	if err := h.receiveClick(t.Context(), click); err != nil {
		t.Fatal(err)
	}
	if in, kind, _, _ = h.stored(); kind != step.KindStart || in.Started == "" {
		t.Errorf("stored a pick as %s %+v", kind, in)
	}
	if err := h.receiveSubmission(t.Context(), bot.Submission{
		Origin: h.origin(ana), View: bot.ViewRef{Callback: action.ModalReason, Private: "r1"}, Selected: map[string][]string{action.InputReason: {"flooded"}},
	}); err != nil {
		t.Fatal(err)
	}
	if in, kind, _, _ = h.stored(); kind != step.KindSubmission || in.Request != "r1" || in.Reason != "flooded" {
		t.Errorf("stored a submission as %s %+v", kind, in)
	}
}

// TestRedelivery: an event is stored once, even if it comes again under another envelope id;
// Slack may be acked for both.
func TestRedelivery(t *testing.T) {
	t.Parallel()
	h := newFixture(t, false)
	c := h.typed(ana, number)
	for _, envelope := range []string{"first", "first", "second"} {
		c.EnvelopeID = envelope
		if err := h.receiveCommand(t.Context(), c); err != nil && !errors.Is(err, bot.ErrDuplicate) {
			t.Errorf("receiveCommand() under %q = %v", envelope, err)
		}
	}
	for _, table := range []string{"envelope", "request", "job"} {
		if n := h.count(`SELECT count(*) FROM ` + table); n != 1 {
			t.Errorf("%d rows in %s, want 1", n, table)
		}
	}
}

// TestStoreFails: a failed store leaves nothing behind and isn't acked; the next command is
// stored as usual.
func TestStoreFails(t *testing.T) {
	t.Parallel()
	for _, part := range []string{"INSERT INTO envelope", "INSERT INTO request", "INSERT INTO job", dbfault.Begin} {
		t.Run(part, func(t *testing.T) {
			t.Parallel()
			h := newFixture(t, false)
			h.db.Next(part, dbfault.Refuse, 1)
			if err := h.receiveCommand(t.Context(), h.typed(ana, number)); err == nil || errors.Is(err, bot.ErrDuplicate) {
				t.Fatalf("receiveCommand() = %v, want an error: nothing was stored", err)
			}
			for _, table := range []string{"envelope", "request", "job"} {
				if n := h.count(`SELECT count(*) FROM ` + table); n != 0 {
					t.Errorf("%d rows in %s, want none", n, table)
				}
			}
			if err := h.receiveCommand(t.Context(), h.typed(ana, number)); err != nil {
				t.Errorf("receiveCommand() after the database recovered = %v", err)
			}
		})
	}
}

// TestReceivedAt: an envelope is dated by when it was read off the socket, on the store's
// clock.
func TestReceivedAt(t *testing.T) {
	t.Parallel()
	h := newFixture(t, false)
	o := h.origin(ana)
	o.Received = time.Now().Add(-2 * time.Second)
	if got := h.store.Now().Sub(h.fromOrigin(o).At); got < 2*time.Second || got > 3*time.Second {
		t.Errorf("dated %v ago, want 2 s", got)
	}
	o.Received = time.Time{}
	if got := h.store.Now().Sub(h.fromOrigin(o).At); got > time.Second {
		t.Errorf("done %v ago, want just now", got)
	}
}

// TestSurface: everything that the product answers to is registered once.
func TestSurface(t *testing.T) {
	t.Parallel()
	h := newFixture(t, false)
	h.Register() // panics for a name that is empty or taken
	if !slices.Contains(action.Buttons(), action.Cancel) || command.Name == "" {
		t.Error("the surface lacks the command's card")
	}
}

// TestLag: Slack's timestamp says how long a click was in transit, up to a limit. It is
// compared with the store's clock, because one machine's clock may be wrong.
func TestLag(t *testing.T) {
	t.Parallel()
	h := newFixture(t, false)
	for name, row := range map[string]struct {
		ago, want time.Duration
	}{
		"half a second ago":          {time.Second / 2, time.Second / 2},
		"longer than Slack waits":    {time.Minute, step.LongestLag},
		"from a clock ahead of ours": {-time.Minute, 0},
	} {
		for _, skew := range []time.Duration{0, 2 * time.Second, -2 * time.Second} {
			h.skew = skew
			o := h.origin(ana)
			o.Received, o.ActedAt = time.Now(), h.store.Now().Add(-row.ago)
			if got := h.fromOrigin(o).Lag; (got - row.want).Abs() > time.Second/4 {
				t.Errorf("%s, the store's clock %v ahead: lag = %v, want %v", name, skew, got, row.want)
			}
		}
	}
	if got := h.fromOrigin(h.origin(ana)).Lag; got != 0 {
		t.Errorf("without a timestamp: lag = %v, want 0", got)
	}
}

// TestHomeNotStored: a person who opens Home while nothing can be stored sees an error there,
// unless something newer has been drawn since.
func TestHomeNotStored(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name, hash string
		drawn      bool // something newer was drawn
	}{
		{name: "never drawn"},
		{name: "drawn since", hash: "an older one", drawn: true},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			h := newFixture(t, false)
			if row.drawn {
				if err := h.deps.Slack.PublishHome(t.Context(), ana, hometab.Failed(h.deps.Views.Person("en"), hometab.Slack), ""); err != nil {
					t.Fatal(err)
				}
			}
			h.db.Next("", dbfault.Refuse, -1)
			opened := bot.HomeOpened{Origin: h.origin(ana), Tab: "home"}
			opened.View.Hash = row.hash
			if err := h.receiveHome(t.Context(), opened); err == nil {
				t.Error("receiveHome() = nil, but nothing was stored: Slack would not repeat it")
			}
			shown, ok := h.slack.Home(ana)
			if says := shown.Plain(); !ok || strings.Contains(says, "database can't be read") == row.drawn {
				t.Errorf("Home shows %q", says)
			}
		})
	}
}

// TestHomesArePaced: if many people open Home, the first ones are drawn at once and the rest
// one a second, because commands share Slack's limit. Opening Home twice doesn't take a second
// slot.
func TestHomesArePaced(t *testing.T) {
	t.Parallel()
	h := newFixture(t, false)
	began := time.Now()
	const people, atOnce = 60, 26
	for i := range people {
		for range 2 {
			if err := h.receiveHome(t.Context(), bot.HomeOpened{Origin: h.origin(fmt.Sprintf("U%d", i)), Tab: "home"}); err != nil {
				t.Fatal(err)
			}
		}
	}
	took := time.Since(began)
	var homes, now int
	var last int64
	err := h.direct.QueryRowContext(t.Context(), `SELECT count(*), count(CASE WHEN due_at <= $1 THEN 1 END), max(due_at) FROM job WHERE step = $2`,
		began.Add(took).UnixMilli(), step.HomeStep).Scan(&homes, &now, &last)
	if err != nil {
		t.Fatal(err)
	}
	if extra := int(took/time.Second) + 1; homes != people || now < atOnce || now > atOnce+extra {
		t.Errorf("%d drawings, %d of them at once, want %d and %d", homes, now, people, atOnce)
	}
	if waits := time.UnixMilli(last).Sub(began); waits < (people-atOnce-1)*time.Second || waits > (people-atOnce+1)*time.Second+took {
		t.Errorf("the last waits for %v, want about %d s", waits, people-atOnce)
	}
}

package slacksim_test

import (
	"strings"
	"testing"

	"meetingbot/internal/slacksim"
)

// shortcutOn uses a message shortcut on the message and returns its payload.
func (w *world) shortcutOn(a *app, ref slacksim.Ref) reply {
	w.t.Helper()
	done, err := w.MessageShortcut(ana, ref, "cancel")
	if err != nil {
		w.t.Fatal(err)
	}
	e := a.next()
	a.ack(e.EnvelopeID, nil)
	if err := done.Wait(short(w.t)); err != nil {
		w.t.Fatal(err)
	}
	return e.payload(w.t)
}

func TestEmail(t *testing.T) {
	t.Parallel()
	w := newWorld(t, slacksim.Options{})
	a := w.connect()
	body := "Meeting number: 914 087 436\n" + strings.Repeat("é", 600)
	mail, err := w.Email(general, slacksim.File{From: "carol@example.com", Subject: "Budget & review", PlainText: body})
	if err != nil {
		t.Fatal(err)
	}
	p := w.shortcutOn(a, mail)
	file := at(p, "message", "files", 0)
	if at(p, "message", "text") != "" || at(file, "filetype") != "email" || at(file, "subject") != "Budget & review" || at(file, "plain_text") != body {
		t.Errorf("the e-mail arrived as %v", p["message"])
	}
	if preview, _ := at(file, "preview_plain_text").(string); len([]rune(preview)) != 500 || at(file, "has_more") != true {
		t.Errorf("preview_plain_text = %q, has_more %v; want the first 500 characters", preview, at(file, "has_more"))
	}
	if got := w.card(ana).Plain(); !strings.HasPrefix(got, "Budget & review\nMeeting number: 914 087 436") {
		t.Errorf("ana reads %q", got)
	}

	shared, err := w.Forward(ana, mail, lobby, "look")
	if err != nil {
		t.Fatal(err)
	}
	p = w.shortcutOn(a, shared)
	if at(p, "message", "text") != "look" || at(p, "message", "files", 0, "plain_text") != body || at(p, "message", "attachments", 0, "is_share") != true {
		t.Errorf("the forwarded e-mail arrived as %v", p["message"])
	}
}

func TestForwardAndAttach(t *testing.T) {
	t.Parallel()
	w := newWorld(t, slacksim.Options{})
	a := w.connect()
	said := w.Type(bob, general, "the number is 914 087 436")
	shared, err := w.Forward(ana, said.Ref(), lobby, "")
	if err != nil {
		t.Fatal(err)
	}
	p := w.shortcutOn(a, shared)
	inside := at(p, "message", "attachments", 0)
	if at(p, "message", "text") != "" || at(inside, "text") != "the number is 914 087 436" || at(inside, "author_id") != bob || at(inside, "is_msg_unfurl") != true {
		t.Errorf("the forwarded message arrived as %v", p["message"])
	}
	blocks := w.post(general, "Cancel?", card)
	shared, err = w.Forward(ana, blocks, lobby, "")
	if err != nil {
		t.Fatal(err)
	}
	p = w.shortcutOn(a, shared)
	if at(p, "message", "attachments", 0, "message_blocks", 0, "message", "blocks", 0, "block_id") != "facts" {
		t.Errorf("the forwarded card arrived as %v, want its blocks inside", p["message"])
	}
	attached, err := w.Attach(general, "Meeting 914087436 begins <!date^1795646700^{time}|soon>")
	if err != nil {
		t.Fatal(err)
	}
	if got := w.card(ana).Plain(); got != "Meeting 914087436 begins 7:45 PM" {
		t.Errorf("ana reads %q", got)
	}
	if p = w.shortcutOn(a, attached); at(p, "message", "attachments", 0, "fallback") == "" || at(p, "message", "text") != "" {
		t.Errorf("the attachment arrived as %v", p["message"])
	}
	for _, row := range []struct {
		name string
		err  error
	}{
		{"e-mail to nowhere", second(w.Email("C0NOPE", slacksim.File{}))},
		{"attachment to nowhere", second(w.Attach("C0NOPE", "a"))},
		{"message that bob can't see", second(w.Forward(bob, shared, "C0NOPE", ""))},
		{"to a channel that bob can't write in", second(w.Forward(bob, blocks, secret, ""))},
		{"message that doesn't exist", second(w.Forward(ana, slacksim.Ref{Channel: general, TS: "1.0"}, lobby, ""))},
	} {
		if row.err == nil {
			t.Errorf("%s: no error", row.name)
		}
	}
}

func second(_ slacksim.Ref, err error) error { return err }

func TestTelephoneLinks(t *testing.T) {
	t.Parallel()
	w := newWorld(t, slacksim.Options{TelephoneLinks: true})
	for line, want := range map[string]string{
		"914 087 436":             "<tel:914087436|914 087 436>",
		"Meeting ID: 914-087-436": "Meeting ID: <tel:914087436|914-087-436>",
		"914087436 at 10":         "914087436 at 10",
		"call +49 170 1234 567":   "call <tel:+491701234567|+49 170 1234 567>",
	} {
		said := w.Type(ana, general, line)
		m, _ := w.Message(said.Ref())
		if m.Text != want || m.Plain() != line {
			t.Errorf("Type(%q) was stored as %q and reads %q, want %q", line, m.Text, m.Plain(), want)
		}
	}
}

func TestRenamedCommand(t *testing.T) {
	t.Parallel()
	w := newWorld(t, slacksim.Options{})
	a := w.connect()
	w.RenameCommand("/kill-meeting")
	if old := w.Type(ana, general, "/cancel-meeting 1"); old.Failure() != "invalid_command" {
		t.Errorf("the old name: %q, want invalid_command", old.Failure())
	}
	w.Type(ana, general, "/kill-meeting 1")
	if p := a.next().payload(t); p["command"] != "/kill-meeting" || p["text"] != "1" {
		t.Errorf("the new name arrived as %v", p)
	}
}

package world

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"

	"meetingbot/internal/slacksim"
	"meetingbot/internal/store"
)

func (s *script) ctx() context.Context { return context.Background() }

// shows [!] @ana 'text'… [#channel]: this person sees one message there, their
// own ephemerals included, that holds all the texts.
func (s *script) shows(ts *testscript.TestScript, neg bool, args []string) {
	channel, args := where(args)
	viewer := who(ts, args[0])
	s.expect(ts, neg, "message for "+args[0]+": "+strings.Join(args[1:], " … "), func() bool {
		return anyHolds(s.Slack.Messages(channel, viewer), args[1:])
	})
}

// thread [!] 'text'… [#channel]: a reply in a thread there holds all the texts.
func (s *script) thread(ts *testscript.TestScript, neg bool, args []string) {
	channel, args := where(args)
	s.expect(ts, neg, "reply: "+strings.Join(args, " … "), func() bool {
		for _, m := range s.Slack.Messages(channel, Carol) {
			if anyHolds(s.Slack.Thread(m.Ref, Carol), args) {
				return true
			}
		}
		return false
	})
}

// dm [!] @carol 'text'…: this person has a direct message that holds all the texts.
func (s *script) dm(ts *testscript.TestScript, neg bool, args []string) {
	viewer := who(ts, args[0])
	s.expect(ts, neg, "direct message for "+args[0]+": "+strings.Join(args[1:], " … "), func() bool {
		return anyHolds(s.Slack.DMs(viewer), args[1:])
	})
}

// button [!] @ana 'Text' [#channel]: this person sees such a button.
func (s *script) button(ts *testscript.TestScript, neg bool, args []string) {
	channel, args := where(args)
	viewer := who(ts, args[0])
	s.expect(ts, neg, "button "+args[1], func() bool {
		_, _, found := s.find(channel, viewer, args[1])
		return found
	})
}

func anyHolds(all []slacksim.Message, texts []string) bool {
	return slices.ContainsFunc(all, func(m slacksim.Message) bool {
		seen := m.Plain() + "\n" + m.Text
		return !slices.ContainsFunc(texts, func(t string) bool { return !strings.Contains(seen, t) })
	})
}

// find looks for the newest message with a button that reads so.
func (s *script) find(channel, viewer, text string) (slacksim.Message, slacksim.Button, bool) {
	all := s.Slack.Messages(channel, viewer)
	for _, m := range slices.Clone(all) {
		all = append(all, s.Slack.Thread(m.Ref, viewer)...)
	}
	all = append(all, s.Slack.DMs(viewer)...)
	for _, m := range slices.Backward(all) {
		for _, b := range m.Buttons() {
			if b.Text == text {
				return m, b, true
			}
		}
	}
	return slacksim.Message{}, slacksim.Button{}, false
}

// click @ana 'Cancel meeting' [#channel] waits for the button and presses it.
func (s *script) click(ts *testscript.TestScript, args []string) {
	channel, args := where(args)
	viewer := who(ts, args[0])
	var m slacksim.Message
	var b slacksim.Button
	s.expect(ts, false, "button "+args[1], func() (found bool) {
		m, b, found = s.find(channel, viewer, args[1])
		return found
	})
	a, err := s.Slack.Click(viewer, m.Ref, b.ActionID, slacksim.ClickOptions{BlockID: b.BlockID, Value: b.Value})
	ts.Check(err)
	if err := a.Wait(s.ctx()); err != nil {
		ts.Fatalf("slack tells %s: %v\n%s", args[0], err, s.Bot.Log())
	}
}

// choose @ana ACTION VALUE… picks from the newest menu with that action id.
func (s *script) choose(ts *testscript.TestScript, args []string) {
	channel, args := where(args)
	viewer := who(ts, args[0])
	for _, m := range slices.Backward(s.Slack.Messages(channel, viewer)) {
		if a, err := s.Slack.Select(viewer, m.Ref, "", args[1], args[2:]...); err == nil {
			ts.Check(a.Wait(s.ctx()))
			return
		}
	}
	ts.Fatalf("%s sees no menu %s\n%s", args[0], args[1], s.scene())
}

// shortcut @ana 'text of the message' uses "Cancel this meeting" on it.
func (s *script) shortcut(ts *testscript.TestScript, args []string) {
	channel, args := where(args)
	viewer := who(ts, args[0])
	for _, m := range slices.Backward(s.Slack.Messages(channel, viewer)) {
		if strings.Contains(m.Plain(), args[1]) {
			a, err := s.Slack.MessageShortcut(viewer, m.Ref, "cancel_this_meeting")
			ts.Check(err)
			ts.Check(a.Wait(s.ctx()))
			return
		}
	}
	ts.Fatalf("%s sees no message %q", args[0], args[1])
}

// modal @ana 'text': this person has a window open that holds the text.
func (s *script) modal(ts *testscript.TestScript, neg bool, args []string) {
	viewer := who(ts, args[0])
	s.expect(ts, neg, "window for "+args[0], func() bool {
		_, open := s.Slack.Modal(viewer)
		return open
	})
}

// submit @ana input=value… sends the open window off.
func (s *script) submit(ts *testscript.TestScript, args []string) {
	a, err := s.Slack.SubmitModal(who(ts, args[0]), options(args[1:]))
	ts.Check(err)
	ts.Check(a.Wait(s.ctx()))
}

// audit EVENT…: the trail of the whole script holds exactly these events, in
// this order, once they have all come.
func (s *script) audit(ts *testscript.TestScript, _ bool, want []string) {
	var got []string
	err := s.Await(s.ctx(), "audit trail "+strings.Join(want, " "), func() bool {
		got = s.trail(ts)
		return slices.Equal(got, want)
	})
	if err != nil {
		ts.Fatalf("audit trail is\n\t%s\nwant\n\t%s\n%s", strings.Join(got, " "), strings.Join(want, " "), s.Bot.Log())
	}
}

func (s *script) trail(ts *testscript.TestScript) (events []string) {
	db, err := store.OpenReadOnly(s.ctx(), s.env["DATABASE_URL"])
	ts.Check(err)
	defer func() { ts.Check(db.Close()) }()
	ts.Check(db.AuditTrail(s.ctx(), store.AuditFilter{}, func(row store.AuditRow) error {
		events = append(events, string(row.Event))
		return nil
	}))
	return events
}

// log [!] TEXT…: the program has logged a line with all the texts.
func (s *script) logs(ts *testscript.TestScript, neg bool, args []string) {
	s.expect(ts, neg, "log line "+strings.Join(args, " … "), func() bool {
		return slices.ContainsFunc(strings.Split(s.Bot.Log(), "\n"), func(line string) bool {
			return !slices.ContainsFunc(args, func(a string) bool { return !strings.Contains(line, a) })
		})
	})
}

// scene is what Ana sees, for the failure's reader.
func (s *script) scene() string {
	var b strings.Builder
	for _, channel := range []string{General, Other, Private} {
		for _, m := range s.Slack.Messages(channel, Ana) {
			fmt.Fprintf(&b, "--- %s %s\n%s\n", channel, m.TS, m.Plain())
			for _, r := range s.Slack.Thread(m.Ref, Ana) {
				fmt.Fprintf(&b, "    ↳ %s\n", r.Plain())
			}
		}
	}
	for _, person := range []string{Bob, Carol, Dave, Gina, Paulo} {
		for _, m := range s.Slack.Messages(General, person) {
			if m.Ephemeral {
				fmt.Fprintf(&b, "--- only %s sees\n%s\n", person, m.Plain())
			}
		}
	}
	for _, person := range []string{Ana, Bob, Carol, Paulo} {
		for _, m := range s.Slack.DMs(person) {
			fmt.Fprintf(&b, "--- direct message to %s\n%s\n", person, m.Plain())
		}
	}
	return b.String()
}

package world

import (
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"meetingbot/internal/slacksim"
)

// done waits for a person's action to end.
func (s *script) done(ts *testscript.TestScript, person string, a *slacksim.Action, err error) {
	ts.Check(err)
	if err := a.Wait(s.ctx()); err != nil {
		ts.Fatalf("slack tells %s: %v\n%s", person, err, s.Bot.Log())
	}
}

// places are the views and messages that a person sees, topmost first: an open modal, the
// channel's newest messages with their threads, direct messages, Home.
type places struct {
	views    []string // ids
	messages []slacksim.Message
}

func (s *script) places(channel, viewer string) places {
	var p places
	if m, open := s.Slack.Modal(viewer); open {
		p.views = append(p.views, m.ID)
	}
	p.messages = s.Slack.Messages(channel, viewer)
	for _, m := range slices.Clone(p.messages) {
		p.messages = append(p.messages, s.Slack.Thread(m.Ref, viewer)...)
	}
	p.messages = append(p.messages, s.Slack.DMs(viewer)...)
	slices.Reverse(p.messages)
	if h, published := s.Slack.Home(viewer); published {
		p.views = append(p.views, h.ID)
	}
	return p
}

// find returns the newest message with a button with this text.
func (s *script) find(channel, viewer, text string) (slacksim.Message, slacksim.Button, bool) {
	for _, m := range s.places(channel, viewer).messages {
		for _, b := range m.Buttons() {
			if b.Text == text {
				return m, b, true
			}
		}
	}
	return slacksim.Message{}, slacksim.Button{}, false
}

// click @ana 'Cancel meeting' [#channel] waits for the button and presses it.
func (s actor) click(ts *testscript.TestScript, args []string) {
	channel, args := where(args)
	viewer := who(ts, args[0])
	var m slacksim.Message
	var b slacksim.Button
	s.expect(ts, false, "button "+args[1], func() (found bool) {
		m, b, found = s.find(channel, viewer, args[1])
		return found
	})
	a, err := s.Slack.Click(viewer, m.Ref, b.ActionID, slacksim.ClickOptions{BlockID: b.BlockID, Value: b.Value})
	s.done(ts, args[0], a, err)
}

// choose @ana ACTION VALUE… [#channel] waits until she sees the menu or input with that action
// id and fills it: with option values, @bob, or a date (2026-12-01).
func (s actor) choose(ts *testscript.TestScript, args []string) {
	channel, args := where(args)
	viewer, values := who(ts, args[0]), slices.Clone(args[2:])
	for i, v := range values {
		if strings.HasPrefix(v, "@") {
			values[i] = who(ts, v)
		}
	}
	s.inFront(ts, channel, args[0], "menu "+args[1], func(view string, ref slacksim.Ref) (*slacksim.Action, error) {
		if view != "" {
			return s.Slack.SelectView(viewer, view, "", args[1], values...)
		}
		return s.Slack.Select(viewer, ref, "", args[1], values...)
	})
}

// tick @ana 'text' [#channel] waits for the checkbox with this text or value and ticks it.
func (s actor) tick(ts *testscript.TestScript, args []string) { s.setTick(ts, args, true) }

// untick @ana 'text' [#channel] removes the tick.
func (s actor) untick(ts *testscript.TestScript, args []string) { s.setTick(ts, args, false) }

func (s actor) setTick(ts *testscript.TestScript, args []string, on bool) {
	channel, args := where(args)
	viewer := who(ts, args[0])
	s.inFront(ts, channel, args[0], "box "+args[1], func(view string, ref slacksim.Ref) (*slacksim.Action, error) {
		if view != "" {
			return s.Slack.TickView(viewer, view, args[1], on)
		}
		return s.Slack.Tick(viewer, ref, args[1], on)
	})
}

// inFront waits until one of the places that a person sees allows the action.
func (s actor) inFront(ts *testscript.TestScript, channel, person, what string, act func(view string, ref slacksim.Ref) (*slacksim.Action, error)) {
	viewer := who(ts, person)
	var a *slacksim.Action
	var wrong error // why the last matching place refused it
	attempt := func(view string, ref slacksim.Ref) bool {
		done, err := act(view, ref)
		if err != nil && !errors.Is(err, slacksim.ErrNoElement) {
			wrong = err
		}
		a = done
		return err == nil
	}
	err := s.Await(s.ctx(), what+" for "+person, func() bool {
		p := s.places(channel, viewer)
		return slices.ContainsFunc(p.views, func(id string) bool { return attempt(id, slacksim.Ref{}) }) ||
			slices.ContainsFunc(p.messages, func(m slacksim.Message) bool { return attempt("", m.Ref) })
	})
	if err != nil {
		ts.Fatalf("%v\n%s", errors.Join(err, wrong), s.scene())
	}
	s.done(ts, person, a, nil)
}

// shortcut @ana 'text of the message' uses "Cancel this meeting" on that message.
func (s actor) shortcut(ts *testscript.TestScript, args []string) {
	channel, args := where(args)
	m := s.message(ts, channel, args[0], args[1])
	a, err := s.Slack.MessageShortcut(who(ts, args[0]), m.Ref, "cancel_this_meeting")
	s.done(ts, args[0], a, err)
}

// message returns the newest message in the channel that contains text and that the
// person sees.
func (s *script) message(ts *testscript.TestScript, channel, person, text string) slacksim.Message {
	for _, m := range slices.Backward(s.Slack.Messages(channel, who(ts, person))) {
		if strings.Contains(m.Plain(), text) {
			return m
		}
	}
	ts.Fatalf("%s sees no message %q\n%s", person, text, s.scene())
	return slacksim.Message{}
}

// submit @ana input=value… waits for a modal and submits it. A value may be @bob, or a date
// some days from now in her zone (+7d).
func (s actor) submit(ts *testscript.TestScript, args []string) {
	viewer := who(ts, args[0])
	s.expect(ts, false, "window for "+args[0], func() bool { _, open := s.Slack.Modal(viewer); return open })
	inputs := options(args[1:])
	for name, value := range inputs {
		if strings.HasPrefix(value, "@") {
			inputs[name] = who(ts, value)
		}
		if days, ok := strings.CutPrefix(strings.TrimSuffix(value, "d"), "+"); ok {
			inputs[name] = time.Now().In(s.zoneOf(ts, viewer)).AddDate(0, 0, number(ts, days)).Format(time.DateOnly)
		}
	}
	a, err := s.Slack.SubmitModal(viewer, inputs)
	s.done(ts, args[0], a, err)
}

// zoneOf returns a user's time zone in Slack.
func (s actor) zoneOf(ts *testscript.TestScript, id string) *time.Location {
	all := s.Slack.Users()
	zone, err := time.LoadLocation(all[slices.IndexFunc(all, func(u slacksim.User) bool { return u.ID == id })].TZ)
	ts.Check(err)
	return zone
}

// home @carol open, home [!] @carol shows 'text'…, home @carol click 'Text': the app's Home
// tab. open waits for the acknowledgement, shows for the content.
func (s viewer) home(ts *testscript.TestScript, neg bool, args []string) {
	viewer := who(ts, args[0])
	switch args[1] {
	case "open":
		a, err := s.Slack.OpenHome(viewer)
		s.done(ts, args[0], a, err)
	case "shows":
		s.expect(ts, neg, "Home for "+args[0]+": "+strings.Join(args[2:], " … "), func() bool {
			h, published := s.Slack.Home(viewer)
			return published && !slices.ContainsFunc(args[2:], func(t string) bool { return !strings.Contains(h.Plain(), t) })
		})
	case "click":
		var a *slacksim.Action
		err := slacksim.ErrNoElement
		s.expect(ts, false, "button in Home: "+args[2], func() bool {
			tab, _ := s.Slack.Home(viewer)
			i := slices.IndexFunc(tab.Buttons(), func(b slacksim.Button) bool { return b.Text == args[2] })
			if i >= 0 {
				b := tab.Buttons()[i]
				a, err = s.Slack.ClickView(viewer, tab.ID, b.ActionID, slacksim.ClickOptions{BlockID: b.BlockID, Value: b.Value})
			}
			return !errors.Is(err, slacksim.ErrNoElement) // otherwise it was redrawn just now
		})
		s.done(ts, args[0], a, err)
	default:
		ts.Fatalf("home @who open, shows or click, not %q", args[1])
	}
}

// email 'subject' 'text' [#channel] sends an e-mail to the channel.
func (s actor) email(ts *testscript.TestScript, args []string) {
	channel, args := where(args)
	_, err := s.Slack.Email(channel, slacksim.File{From: "invitations@example.com", Subject: args[0], PlainText: args[1]})
	ts.Check(err)
}

// forward @ana 'text of the message' ['words'] [#channel] shares a message of #general in the
// channel.
func (s actor) forward(ts *testscript.TestScript, args []string) {
	channel, args := where(args)
	m := s.message(ts, General, args[0], args[1])
	_, err := s.Slack.Forward(who(ts, args[0]), m.Ref, channel, strings.Join(args[2:], " "))
	ts.Check(err)
}

// attach 'text' [#channel] posts a message of another app with its text in an attachment.
func (s actor) attach(ts *testscript.TestScript, args []string) {
	channel, args := where(args)
	_, err := s.Slack.Attach(channel, args[0])
	ts.Check(err)
}

// person @carol [gone] [guest] [bot] [tz=ZONE|-] [offset=SECONDS] [team=ID] [email=…]
// [locale=…] changes a person's profile in Slack; gone means deactivated.
func (s actor) person(ts *testscript.TestScript, args []string) {
	id, o := who(ts, args[0]), options(args[1:])
	all := s.Slack.Users()
	u := all[slices.IndexFunc(all, func(u slacksim.User) bool { return u.ID == id })]
	_, u.Deleted = o["gone"]
	_, u.Restricted = o["guest"]
	_, u.Bot = o["bot"]
	for name, to := range map[string]*string{"tz": &u.TZ, "team": &u.TeamID, "email": &u.Email, "locale": &u.Locale} {
		if value, given := o[name]; given {
			*to = value
		}
	}
	if o["offset"] != "" {
		u.TZOffset = number(ts, o["offset"])
	}
	u.Stranger = false // AddUser decides by the team
	s.Slack.AddUser(u)
}

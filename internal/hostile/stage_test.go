package hostile

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"meetingbot/internal/slacksim"
	"meetingbot/internal/store"
	"meetingbot/internal/world"
)

// program is the bot built by TestMain.
var program string

func TestMain(m *testing.M) { os.Exit(build(m)) }

func build(m *testing.M) int {
	dir, err := os.MkdirTemp("", "hostile")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer func() { _ = os.RemoveAll(dir) }()
	program = filepath.Join(dir, "meetingbot")
	if out, err := exec.Command("go", "build", "-o", dir, "meetingbot").CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "go build: %v\n%s", err, out)
		return 1
	}
	return m.Run()
}

// stranger is a user of another workspace, in a shared channel.
const stranger = "U0STRANGER"

// A stage is a world that is closed with its test.
type stage struct {
	*world.World
	t   *testing.T
	dir string
}

// newStage makes a world in which the program isn't running yet. Variables are NAME=value.
func newStage(t *testing.T, variables ...string) *stage {
	t.Helper()
	dir := t.TempDir()
	s := &stage{World: world.New(world.Options{Dir: dir, Program: []string{program}}), t: t, dir: dir}
	s.Slack.AddUser(slacksim.User{ID: stranger, Name: "stranger", RealName: "Sam Stranger", TeamID: "T0OTHER", Stranger: true})
	general := []string{world.Ana, world.Bob, world.Carol, world.Dave, world.Gina, world.Paulo, stranger}
	s.Slack.AddChannel(slacksim.Channel{ID: world.General, Name: "general", BotMember: true, Members: general})
	for _, v := range variables {
		name, value, _ := strings.Cut(v, "=")
		s.Set(name, value)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// started is newStage with the program running.
func started(t *testing.T, variables ...string) *stage {
	t.Helper()
	s := newStage(t, variables...)
	if err := s.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	return s
}

// await waits for a state, and fails the test with what people see if it doesn't come.
func (s *stage) await(what string, holds func() bool) {
	s.t.Helper()
	if !s.within(what, holds, world.Timeout) {
		s.t.Fatalf("no %s within %v\n%s\n%s", what, world.Timeout, s.scene(), s.Bot.Log())
	}
}

// within reports whether a state comes in time.
func (s *stage) within(what string, holds func() bool, within time.Duration) bool {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(s.t.Context(), within)
	defer cancel()
	return s.Await(ctx, what, holds) == nil
}

// slash types a command and waits for its ack.
func (s *stage) slash(user, channel, line string) {
	s.t.Helper()
	if err := s.Slack.Type(user, channel, line).Wait(s.t.Context()); err != nil {
		s.t.Fatalf("Type(%s, %q): %v\n%s", user, line, err, s.Bot.Log())
	}
}

// button waits for the newest button with this text, wherever the user sees it.
func (s *stage) button(user, channel, text string) (m slacksim.Message, b slacksim.Button) {
	s.t.Helper()
	s.await("button "+text, func() (found bool) {
		m, b, found = s.find(user, channel, text)
		return found
	})
	return m, b
}

func (s *stage) find(user, channel, text string) (slacksim.Message, slacksim.Button, bool) {
	for _, m := range slices.Backward(s.seen(user, channel)) {
		for _, b := range m.Buttons() {
			if b.Text == text {
				return m, b, true
			}
		}
	}
	return slacksim.Message{}, slacksim.Button{}, false
}

// press presses a button and waits for its ack.
func (s *stage) press(user string, m slacksim.Message, b slacksim.Button) {
	s.t.Helper()
	a, err := s.Slack.Click(user, m.Ref, b.ActionID, slacksim.ClickOptions{BlockID: b.BlockID, Value: b.Value})
	if err != nil {
		s.t.Fatalf("Click(%s, %q): %v\n%s", user, b.Text, err, s.scene())
	}
	if err := a.Wait(s.t.Context()); err != nil {
		s.t.Fatalf("Click(%s, %q): %v\n%s", user, b.Text, err, s.Bot.Log())
	}
}

// click waits for a button in #general and presses it.
func (s *stage) click(user, text string) {
	s.t.Helper()
	m, b := s.button(user, world.General, text)
	s.press(user, m, b)
}

// seen returns every message that the user sees in the channel, its threads and their direct
// messages.
func (s *stage) seen(user, channel string) []slacksim.Message {
	top := s.Slack.Messages(channel, user)
	all := slices.Clone(top)
	for _, m := range top {
		all = append(all, s.Slack.Thread(m.Ref, user)...)
	}
	return append(all, s.Slack.DMs(user)...)
}

// view returns everything that the user sees, as text, including an open modal.
func (s *stage) view(user, channel string) string {
	var b strings.Builder
	for _, m := range s.seen(user, channel) {
		fmt.Fprintf(&b, "--- %s eph=%v\n%s\n", m.TS, m.Ephemeral, m.Plain())
	}
	if m, open := s.Slack.Modal(user); open {
		fmt.Fprintf(&b, "--- window %s\n%s\n", m.ID, m.Plain())
	}
	return b.String()
}

// shows waits until the user sees one message that contains all the texts.
func (s *stage) shows(user, channel string, texts ...string) {
	s.t.Helper()
	s.await(fmt.Sprintf("message for %s: %q", user, texts), func() bool { return s.sees(user, channel, texts...) })
}

func (s *stage) sees(user, channel string, texts ...string) bool {
	return slices.ContainsFunc(s.seen(user, channel), func(m slacksim.Message) bool {
		text := m.Plain() + "\n" + m.Text
		return !slices.ContainsFunc(texts, func(t string) bool { return !strings.Contains(text, t) })
	})
}

// scene returns what everyone sees, for failure messages.
func (s *stage) scene() string {
	var b strings.Builder
	for _, channel := range []string{world.General, world.Other, world.Private} {
		if v := s.view(world.Ana, channel); v != "" {
			fmt.Fprintf(&b, "=== ana, %s\n%s", channel, v)
		}
	}
	for _, person := range []string{world.Bob, world.Carol, world.Dave, world.Gina, world.Paulo, stranger} {
		for _, m := range append(s.Slack.Messages(world.General, person), s.Slack.DMs(person)...) {
			if m.Ephemeral || m.Channel != world.General {
				fmt.Fprintf(&b, "=== only %s sees\n%s\n", person, m.Plain())
			}
		}
	}
	return b.String()
}

// trail returns the events of the audit trail so far.
func (s *stage) trail() (events []string) {
	s.t.Helper()
	db, err := store.OpenReadOnly(s.t.Context(), "sqlite:"+filepath.Join(s.dir, "meetingbot.db"))
	if err != nil {
		s.t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	err = db.Trail.Read(s.t.Context(), store.AuditFilter{}, func(row store.AuditRow) error {
		events = append(events, string(row.Event))
		return nil
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return events
}

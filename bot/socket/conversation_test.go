package socket_test

import (
	"context"
	"errors"
	"log/slog"
	"net/http/httptest"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/slack-go/slack"

	"meetingbot/bot"
	"meetingbot/bot/socket"
	"meetingbot/internal/slacksim"
)

// workspace returns a simulated Slack, which shares no code with the bot, and a bot in it.
func workspace(t *testing.T, opts slacksim.Options) (*slacksim.Server, *bot.Client, *socket.Bot) {
	t.Helper()
	sim := slacksim.New(opts)
	srv := httptest.NewServer(sim)
	t.Cleanup(func() {
		sim.Close()
		srv.Close()
	})
	for _, u := range []slacksim.User{
		{ID: "U1", RealName: "Ana", Email: "ana@acme.example", Locale: "pt-BR"},
		{ID: "U2", RealName: "Bob", Email: "bob@acme.example", Restricted: true},
	} {
		sim.AddUser(u)
	}
	sim.AddChannel(slacksim.Channel{ID: "C1", Name: "general", BotMember: true, Members: []string{"U1", "U2"}})
	sim.AddChannel(slacksim.Channel{ID: "G1", Name: "secret", Private: true, Members: []string{"U1"}})
	client := bot.NewClient(bot.Config{AppToken: "xapp-1-A0MEETBOT-1-sim", BotToken: "xoxb-1-sim", APIURL: srv.URL + "/api/"})
	t.Cleanup(client.Close)
	b := socket.New(client, socket.Config{Connections: 2, Logger: slog.New(slog.NewTextHandler(testLog{t}, nil)), NotStored: notStored, UnknownAction: unknown})
	t.Cleanup(func() {
		for _, v := range sim.Violations() {
			t.Errorf("Slack would object: %s", v)
		}
	})
	return sim, client, b
}

func button(action, value string) []slack.Block {
	return []slack.Block{slack.NewActionBlock("", slack.NewButtonBlockElement(action, value,
		slack.NewTextBlockObject(slack.PlainTextType, "Go on", false, false)))}
}

// reasonModal asks for a text.
func reasonModal(private string) bot.Modal {
	label := func(text string) *slack.TextBlockObject {
		return slack.NewTextBlockObject(slack.PlainTextType, text, false, false)
	}
	return bot.Modal{ModalViewRequest: slack.ModalViewRequest{
		Type: slack.VTModal, CallbackID: "reason", PrivateMetadata: private, Title: label("Why?"), Submit: label("Save"),
		Blocks: slack.Blocks{BlockSet: []slack.Block{slack.NewInputBlock("b", label("Reason"), nil, slack.NewPlainTextInputBlockElement(nil, "text"))}},
	}}
}

// TestWholeConversation uses every event once, and the calls that answer it, in a simulated
// workspace.
func TestWholeConversation(t *testing.T) {
	t.Parallel()
	sim, client, b := workspace(t, slacksim.Options{
		Shortcuts: []string{"cancel_this"},
		Scopes:    []string{"commands", "chat:write", "channels:history", "im:write"},
	})
	clicks, submissions, shortcuts := make(chan bot.Click, 1), make(chan bot.Submission, 1), make(chan bot.Shortcut, 1)
	commands := make(chan bot.Command, 1)
	b.HandleCommands(func(_ context.Context, c bot.Command) error { commands <- c; return nil })
	b.HandleClick("go", func(_ context.Context, c bot.Click) error { clicks <- c; return nil })
	b.HandleSubmission("reason", func(_ context.Context, s bot.Submission) error { submissions <- s; return nil })
	b.HandleShortcut("cancel_this", func(_ context.Context, s bot.Shortcut) error { shortcuts <- s; return nil })
	run(t, b)
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	must := func(what string, err error) {
		t.Helper()
		if err != nil {
			t.Fatalf("%s = %v", what, err)
		}
	}
	must("connecting", sim.Await(ctx, func() bool { return sim.Connections() == 2 }))

	must("the command", sim.Type("U1", "C1", "/cancel-meeting 914087436").Wait(ctx))
	c := <-commands
	if c.Text != "914087436" || c.User != "U1" || c.Channel != "C1" {
		t.Errorf("command = %+v, want 914087436 by U1 in C1", c)
	}
	started := time.Now().Add(-time.Minute)
	mark := bot.Metadata{Type: "card", Payload: map[string]string{"request": "r1"}}
	ref, err := client.Post(ctx, bot.MessageRef{Channel: "C1"}, bot.Message{
		Text: "Cancel?", Blocks: button("go", "r1"), Metadata: &mark,
	})
	must("Post()", err)
	found, ok, err := client.FindPosted(ctx, bot.MessageRef{Channel: "C1"}, mark, started)
	if err != nil || !ok || found != ref {
		t.Errorf("FindPosted() = %+v, %t, %v, want %+v", found, ok, err, ref)
	}

	click, err := sim.Click("U2", slacksim.Ref{Channel: "C1", TS: ref.TS}, "go", slacksim.ClickOptions{})
	must("Click()", err)
	must("the click", click.Wait(ctx))
	k := <-clicks
	if k.User != "U2" || k.Value != "r1" || k.Message != ref || k.Ephemeral {
		t.Errorf("click = %+v, want U2, r1, %+v", k, ref)
	}
	must("OpenModal()", client.OpenModal(ctx, k.TriggerID, reasonModal("r1")))
	submit, err := sim.SubmitModal("U2", map[string]string{"text": "because"})
	must("SubmitModal()", err)
	must("the submission", submit.Wait(ctx))
	if s := <-submissions; !slices.Equal(s.Selected["text"], []string{"because"}) || s.View.Private != "r1" || s.User != "U2" {
		t.Errorf("submission = %+v, want because, r1, U2", s)
	}

	must("Update()", client.Update(ctx, ref, bot.Message{Text: "Cancelled", Blocks: []slack.Block{slack.NewDividerBlock()}}))
	if m, _ := sim.Message(slacksim.Ref{Channel: "C1", TS: ref.TS}); m.Text != "Cancelled" || len(m.Buttons()) != 0 || m.Edited {
		t.Errorf("the card = %+v, want it cancelled, without buttons and not marked as edited", m)
	}
	_, err = client.Post(ctx, ref, bot.Message{Text: "Cancelled by Bob"})
	must("Post()", err)
	if replies := sim.Thread(slacksim.Ref{Channel: "C1", TS: ref.TS}, "U1"); len(replies) != 1 || replies[0].Text != "Cancelled by Bob" {
		t.Errorf("the thread = %+v, want one reply", replies)
	}
	link, err := client.Permalink(ctx, ref)
	if err != nil || link == "" {
		t.Errorf("Permalink() = %q, %v, want a link", link, err)
	}
	dm, err := client.DM(ctx, "U1", bot.Message{Text: "Your meeting was cancelled: " + link})
	must("DM()", err)
	if got := sim.DMs("U1"); len(got) != 1 || got[0].TS != dm.TS || dm.Channel != bot.ChannelID(sim.DM("U1")) {
		t.Errorf("DMs of Ana = %+v, posted at %+v, want that one message", got, dm)
	}
	if id, err := client.DirectChannel(ctx, "U1"); err != nil || id != dm.Channel {
		t.Errorf("DirectChannel() = %q, %v, want %q", id, err, dm.Channel)
	}
	must("Ephemeral()", client.Ephemeral(ctx, "C1", "U2", "", bot.Message{Text: "only you"}))
	must("Respond()", client.Respond(ctx, c.ResponseURL, bot.Response{Message: bot.Message{Text: "to Ana"}}))
	var seen []string
	for _, m := range sim.Messages("C1", "U2") {
		seen = append(seen, m.Text)
	}
	if !slices.Contains(seen, "only you") || slices.Contains(seen, "to Ana") {
		t.Errorf("Bob sees %q, want his ephemeral message and not Ana's", seen)
	}

	note := sim.Type("U1", "C1", "Join https://m.example/j/914087436 please")
	act, err := sim.MessageShortcut("U2", note.Ref(), "cancel_this")
	must("MessageShortcut()", err)
	must("the shortcut", act.Wait(ctx))
	if s := <-shortcuts; s.Message.TS != note.Ref().TS || s.Text == "" {
		t.Errorf("shortcut = %+v, want Ana's message", s)
	}
}

// TestLookups finds people by id, by address and in groups, and refuses whom it can't write to.
func TestLookups(t *testing.T) {
	t.Parallel()
	sim, client, _ := workspace(t, slacksim.Options{Scopes: []string{"chat:write", "users:read", "users:read.email", "usergroups:read", "im:write"}})
	sim.AddUserGroup("S1", []string{"U1", "U2"})
	ctx := t.Context()
	p, err := client.Person(ctx, "U1")
	if err != nil || p.Email != "ana@acme.example" || p.Locale != "pt-BR" || p.Guest {
		t.Errorf("Person(U1) = %+v, %v, want Ana", p, err)
	}
	if p, err := client.PersonByEmail(ctx, "bob@acme.example"); err != nil || p.ID != "U2" || !p.Guest {
		t.Errorf("PersonByEmail(bob) = %+v, %v, want the guest U2", p, err)
	}
	if g, err := client.GroupMembers(ctx, "S1"); err != nil || !cmp.Equal(g, []bot.UserID{"U1", "U2"}) {
		t.Errorf("GroupMembers() = %v, %v, want U1, U2", g, err)
	}
	if _, err := client.Post(ctx, bot.MessageRef{Channel: "G1"}, bot.Message{Text: "x"}); !errors.Is(err, bot.ErrCannotPost) {
		t.Errorf("Post() into a hidden channel = %v, want ErrCannotPost", err)
	}
	if _, err := client.DM(ctx, "U404", bot.Message{Text: "x"}); !errors.Is(err, bot.ErrNoSuchPerson) {
		t.Errorf("DM() to an unknown user = %v, want ErrNoSuchPerson", err)
	}
}

// TestRefreshesUnderLoad refreshes and drops sockets while people type. Every command is stored and acked in time; Slack
// redelivers those lost with a dropped socket.
func TestRefreshesUnderLoad(t *testing.T) {
	t.Parallel()
	sim, _, b := workspace(t, slacksim.Options{WarningGrace: 150 * time.Millisecond, RefreshGrace: 50 * time.Millisecond, RedeliverAfter: 300 * time.Millisecond})
	stored := make(chan string, 1000)
	b.HandleCommands(func(_ context.Context, c bot.Command) error { stored <- c.Text; return nil })
	run(t, b)
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	if err := sim.Await(ctx, func() bool { return sim.Connections() == 2 }); err != nil {
		t.Fatal(err)
	}
	var typed []*slacksim.Action
	for i := range 60 {
		typed = append(typed, sim.Type("U1", "C1", "/cancel-meeting "+time.Duration(i).String()))
		switch i {
		case 10:
			sim.Disconnect(slacksim.ReasonWarning)
		case 30:
			sim.Disconnect("refresh_requested")
		case 45:
			sim.DropSocket(slacksim.DropFIN)
		}
		_ = typed[i].Wait(ctx)
	}
	for i, a := range typed {
		if !a.Acked() || a.Failure() != "" {
			t.Errorf("command %d: acked %t, Slack says %q, want it acked in time", i, a.Acked(), a.Failure())
		}
	}
	if n := len(stored); n < len(typed) {
		t.Errorf("stored = %d, want all %d", n, len(typed))
	}
}

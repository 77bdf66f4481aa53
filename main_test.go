package main

import (
	"os"
	"os/exec"
	"strconv"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"meetingbot/internal/meetingsim"
	"meetingbot/internal/slacksim"
	"meetingbot/internal/world"
)

// TestMain lets the test binary be the program, so that scripts and worlds run
// the real thing, in a process that can be killed.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"meetingbot": main})
}

// TestScript runs the transcripts: each reads like the channel it happens in,
// and stands for one promise of the product.
func TestScript(t *testing.T) {
	t.Parallel()
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		Setup:               world.Setup,
		Cmds:                world.Commands(),
		RequireExplicitExec: true,
		UpdateScripts:       os.Getenv("UPDATE_SCRIPTS") != "",
	})
}

// TestCallsPerCancellation holds the number of calls, which is what a person
// waits for: the time of each is not ours, how many there are is. The last of
// several is counted, when who is who is known, as it is in a day's work.
func TestCallsPerCancellation(t *testing.T) {
	t.Parallel()
	w := begin(t)
	var slack, meeting int
	for i := range 3 {
		id := strconv.Itoa(914087430 + i)
		w.Plan(id, world.Carol, nil)
		slackBefore, meetingBefore := len(w.Slack.Journal()), len(w.Meeting.Journal())
		cancelOnce(t, w, id)
		slack, meeting = len(w.Slack.Journal())-slackBefore, len(w.Meeting.Journal())-meetingBefore
	}
	if slack > 5 {
		t.Errorf("a cancellation takes %d Slack calls, want at most 5: card, working, final, owner, thread", slack)
	}
	if meeting > 3 {
		t.Errorf("a cancellation takes %d meeting calls, want at most 3: detail, detail anew, DELETE", meeting)
	}
}

// TestReadsForNobody holds what is read ahead of an answer to those who may get
// one: neither somebody else's click nor a command too many makes the bot read.
func TestReadsForNobody(t *testing.T) {
	t.Parallel()
	w := begin(t)
	for i := range 5 {
		id := strconv.Itoa(914087430 + i)
		w.Plan(id, world.Carol, nil)
		ask(t, w, world.Ana, id)
	}
	reads := func() (n int) {
		for _, e := range w.Meeting.Journal() {
			if e.Operation == meetingsim.OpDetail {
				n++
			}
		}
		return n
	}
	var card slacksim.Message
	await(t, w, "five cards", func() bool {
		n := 0
		for _, m := range w.Slack.Messages(world.General, world.Ana) {
			if len(m.Buttons()) > 0 {
				card = m
				n++
			}
		}
		return n == 5
	})
	before := reads()
	ask(t, w, world.Ana, "914087430")
	await(t, w, "refusal", func() bool { return len(w.Slack.Calls("response_url")) == 1 })
	a, err := w.Slack.Click(world.Dave, card.Ref, "cancel_meeting", slacksim.ClickOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if err := a.Wait(t.Context()); err != nil {
		t.Fatal(err)
	}
	await(t, w, "second refusal", func() bool { return len(w.Slack.Calls("response_url")) == 2 })
	if got := reads() - before; got != 0 {
		t.Errorf("%d meetings were read for a command too many and for a click of somebody else, want none", got)
	}
}

// begin starts the program in a world that ends with the test.
func begin(t *testing.T) *world.World {
	t.Helper()
	program, err := exec.LookPath("meetingbot")
	if err != nil {
		t.Fatalf("the program is not on the path: %v", err)
	}
	w := world.New(world.Options{Dir: t.TempDir(), Program: []string{program}})
	t.Cleanup(func() {
		if err := w.Close(); err != nil {
			t.Error(err)
		}
	})
	if err := w.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	return w
}

// ask types the command and waits for its ack.
func ask(t *testing.T, w *world.World, who, id string) {
	t.Helper()
	if err := w.Slack.Type(who, world.General, "/cancel-meeting "+id).Wait(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// cancelOnce has Ana cancel a meeting and waits until everybody knows.
func cancelOnce(t *testing.T, w *world.World, id string) {
	t.Helper()
	ask(t, w, world.Ana, id)
	var card slacksim.Message
	await(t, w, "card of "+id, func() bool {
		for _, m := range w.Slack.Messages(world.General, world.Ana) {
			if buttons := m.Buttons(); len(buttons) > 0 {
				card = m
				return true
			}
		}
		return false
	})
	told := len(w.Slack.DMs(world.Carol))
	a, err := w.Slack.Click(world.Ana, card.Ref, "cancel_meeting", slacksim.ClickOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if err := a.Wait(t.Context()); err != nil {
		t.Fatal(err)
	}
	await(t, w, "end of "+id, func() bool {
		m, _ := w.Meeting.Meeting(id)
		return m.State == meetingsim.StateCancelled && len(w.Slack.Thread(card.Ref, world.Ana)) > 0 && len(w.Slack.DMs(world.Carol)) > told
	})
}

func await(t *testing.T, w *world.World, what string, holds func() bool) {
	t.Helper()
	if err := w.Await(t.Context(), what, holds); err != nil {
		t.Fatal(err)
	}
}

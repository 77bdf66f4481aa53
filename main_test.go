package main

import (
	"flag"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"meetingbot/internal/meetingsim"
	"meetingbot/internal/slacksim"
	"meetingbot/internal/world"
)

// TestMain lets the test binary act as the program, so that tests run the real program in
// a process that they can kill.
func TestMain(m *testing.M) {
	// Transcripts mostly wait, so run many in parallel. The command line can override it.
	if err := flag.Set("test.parallel", strconv.Itoa(8*runtime.GOMAXPROCS(0))); err != nil {
		panic(err)
	}
	testscript.Main(m, map[string]func(){"meetingbot": main})
}

// TestScript runs the transcripts. Each reads like a Slack channel and covers one promise
// of the product.
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

// TestCallsPerCancellation limits the number of calls, because people wait for them. It
// counts the last of several cancellations, when people are cached, as in everyday use.
func TestCallsPerCancellation(t *testing.T) {
	t.Parallel()
	w := begin(t)
	var slack, meeting int
	for i := range 3 {
		id := strconv.Itoa(914087430 + i)
		w.Book(id, world.Carol, nil)
		slackBefore, meetingBefore := len(w.Slack.Journal()), len(w.Meeting.Journal())
		cancelOnce(t, w, id)
		slack, meeting = len(w.Slack.Journal())-slackBefore, len(w.Meeting.Journal())-meetingBefore
	}
	if slack > 6 {
		t.Errorf("a cancellation takes %d Slack calls, want at most 6: card, its link, working, final, owner, thread", slack)
	}
	if meeting > 3 {
		t.Errorf("a cancellation takes %d meeting calls, want at most 3: detail, detail again, DELETE", meeting)
	}
}

// TestNoReadsForRefused checks that the bot reads no meeting for a request that it
// refuses: a click by a person without the right, or a command over the rate limit.
func TestNoReadsForRefused(t *testing.T) {
	t.Parallel()
	w := begin(t)
	for i := range 5 {
		id := strconv.Itoa(914087430 + i)
		w.Book(id, world.Carol, nil)
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
		t.Errorf("%d meetings were read for a refused command and a refused click, want none", got)
	}
}

// TestManyCalls limits the number of calls for twenty meetings on one card, and logs how
// long they take if each call of the service takes 80 ms.
func TestManyCalls(t *testing.T) {
	t.Parallel()
	const n = 20
	w := begin(t)
	w.Meeting.Fault(meetingsim.Fault{Kind: meetingsim.FaultSlow, Delay: 80 * time.Millisecond})
	var numbers []string
	for i := range n {
		numbers = append(numbers, strconv.Itoa(985000001+i))
		w.Book(numbers[i], world.Carol, nil)
	}
	meeting := len(w.Meeting.Journal())
	ask(t, w, world.Ana, strings.Join(numbers, " "))
	page(t, w, "Cancel the ticked…")
	if got := calls(w, meeting); got > n+2 {
		t.Errorf("a card with %d meetings takes %d calls, want one per meeting plus the login", n, got)
	}
	page(t, w, "Cancel 20 meetings")
	button(t, w, "Undo")
	slack, before := len(w.Slack.Journal()), len(w.Meeting.Journal())
	await(t, w, "first call", func() bool { return len(w.Meeting.Journal()) > before })
	began := time.Now()
	await(t, w, "the end of all cancellations", func() bool {
		for _, id := range numbers {
			if w.Meeting.Cancelled(id) == 0 {
				return false
			}
		}
		return len(w.Slack.DMs(world.Carol)) == 1
	})
	took := time.Since(began).Round(time.Millisecond)
	await(t, w, "the card's end", func() bool {
		for _, m := range w.Slack.Messages(world.General, world.Ana) {
			if strings.Contains(m.Plain(), "20 meetings cancelled") {
				return true
			}
		}
		return false
	})
	t.Logf("%d meetings took %v, %d calls of the meeting service and %d of Slack",
		n, took, calls(w, before), len(w.Slack.Journal())-slack)
	if got := calls(w, before); got > 2*n {
		t.Errorf("after the click %d meetings take %d calls, want at most two each: read again, DELETE", n, got)
	}
}

// TestSiteHeaders: the two headers that some sites require are sent with every call,
// including the login, and their values are never logged.
func TestSiteHeaders(t *testing.T) {
	t.Parallel()
	w := begin(t)
	if err := w.Bot.Stop(); err != nil {
		t.Fatal(err)
	}
	before := len(w.Meeting.Journal())
	w.Set("MEETING_SITE_ID", "site-7")
	w.Set("MEETING_AUTHORIZATION_TYPE", "portal-7")
	w.Set("LOG_LEVEL", "debug")
	if err := w.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	w.Book("914087436", world.Carol, nil)
	cancelOnce(t, w, "914087436")
	for i, e := range w.Meeting.Journal() {
		want := [2]string{}
		if i >= before {
			want = [2]string{"site-7", "portal-7"}
		}
		if got := [2]string{e.SiteID, e.AuthorizationType}; got != want {
			t.Errorf("%s %s had X-Site-Id and X-Authorization-Type %q, want %q", e.Method, e.Path, got, want)
		}
	}
	if log := w.Bot.Log(); strings.Contains(log, "site-7") || strings.Contains(log, "portal-7") {
		t.Errorf("the log shows a header:\n%s", log)
	}
}

// calls counts the meeting service's calls since a position in its journal, without those
// of the user directory: each owner is looked up once.
func calls(w *world.World, since int) (n int) {
	for _, e := range w.Meeting.Journal()[since:] {
		if e.Operation == meetingsim.OpDetail || e.Operation == meetingsim.OpCancel || e.Operation == meetingsim.OpList {
			n++
		}
	}
	return n
}

// page clicks the button with this text and waits for the ack.
func page(t *testing.T, w *world.World, text string) {
	t.Helper()
	m, b := button(t, w, text)
	a, err := w.Slack.Click(world.Ana, m.Ref, b.ActionID, slacksim.ClickOptions{BlockID: b.BlockID, Value: b.Value})
	if err != nil {
		t.Fatal(err)
	}
	if err := a.Wait(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// button waits for the button with this text.
func button(t *testing.T, w *world.World, text string) (m slacksim.Message, b slacksim.Button) {
	t.Helper()
	await(t, w, "button "+text, func() bool {
		for _, one := range w.Slack.Messages(world.General, world.Ana) {
			for _, each := range one.Buttons() {
				if each.Text == text {
					m, b = one, each
					return true
				}
			}
		}
		return false
	})
	return m, b
}

// begin starts the program in a world that closes with the test.
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

// cancelOnce has Ana cancel a meeting, and waits until the thread and the owner are told.
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

package demo

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"go.uber.org/goleak"

	"meetingbot/internal/demo/demotest"
	"meetingbot/internal/demo/stage"
)

// anyPort is the address for a test's page.
var anyPort = netip.MustParseAddrPort("127.0.0.1:0")

func TestMain(m *testing.M) { demotest.Main(m) }

// play runs a demo with the given lines as a script.
func play(t *testing.T, lines ...string) (out string, err error) {
	t.Helper()
	var b bytes.Buffer
	d := demo{
		stage: stage.Options{Program: demotest.Program(t)}, page: anyPort,
		stdin: strings.NewReader(strings.Join(lines, "\n") + "\n"), stdout: &b,
	}
	err = d.run(t.Context())
	return b.String(), err
}

// inOrder asserts that out contains the texts in this order.
func inOrder(t *testing.T, out string, wants ...string) {
	t.Helper()
	rest := out
	for _, want := range wants {
		i := strings.Index(rest, want)
		if i < 0 {
			t.Errorf("after the texts before it there is no %q in\n%s", want, out)
			return
		}
		rest = rest[i+len(want):]
	}
}

// TestMainJob cancels a meeting, the first thing a newcomer does, and asserts that the demo
// leaves nothing behind.
func TestMainJob(t *testing.T) {
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	demotest.OwnTemp(t)
	out, err := play(t, "/cancel-meeting "+stage.Planned, "1")
	if err != nil {
		t.Fatalf("the demo ends with %v\n%s", err, out)
	}
	if opening := strings.Split(out, "\n")[:6]; !strings.Contains(opening[0], "Starting") || !strings.Contains(opening[1], "São Paulo time, UTC−3") || !strings.Contains(opening[2], "/cancel-meeting 914087436") || !strings.Contains(opening[3], "New York time") || !strings.Contains(opening[5], "http://127.0.0.1:") {
		t.Errorf("the demo opens with %q, want what to type and where the page is", opening)
	}
	inOrder(
		t, out, "> /cancel-meeting 914087436", "#general:", "Cancel this meeting?", "[1] Cancel meeting", "> 1",
		"Meeting service received: DELETE /v1/mmc/management/conferences?conferenceID=914087436",
	)
	inOrder(t, out, "> 1", "(changed) #general:", "Meeting cancelled") // before the call, if the terminal looked only once
	inOrder(t, out, "Carol, direct message:", "Your meeting was cancelled", "#general, in the thread:", "The owner, Carol Jones, was told in a direct message.")
	if n := strings.Count(out, "Meeting service cancelled 914087436"); n != 1 {
		t.Errorf("the meeting was cancelled %d times, want once", n)
	}
	if left, err := filepath.Glob(filepath.Join(os.TempDir(), "*")); err != nil || len(left) > 0 {
		t.Errorf("the demo leaves %v, %v in the directory for temporary files, want nothing", left, err)
	}
}

func TestConversations(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		lines []string
		wants []string // in this order
	}{
		{
			"a running meeting is kept",
			[]string{"\ufeff/cancel-meeting " + stage.Running, "2"}, // PowerShell may add a byte order mark
			[]string{"This meeting has started", "[1] End for everyone", "[2] Keep it running", "> 2", "(changed)", "Meeting kept"},
		},
		{
			"a running meeting is ended",
			[]string{"/cancel-meeting " + stage.Running + " --end", "1"},
			[]string{"End this meeting for everyone?", "> 1", "DELETE /v1/mmc/management/conferences?conferenceID=914222333&type=1", "Meeting service ended and cancelled 914222333", "Meeting ended and cancelled"},
		},
		{
			"a date of a series",
			[]string{"/cancel-meeting " + stage.Recurring, "tick 5,6,7", "untick 5", "1"},
			[]string{"[5] [ ] ", "(type: tick 5)", "> tick 5,6,7", "[7] [x] ", "> untick 5", "[5] [ ] ", "[6] [x] ", "> 1", "cyclesubconf?conferenceID=914333444 {", "Meeting service cancelled a date of 914333444", "2 dates cancelled"},
		},
		{
			"invited people",
			[]string{"/cancel-meeting " + stage.Planned, "tick 4", "1"},
			[]string{"12 people are invited", "[4] [ ] Tell the invited people in Slack (type: tick 4)", "[1] Cancel meeting", "[4] [x] Tell the invited people in Slack (type: untick 4)", "> 1", "People invited: 12", "A meeting you were invited to was cancelled", "2 of 12 invited people were told here."},
		},
		{
			"a room with two meetings",
			[]string{"/cancel-meeting " + stage.Room, "2", "1"},
			[]string{"Ana, only Ana sees this in #general:", "[2] Choose", "> 2", "Cancel this meeting?", "> 1", "Meeting cancelled"},
		},
		{
			"several at once",
			[]string{"/cancel-meeting 914111222 914777888", "1", "1"},
			[]string{"Cancel several meetings?", "> 1", "Cancel 2 meetings?", "> 1", "Working…", "2 meetings cancelled"},
		},
		{
			"a reason in a window",
			[]string{"/cancel-meeting " + stage.Planned, "3", "3 a leak", "1", "1"},
			[]string{"Ana, a window", "[1] Save", "> 3 a leak", "> 1", "Reason", "a leak", "> 1", "Meeting cancelled", "a leak"},
		},
		{
			"a window is closed",
			[]string{"/cancel-meeting " + stage.Planned, "3", "2", "2"},
			[]string{"Ana, a window", "> 2", "> 2", "Meeting kept"},
		},
		{
			"the owner clicks",
			[]string{"/cancel-meeting " + stage.Planned, "@carol 1"},
			[]string{"> @carol 1", "was cancelled by @Carol Jones", "#general, in the thread:", "so there was no need to tell them"},
		},
		{
			"another person clicks",
			[]string{"/cancel-meeting " + stage.Planned, "@dave 1", "1"},
			[]string{"> @dave 1", "Dave, only Dave sees this in #general:", "You can't answer this card", "> 1", "Meeting cancelled"},
		},
		{
			"the asker asks the owner, who decides",
			[]string{"@dave /cancel-meeting " + stage.Planned, "@dave 1", "@dave 3 fire drill at four", "@dave 1", "@carol 1"},
			[]string{
				"Dave, only Dave sees this in #general:", "[1] Ask the owner", "Dave, a window", "[3] Why should it be cancelled? (type: @dave 3 your text)", "[1] Ask", "Carol, direct message:",
				"@Dave Brown is asking you to cancel this meeting of yours.", "fire drill at four", "(type: @carol tick 4)", "[1] Cancel meeting", "> @carol 1",
				"DELETE /v1/mmc/management/conferences?conferenceID=914087436", "Dave, direct message:", "was cancelled by @Carol Jones",
			},
		},
		{
			"an owner does not want to be asked again",
			[]string{"@dave /cancel-meeting " + stage.Planned, "@dave 1", "@dave 3 no room", "@dave 1", "@carol 3"},
			[]string{"[3] Don't ask me again", "> @carol 3", "(changed) Carol, direct message:", "Meeting kept", "@Dave Brown can't ask you again until"},
		},
		{
			"the shortcut",
			[]string{"is 914087436 still needed?", "!", "2"},
			[]string{"#general, Ana Souza:", "still needed?", "> !", "Cancel this meeting?", "Meeting kept"},
		},
		{"a guest", []string{"@gina /cancel-meeting " + stage.Planned}, []string{"Gina, only Gina sees this", "Guests can't cancel meetings."}},
		{"an ended meeting", []string{"/cancel-meeting " + stage.Ended}, []string{"has already ended"}},
		{"not a meeting number", []string{"/cancel-meeting abc"}, []string{"is not a meeting number"}},
		{"what is copied from the help can be typed", []string{"/cancel-meeting help"}, []string{"/cancel-meeting today --of @carol "}},
		{"help", []string{"?"}, []string{"What you can type:", "@ana, @carol"}},
		{"the bot's help", []string{"/cancel-meeting help"}, []string{"/cancel-meeting list    upcoming and running meetings"}},
		{"empty lines", []string{"", "  "}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			out, err := play(t, c.lines...)
			if err != nil {
				t.Errorf("the demo ends with %v", err)
			}
			inOrder(t, out, c.wants...)
		})
	}
}

// TestBadLines asserts that the demo reports a line that it can't execute, executes the
// others, and fails at the end.
func TestBadLines(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, line string
		wants      []string
	}{
		{"nothing to press", "1", []string{"! Ana sees nothing numbered 1"}},
		{"nobody", "@nobody 1", []string{`! there is nobody called "nobody" here`}},
		{"nothing to do", "@bob", []string{"! what should Bob do?"}},
		{"another command", "/remind me", []string{"is not a valid command.", "! refused by Slack\n"}},
		{"no message for the shortcut", "!", []string{"! there is no message yet"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			out, err := play(t, c.line, "good morning")
			if !errors.Is(err, errNotDone) {
				t.Errorf("after %q the demo ends with %v, want %v", c.line, err, errNotDone)
			}
			inOrder(t, out, append(c.wants, "good morning")...)
		})
	}
	t.Run("wrong use of controls", func(t *testing.T) {
		t.Parallel()
		out, err := play(t, "/cancel-meeting "+stage.Recurring, "5", "1 2", "5 9", "untick 5", "tick 1", "99")
		if !errors.Is(err, errNotDone) {
			t.Errorf("the demo ends with %v, want %v", err, errNotDone)
		}
		inOrder(t, out, "is a box: type tick and its number", "! “Cancel chosen dates” is a button", "is a box: type tick or untick", "is not ticked already", "! “Cancel chosen dates” is not a box", "! Ana sees nothing numbered 99")
	})
}

func TestFlags(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		args []string
		want int
		says string
	}{
		{"unknown", []string{"-port", "1"}, exitUsage, "meetingbot demo: flag provided but not defined: -port; try meetingbot demo --help\n"},
		{"argument", []string{"now"}, exitUsage, `meetingbot demo: "now" is not an option; try meetingbot demo --help`},
		{"not on loopback", []string{"-addr", "0.0.0.0:8080"}, exitUsage, "not a loopback address"},
		{"on all addresses", []string{"-addr", ":8080"}, exitUsage, `-addr ":8080" is not a loopback address`},
		{"a name", []string{"-addr", "example.com:80"}, exitUsage, "not a loopback address"},
		{"no port", []string{"-addr", "127.0.0.1"}, exitUsage, "is not an address and a port, such as 127.0.0.1:8080"},
		{"a word as port", []string{"-addr", "127.0.0.1:http"}, exitUsage, "is not a port"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var out, errors bytes.Buffer
			if got := Run(t.Context(), c.args, nil, strings.NewReader(""), &out, &errors); got != c.want || !strings.Contains(errors.String(), c.says) {
				t.Errorf("Run(%q) = %d with %q, want %d and %q", c.args, got, errors.String(), c.want, c.says)
			}
		})
	}
}

func TestHelp(t *testing.T) {
	t.Parallel()
	var out, errors bytes.Buffer
	if got := Run(t.Context(), []string{"-h"}, nil, strings.NewReader(""), &out, &errors); got != exitClean || !strings.Contains(out.String(), "-addr") || errors.Len() > 0 {
		t.Errorf("Run(-h) = %d with %q and the error %q, want 0 with -addr and none", got, out.String(), errors.String())
	}
}

func TestListenTakesTheNextFreePort(t *testing.T) {
	t.Parallel()
	first, err := listen(t.Context(), netip.MustParseAddrPort("127.0.0.1:18090"))
	if err != nil {
		t.Fatal(err)
	}
	defer first.Close()
	second, err := listen(t.Context(), netip.MustParseAddrPort(first.Addr().String()))
	if err != nil {
		t.Fatalf("listen(%s), which is taken, = %v, want the next free port", first.Addr(), err)
	}
	defer second.Close()
	if first.Addr().String() == second.Addr().String() {
		t.Errorf("both listen on %s", first.Addr())
	}
}

// TestListenTakesAnyPort asserts that listen falls back to any port after the last one.
func TestListenTakesAnyPort(t *testing.T) {
	t.Parallel()
	last := netip.MustParseAddrPort("127.0.0.1:65535")
	for range 2 { // another program may already have the port
		l, err := listen(t.Context(), last)
		if err != nil {
			t.Fatalf("listen(%s) = %v, want any other port if it is taken", last, err)
		}
		defer l.Close()
	}
}

// TestCancelled asserts that ctrl-C ends a demo that is waiting for a line.
func TestCancelled(t *testing.T) {
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	in, lines := io.Pipe()
	defer lines.Close()
	ctx, cancel := context.WithCancel(t.Context())
	var out bytes.Buffer
	d := demo{
		stage: stage.Options{Program: demotest.Program(t)}, page: anyPort, stdin: in,
		stdout: &after{text: "[1] Cancel meeting", then: cancel, to: &out},
	}
	var writing sync.WaitGroup
	writing.Go(func() { _, _ = io.WriteString(lines, "/cancel-meeting "+stage.Planned+"\n") })
	if err := d.run(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("the demo ends with %v, want %v\n%s", err, context.Canceled, out.String())
	}
	writing.Wait()
	_ = in.Close()
}

// An after is a writer that calls a function once a text has been written.
type after struct {
	text string
	then func()
	to   *bytes.Buffer
}

func (a *after) Write(p []byte) (int, error) {
	n, err := a.to.Write(p)
	if strings.Contains(a.to.String(), a.text) {
		a.then()
	}
	return n, err
}

// TestClosedOutput asserts that the demo ends and cleans up if its output is closed.
func TestClosedOutput(t *testing.T) {
	demotest.OwnTemp(t)
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	d := demo{stage: stage.Options{Program: demotest.Program(t)}, page: anyPort, stdin: strings.NewReader("1\n"), stdout: w}
	var failed *fs.PathError // the system's reason differs
	if err := d.run(t.Context()); !errors.As(err, &failed) || failed.Op != "write" {
		t.Errorf("the demo ends with %v, want a failed write", err)
	}
	if left, err := filepath.Glob(filepath.Join(os.TempDir(), "*")); err != nil || len(left) > 0 {
		t.Errorf("the demo leaves %v, %v, want nothing", left, err)
	}
}

// TestStay asserts that with -stay, the page keeps running after the last line, and the
// terminal says so.
func TestStay(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	var out bytes.Buffer
	d := demo{
		stage: stage.Options{Program: demotest.Program(t)}, page: anyPort, stay: true,
		stdin: strings.NewReader("/cancel-meeting " + stage.Planned + "\n1\n"), stdout: &after{text: "The page keeps running until ctrl-C.", then: cancel, to: &out},
	}
	if err := d.run(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("the demo ends with %v, want it to stay until %v\n%s", err, context.Canceled, out.String())
	}
	inOrder(t, out.String(), "in the thread:", "The page keeps running until ctrl-C.")
}

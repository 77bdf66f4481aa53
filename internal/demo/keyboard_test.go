package demo

import (
	"bytes"
	"io"
	"strings"
	"sync"
	"testing"

	"meetingbot/internal/demo/demotest"
	"meetingbot/internal/demo/stage"
)

// Key codes that terminals send.
const (
	up       = "\x1b[A"
	enter    = "\r"
	ctrlDKey = "\x04"
)

// typing returns a keyboard with line editing that will receive keys, and its screen.
func typing(keys string) (*keyboard, *screen) {
	out := &screen{}
	k := &keyboard{
		in: strings.NewReader(keys), out: out, byHand: true, interrupt: make(chan struct{}),
		restore: func() error { return nil },
	}
	k.edit()
	return k, out
}

// A screen keeps what is written to it. It is safe for concurrent use.
type screen struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (s *screen) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.Write(p)
}

func (s *screen) String() string { s.mu.Lock(); defer s.mu.Unlock(); return s.text.String() }

// TestHistory asserts that the arrow keys bring back earlier lines, to be sent unchanged or
// edited.
func TestHistory(t *testing.T) {
	t.Parallel()
	k, _ := typing("one" + enter + "two" + enter + up + up + "!" + enter + ctrlDKey)
	var got []string
	for line := range k.lines(t.Context()) {
		got = append(got, line)
	}
	if want := "one two one!"; strings.Join(got, " ") != want {
		t.Errorf("the lines are %q, want %q", got, want)
	}
}

// TestCtrlC asserts that ctrl-C ends the demo at once, even while it is waiting.
func TestCtrlC(t *testing.T) {
	t.Parallel()
	k, _ := typing("/cancel-meeting" + enter + "half a line\x03")
	for range k.lines(t.Context()) {
		continue
	}
	select {
	case <-k.interrupt:
	default:
		t.Error("ctrl-C does not interrupt")
	}
}

// TestTextWhileTyping asserts that text printed while a person types appears above their
// line.
func TestTextWhileTyping(t *testing.T) {
	t.Parallel()
	in, keys := io.Pipe()
	k, out := typing("")
	k.in = in
	lines := k.lines(t.Context())
	write := func(w io.Writer, text string) {
		if _, err := io.WriteString(w, text); err != nil {
			t.Error(err)
		}
	}
	write(keys, "half")
	write(keys, " ") // returns once the keys before it have been read
	write(k, "news\n")
	write(keys, "done"+enter)
	if line := <-lines; line != "half done" {
		t.Errorf("the line is %q, want %q", line, "half done")
	}
	if shown := out.String(); !strings.Contains(shown, "news\r\n> half") {
		t.Errorf("the screen shows %q, want the line redrawn below the news", shown)
	}
	_ = keys.Close()
}

// TestOnATerminal types a line on a terminal, repeats it with the arrow key, and quits.
func TestOnATerminal(t *testing.T) {
	t.Parallel()
	shown, err := onATerminal(t, "@dave /cancel-meeting "+stage.Planned, up, "quit", "good night")
	if err != nil {
		t.Errorf("the demo ends with %v", err)
	}
	if n := strings.Count(shown, "Dave, only Dave sees this in #general:"); n != 2 {
		t.Errorf("Dave is answered %d times, want twice:\n%s", n, shown)
	}
	if strings.Contains(shown, "Ana Souza:\r\n    good night") {
		t.Errorf("the line after quit was posted:\n%s", shown)
	}
}

// onATerminal types lines on a terminal, and returns what it shows and the demo's error.
func onATerminal(t *testing.T, lines ...string) (shown string, err error) {
	t.Helper()
	st, err := stage.Open(t.Context(), stage.Options{Program: demotest.Program(t)})
	if err != nil {
		t.Fatal(err)
	}
	k, out := typing(strings.Join(lines, enter) + enter)
	err = newTerminal(st, k).run(t.Context())
	if err := st.Close(); err != nil {
		t.Error(err)
	}
	return out.String(), err
}

// TestUndoOnATerminal asserts that the terminal doesn't wait until Undo has disappeared.
func TestUndoOnATerminal(t *testing.T) {
	t.Parallel()
	shown, err := onATerminal(t, "/cancel-meeting tomorrow", "1", "1", "1", "quit")
	if err != nil {
		t.Errorf("the demo ends with %v", err)
	}
	if !strings.Contains(shown, "[1] Undo") || strings.Contains(shown, "DELETE") || strings.Contains(shown, "nothing numbered") {
		t.Errorf("Undo was typed in time, but the screen shows\n%s", shown)
	}
}

// TestSlipOnATerminal asserts that a bad line is no reason to fail at the end: the person
// has already seen the line with the !.
func TestSlipOnATerminal(t *testing.T) {
	t.Parallel()
	shown, err := onATerminal(t, "99", "@nobody 1", "quit")
	if err != nil {
		t.Errorf("the demo ends with %v, want nothing after quit", err)
	}
	if n := strings.Count(shown, "! "); n != 2 {
		t.Errorf("the screen has %d lines with !, want 2:\n%s", n, shown)
	}
}

// TestMeantForTheBot asserts that the demo says what to type if a message was probably meant
// to be a command.
func TestMeantForTheBot(t *testing.T) {
	t.Parallel()
	for line, want := range map[string]string{
		"help": "/cancel-meeting help", "List": "/cancel-meeting list", stage.Planned: "/cancel-meeting 914087436",
		"cancel-meeting 914087436": "/cancel-meeting 914087436", "914 087 436": "/cancel-meeting 914 087 436",
		"/help": "", "good morning": "", "help me": "", "is 914087436 still needed?": "",
	} {
		if got := meant(line); got != want {
			t.Errorf("%q is taken for %q, want %q", line, got, want)
		}
	}
	shown, _ := onATerminal(t, "help", "quit")
	if !strings.Contains(shown, "the bot doesn't read messages") || !strings.Contains(shown, "/cancel-meeting help") {
		t.Errorf("after help the screen shows\n%s", shown)
	}
}

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

// Keys as terminals send them.
const (
	up       = "\x1b[A"
	enter    = "\r"
	ctrlDKey = "\x04"
)

// typing is a keyboard whose lines are edited, with the keys it will get, and what it
// shows.
func typing(keys string) (*keyboard, *screen) {
	out := &screen{}
	k := &keyboard{
		in: strings.NewReader(keys), out: out, byHand: true, interrupt: make(chan struct{}),
		restore: func() error { return nil },
	}
	k.edit()
	return k, out
}

// A screen keeps what was drawn on it; several write to it.
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

// The arrow keys bring back what was typed before, to be sent as it is or changed.
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

// Ctrl-C ends the demo at once, also while something is waited for.
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

// What comes while somebody types stands above what they type.
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
		t.Errorf("the screen shows %q, want the line drawn anew below the news", shown)
	}
	_ = keys.Close()
}

// The demo on a terminal: typed, repeated with the arrow key, ended with quit.
func TestOnATerminal(t *testing.T) {
	t.Parallel()
	st, err := stage.Open(t.Context(), stage.Options{Program: demotest.Program(t)})
	if err != nil {
		t.Fatal(err)
	}
	k, out := typing("@dave /cancel-meeting " + stage.Planned + enter + up + enter + "quit" + enter + "good night" + enter)
	if err := newTerminal(st, k).run(t.Context()); err != nil {
		t.Errorf("the demo ends with %v", err)
	}
	if err := st.Close(); err != nil {
		t.Error(err)
	}
	shown := out.String()
	if n := strings.Count(shown, "Dave, only Dave sees this in #general:"); n != 2 {
		t.Errorf("Dave is answered %d times, want twice:\n%s", n, shown)
	}
	if strings.Contains(shown, "Ana Souza:\r\n    good night") {
		t.Errorf("what was typed behind quit was said:\n%s", shown)
	}
}

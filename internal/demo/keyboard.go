package demo

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"runtime"
	"strings"

	"golang.org/x/term"
)

// maxLine is the maximum length of a line, in bytes.
const maxLine = 1 << 20

// maxAhead is how many lines can be typed before the first one is executed.
const maxAhead = 64

// A keyboard reads lines from, and prints text to, a pipe or a terminal. On a terminal it
// supports line editing with a history, and prints text above the line being typed.
type keyboard struct {
	in        io.Reader
	out       io.Writer
	byHand    bool           // a person sees what they type
	editor    *term.Terminal // nil for a pipe, or if the system edits lines itself
	interrupt chan struct{}  // closed by ctrl-C, which isn't a signal during line editing
	size      func() (width, height int, err error)
	restore   func() error
}

// openKeyboard returns a keyboard for in and out. A plain terminal gets no line editing,
// because it would show the codes that move the cursor. Call close, or the terminal stays
// in raw mode.
func openKeyboard(in io.Reader, out io.Writer, plain bool) (*keyboard, error) {
	k := &keyboard{in: in, out: out, interrupt: make(chan struct{}), restore: func() error { return nil }}
	from, isFile := in.(*os.File)
	if !isFile || !term.IsTerminal(int(from.Fd())) {
		return k, nil
	}
	k.byHand = true
	to, isFile := out.(*os.File)
	if !isFile || !term.IsTerminal(int(to.Fd())) || plain || runtime.GOOS == "windows" { // the Windows console has its own history
		return k, nil
	}
	before, err := term.MakeRaw(int(from.Fd()))
	if err != nil {
		return nil, err
	}
	k.restore = func() error { return term.Restore(int(from.Fd()), before) }
	k.size = func() (int, int, error) { return term.GetSize(int(to.Fd())) }
	k.edit()
	return k, nil
}

// edit starts line editing.
func (k *keyboard) edit() {
	k.editor = term.NewTerminal(keys{k}, "> ")
	k.fit()
}

// fit tells the editor the window's width.
func (k *keyboard) fit() {
	if k.size == nil {
		return
	}
	if width, height, err := k.size(); err == nil && width > 0 {
		_ = k.editor.SetSize(width, height) // if this can't redraw the line, the next key does
	}
}

// close restores the terminal. Closing twice is harmless.
func (k *keyboard) close() error {
	restore := k.restore
	k.restore = func() error { return nil }
	if k.editor != nil {
		_, _ = io.WriteString(k.out, "\r\n") // below the prompt; if writing fails, there was no prompt
	}
	k.editor = nil
	return restore()
}

// Write prints text, above the line being typed if there is one.
func (k *keyboard) Write(p []byte) (int, error) {
	if k.editor != nil {
		return k.editor.Write(p)
	}
	return k.out.Write(p)
}

// around returns a writer to w that doesn't disturb the line being typed: if w is a
// terminal too, that is k.
func (k *keyboard) around(w io.Writer) io.Writer {
	if f, isFile := w.(*os.File); isFile && k.editor != nil && term.IsTerminal(int(f.Fd())) {
		return k
	}
	return w
}

// keys is the terminal that the editor reads from and draws on.
type keys struct{ *keyboard }

// ctrlC is the key that ends the demo at any time.
const ctrlC = 3

func (k keys) Read(p []byte) (int, error) {
	n, err := k.in.Read(p)
	if bytes.IndexByte(p[:n], ctrlC) >= 0 {
		close(k.interrupt)
		return 0, io.EOF
	}
	return n, err
}

func (k keys) Write(p []byte) (int, error) { return k.out.Write(p) }

// lines reads lines until the end of the input. After ctx is done, it may still read one
// more, because a read from a terminal can't be interrupted.
func (k *keyboard) lines(ctx context.Context) <-chan string {
	lines := make(chan string, maxAhead)
	next := k.editedLine
	if k.editor == nil {
		s := bufio.NewScanner(k.in)
		s.Buffer(nil, maxLine)
		next = func() (string, bool) { // PowerShell may begin a pipe with a byte order mark
			more := s.Scan()
			return strings.TrimPrefix(s.Text(), "\ufeff"), more
		}
	}
	go func() {
		defer close(lines)
		for {
			line, more := next()
			if !more {
				return
			}
			select {
			case lines <- line:
			case <-ctx.Done():
				return
			}
		}
	}()
	return lines
}

// editedLine returns the next line from the editor.
func (k *keyboard) editedLine() (line string, more bool) {
	k.fit()
	line, err := k.editor.ReadLine()
	if errors.Is(err, term.ErrPasteIndicator) {
		err = nil
	}
	return line, err == nil
}

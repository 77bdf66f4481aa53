// Package lossy writes for a reader that may stop reading: a frozen journald, a pipe that
// nobody empties, a terminal stopped with ctrl-S. The program must not wait for its log.
package lossy

import (
	"io"
	"slices"
	"sync"
	"time"
)

// patience is how long a write may take before the reader counts as stuck.
const patience = time.Second

// A Writer passes on one write at a time and waits for it, so a process that dies has lost
// nothing. If a write takes longer than a second, later ones are dropped until it has ended. A
// Writer never fails.
type Writer struct {
	note  func(lost int) []byte
	lines chan []byte
	done  chan struct{}

	mu    sync.Mutex
	stuck bool // the last line has not been written yet
	lost  int
}

// New returns a Writer for out. If writes were lost, out first gets the result of note with
// their number when it accepts writes again. The Writer's goroutine lives as long as the
// process.
func New(out io.Writer, note func(lost int) []byte) *Writer {
	w := &Writer{note: note, lines: make(chan []byte, 1), done: make(chan struct{}, 1)}
	go func() {
		for line := range w.lines {
			_, _ = out.Write(line) // it doesn't matter if the reader is gone for good
			w.done <- struct{}{}
		}
	}()
	return w
}

// Write always returns len(p) and nil.
func (w *Writer) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.stuck {
		select {
		case <-w.done:
			w.stuck = false
		default:
			w.lost++
			return len(p), nil
		}
	}
	line := slices.Clone(p)
	if w.lost > 0 {
		line = slices.Concat(w.note(w.lost), p)
		w.lost = 0
	}
	w.lines <- line
	select {
	case <-w.done:
	case <-time.After(patience):
		w.stuck = true
	}
	return len(p), nil
}

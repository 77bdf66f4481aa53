package lossy

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"
)

// A reader reads when it is told to.
type reader struct{ lines chan string }

func (r reader) Write(p []byte) (int, error) { r.lines <- string(p); return len(p), nil }

func TestWriter(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := reader{make(chan string)}
		w := New(r, func(lost int) []byte { return fmt.Appendf(nil, "%d lost\n", lost) })
		defer close(w.lines)
		write := func(line string) time.Duration {
			t.Helper()
			began := time.Now()
			if n, err := w.Write([]byte(line)); n != len(line) || err != nil {
				t.Errorf("Write(%q) = %d, %v, want no failure", line, n, err)
			}
			return time.Since(began)
		}
		read := func(want string) {
			t.Helper()
			if got := <-r.lines; got != want {
				t.Errorf("the reader got %q, want %q", got, want)
			}
		}
		go read("a\n")
		if took := write("a\n"); took != 0 {
			t.Errorf("Write() took %v with a reader that reads", took)
		}
		if took := write("b\n"); took != patience {
			t.Errorf("Write() took %v with a reader that has stopped, want %v", took, patience)
		}
		for range 3 {
			if took := write("c\n"); took != 0 {
				t.Errorf("Write() took %v while the reader is known to have stopped", took)
			}
		}
		read("b\n")
		synctest.Wait()
		go read("3 lost\nd\n")
		write("d\n")
		go read("e\n")
		write("e\n")
	})
}

package stage

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"sync"
	"time"
)

// stopTime is how long the bot may take to stop gracefully.
const stopTime = 8 * time.Second

// A Bot runs the real bot as a process. It can be killed and restarted any number of times;
// its database stays.
type Bot struct {
	program []string
	environ []string
	log     io.Writer
	left    func() // returns once Slack has noticed that a process has ended

	turn sync.Mutex // one kill or stop at a time

	mu     sync.Mutex
	cmd    *exec.Cmd
	input  io.Closer     // see [ContextUntilEOF]
	ended  chan struct{} // closed when cmd has ended
	ending bool          // we are about to end cmd
	output tail
	kills  int
	closed bool // stopped for good
	died   chan struct{}
}

// A Status describes the bot's process.
type Status struct {
	Running bool
	PID     int // of the current or last process
	Kills   int // how often it was killed
}

// Status returns the bot's current status.
func (b *Bot) Status() Status {
	b.mu.Lock()
	defer b.mu.Unlock()
	s := Status{Kills: b.kills}
	if b.cmd == nil {
		return s
	}
	s.PID = b.cmd.Process.Pid
	select {
	case <-b.ended:
	default:
		s.Running = true
	}
	return s
}

// Died returns a channel that is closed when the process ends without having been killed
// or stopped.
func (b *Bot) Died() <-chan struct{} { return b.died }

// Log returns the last lines of the bot's log.
func (b *Bot) Log() string { return b.output.String() }

// Kill kills the process, as kill -9 does, and starts another one on the same database.
func (b *Bot) Kill() error {
	b.turn.Lock()
	defer b.turn.Unlock()
	b.mu.Lock()
	cmd, ended, closed := b.cmd, b.ended, b.closed
	b.ending = true
	b.mu.Unlock()
	switch {
	case closed:
		return errors.New("the bot has been stopped")
	case cmd == nil:
		return errors.New("the demo runs without a bot of its own")
	}
	if err := cmd.Process.Kill(); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return err
	}
	<-ended
	b.left() // otherwise the dead process's sockets would be taken for the new one's
	b.mu.Lock()
	b.kills++
	b.mu.Unlock()
	return b.start()
}

// start starts the process without waiting for it to connect.
func (b *Bot) start() error {
	cmd := exec.Command(b.program[0], b.program[1:]...) //nolint:gosec,noctx // this very program; stop and Kill end it
	cmd.Env = b.environ
	out := io.Writer(&b.output)
	if b.log != nil {
		out = io.MultiWriter(&b.output, b.log)
	}
	cmd.Stdout, cmd.Stderr = out, out
	input, err := cmd.StdinPipe()
	if err != nil {
		return err
	}
	detach(cmd)
	if err := cmd.Start(); err != nil {
		return err
	}
	ended := make(chan struct{})
	b.mu.Lock()
	b.cmd, b.input, b.ended, b.ending = cmd, input, ended, false
	b.mu.Unlock()
	go b.watch(cmd, ended)
	return nil
}

// watch waits for the process to end.
func (b *Bot) watch(cmd *exec.Cmd, ended chan<- struct{}) {
	_ = cmd.Wait() // the log says how it ended
	b.mu.Lock()
	ending := b.ending
	b.mu.Unlock()
	if !ending {
		close(b.died)
	}
	close(ended)
}

// ContextUntilEOF returns a context for a stage's bot that is canceled when its input ends. The input
// ends with the stage, even if that is killed, and even on systems without signals.
func ContextUntilEOF(ctx context.Context, input io.Reader) context.Context {
	ctx, cancel := context.WithCancel(ctx)
	go func() {
		defer cancel()
		_, _ = io.Copy(io.Discard, input) // an input that can't be read has ended too
	}()
	return ctx
}

// stop stops the process gracefully and waits until it has ended.
func (b *Bot) stop() error {
	b.turn.Lock()
	defer b.turn.Unlock()
	b.mu.Lock()
	cmd, input, ended := b.cmd, b.input, b.ended
	b.ending, b.closed = true, true
	b.mu.Unlock()
	if cmd == nil {
		return nil
	}
	_ = input.Close() // the process may already have ended
	timeout := time.NewTimer(stopTime)
	defer timeout.Stop()
	select {
	case <-ended:
		return nil
	case <-timeout.C:
	}
	_ = cmd.Process.Kill() // the process may have ended just now
	<-ended
	return fmt.Errorf("the bot did not stop within %v", stopTime)
}

// Err returns the error of a bot that has died, with the last lines of its log.
func (b *Bot) Err() error { return fmt.Errorf("the bot has stopped:\n%s", b.output.String()) }

// A tail is a writer that keeps the end of what is written to it.
type tail struct {
	mu   sync.Mutex
	text []byte
}

// tailSize is how much of a log is kept, in bytes.
const tailSize = 16 << 10

// Write never fails.
func (t *tail) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.text = append(t.text, p...)
	if surplus := len(t.text) - tailSize; surplus > 0 {
		t.text = bytes.Clone(t.text[surplus:])
		if i := bytes.IndexByte(t.text, '\n'); i >= 0 {
			t.text = t.text[i+1:]
		}
	}
	return len(p), nil
}

// String returns the text kept, in whole lines.
func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return string(t.text)
}

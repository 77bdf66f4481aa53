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

// A Bot is the process in which the real bot runs. It can be killed and started any
// number of times; its database stays.
type Bot struct {
	program []string
	environ []string
	log     io.Writer
	left    func() // returns once Slack has noticed that a process is gone

	turn sync.Mutex // one kill or stop at a time

	mu     sync.Mutex
	cmd    *exec.Cmd
	input  io.Closer     // see [Bound]
	ended  chan struct{} // closed when cmd has ended
	doomed bool          // we are about to end cmd
	words  tail
	kills  int
	gone   bool // stopped for good
	died   chan struct{}
}

func newBot(program []string, log io.Writer, left func()) *Bot {
	return &Bot{program: program, log: log, left: left, died: make(chan struct{})}
}

// A Status is the bot's status.
type Status struct {
	Running bool
	PID     int // of the current or the last process
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

// Died is closed when a process ends that nobody killed or stopped.
func (b *Bot) Died() <-chan struct{} { return b.died }

// Log returns the last lines that the bot logged.
func (b *Bot) Log() string { return b.words.String() }

// Kill ends the process as kill -9 does, whatever it is doing, and starts another one
// on the same database.
func (b *Bot) Kill() error {
	b.turn.Lock()
	defer b.turn.Unlock()
	b.mu.Lock()
	cmd, ended, gone := b.cmd, b.ended, b.gone
	b.doomed = true
	b.mu.Unlock()
	switch {
	case gone:
		return errors.New("the bot has been stopped")
	case cmd == nil:
		return errors.New("the demo runs without a bot of its own")
	}
	if err := cmd.Process.Kill(); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return err
	}
	<-ended
	b.left() // or the dead bot's sockets would be taken for its successor's
	b.mu.Lock()
	b.kills++
	b.mu.Unlock()
	return b.start()
}

// start starts the process and returns at once.
func (b *Bot) start() error {
	cmd := exec.Command(b.program[0], b.program[1:]...) //nolint:gosec,noctx // this very program; stop and Kill end it
	cmd.Env = b.environ
	out := io.Writer(&b.words)
	if b.log != nil {
		out = io.MultiWriter(&b.words, b.log)
	}
	cmd.Stdout, cmd.Stderr = out, out
	input, err := cmd.StdinPipe()
	if err != nil {
		return err
	}
	apart(cmd)
	if err := cmd.Start(); err != nil {
		return err
	}
	ended := make(chan struct{})
	b.mu.Lock()
	b.cmd, b.input, b.ended, b.doomed = cmd, input, ended, false
	b.mu.Unlock()
	go b.watch(cmd, ended)
	return nil
}

// watch waits for the process to end.
func (b *Bot) watch(cmd *exec.Cmd, ended chan<- struct{}) {
	_ = cmd.Wait() // its last words say how it ended
	b.mu.Lock()
	doomed := b.doomed
	b.mu.Unlock()
	if !doomed {
		close(b.died)
	}
	close(ended)
}

// Bound is the ctx of a stage's bot, which is done when its input ends. The input
// ends with the stage, even if that is killed, and also on systems without signals.
func Bound(ctx context.Context, input io.Reader) context.Context {
	ctx, cancel := context.WithCancel(ctx)
	go func() {
		defer cancel()
		_, _ = io.Copy(io.Discard, input) // an input that can't be read has ended too
	}()
	return ctx
}

// stop stops the process gracefully and returns when it is gone.
func (b *Bot) stop() error {
	b.turn.Lock()
	defer b.turn.Unlock()
	b.mu.Lock()
	cmd, input, ended := b.cmd, b.input, b.ended
	b.doomed, b.gone = true, true
	b.mu.Unlock()
	if cmd == nil {
		return nil
	}
	_ = input.Close() // it may have ended by itself
	patience := time.NewTimer(stopTime)
	defer patience.Stop()
	select {
	case <-ended:
		return nil
	case <-patience.C:
	}
	_ = cmd.Process.Kill() // it may have just ended
	<-ended
	return fmt.Errorf("the bot did not stop within %v", stopTime)
}

// lastWords is the error of a bot that ended by itself.
func (b *Bot) lastWords() error {
	return fmt.Errorf("the bot has stopped:\n%s", b.words.String())
}

// A tail keeps the end of what is written to it.
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

// String returns whole lines.
func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return string(t.text)
}

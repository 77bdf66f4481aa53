package world

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"sync"
	"syscall"
	"time"
)

// A Process is the program. It can be started, stopped and killed any number of times; its log
// is appended to.
type Process struct {
	args []string
	env  func() []string
	log  string

	mu     sync.Mutex
	cmd    *exec.Cmd
	exited chan struct{} // closed when cmd has ended
	err    error         // of cmd, once it has ended
}

// Start starts the program and returns immediately.
func (p *Process) Start(context.Context) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.cmd != nil {
		return errors.New("the program is already running")
	}
	out, err := os.OpenFile(p.log, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	cmd := exec.Command(p.args[0], p.args[1:]...) //nolint:gosec,noctx // the test's own program, ended by Stop and Kill
	cmd.Env, cmd.Stdout, cmd.Stderr = p.env(), out, out
	prepare(cmd)
	if err := cmd.Start(); err != nil {
		return errors.Join(err, out.Close())
	}
	exited := make(chan struct{})
	p.cmd, p.exited, p.err = cmd, exited, nil
	go func() {
		err := cmd.Wait()
		p.mu.Lock()
		p.err = errors.Join(err, out.Close())
		p.mu.Unlock()
		close(exited)
	}()
	return nil
}

// Exited returns a channel that is closed once the program has ended, or nil, which is never
// ready, if it was not started.
func (p *Process) Exited() <-chan struct{} {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.exited
}

// Signal sends a signal to the running program.
func (p *Process) Signal(s syscall.Signal) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.cmd == nil {
		return errors.New("the program is not running")
	}
	return p.cmd.Process.Signal(s)
}

// Kill ends the program like kill -9 and waits for it. It does nothing if the program isn't
// running.
func (p *Process) Kill() error {
	_ = p.Signal(syscall.SIGKILL) // it may just have exited on its own
	_, err := p.Wait(10 * time.Second)
	return err
}

// Stop asks the program to stop and returns an error if it doesn't exit cleanly. It does
// nothing if the program isn't running.
func (p *Process) Stop() error {
	p.mu.Lock()
	running := p.cmd != nil
	p.mu.Unlock()
	if !running {
		return nil
	}
	if err := p.Terminate(); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return errors.Join(err, p.Kill())
	}
	code, err := p.Wait(30 * time.Second)
	if err == nil && code != 0 {
		err = fmt.Errorf("the program exited with code %d\n%s", code, p.Log())
	}
	return err
}

// Wait waits until the program has exited and returns its exit code.
func (p *Process) Wait(atMost time.Duration) (code int, err error) {
	exited := p.Exited()
	if exited == nil {
		return 0, nil
	}
	select {
	case <-exited:
	case <-time.After(atMost):
		return 0, fmt.Errorf("the program did not exit within %v\n%s", atMost, p.Log())
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	code = p.cmd.ProcessState.ExitCode()
	p.cmd, p.exited = nil, nil
	return code, nil
}

// Log returns everything that the program has logged so far.
func (p *Process) Log() string {
	text, err := os.ReadFile(p.log)
	if err != nil {
		return err.Error()
	}
	return string(text)
}

// Pid returns the process id of the program, or 0 if it isn't running.
func (p *Process) Pid() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.cmd == nil {
		return 0
	}
	return p.cmd.Process.Pid
}

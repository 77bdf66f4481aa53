//go:build unix

package world

import (
	"os/exec"
	"syscall"
)

// prepare is called before the program starts.
func prepare(*exec.Cmd) {}

// Terminate asks the program to stop, as a supervisor does.
func (p *Process) Terminate() error { return p.Signal(syscall.SIGTERM) }

// Freeze stops the program in its tracks, as a suspended machine would.
func (p *Process) Freeze() error { return p.Signal(syscall.SIGSTOP) }

// Thaw lets a frozen program continue.
func (p *Process) Thaw() error { return p.Signal(syscall.SIGCONT) }
